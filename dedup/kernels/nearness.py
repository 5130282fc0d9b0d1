"""Nearness: whether what stands before or behind two equal stretches is nearly equal too, as `article.edges` takes a match on."""

from __future__ import annotations

import numpy as np

from dedup.kernels.keeping import kernel

_LONGEST_END, _SLACK, _SHORT_HEAD, _EDGE = 256, 8, 8, 14  # letters, as `article.edges` has them
_MOST_STEPS = 64  # lines to which two stretches are taken on


@kernel
def line_of(ends, letter):  # type: ignore[no-untyped-def] # compiled
    """The line that holds a letter; line i ends before letter ends[i]."""
    low, high = 0, ends.size
    while low < high:
        middle = (low + high) // 2
        if ends[middle] > letter:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def carry_on(letters, ends, sides, step):  # type: ignore[no-untyped-def] # compiled
    """Moves the beginnings (step -1) or the ends (1) of two stretches, sides[i] = (start, end), to where they are taken on."""
    at = 0 if step < 0 else 1
    for _ in range(_MOST_STEPS):
        one, other = near_end(letters, ends, sides[0, at], sides[1, at], step)
        if one == 0:
            return
        sides[0, at] += step * one
        sides[1, at] += step * other


@kernel
def carry_on_trimmed(letters, ends, sides, begin, other, length, alone):  # type: ignore[no-untyped-def] # compiled
    """The same from a line break inside the stretches, to which they are cut where they reach less than half into a line.

    Two that are `alone` are no part of a longer match.
    """
    cut = np.empty((2, 2), np.int32)
    for step in (-1, 1):
        at = 0 if step < 0 else 1
        near = False
        for start in (begin, other):
            place = start if step < 0 else start + length
            line = line_of(ends, place if step < 0 else place - 1)
            near |= (place - _start(ends, line) if step < 0 else ends[line] - place) <= _EDGE
        if near and alone:
            continue
        for start in (begin, other):
            line = line_of(ends, start if step < 0 else start + length - 1)
            inside = ends[line] - start if step < 0 else _start(ends, line) - start
            reach = inside if step < 0 else length - inside
            if 0 < inside < length and 2 * reach < ends[line] - _start(ends, line):
                cut[0, at] = begin + inside
                cut[1, at] = other + inside
                carry_on(letters, ends, cut, step)
                for side in range(2):
                    sides[side, at] = min(sides[side, at], cut[side, at]) if step < 0 else max(sides[side, at], cut[side, at])


@kernel
def _start(ends, line):  # type: ignore[no-untyped-def] # compiled
    return ends[line - 1] if line else 0


@kernel
def near_end(letters, ends, first, second, step):  # type: ignore[no-untyped-def] # compiled
    """Letters before (step -1) or behind (1) both places that are nearly equal, up to the nearer line's end; 0 and 0 for none.

    Oracle: `article.edges`, which this equals.
    """
    if step < 0:
        if first == 0 or second == 0:
            return 0, 0
        line, other = line_of(ends, first - 1), line_of(ends, second - 1)
        room, more = first - (ends[line - 1] if line else 0), second - (ends[other - 1] if other else 0)
    else:
        if first >= letters.size or second >= letters.size:
            return 0, 0
        room, more = ends[line_of(ends, first)] - first, ends[line_of(ends, second)] - second
    size = min(room, more)
    if size > _LONGEST_END or size == 0:
        return 0, 0
    width = min(max(room, more), size + _SLACK)
    whole, part = (first, second) if room <= more else (second, first)
    slack = min(3 + size // 8, _SLACK)
    worst = (size + _SLACK) // 4 + (2 if size <= _SHORT_HEAD else 0)
    costs = np.arange(width + 1)
    for i in range(size):
        before = costs[0]
        costs[0] = i + 1
        least = costs[0]
        letter = letters[whole + i] if step > 0 else letters[whole - 1 - i]
        for j in range(width):
            mate = letters[part + j] if step > 0 else letters[part - 1 - j]
            cost = min(before + (letter != mate), costs[j] + 1, costs[j + 1] + 1)
            before = costs[j + 1]
            costs[j + 1] = cost
            least = min(least, cost)
        if least > worst:
            return 0, 0
    take = width
    if width > size + slack:
        take = max(1, size - slack)
        for length in range(take + 1, size + slack + 1):
            if costs[length] < costs[take] or (costs[length] == costs[take] and abs(length - size) < abs(take - size)):
                take = length
    distance = costs[take]
    longer = max(size, take)
    if distance * 4 > longer and (size > _SHORT_HEAD or distance > 1 + size // 4 or distance * 2 > longer):
        return 0, 0
    return (size, take) if room <= more else (take, size)


@kernel
def distance(letters, first, end_first, second, end_second, most):  # type: ignore[no-untyped-def] # compiled
    """The Levenshtein distance of two stretches, or more than `most` where it is more than that. Oracle: rapidfuzz."""
    apart = abs(end_first - first - end_second + second)
    if apart > most:
        return apart
    costs = np.arange(end_second - second + 1)
    for i in range(first, end_first):
        before = costs[0]
        costs[0] = i - first + 1
        least = costs[0]
        for j in range(end_second - second):
            cost = min(before + (letters[i] != letters[second + j]), costs[j] + 1, costs[j + 1] + 1)
            before = costs[j + 1]
            costs[j + 1] = cost
            least = min(least, cost)
        if least > most:
            return least
    return costs[-1]
