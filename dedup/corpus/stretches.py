"""Stretches: what several texts say in the same words, found exactly, one copy left; and texts that stand whole in a longer one.

Texts become numbers, one a token or a letter (`kernels.units`, `kernels.stretches`). 5 bytes a number, and for each window that
stands twice 6 more at most: 12 bytes where everything does. Beyond `memory` the table of owners is made for some rows at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.kernels.fold import fold
from dedup.kernels.rows import fold_rows
from dedup.kernels.stretches import GONE, SHARED, count_anchors, count_windows, find_owners, keep_likely, mark_likely
from dedup.kernels.units import Vocabulary, token_spans
from dedup.model import Contained, Span, Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dedup.config import Stretches

_BLOCK = 1 << 21  # characters that are looked at together
_ROOM = 0.75  # of an owner's slot for each window that stands twice: half of them or less are owners
_OPENING = "“‘「『（(《〈[【<\"'"
MEMORY = 1 << 30
"""Bytes of the table of owners, above which it is made for some rows at a time."""


class Units(NamedTuple):
    """Texts as numbers end to end (uint32), and the offsets of each text in them (int64, one more than texts)."""

    codes: np.ndarray
    offsets: np.ndarray


class Runs(NamedTuple):
    """Stretches (int64, in units: place, place of the copy that stays, length) in the order of rows and places, none over another.

    `shared` counts the units that stand in more than one stretch, whether they go or stay.
    """

    table: np.ndarray
    shared: int


def units_of(texts: Iterable[str], rules: Stretches) -> Units:
    """The texts as numbers; they are taken block by block and not held."""
    vocabulary = Vocabulary()
    codes, lengths = [], []
    for block in _blocks(texts):
        found, offsets = vocabulary.encode(block) if rules.unit == "tokens" else fold_rows(block)[:2]
        codes.append(found.copy())
        lengths.append(np.diff(offsets))
    ends = np.zeros(sum(map(len, lengths)) + 1, np.int64)
    np.cumsum(np.concatenate(lengths) if lengths else ends[1:], out=ends[1:])
    return Units(np.concatenate(codes) if codes else np.empty(0, np.uint32), ends)


def _blocks(texts: Iterable[str]) -> Iterable[list[str]]:
    block: list[str] = []
    size = 0
    for text in texts:
        block.append(text)
        size += len(text) + 64
        if size >= _BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def ranks(units: Units, keep: str, values: np.ndarray | None = None) -> np.ndarray:
    """The rows (int64) in the order in which their copies stay: the fullest first, or by row, or by `values`, the greatest first."""
    rows = np.arange(units.offsets.size - 1)
    if values is not None:
        return np.lexsort((rows, -values))
    if keep in {"first", "last"}:
        return rows if keep == "first" else rows[::-1].copy()
    return np.lexsort((rows, -np.diff(units.offsets)))


def find_runs(units: Units, order: np.ndarray, least: int, *, within: bool = False, lasting: bool = True, memory: int = MEMORY) -> Runs:
    """All stretches of at least `least` units that a text of lower rank says, too, unit for unit.

    `within` takes those that the text itself says before, too. With `lasting` what stays holds all of each stretch that goes.
    """
    codes, offsets = units
    size = (least + 1) // 2
    flags = np.zeros(codes.size, np.uint8)
    counts = np.zeros(_slots(16 * codes.size // (least - size + 1)), np.uint8)
    count_anchors(codes, offsets, least, size, counts)
    likely = mark_likely(codes, offsets, least, size, counts, flags)
    counts = np.zeros(_slots(4 * likely), np.uint8)
    count_windows(codes, offsets, least, flags, counts)
    per_row = np.zeros(offsets.size - 1, np.int64)
    keep_likely(codes, offsets, least, flags, counts, per_row)
    del counts
    found = []
    ahead = np.cumsum(per_row[order])
    begin = 0
    while begin < order.size:
        done = int(ahead[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(ahead, done + int(memory / (8 * _ROOM)), side="right")))
        claiming = min(end, order.size) - begin
        owners = np.zeros(int(_ROOM * (int(ahead[begin + claiming - 1]) - done)) + 64, np.uint64)
        found.append(find_owners(codes, offsets, offsets[:-1], offsets[1:], order[begin:], claiming, least, flags, owners, within, lasting))
        begin = end
    shared = int(np.count_nonzero(flags & (SHARED | GONE)))
    return Runs(_apart(np.concatenate(found) if found else np.empty((0, 3), np.int64)), shared)


def _slots(count: int) -> int:
    """The power of two that is not below `count`."""
    return 1 << max(10, int(count).bit_length())


def _apart(runs: np.ndarray) -> np.ndarray:
    """The runs in the order of their places, each from where the one before it ends."""
    runs = runs[np.lexsort((runs[:, 1], -runs[:, 2], runs[:, 0]))]
    ends = runs[:, 0] + runs[:, 2]
    before = np.concatenate(([0], np.maximum.accumulate(ends)[:-1])) if runs.size else ends
    skip = np.maximum(0, before - runs[:, 0])
    runs = runs + np.stack((skip, skip, -skip), axis=1)
    return runs[runs[:, 2] > 0]


def stretches_of(runs: Runs, units: Units) -> list[tuple[int, int, int, int, int]]:
    """Each run as (row, first unit, row of the copy, its first unit, units), units counted from the start of their rows."""
    rows = np.searchsorted(units.offsets, runs.table[:, 0], side="right") - 1
    of = np.searchsorted(units.offsets, runs.table[:, 1], side="right") - 1
    starts, of_starts = runs.table[:, 0] - units.offsets[rows], runs.table[:, 1] - units.offsets[of]
    return list(zip(rows.tolist(), starts.tolist(), of.tolist(), of_starts.tolist(), runs.table[:, 2].tolist(), strict=True))


def unit_spans(text: str, rules: Stretches) -> np.ndarray:
    """Where each unit of a text begins and ends, in characters (int32, units x 2)."""
    if rules.unit == "tokens":
        return token_spans(text)
    at = fold(text).at
    return np.stack((at, at + 1), axis=1)


def in_characters(found: Sequence[tuple[int, int, int, int, int]], texts: dict[int, str], rules: Stretches) -> list[Stretch]:
    """The stretches in characters of the texts of their rows, with the marks that close them; no two of a row overlap."""
    spans = {row: unit_spans(text, rules) for row, text in texts.items()}
    return [
        Stretch(row, _widened(texts[row], spans[row], start, start + size), of, _plain(spans[of], begin, size), size)
        for row, start, of, begin, size in found
    ]


def _plain(spans: np.ndarray, start: int, size: int) -> Span:
    return Span(int(spans[start, 0]), int(spans[start + size - 1, 1]))


def _widened(text: str, spans: np.ndarray, first: int, last: int) -> Span:
    """From the first unit to the last one, with what opens its line and closes it; where that is all of a line, its break, too."""
    start, end = int(spans[first, 0]), int(spans[last - 1, 1])
    before = text[int(spans[first - 1, 1]) if first else 0 : start]
    after = text[end : int(spans[last, 0]) if last < len(spans) else len(text)]
    opens = not first or "\n" in before
    if opens:
        start -= len(before) - (before.rfind("\n") + 1)
    if "\n" in after:
        closing = after.index("\n")
        return Span(start, end + closing + (1 if opens else 0))
    return Span(start, end + len(after.rstrip(_OPENING) if last < len(spans) else after.rstrip()))


def without(text: str, spans: Iterable[Span]) -> str:
    """The text without the spans, which are in order; where words would run together, a space."""
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts.append(text[at:start])
        at = end
    parts.append(text[at:])
    kept = [part for part in parts if part]
    out = kept[:1]
    for part in kept[1:]:
        glued = out[-1][-1].isalnum() and part[0].isalnum() and out[-1][-1].isascii() and part[0].isascii()
        out.append(f" {part}" if glued else part)
    return text if not at else "".join(out).rstrip() + ("\n" if text.endswith("\n") and kept else "")


def contained(units: Units, rules: Stretches) -> list[Contained]:
    """Rows that a longer one holds: `contained` of their units or more stand in it, in runs of `least_contained` or more."""
    lengths = np.diff(units.offsets)
    runs = find_runs(units, ranks(units, "longest"), rules.least_contained, lasting=False)
    held: dict[int, dict[int, int]] = {}
    for row, _, of, _, size in stretches_of(runs, units):
        if lengths[of] > lengths[row]:
            own = held.setdefault(row, {})
            own[of] = own.get(of, 0) + size
    found = []
    for row, by in sorted(held.items()):
        of, size = max(by.items(), key=lambda pair: (pair[1], -pair[0]))
        if size >= rules.contained * lengths[row]:
            found.append(Contained(row, of, float(size / lengths[row])))
    return found


class Found(NamedTuple):
    """What goes, which rows a longer one holds, and how many units stand in more than one stretch."""

    removed: tuple[Stretch, ...]
    contained: tuple[Contained, ...]
    shared: int


def find_all(
    units: Units, order: np.ndarray, rules: Stretches, fetch: Callable[[set[int]], dict[int, str]], *, dropping: bool = False
) -> Found:
    """What goes of the texts and which are contained; `fetch` gives the texts of rows, of those that share something.

    With `dropping` the contained rows whose longer row stays are taken to go as a whole: nothing else goes because of them.
    """
    held = contained(units, rules)
    if dropping:
        order = order[~np.isin(order, list(droppable(held, units)))]
    runs = find_runs(units, order, rules.least, within=rules.within)
    found = stretches_of(runs, units)
    texts = fetch({row for one in found for row in (one[0], one[2])}) if found else {}
    return Found(tuple(in_characters(found, texts, rules)), tuple(held), runs.shared)


def droppable(held: Iterable[Contained], units: Units) -> set[int]:
    """The contained rows whose longer row stays; of a chain every other one."""
    lengths = np.diff(units.offsets)
    gone: set[int] = set()
    for one in sorted(held, key=lambda one: (-int(lengths[one.row]), one.row)):
        if one.of not in gone:
            gone.add(one.row)
    return gone
