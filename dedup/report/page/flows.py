"""Who copies whom, drawn: hosts that said it first on the left, hosts that say it later on the right, a band for each two.

A band is as wide as its number of copies. The drawing is 400 units wide, so that its letters can be read on a phone.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from dedup.kernels.wide import is_wide_letter
from dedup.plural import number as counted
from dedup.report.page.charts import Bar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dedup.report.copying import Copying

WIDTH = 400
_TOP, _THICK, _GAP, _ROOM = 20, 6, 8, 16  # the heads' room, a host's bar, between two hosts, a host's least height: a line of letters
_HEIGHT = 300  # of all bands together
_THINNEST = 1.2
_MOST_BANDS, _MOST_ROWS = 24, 60  # of the drawing; of the table beside it
_LONGEST = 30  # letters of a name in the drawing, a Han letter counts two
_MOST_MONTHS = 36  # bars of a row; a longer time is told by year
_STRIP = 100, 16  # a row's bars


class Host(NamedTuple):
    """A host on one side: its bar, its name and the name as far as there is room, where that stands, and how many copies."""

    bar: Bar
    name: str
    shown: str
    x: int
    y: float
    anchor: str
    times: int


class Band(NamedTuple):
    """The copies of one host's articles by another: a path, and whether the days tell (`dated`) or not (`apart`)."""

    path: str
    sort: str
    label: str


class Row(NamedTuple):
    """A line of the table: its pair, and its copies by month or year as bars and in words."""

    pair: Copying
    bars: Sequence[Bar]
    told: str


class Flows(NamedTuple):
    """The drawing and the table; `left_out` are pairs that are too many to be drawn, `beyond` those too many for the table."""

    hosts: Sequence[Host]
    bands: Sequence[Band]
    height: float
    rows: Sequence[Row]
    span: str
    pairs: int
    times: int
    left_out: int
    beyond: int
    told: str


def flows(found: Sequence[Copying]) -> Flows:
    """The pairs with the most copies, drawn; the table has more of them."""
    ordered = sorted(found, key=lambda one: (-one.times, -one.characters, one.source, one.copier))
    drawn = ordered[:_MOST_BANDS]
    span, rows = _by_time(ordered[:_MOST_ROWS])
    hosts, bands, height = _drawn(drawn)
    told = "; ".join(f"{one.copier} copies {one.source} {one.times:,} time{'' if one.times == 1 else 's'}" for one in drawn[:5])
    left_out, beyond = len(ordered) - len(drawn), len(ordered) - len(rows)
    return Flows(hosts, bands, height, rows, span, len(ordered), sum(one.times for one in ordered), left_out, beyond, told)


def _drawn(pairs: Sequence[Copying]) -> tuple[list[Host], list[Band], float]:
    """The hosts of both sides and the bands between them, and how high all of it is."""
    unit = _HEIGHT / max(sum(one.times for one in pairs), 1)
    width = [max(_THINNEST, unit * one.times) for one in pairs]
    sources = _by_most((one.source, one.times) for one in pairs)
    place = {name: number for number, name in enumerate(sources)}
    # Copiers stand at the height of those that they copy, so that few bands cross.
    copied: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for one in pairs:
        copied[one.copier] += place[one.source] * one.times
        times[one.copier] += one.times
    copiers = sorted(times, key=lambda name: (copied[name] / times[name], -times[name], name))
    order = {name: number for number, name in enumerate(copiers)}
    sides = []
    for names, of in ((sources, [one.source for one in pairs]), (copiers, [one.copier for one in pairs])):
        high = {name: sum(wide for wide, own in zip(width, of, strict=True) if own == name) for name in names}
        sides.append((high, sum(max(_ROOM, value) + _GAP for value in high.values())))
    height = _TOP + max(size for _, size in sides)
    hosts: list[Host] = []
    starts: list[dict[str, float]] = []
    for side, (high, size) in enumerate(sides):
        y = _TOP + (height - _TOP - size) / 2
        begun: dict[str, float] = {}
        for name, value in high.items():
            room = max(_ROOM, value)
            begun[name] = y + (room - value) / 2
            number = sum(one.times for one in pairs if (one.copier if side else one.source) == name)
            bar = Bar(WIDTH - _THICK if side else 0, round(begun[name], 1), _THICK, round(value, 1), name, number)
            x, anchor = (WIDTH - _THICK - 6, "end") if side else (_THICK + 6, "start")
            hosts.append(Host(bar, name, _cut(name), x, round(y + room / 2 + 4, 1), anchor, number))
            y += room + _GAP
        starts.append(begun)
    ends: dict[int, float] = {}
    for number in sorted(range(len(pairs)), key=lambda n: (order[pairs[n].copier], place[pairs[n].source])):
        ends[number] = starts[1][pairs[number].copier]
        starts[1][pairs[number].copier] += width[number]
    bands: list[Band] = []
    for number in sorted(range(len(pairs)), key=lambda n: (place[pairs[n].source], order[pairs[n].copier])):
        one, wide = pairs[number], width[number]
        top = starts[0][one.source]
        starts[0][one.source] += wide
        label = f"{one.copier} copies {one.source}: {counted(one.times, 'time')}, {counted(one.characters, 'character')}"
        bands.append(Band(_path(top, ends[number], wide), "dated" if 2 * one.dated >= one.times else "apart", label))
    return hosts, bands, round(height, 1)


def _by_most(names: Iterable[tuple[str, int]]) -> list[str]:
    """The names, those of the most first."""
    count: Counter[str] = Counter()
    for name, times in names:
        count[name] += times
    return sorted(count, key=lambda name: (-count[name], name))


def _path(left: float, right: float, wide: float) -> str:
    """A band from the left side, where it begins at the height `left`, to the right one."""
    start, end, middle = _THICK, WIDTH - _THICK, WIDTH // 2
    return (
        f"M{start},{left:.1f} C{middle},{left:.1f} {middle},{right:.1f} {end},{right:.1f} "
        f"L{end},{right + wide:.1f} C{middle},{right + wide:.1f} {middle},{left + wide:.1f} {start},{left + wide:.1f} Z"
    )


def _cut(name: str) -> str:
    """The name as far as there is room for it; of a long one its end, where hosts differ least from their sites' names."""
    size = 0
    for place, letter in enumerate(reversed(name)):
        size += 2 if is_wide_letter(letter) else 1
        if size > _LONGEST:
            return f"…{name[len(name) - place :]}"
    return name


def _by_time(pairs: Sequence[Copying]) -> tuple[str, list[Row]]:
    """The months or years that all rows have in common, in words, and the rows with their bars on them."""
    months = sorted({month for one in pairs for month in one.months})
    if not months:
        return "", [Row(one, (), "") for one in pairs]
    first, last = _number(months[0]), _number(months[-1])
    yearly = last - first >= _MOST_MONTHS
    if yearly:
        first, last = first // 12, last // 12
    counts = []
    for one in pairs:
        count: Counter[int] = Counter()
        for month, times in one.months.items():
            count[_number(month) // 12 if yearly else _number(month)] += times
        counts.append(count)
    top = max(max(count.values(), default=1) for count in counts)
    wide = _STRIP[0] / (last - first + 1)
    rows = []
    for one, count in zip(pairs, counts, strict=True):
        bars = [
            Bar(
                round((at - first) * wide, 2),
                round(_STRIP[1] - high, 2),
                round(max(0.8 * wide, 0.5), 2),
                round(high, 2),
                _said(at, yearly),
                times,
            )
            for at, times in sorted(count.items())
            for high in [max(2.0, _STRIP[1] * times / top)]
        ]
        rows.append(Row(one, bars, ", ".join(f"{bar.label}: {bar.value:,}" for bar in bars[:_MOST_MONTHS])))
    return " to ".join(dict.fromkeys((_said(first, yearly), _said(last, yearly)))), rows


def _number(month: str) -> int:
    """The number of a month such as 2024-05, counted from the year nought."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _said(number: int, yearly: bool) -> str:  # noqa: FBT001 - of two words
    return f"{number:04}" if yearly else f"{number // 12:04}-{number % 12 + 1:02}"
