"""Runs of numbers that several texts say, found exactly, and which of them go: one copy stays.

What may stand twice is told by counting (`kernels.stretches`), part by part where the numbers are more than memory holds. In memory that
takes 5 bytes a number, and 6 more at most for each window that stands twice. Beyond it only what may stand twice is gathered from
the parts, and settled together: what is found is the same, to the byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.corpus.units import mapped
from dedup.kernels.stretches import GONE, SHARED, count_anchors, count_windows, find_owners, gather, keep_likely, mark_likely
from dedup.written import writer

if TYPE_CHECKING:
    from dedup.corpus.units import Spill, Units

_ROOM = 0.75  # of an owner's slot for each window that stands twice: half of them or less are owners
_SLICE = 1 << 24
MOST_SLOTS = 1 << 29
"""Slots of a table of counts, one byte each. A fuller table takes more windows for likely, which are looked up then: slower, as exact."""

MEMORY = 1 << 30
"""Bytes of the table of owners, above which it is made for some rows at a time."""


class Runs(NamedTuple):
    """Stretches (int64, in units: place, place of the copy that stays, length) in the order of rows and places, none over another.

    `shared` counts the units that stand in more than one stretch, whether they go or stay.
    """

    table: np.ndarray
    shared: int


class _Likely(NamedTuple):
    """What may stand twice: segments of rows with their flags, one after another in the order of the rows.

    `starts` is the place of each segment among all units, `heads` the first segment of each row (one more than rows), `per_row` how many
    windows of a row may stand twice. Where nothing was left out a segment is a row.
    """

    codes: np.ndarray
    flags: np.ndarray
    offsets: np.ndarray
    starts: np.ndarray
    heads: np.ndarray
    per_row: np.ndarray


def ranks(units: Units, keep: str, values: np.ndarray | None = None) -> np.ndarray:
    """The rows (int64) in the order in which their copies stay: the fullest first, or by row, or by `values`, the greatest first.

    Ties go by the digest of the text, then by row, so that the order of the rows makes no difference to the texts that stay.
    """
    rows = np.arange(units.offsets.size - 1)
    if keep in {"first", "last"}:
        return rows if keep == "first" else rows[::-1].copy()
    best = np.diff(units.offsets) if values is None else values
    return np.lexsort((rows, units.digests, ~best))  # the least number, of an undated row, has no negative


def find_runs(
    units: Units,
    order: np.ndarray,
    least: int,
    *,
    within: bool = False,
    lasting: bool = True,
    memory: int = MEMORY,
    slots: int = MOST_SLOTS,
) -> Runs:
    """All stretches of at least `least` units that a text of lower rank says, too, unit for unit.

    `within` takes those that the text itself says before, too. With `lasting` what stays holds all of each stretch that goes.
    """
    codes, flags, offsets, starts, heads, per_row = _likely(units, least, slots)
    counts = np.diff(heads)
    firsts, ends = np.repeat(offsets[heads[:-1]], counts), np.repeat(offsets[heads[1:]], counts)
    # The segments by the ranks of their rows, and how many of them the rows up to each rank have.
    reached = np.cumsum(counts[order])
    segments = np.repeat(heads[order] - reached + counts[order], counts[order]) + np.arange(counts[order].sum())
    found = []
    ahead = np.cumsum(per_row[order])
    begin = 0
    while begin < order.size:
        done = int(ahead[begin - 1]) if begin else 0
        end = min(max(begin + 1, int(np.searchsorted(ahead, done + int(memory / (8 * _ROOM)), side="right"))), order.size)
        passed = int(reached[begin - 1]) if begin else 0
        owners = np.zeros(int(_ROOM * (int(ahead[end - 1]) - done)) + 64, np.uint64)
        claiming = int(reached[end - 1]) - passed
        found.append(find_owners(codes, offsets, firsts, ends, segments[passed:], claiming, least, flags, owners, within, lasting))
        del owners
        begin = end
    shared = sum(int(np.count_nonzero(flags[at : at + _SLICE] & (SHARED | GONE))) for at in range(0, flags.size, _SLICE))
    table = np.concatenate(found) if found else np.empty((0, 3), np.int64)
    for column in (0, 1):
        segment = np.searchsorted(offsets, table[:, column], side="right") - 1
        table[:, column] += starts[segment] - offsets[segment]
    return Runs(_apart(table), shared)


def _likely(units: Units, least: int, most: int) -> _Likely:
    """What may stand twice: by the hashes of anchors, then by those of windows. Each part is read four times, from its begin to its end."""
    size = (least + 1) // 2
    flags = _Flags(units)
    counts = np.zeros(_slots(16 * units.codes.size // (least - size + 1), most), np.uint8)
    for begin, end in units.parts():
        count_anchors(units.read(begin, end), _offsets(units, begin, end), least, size, counts)
    likely = 0
    for begin, end in units.parts():
        likely += mark_likely(units.read(begin, end), _offsets(units, begin, end), least, size, counts, flags.of(begin, end))
    counts = np.zeros(_slots(2 * likely, most), np.uint8)
    for begin, end in units.parts():
        count_windows(units.read(begin, end), _offsets(units, begin, end), least, flags.of(begin, end), counts)
    per_row = np.zeros(units.offsets.size - 1, np.int64)
    gathered = None if units.spill is None else _Gathered(units.spill)
    for begin, end in units.parts():
        codes, offsets, marks = units.read(begin, end), _offsets(units, begin, end), flags.of(begin, end)
        keep_likely(codes, offsets, least, marks, counts, per_row[begin:end])
        if gathered is not None:
            gathered.add(begin, int(units.offsets[begin]), *gather(codes, offsets, least, marks))
    if gathered is None:
        return _Likely(units.codes, flags.of(0, per_row.size), units.offsets, units.offsets[:-1], np.arange(per_row.size + 1), per_row)
    return gathered.all(per_row)


def _offsets(units: Units, begin: int, end: int) -> np.ndarray:
    """The offsets of the rows from the first of them on."""
    offsets: np.ndarray = units.offsets[begin : end + 1] - units.offsets[begin]
    return offsets


class _Flags:
    """A byte a unit, in memory where the units are, else in a file of which a part is mapped at a time."""

    def __init__(self, units: Units) -> None:
        """Begin with zeros."""
        self._units = units
        self._all = np.zeros(units.codes.size if units.spill is None else 0, np.uint8)
        if units.spill is not None:
            self._path = units.spill.folder / "flags"
            with writer(self._path, self._path) as file:
                file.truncate(units.codes.size)

    def of(self, begin: int, end: int) -> np.ndarray:
        """The flags of the rows."""
        first, last = int(self._units.offsets[begin]), int(self._units.offsets[end])
        part: np.ndarray = self._all[first:last] if self._units.spill is None else mapped(self._path, "u1", last - first, first)
        return part


class _Gathered:
    """The segments of all parts, one after another, in files until all are there."""

    def __init__(self, spill: Spill) -> None:
        """Begin with no segment."""
        self._spill, self._size = spill, 0
        self._paths = spill.folder / "likely", spill.folder / "likely.flags"
        for path in self._paths:
            path.write_bytes(b"")
        self._starts, self._sizes, self._rows = [], [], []  # type: tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]

    def add(
        self, row: int, place: int, codes: np.ndarray, flags: np.ndarray, starts: np.ndarray, sizes: np.ndarray, rows: np.ndarray
    ) -> None:
        """The segments of a part that begins with this row and place."""
        for path, array in zip(self._paths, (codes, flags), strict=True):
            with writer(path, path, "a") as file:
                file.write(array.data)
        self._size += codes.size
        self._starts.append(starts + place)
        self._sizes.append(sizes)
        self._rows.append(rows + row)

    def all(self, per_row: np.ndarray) -> _Likely:
        """All of them, in memory where that is no more than a part takes, else mapped."""
        none = [np.empty(0, np.int64)]
        sizes, rows = np.concatenate(self._sizes or none), np.concatenate(self._rows or none)
        offsets = np.zeros(sizes.size + 1, np.int64)
        np.cumsum(sizes, out=offsets[1:])
        heads = np.searchsorted(rows, np.arange(per_row.size + 1))
        kinds = ("u4", "u1")
        small = self._size <= self._spill.part
        codes, flags = (
            np.fromfile(path, kind) if small else mapped(path, kind, self._size) for path, kind in zip(self._paths, kinds, strict=True)
        )
        return _Likely(codes, flags, offsets, np.concatenate(self._starts or none), heads, per_row)


def _slots(count: int, most: int) -> int:
    """The power of two above `count`, up to `most`, which is one."""
    return min(1 << max(10, int(count).bit_length()), most)


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
