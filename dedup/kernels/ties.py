"""Ties: whether the equal stretches of a text can be a repeat that a rule takes out; what `dedup.kernels.screen` lets through is read here.

Equal stretches are tied into groups, each of which holds whatever matches the finder could link of them: `chains`. A line counts as
covered where a group has a third of its letters, as in the screen. Without one of these, no rule takes anything out:

    copy                  a group that goes over a line break, with a covered line on either side or two on one
    block                 a line that says two covered lines which stand together, or a covered line said by a run over a break
    teaser, summary       a covered line with a call, a label, or at an end of the body, that begins as the other side does
    scattered lines       equal lines or pairs of covered lines that are most of the body, or long
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.chains import MOST_BEFORE, NEARLY, find_stretches, group_stretches
from dedup.kernels.keeping import kernel
from dedup.kernels.nearness import carry_on, carry_on_trimmed, line_of
from dedup.kernels.screen import (
    LEAST_SHARE,
    digest_lines,
    fold_lines,
    is_wide,
    is_written_wide,
    mark_twins,
    may_be_garbled,
    sample,
)

_SOLID, _SOLID_WIDE = 32, 16
_UNFINISHED = 32  # weight of a line that may break off
_APART = 3  # lines from one held line to another, at the most
_PROSE, _BODY = 100, 60  # weights, as `article.body` has them
_ALIKE = 0.79  # least share of a line's length that its like has
_BESIDE = 2  # of a line that is said in a neighbouring line, where 1 is said elsewhere
_TAIL = 60  # characters of a line's end in which dots may stand


@kernel
def may_say_twice(raw, starts, ends, table, shapes, words, limits):  # type: ignore[no-untyped-def] # compiled
    """For each text raw[starts[i]:ends[i]] 1 (uint8) when a rule may take something out of it, else 0.

    `words` are folded letters, of what calls to read on at a line's end and of what labels a summary: codes, the offsets of the
    calls, those of the labels. `limits` are the weight of a line that is a repeat by itself, and the share of a body that is.
    Oracle: the rules themselves, `tests/kernels/test_screen.py`.
    """
    flags = np.zeros(starts.size, np.uint8)
    for i in range(starts.size):
        flags[i] = _one(raw[starts[i] : ends[i]], table, shapes, words, limits)
    return flags


@kernel
def _one(raw, table, shapes, words, limits):  # type: ignore[no-untyped-def] # noqa: C901, PLR0911 - a list of cases, compiled
    if may_be_garbled(raw, 0, raw.size):
        return True
    every = np.empty(raw.size + 1, np.int32)
    letters, n, held = fold_lines(raw, 0, raw.size, table[0], table[1], table[2], np.empty(raw.size + 64, np.uint32), every)
    letters = letters[:n]
    if n == 0:
        return False
    ends, tails = _lettered(raw, every[:held])
    written_wide = is_written_wide(letters, n)
    size, window = shapes[1] if written_wide else shapes[0]
    places = np.empty(n + 1, np.int32)
    values = np.empty(n + 1, np.uint32)
    found = sample(letters, n, size, window, np.empty((3, 2048 + 128), np.uint32), places, values)
    rows, whole = find_stretches(letters, places[:found], values[:found], size, size + window - 1)
    if not whole:
        return True
    said = np.zeros(ends.size, np.uint8)  # lines that stand twice, letter for letter or covered with each other
    twice = _mark_equal(letters, ends, said)
    if not twice and (rows.shape[0] == 0 or not _is_covered(rows, ends, np.zeros(n + 1, np.int32))):
        return False
    weights = np.zeros(ends.size, np.int32)
    start = 0
    for line in range(ends.size):
        wide = np.uint32(0)
        for i in range(start, ends[line]):
            wide += np.uint32(is_wide(letters[i]))
        weights[line] = ends[line] - start + wide
        start = ends[line]
        if said[line] and weights[line] >= limits[0]:
            return True
    if _is_tied(letters, ends, tails, raw, rows, weights, said, _SOLID_WIDE if written_wide else _SOLID, words, limits):
        return True
    total = weight = beside = 0
    for line in range(ends.size):
        total += weights[line]
        weight += weights[line] * (said[line] > 0)
        beside += said[line] == _BESIDE
    if 3 * beside >= ends.size:
        for line in range(1, ends.size):
            # Neighbours too short to be found are held against each other where a third of the lines stand beside their like.
            sizes = _size(ends, line - 1), _size(ends, line)
            if said[line - 1] != _BESIDE and said[line] != _BESIDE and min(sizes) >= _ALIKE * max(sizes):
                weight += weights[line - 1] + weights[line]
    return weight >= limits[1] * total


@kernel
def _lettered(raw, every):  # type: ignore[no-untyped-def] # compiled
    """For each line with letters how many letters stand before its end, and where in the text it ends."""
    ends = np.empty(every.size, np.int32)
    tails = np.empty(every.size, np.int32)
    count = line = before = 0
    for place in range(raw.size + 1):
        if place == raw.size or raw[place] == 10:
            if every[line] > before:
                before = every[line]
                ends[count] = before
                tails[count] = place
                count += 1
            line += 1
    return ends[:count], tails[:count]


@kernel
def _mark_equal(letters, ends, said):  # type: ignore[no-untyped-def] # compiled
    """Sets `said` to 1 for each line that has the letters of another, to `_BESIDE` where that is its neighbour; True where one has."""
    digests = np.empty(ends.size, np.uint32)
    count = digest_lines(letters, ends, letters.size, digests)
    mark_twins(digests, count, np.empty(64, np.int32), said)
    twice = False
    for line in range(count):
        twice |= said[line] > 0
        if line and digests[line] == digests[line - 1]:
            said[line] = said[line - 1] = _BESIDE
    return twice


@kernel
def _is_covered(rows, ends, edges):  # type: ignore[no-untyped-def] # compiled
    """True when the stretches together cover a line for more than `LEAST_SHARE`."""
    for row in range(rows.shape[0]):
        for side in range(2):
            edges[rows[row, side]] += 1
            edges[rows[row, side] + rows[row, 2]] -= 1
    inside = start = 0
    for end in ends:
        covered = 0
        for letter in range(start, end):
            inside += edges[letter]
            covered += inside > 0
        if covered >= LEAST_SHARE * (end - start):
            return True
        start = end
    return False


@kernel
def _is_tied(letters, ends, tails, raw, rows, weights, said, solid, words, limits):  # type: ignore[no-untyped-def] # noqa: C901, PLR0911 - a list of cases, compiled
    """True where a group can be a copy, a block, a teaser or a summary; pairs of covered lines are added to `said`."""
    group, whole = group_stretches(letters, rows, ends, solid)
    if not whole:
        return True
    behind = _one_behind_the_other(group)
    spans = _sides_of(rows)
    covered = np.zeros((2, ends.size), np.int32)
    held = np.empty((MOST_BEFORE, 2), np.int32)  # a line, and one that it says
    count = long_pairs = 0
    prose = False
    low, high, counts, only, at_start, at_end = np.empty((6, 2), np.int64)
    for root in range(rows.shape[0]):
        if group[root] != root or _count_covered(spans, behind, root, ends, covered, low, high, counts, only) == 0:
            continue
        longest, alone = _carry_group_on(letters, ends, rows, spans, behind, root, at_start, at_end)
        if longest == 0:
            return True  # repeats with a period
        _count_covered(spans, behind, root, ends, covered, low, high, counts, only)
        lighter, heaviest = _weights_of(weights, low, high)
        runs = high[0] > low[0] and high[1] > low[1]
        if runs:
            at_start[:] = 1
            at_end[:] = 1
            if counts.min() and _is_copy(ends, rows, behind, root, lighter, heaviest, limits[1] * weights.sum()):
                return True
        if counts.max() > 1 and (alone or heaviest >= _PROSE or not runs):
            return True  # a block
        begins = bool(at_start.all())
        for side in range(2):
            if counts[side]:
                line, at, until = only[side], low[1 - side], high[1 - side]
                if (until > at and begins and at_end[side] and _is_long_line(ends, line, weights, longest, limits[2])) or _is_marked(
                    letters, ends, tails, raw, line, weights, words, begins, at_end[side]
                ):
                    return True  # a line that is all said by a run over a break; a teaser or a summary
                count = _hold(held, count, line, at, until)
                if count < 0:
                    return True  # a block
        if counts.min():
            _mark_pair(said, only)
            long_pairs += longest * 10 >= 8 * max(_size(ends, only[0]), _size(ends, only[1]))
            prose |= heaviest >= _PROSE
    return long_pairs > 1 and prose


@kernel
def _mark_pair(said, pair):  # type: ignore[no-untyped-def] # compiled
    """Two lines that say each other stand twice."""
    mark = _BESIDE if abs(pair[0] - pair[1]) == 1 else 1
    for line in pair:
        said[line] = max(said[line], mark)


@kernel
def _one_behind_the_other(group):  # type: ignore[no-untyped-def] # compiled
    """For each row the next one of its group, -1 behind the last."""
    behind = np.full(group.size, -1, np.int32)
    last = np.arange(group.size)
    for row in range(group.size):
        if group[row] != row:
            behind[last[group[row]]] = row
            last[group[row]] = row
    return behind


@kernel
def _sides_of(rows):  # type: ignore[no-untyped-def] # compiled
    """The stretch of each side of each row, its first letter and the one behind its last."""
    spans = np.empty((rows.shape[0], 2, 2), np.int32)
    for row in range(rows.shape[0]):
        for side in range(2):
            spans[row, side, 0] = rows[row, side]
            spans[row, side, 1] = rows[row, side] + rows[row, 2]
    return spans


@kernel
def _carry_group_on(letters, ends, rows, spans, behind, root, at_start, at_end):  # type: ignore[no-untyped-def] # compiled
    """The letters of a group's longest stretch, 0 where one repeats with a period, and of the longest with a line break on one side only.

    So few groups come here that every stretch can be taken on to where the finder would take it on: `spans` get that. `at_start` and
    `at_end` tell of both sides whether a stretch begins or ends with a line.
    """
    at_start[:] = 0
    at_end[:] = 0
    longest = alone = 0
    row = root
    while row >= 0:
        first, second, length = rows[row]
        if first + length > second:
            return 0, 0
        carry_on(letters, ends, spans[row], -1)
        carry_on(letters, ends, spans[row], 1)
        carry_on_trimmed(letters, ends, spans[row], first, second, length, behind[root] < 0)
        longest = max(longest, length)
        over_one = _is_over(ends, first, length) != _is_over(ends, second, length)
        alone = max(alone, length * over_one)
        for side in range(2):
            start, stop = spans[row, side]
            line = line_of(ends, start)
            at_start[side] |= start - (ends[line - 1] if line else 0) <= NEARLY
            at_end[side] |= ends[line_of(ends, stop - 1)] - stop <= NEARLY
        row = behind[row]
    return longest, alone


@kernel
def _is_copy(ends, rows, behind, root, lighter, heaviest, body):  # type: ignore[no-untyped-def] # compiled
    """True for a group of two runs of lines that can be a copy: prose, or most of the body, or lines that were glued as they are."""
    first, second, length = rows[root]
    long = (lighter >= 2 * _PROSE and heaviest >= _PROSE) or 2 * lighter >= body
    glued = behind[root] < 0 and _is_whole(ends, first, length) and _is_whole(ends, second, length)
    return lighter >= _BODY and (long or glued)


@kernel
def _is_long_line(ends, line, weights, longest, least):  # type: ignore[no-untyped-def] # compiled
    """True for a line that is prose, or shorter and all one stretch."""
    return weights[line] >= least and (weights[line] >= _PROSE or longest >= _size(ends, line) - 2 * NEARLY)


@kernel
def _hold(held, count, line, low, high):  # type: ignore[no-untyped-def] # compiled
    """How many pairs are held with those of the line and the lines that may say it; -1 where one of these says a neighbour of it, too.

    The same where there is no room for them.
    """
    for other in range(low, high + 1):
        for pair in range(count):
            if held[pair, 0] == other and 0 < abs(held[pair, 1] - line) <= _APART:
                return -1
        if count == held.shape[0]:
            return -1
        held[count, 0] = other
        held[count, 1] = line
        count += 1
    return count


@kernel
def _count_covered(spans, behind, root, ends, covered, low, high, counts, only):  # type: ignore[no-untyped-def] # compiled
    """How many lines a group covers; `low` and `high` get the lines it touches, `counts` those it covers, `only` one of them."""
    for side in range(2):
        low[side], high[side], counts[side] = ends.size, -1, 0
    begin_one, begin_other = spans[root, 0, 0], spans[root, 1, 0]
    end_one, end_other = spans[root, 0, 1], spans[root, 1, 1]
    row = root
    while row >= 0:
        begin_one, end_one = min(begin_one, spans[row, 0, 0]), max(end_one, spans[row, 0, 1])
        begin_other, end_other = min(begin_other, spans[row, 1, 0]), max(end_other, spans[row, 1, 1])
        for side in range(2):
            start, stop = spans[row, side]
            line = line_of(ends, start)
            low[side] = min(low[side], line)
            while start < stop:
                covered[side, line] += min(stop, ends[line]) - start
                high[side] = max(high[side], line)
                start = ends[line]
                line += 1
        row = behind[row]
    for side in range(2):
        begin, end = (begin_other, end_other) if side == 0 else (begin_one, end_one)
        for line in range(low[side], high[side] + 1):
            start = ends[line - 1] if line else 0
            size = ends[line] - start - max(0, min(ends[line], end) - max(start, begin))
            if covered[side, line] >= LEAST_SHARE * max(size, 1):
                counts[side] += 1
                only[side] = line
            covered[side, line] = 0
    return counts[0] + counts[1]


@kernel
def _is_whole(ends, start, length):  # type: ignore[no-untyped-def] # compiled
    """True for a stretch that begins and ends with lines."""
    line = line_of(ends, start)
    stop = start + length
    return start - (ends[line - 1] if line else 0) <= NEARLY and ends[line_of(ends, stop - 1)] - stop <= NEARLY


@kernel
def _weights_of(weights, low, high):  # type: ignore[no-untyped-def] # compiled
    """The weight of the lines that the lighter side touches, and that of the heaviest line of both."""
    heaviest = 0
    sums = np.zeros(2, np.int64)
    for side in range(2):
        for line in range(low[side], high[side] + 1):
            sums[side] += weights[line]
            heaviest = max(heaviest, weights[line])
    return sums.min(), heaviest


@kernel
def _size(ends, line):  # type: ignore[no-untyped-def] # compiled
    return ends[line] - (ends[line - 1] if line else 0)


@kernel
def _is_over(ends, start, length):  # type: ignore[no-untyped-def] # compiled
    """True for a stretch that goes over a line break."""
    return ends[line_of(ends, start)] < start + length


@kernel
def _is_marked(letters, ends, tails, raw, line, weights, words, begins, whole_ends):  # type: ignore[no-untyped-def] # compiled
    """True for a line that may be a teaser (where it begins as the other side does) or a summary."""
    codes, calls, labels = words
    start, end = (ends[line - 1] if line else 0), ends[line]
    for label in range(labels.size - 1):
        size = labels[label + 1] - labels[label]
        if end - start >= size and np.array_equal(letters[start : start + size], codes[labels[label] : labels[label + 1]]):
            return True
    if not begins:
        return False
    if whole_ends and (line == 0 or line == ends.size - 1) and weights[line] >= _UNFINISHED:
        return True
    for call in range(calls.size - 1):
        size = calls[call + 1] - calls[call]
        if end - start >= size and np.array_equal(letters[end - size : end], codes[calls[call] : calls[call + 1]]):
            return True
    for place in range(tails[line] - 1, max(tails[line] - _TAIL, 0) - 1, -1):
        code = raw[place]
        if code == 10:
            break
        if code == 0x2026 or (place > 0 and code in (0x2E, 0x3002) and raw[place - 1] == code):
            return True
    return False
