"""Run-on lines: a body whose first or last line says all its other lines again, character for character."""

from __future__ import annotations

import numpy as np

from dedup.kernels.fold_table import EXPANDS
from dedup.kernels.keeping import kernel
from dedup.kernels.points import is_space
from dedup.kernels.screen import is_wide

_WHOLE = 0.97  # of the block: a paragraph of more is its equal, and not held by it
_WORDS = 1.3  # mean weight of a letter from which a text has no words, as `article.body` has it
_EXPANDS = np.uint32(EXPANDS)


@kernel
def run_ons(raw, starts, ends, table, least):  # type: ignore[no-untyped-def] # compiled
    """For each text (int64, texts x 6) where its run-on line begins and ends, where the lines that it says do, and their longest; or zeros.

    Places count in `raw`. Between two of the lines the run-on line has nothing, or spaces; the last number is 1 where so two words
    of an alphabet run together, else 0. Two lines at least, all with letters, none of which is nearly all.
    `least` is the least weight of the block. Oracle: `tests/kernels/test_runs.py`.
    """
    out = np.zeros((starts.size, 6), np.int64)
    for i in range(starts.size):
        start, end = _stripped(raw, starts[i], ends[i])
        first = start
        while first < end and raw[first] != 10:
            first += 1
        last = end
        while last > start and raw[last - 1] != 10:
            last -= 1
        if first >= last:
            continue
        begin, stop = _stripped(raw, start, first)
        other, other_end = _stripped(raw, first, end)
        longest = _says(raw, begin, stop, other, other_end, table, least)
        if not longest:
            begin, stop = _stripped(raw, last, end)
            other, other_end = _stripped(raw, start, last)
            longest = _says(raw, begin, stop, other, other_end, table, least)
        if longest:
            out[i, 0] = begin
            out[i, 1] = stop
            out[i, 2] = other
            out[i, 3] = other_end
            out[i, 4] = abs(longest)
            out[i, 5] = longest < 0
    return out


@kernel
def _stripped(raw, start, end):  # type: ignore[no-untyped-def] # compiled
    """The stretch without white space at its ends."""
    while start < end and is_space(raw[start]):
        start += 1
    while end > start and is_space(raw[end - 1]):
        end -= 1
    return start, end


@kernel
def _says(raw, place, stop, other, end, table, least):  # type: ignore[no-untyped-def]
    """The characters of the longest line of raw[other:end] if raw[place:stop] has all its lines, below 0 where words run together, or 0."""
    if stop - place > end - other:
        return 0  # white space between lines is never less
    lines = total = heaviest = weight = longest = letters = 0
    runs_together = False
    start = other
    while True:
        at_break = other == end
        if not at_break and is_space(raw[other]):
            after = other
            while is_space(raw[after]):  # the stretch does not end in white space
                at_break |= raw[after] == 10
                after += 1
        if at_break:
            lines += 1
            longest = max(longest, other - start)
            total += weight
            heaviest = max(heaviest, weight)
            if weight == 0:
                return 0
            weight = 0
            if other == end:
                break
            before = raw[other - 1]
            other = start = after
            glued = place
            while place < stop and is_space(raw[place]):
                place += 1
            runs_together |= place == glued and _weight(before, table) != 0 and _weight(raw[other], table) != 0
            continue
        if place == stop or raw[place] != raw[other]:
            return 0
        own = _weight(raw[place], table)
        if own < 0:
            return 0
        weight += own
        letters += own > 0
        place += 1
        other += 1
    if place < stop or lines < 2 or total < least or heaviest >= _WHOLE * total:
        return 0
    return -longest if runs_together and total < _WORDS * letters else longest


@kernel(inline="always")
def _weight(code, table):  # type: ignore[no-untyped-def] # compiled
    """The weight of a character's letter: 1, of a wide one 2, without a letter 0; -1 where it folds to several."""
    entry = table[1][np.int64(table[0][code >> np.uint32(8)]) * 256 + np.int64(code & np.uint32(255))]
    if entry & _EXPANDS:
        return -1
    return int(entry != 0) + int(is_wide(entry))
