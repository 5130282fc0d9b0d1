"""Chains: the equal stretches of a text, and the groups of them that the linker could join; what `dedup.kernels.ties` reads.

Stretches are read letter by letter and tied into groups, each of which holds whatever matches `article.linking` could make of them
(its conditions, but for the comparison of what lies between).
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.keeping import kernel
from dedup.kernels.nearness import distance, line_of

MOST_BEFORE = 400  # stretches that one is held against, and pairs that are kept; a text with more is read in full
NEARLY = 2
_MOST_SEEDS = 64  # places of one shingle; the finder takes fewer
_FAR, _NEAR = 2000, 64  # letters of a wide gap and of a narrow one, as `article.linking` has them
_OVERLAP, _SMALL, _WORD, _DAMAGE, _LONG = 24, 16, 6, 4, 24
_UNLIKE = 0.5501  # of the letters between two stretches of one match may differ
_SPREAD = np.uint32(0xC2B2AE35)


@kernel
def find_stretches(letters, places, values, size, least):  # type: ignore[no-untyped-def] # compiled
    """Rows (first, second, length) of maximal equal stretches by `second`, and False where there are too many of them to look at."""
    n = letters.size
    capacity = np.int64(32)
    while capacity < 3 * places.size:
        capacity *= 2
    slots = np.zeros(capacity, np.int32)
    earlier = np.zeros(places.size, np.int32)
    newest = np.full(n, -1, np.int32)
    rows = np.empty((16, 3), np.int32)
    found = 0
    for k in range(places.size):
        slot = np.int64(np.uint32(values[k] * _SPREAD)) & (capacity - 1)
        while slots[slot] != 0 and values[slots[slot] - 1] != values[k]:
            slot = (slot + 1) & (capacity - 1)
        earlier[k] = slots[slot]
        slots[slot] = k + 1
        other = earlier[k]
        seeds = 0
        while other != 0:
            seeds += 1
            if seeds > _MOST_SEEDS:
                return rows, False
            first, second = places[other - 1], places[k]
            other = earlier[other - 1]
            row = newest[second - first]
            if row >= 0 and rows[row, 1] + rows[row, 2] >= second + size:
                continue
            start = 0
            while first - start > 0 and letters[first - start - 1] == letters[second - start - 1]:
                start += 1
            end = 0
            while second + end < n and letters[first + end] == letters[second + end]:
                end += 1
            if start + end < least or end < size:
                continue
            if found == rows.shape[0]:
                if found > 512 + n // 8:
                    return rows, False
                more = np.empty((2 * found, 3), np.int32)
                more[:found] = rows
                rows = more
            rows[found, 0] = first - start
            rows[found, 1] = second - start
            rows[found, 2] = start + end
            newest[second - first] = found
            found += 1
    return _by_second(rows[:found].copy())


@kernel
def _by_second(rows):  # type: ignore[no-untyped-def] # compiled
    """The rows in the order of their second stretches, of which they are nearly in order; False where they are not."""
    moves = 0
    for row in range(1, rows.shape[0]):
        first, second, length = rows[row]
        at = row
        while at > 0 and rows[at - 1, 1] > second:
            rows[at] = rows[at - 1]
            at -= 1
            moves += 1
        rows[at, 0] = first
        rows[at, 1] = second
        rows[at, 2] = length
        if moves > 64 * rows.shape[0]:
            return rows, False
    return rows, True


@kernel
def group_stretches(letters, rows, ends, solid):  # type: ignore[no-untyped-def] # compiled
    """For each row the first row of its group, and False where there are too many rows to hold against each other."""
    group = np.arange(rows.shape[0])
    reach = rows[:, 2].copy()  # letters of a group, at its first row
    longest = 0
    for row in range(rows.shape[0]):
        longest = max(longest, rows[row, 2])
        for before in range(row - 1, -1, -1):
            if rows[row, 1] - rows[before, 1] > _FAR + _OVERLAP + longest:
                break
            if row - before > MOST_BEFORE:
                return group, False
            apart = rows[row, 0] - rows[before, 0] - rows[before, 2]
            if apart > _FAR + _OVERLAP or apart < -_OVERLAP:
                continue
            root = before
            while group[root] != root:
                root = group[root]
            mine = row
            while group[mine] != mine:
                mine = group[mine]
            if root != mine and _can_follow(letters, rows, before, row, reach[root], ends, solid):
                low, high = min(root, mine), max(root, mine)
                group[high] = low
                reach[low] += reach[high]
    for row in range(rows.shape[0]):
        root = row
        while group[root] != root:
            root = group[root]
        group[row] = root
    return group, True


@kernel
def _can_follow(letters, rows, before, row, reach, ends, solid):  # type: ignore[no-untyped-def] # noqa: PLR0911 - the linker's list
    """False only where `article.linking` would not link the row behind the one before it."""
    length, other = rows[row, 2], rows[before, 2]
    gap_first = rows[row, 0] - rows[before, 0] - other
    gap_second = rows[row, 1] - rows[before, 1] - other
    overlap = max(0, -gap_first, -gap_second)
    if overlap > _OVERLAP or overlap * 2 > min(length, other):
        return False
    gap_first += overlap
    gap_second += overlap
    narrow, wide = min(gap_first, gap_second), max(gap_first, gap_second)
    if rows[row, 0] + length > rows[before, 1] and wide - narrow > _DAMAGE:
        return False
    odd = wide > _SMALL and narrow * 4 < wide and length < min(wide, solid)
    if wide > _NEAR and (wide > _FAR or narrow > _NEAR or length < solid or reach < solid):
        return False
    if odd and 2 * length < solid:
        return False
    first, second = rows[row, 0] + overlap, rows[row, 1] + overlap
    if (wide > _NEAR or odd) and not _is_passage(first, second, gap_first, gap_second, ends):
        return False
    if narrow >= _WORD and (wide > _LONG or length < 2 * wide):
        most = np.int64(_UNLIKE * wide)
        return distance(letters, first - gap_first, first, second - gap_second, second, most) <= most
    return True


@kernel
def _is_passage(first, second, gap_first, gap_second, ends):  # type: ignore[no-untyped-def] # compiled
    if gap_first <= gap_second:
        narrow, gap, wide, passage = first, gap_first, second, gap_second
    else:
        narrow, gap, wide, passage = second, gap_second, first, gap_first
    if gap_first == gap_second:  # either may be taken for the narrow one
        return True
    if _is_near_break(narrow, ends) or _is_near_break(narrow - gap, ends):
        return True
    return _is_near_break(wide, ends) and _is_near_break(wide - passage, ends)


@kernel
def _is_near_break(letter, ends):  # type: ignore[no-untyped-def] # compiled
    line = min(line_of(ends, letter), ends.size - 1)
    start = ends[line - 1] if line else 0
    return letter - start <= NEARLY or ends[line] - letter <= NEARLY
