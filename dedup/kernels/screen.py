"""Screening: which of many texts may say a line twice; of all others nothing needs to be looked at.

A removal rests on a line that stands twice, letter for letter, or on equal stretches that cover most of a line. Shingles are
sampled as the finder samples them (winnowing: of every window of shingles the one with the least hash), so that two equal
stretches of the finder's least length share a sample. Samples that stand twice bound from above what equal stretches cover of
each line; a text without equal lines, in which they cover no line for more than a third and which shows no sign of wrong
decoding, keeps every letter. So do most news articles; what is left is read by `dedup.kernels.ties`.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.fold_table import EXPANDS
from dedup.kernels.keeping import kernel

LEAST_SHARE = 0.35  # of a line; of one with 3 % of its letters changed, equal stretches cover 0.7 on the average
ALPHABET_SHARE = 0.3  # of wide letters, below which a text counts as written in an alphabet
_EXPANDS = np.uint32(EXPANDS)
_BLOCK = 2048  # shingles that are hashed at a time: 40 kB of scratch, which stays in a core's cache
_MOST_PLACES = 32  # of one shingle, that are held against each other
_ROOM = 64  # more than a shingle and two windows
_BASE = np.uint32(0x9E3779B1)
_BASE2 = np.uint32(0x9E3779B1 * 0x9E3779B1 & 0xFFFFFFFF)
_BASE4 = np.uint32(pow(0x9E3779B1, 4, 1 << 32))
_MIX = np.uint32(0x85EBCA6B)
_SPREAD = np.uint32(0xC2B2AE35)
_LINE = np.uint64(0x9E3779B97F4A7C15)


@kernel
def may_repeat(raw, starts, ends, table, shapes):  # type: ignore[no-untyped-def] # compiled
    """For each text raw[starts[i]:ends[i]] (code points, uint32) 1 when it may hold a repeat, else 0 (uint8).

    `shapes` are (letters of a shingle, shingles of a window) for alphabets and for wide letters, as the finder has them.
    Oracle: `tests/kernels/test_screen.py`.
    """
    flags = np.zeros(starts.size, np.uint8)
    longest = np.int64(1)
    for i in range(starts.size):
        longest = max(longest, ends[i] - starts[i])
    letters = np.empty(longest + 64, np.uint32)
    lines = np.empty(longest + 1, np.int32)
    places = np.empty(longest + 64, np.int32)
    values = np.empty(longest + 64, np.uint32)
    scratch = np.empty((3, _BLOCK + 2 * _ROOM), np.uint32)
    slots = np.empty(64, np.int32)
    twin = np.empty(64, np.uint8)
    earlier = np.empty(64, np.int32)
    for i in range(starts.size):
        if may_be_garbled(raw, starts[i], ends[i]):
            flags[i] = 1
            continue
        letters, n, held = fold_lines(raw, starts[i], ends[i], table[0], table[1], table[2], letters, lines)
        if letters.size > places.size:
            places = np.empty(letters.size, np.int32)
            values = np.empty(letters.size, np.uint32)
        wide = is_written_wide(letters, n)
        size, window = shapes[1] if wide else shapes[0]
        found = sample(letters, n, size, window, scratch, places, values)
        if max(found, held) > twin.size:
            twin = np.empty(2 * max(found, held), np.uint8)
        if found > earlier.size:
            earlier = np.empty(2 * found, np.int32)
        slots, few = _mark_matches(letters[:n], places, values, found, size, window, slots, earlier, twin)
        flags[i] = not few or _may_cover(places[:found], twin, lines, n, size, window)
        if not flags[i]:
            short = digest_lines(letters, lines[:held], size + window - 2, values)  # longer ones share samples
            slots = mark_twins(values, short, slots, twin)
            flags[i] = twin[:short].any()
    return flags


@kernel
def fold_lines(raw, start, end, pages, blocks, pool, letters, lines):  # type: ignore[no-untyped-def] # compiled
    """The folded letters of raw[start:end], how many there are, and how many lines; `lines` gets the letters before each line's end."""
    n = np.uint64(0)  # a place that may be negative would cost a test a letter
    held = 0
    own = raw[start:end]
    for i in range(own.size):
        code = own[i]
        entry = blocks[np.uint64(pages[code >> np.uint32(8)]) * np.uint64(256) + np.uint64(code & np.uint32(255))]
        if entry & _EXPANDS:
            first = np.int64((entry & np.uint32(0x7FFFFFFF)) >> np.uint32(5))
            size = np.int64(entry & np.uint32(31))
            if np.int64(n) + size + own.size - i > letters.size:
                more = np.empty(2 * letters.size + size, np.uint32)
                more[:n] = letters[:n]
                letters = more
            for j in range(first, first + size):
                letters[n] = pool[j]
                n += np.uint64(1)
        else:
            letters[n] = entry
            n += np.uint64(entry != 0)
            if code == 10:
                lines[held] = n
                held += 1
    lines[held] = n
    return letters, np.int64(n), held + 1


@kernel(inline="always")
def is_wide(code):  # type: ignore[no-untyped-def] # compiled
    """1 for Han, Kana, Hangul, Yi (`dedup.kernels.wide`), else 0; for each range one comparison, so that it runs on whole vectors."""
    return (
        np.uint8(np.uint32(code - np.uint32(0x2E80)) < np.uint32(0xA4D0 - 0x2E80))
        | np.uint8(np.uint32(code - np.uint32(0xAC00)) < np.uint32(0xD7B0 - 0xAC00))
        | np.uint8(np.uint32(code - np.uint32(0xF900)) < np.uint32(0xFB00 - 0xF900))
        | np.uint8(np.uint32(code - np.uint32(0x20000)) < np.uint32(0x20000))
    )


@kernel
def is_written_wide(letters, n):  # type: ignore[no-untyped-def] # compiled
    """True when three of ten letters are wide, so that the text counts as written in them."""
    wide = np.uint32(0)
    for i in range(n):
        wide += np.uint32(is_wide(letters[i]))
    return n > 0 and wide / n >= ALPHABET_SHARE


@kernel
def sample(letters, n, size, window, scratch, places, values):  # type: ignore[no-untyped-def] # noqa: C901, PLR0912 - loops on vectors
    """How many shingles are sampled; `places` and `values` get theirs: those that are the least of a window, all of equal ones.

    A shingle has 6 or 12 letters. Each step is over a whole block, so that it runs on whole vectors.
    """
    count = n - size + 1
    found = np.uint64(0)
    if count < window:
        return np.int64(0)
    one, two, four = scratch[0], scratch[1], scratch[2]
    for low in range(0, count, _BLOCK):
        high = min(low + _BLOCK, count)
        begin = max(low - window + 1, 0)
        stop = min(high + window - 1, count)
        span = stop - begin
        room = span + size - 1
        part = letters[begin : begin + room]
        for j in range(room - 1):
            two[j] = np.uint32(part[j] * _BASE) + part[j + 1]
        for j in range(room - 3):
            four[j] = np.uint32(two[j] * _BASE2) + two[j + 2]
        if size == 12:
            for j in range(span):
                eight = np.uint32(np.uint32(four[j] * _BASE4) + four[j + 4])
                one[j] = np.uint32(eight * _BASE4) + four[j + 8]
        else:
            for j in range(span):
                one[j] = np.uint32(four[j] * _BASE2) + two[j + 4]
        for j in range(span):
            mixed = np.uint32((one[j] ^ (one[j] >> np.uint32(16))) * _MIX)
            one[j] = mixed ^ (mixed >> np.uint32(15))
        # two: the least of each window, behind and before zeros; four: the greatest of these for each shingle.
        least = span - window + 1
        two[: window - 1] = 0
        two[window - 1 + least : 2 * (window - 1) + least] = 0
        inner = two[window - 1 : window - 1 + least]
        for j in range(least):
            inner[j] = one[j]
        for k in range(1, window):
            for j in range(least):
                inner[j] = min(inner[j], one[j + k])
        for j in range(span):
            four[j] = two[j]
        for k in range(1, window):
            for j in range(span):
                four[j] = max(four[j], two[j + k])
        for j in range(low - begin, high - begin):
            places[found] = begin + j
            values[found] = one[j]
            found += np.uint64(one[j] == four[j])
    return np.int64(found)


@kernel
def mark_twins(values, found, slots, twin):  # type: ignore[no-untyped-def] # compiled
    """`twin` has 1 for each of the first values that stands more than once among them, else 0; the scratch it took is returned."""
    bits = np.uint32(5)
    while (np.int64(1) << np.int64(bits)) < 3 * found:
        bits += np.uint32(1)
    size = np.int64(1) << np.int64(bits)
    if slots.size < size:
        slots = np.empty(size, np.int32)
    slots[:size] = 0  # the index of a value's first place, from 1
    shift = np.uint32(32) - bits
    for k in range(found):
        value = values[k]
        slot = np.int64(np.uint32(value * _SPREAD) >> shift)
        twin[k] = 0
        while slots[slot] != 0:
            if values[slots[slot] - 1] == value:
                twin[k] = 1
                twin[slots[slot] - 1] = 1
                break
            slot = (slot + 1) & (size - 1)
        else:
            slots[slot] = k + 1
    return slots


@kernel
def _mark_matches(letters, places, values, found, size, window, slots, earlier, twin):  # type: ignore[no-untyped-def] # compiled
    """`twin` has 1 for each of the first places whose shingle stands in two stretches that are equal over a window, else 0.

    The scratch that it took for slots is returned, and False where one shingle stands in more than `_MOST_PLACES` places.
    """
    bits = np.uint32(5)
    while (np.int64(1) << np.int64(bits)) < 3 * found:
        bits += np.uint32(1)
    room = np.int64(1) << np.int64(bits)
    if slots.size < room:
        slots = np.empty(room, np.int32)
    slots[:room] = 0  # the index of a value's newest place, from 1
    shift = np.uint32(32) - bits
    for k in range(found):
        value = values[k]
        slot = np.int64(np.uint32(value * _SPREAD) >> shift)
        while slots[slot] != 0 and values[slots[slot] - 1] != value:
            slot = (slot + 1) & (room - 1)
        other = np.int64(slots[slot])
        earlier[k] = other
        slots[slot] = k + 1
        twin[k] = 0
        steps = 0
        while other != 0:
            steps += 1
            first, second = np.int64(places[other - 1]), np.int64(places[k])
            wanted = window - 1
            while wanted and first and letters[first - 1] == letters[second - 1]:
                first -= 1
                second -= 1
                wanted -= 1
            first, second = np.int64(places[other - 1]) + size, np.int64(places[k]) + size
            while wanted and second < letters.size and letters[first] == letters[second]:
                first += 1
                second += 1
                wanted -= 1
            if wanted == 0:
                twin[k] = 1
                twin[other - 1] = 1
            if steps > _MOST_PLACES:
                return slots, False
            other = np.int64(earlier[other - 1])
    return slots, True


@kernel
def _may_cover(places, twin, lines, n, size, window):  # type: ignore[no-untyped-def] # compiled
    """True when equal stretches may cover a line for more than `LEAST_SHARE`.

    The first sample of a stretch begins within a window of its start, the next ones overlap, the last ends within a window of its end.
    """
    line = reached = start = covered = 0
    for k in range(places.size):
        if not twin[k]:
            continue
        low = max(places[k] - window + 1, reached)
        high = min(places[k] + size + window - 1, n)
        while low < high:
            while lines[line] <= low:
                start = lines[line]
                line += 1
                covered = 0
            stop = min(high, np.int64(lines[line]))
            covered += stop - low
            if covered >= LEAST_SHARE * (lines[line] - start):
                return True
            low = stop
        reached = max(reached, high)
    return False


@kernel
def digest_lines(letters, lines, most, digests):  # type: ignore[no-untyped-def] # compiled
    """How many lines have letters, but no more than `most`; `digests` gets a hash (uint32) of each."""
    found = start = 0
    for end in lines:
        if start < end <= start + most:
            digest = np.uint64(0)
            for letter in range(start, end):
                digest = (digest + np.uint64(letters[letter]) + np.uint64(1)) * _LINE
                digest ^= digest >> np.uint64(29)
            digests[found] = np.uint32(digest)
            found += 1
        start = end
    return found


@kernel
def may_be_garbled(raw, start, end):  # type: ignore[no-untyped-def] # compiled
    """True where `article.garbled` could find a line: a lost letter, UTF-8's bytes as Windows-1252 or as GBK shows them."""
    odd = np.uint8(0)
    part = raw[start:end]
    for i in range(part.size):
        code = part[i]
        odd |= (
            np.uint8(np.uint32(code - np.uint32(0xC0)) <= np.uint32(0xF4 - 0xC0))
            | np.uint8(code == np.uint32(0xFFFD))
            | np.uint8(code == np.uint32(0x951B))
            | np.uint8(code == np.uint32(0x9286))
            | np.uint8(code == np.uint32(0x9428))
            | np.uint8(code == np.uint32(0x9225))
        )
    if not odd:
        return False
    for i in range(start, end):
        code = raw[i]
        if code < 0xC0:
            continue
        if code in (0xFFFD, 0x951B, 0x9286, 0x9428, 0x9225):
            return True
        if code <= 0xF4 and i + 1 < end:
            after = raw[i + 1]
            if (
                0x80 <= after < 0xC0
                or after == 0x3F
                or 0x152 <= after <= 0x192
                or 0x2C6 <= after <= 0x2DC
                or 0x2013 <= after <= 0x203A
                or after in (0x20AC, 0x2122)
            ):
                return True
    return False
