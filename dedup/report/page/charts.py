"""The geometry of the page's charts, in the units of their drawings; the template draws it, so that all text is escaped there."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 560, 200  # of a drawing
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 16, 30  # of the room about the plot
_MOST_DAYS = 62  # bars of a chart by day; a longer time is told by month or by year


class Bar(NamedTuple):
    """A bar: its place, what it stands for and how many, and of what sort it is."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int
    sort: str = ""


class Tick(NamedTuple):
    """A mark at an axis."""

    at: float
    label: str


class Chart(NamedTuple):
    """A chart: bars or lines (points of a path), ticks of both axes, and where the threshold stands, if it has one."""

    bars: Sequence[Bar] = ()
    lines: Sequence[tuple[str, str]] = ()
    across: Sequence[Tick] = ()
    up: Sequence[Tick] = ()
    mark: float | None = None
    mark_label: str = ""


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _y(share: float) -> float:
    return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)


def bars(values: Sequence[tuple[str, int, str]], *, every: int | None = None, gap: float = 0.2) -> Chart:
    """Bars of equal width side by side, with a label under every `every`-th of them."""
    top = nice(max((value for _, value, _ in values), default=0))
    width = (WIDTH - LEFT - RIGHT) / max(len(values), 1)
    every = every or -(-len(values) // 8) or 1
    shapes, ticks = [], []
    for number, (label, value, sort) in enumerate(values):
        x, y = LEFT + number * width, _y(value / top)
        wide = min(width * (1 - gap), 40.0)
        shapes.append(Bar(round(x + (width - wide) / 2, 1), y, round(wide, 1), round(_y(0) - y, 1), label, value, sort))
        if number % every == 0:
            ticks.append(Tick(round(x + width / 2, 1), label))
    return Chart(shapes, (), ticks, _upward(top))


def _upward(top: int) -> list[Tick]:
    """Nothing, the half and the top, which is even."""
    return [Tick(_y(value / top), f"{value:,}") for value in (0, top // 2, top)]


def nice(value: int) -> int:
    """The least of 2, 4, 6, 8, 10, 20, 40 … that is no less; it has a whole half."""
    size = 1
    while True:
        for step in (2, 4, 6, 8, 10):
            if step * size >= value:
                return step * size
        size *= 10


def histogram(below: Sequence[int], above: Mapping[int, int], threshold: float, step: float, start: float) -> Chart:
    """Pairs by score from `start` to 1: those that were kept apart (`below`, by steps) and those of which one row went (by hundredths)."""
    values = []
    count = round((1 - start) / step) + 1
    for number in range(count):
        low = start + number * step
        key = round(low * 100)
        apart = low < threshold - step / 2
        value = (below[number] if number < len(below) else 0) if apart else above.get(key, 0)
        values.append((f"{low:.2f}", value, "apart" if apart else "gone"))
    chart = bars(values, every=5, gap=0.12)
    edge = LEFT + (threshold - start) / step * (WIDTH - LEFT - RIGHT) / max(count, 1)
    return chart._replace(mark=round(edge, 1), mark_label=f"threshold {threshold:g}")


def curves(lines: Mapping[str, Sequence[tuple[float, float]]], start: float, threshold: float) -> Chart:
    """Curves of a chance by score from `start` to 1."""
    drawn = [
        (name, "M" + " L".join(f"{_x((score - start) / (1 - start))},{_y(chance)}" for score, chance in points))
        for name, points in lines.items()
    ]
    tenths = [k / 10 for k in range(round(start * 10), 11)]
    return Chart(
        (),
        drawn,
        [Tick(_x((value - start) / (1 - start)), f"{value:.1f}") for value in tenths],
        [Tick(_y(value), f"{value:.0%}") for value in (0, 0.5, 1)],
        _x((threshold - start) / (1 - start)),
        f"threshold {threshold:g}",
    )


def cluster_sizes(sizes: Mapping[int, int]) -> list[tuple[str, int, str]]:
    """Clusters by their number of rows, the kept one with them; `sizes` are the rows that went because of each kept row."""
    bounds = [(2, 2), (3, 3), (4, 4), (5, 5), (6, 10), (11, 20), (21, 50), (51, 100), (101, 1000), (1001, 0)]
    found = Counter(next(i for i, (_, last) in enumerate(bounds) if not last or gone + 1 <= last) for gone in sizes.values())
    used = bounds[: max(found, default=0) + 1]
    return [(_range(first, last), found[i], "") for i, (first, last) in enumerate(used)] if found else []


def _range(first: int, last: int) -> str:
    if first == last:
        return str(first)
    return f"{first}–{last}" if last else f"{first:,}+"


def by_time(days: Mapping[str, int]) -> tuple[str, list[tuple[str, int, str]]]:
    """Rows by day, month or year, whichever makes no more bars than can be read, and its name."""
    known = {day: value for text, value in days.items() if (day := _day(text)) is not None}
    if not known:
        return "day", []
    first, last = min(known), max(known)
    if (last - first).days < _MOST_DAYS:
        every = [first + datetime.timedelta(k) for k in range((last - first).days + 1)]
        return "day", [(day.isoformat(), known.get(day, 0), "") for day in every]
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    name, size = ("month", 7) if months <= _MOST_DAYS else ("year", 4)
    grouped: Counter[str] = Counter()
    for day, value in known.items():
        grouped[day.isoformat()[:size]] += value
    if name == "month":
        labels = [f"{first.year + (first.month - 1 + k) // 12:04}-{(first.month - 1 + k) % 12 + 1:02}" for k in range(months)]
    else:
        labels = [f"{year:04}" for year in range(max(first.year, last.year - 2 * _MOST_DAYS), last.year + 1)]
    return name, [(label, grouped[label], "") for label in labels]


def _day(text: str) -> datetime.date | None:
    """The day, None where the text is none."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def arc(span: Sequence[int], length: int, width: int, height: int) -> tuple[str, Bar, Bar]:
    """A band (a path) from the removed stretch span[:2] to the kept one span[2:] of an article, and both on its line."""
    scale = width / max(length, 1)
    removed, kept = [(span[i] * scale, max(span[i + 1] * scale, span[i] * scale + 2)) for i in (0, 2)]
    first, second = sorted((removed, kept))
    outer, inner = (first[0], second[1]), (first[1], max(second[0], first[1]))
    rise = (height - 2) * 4 / 3  # a cubic curve reaches three quarters of the way to its handles
    low = rise * min(1.0, 0.2 + 0.6 * (inner[1] - inner[0]) / max(outer[1] - outer[0], 1))
    path = (
        f"M{outer[0]:.1f},{height} C{outer[0]:.1f},{height - rise:.1f} {outer[1]:.1f},{height - rise:.1f} {outer[1]:.1f},{height} "
        f"L{inner[1]:.1f},{height} C{inner[1]:.1f},{height - low:.1f} {inner[0]:.1f},{height - low:.1f} {inner[0]:.1f},{height} Z"
    )
    one, two = (
        Bar(round(start, 1), height, round(end - start, 1), 8, sort, int(span[i + 1] - span[i]), sort)
        for i, sort, (start, end) in ((0, "removed", removed), (2, "kept", kept))
    )
    return path, one, two
