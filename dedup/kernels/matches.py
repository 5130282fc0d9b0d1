"""Maximal matches: the stretches of a folded text that stand in it more than once, letter for letter.

Every window of `window` shingles of `size` letters is represented by the least of its shingles'
permuted hashes: a MinHash of one permutation (the first of datasketch's `affine32` scheme) for each
window, known as winnowing (Schleimer, Wilkerson, Aiken 2003). Two stretches that are equal over
size + window - 1 letters share such a least shingle, so every such repeat is proposed; it is then
read letter by letter in both directions, so that a hash never decides.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.keeping import kernel

_BASE = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(0x51ED27)


@kernel(inline="always")
def _mix64(x):  # type: ignore[no-untyped-def] # compiled
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@kernel(inline="always")
def _mix32(x):  # type: ignore[no-untyped-def] # compiled
    """MurmurHash3's 32-bit finalizer, as datasketch's affine32 applies it before its permutations."""
    # A product of two uint32 is a uint64 here, so that each is cut back.
    x = np.uint32((x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    x = np.uint32((x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return x ^ (x >> np.uint32(16))


@kernel
def shingle_hashes(codes, size):  # type: ignore[no-untyped-def] # compiled
    """The 32-bit hash of every shingle of `size` folded letters (uint32, codes.size - size + 1 of them).

    A polynomial of the letters, mixed; two shingles may collide, and whoever uses it reads the letters.
    """
    count = max(codes.size - size + 1, 0)
    hashes = np.empty(count, np.uint32)
    if count == 0:
        return hashes
    leave = np.uint64(1)
    for _ in range(size - 1):
        leave *= _BASE
    rolling = np.uint64(0)
    for i in range(size):
        rolling = rolling * _BASE + np.uint64(codes[i]) + _SHIFT
    hashes[0] = np.uint32(_mix64(rolling) >> np.uint64(32))
    for i in range(1, count):
        rolling = (rolling - leave * (np.uint64(codes[i - 1]) + _SHIFT)) * _BASE + np.uint64(codes[i + size - 1]) + _SHIFT
        hashes[i] = np.uint32(_mix64(rolling) >> np.uint64(32))
    return hashes


@kernel
def window_minima(hashes, window, a, b):  # type: ignore[no-untyped-def] # compiled
    """The places (int32, ascending) of the least permuted hash in every window of `window` shingles.

    Of equal hashes the last is taken, so that a run of one letter yields one place a window.
    """
    n = hashes.size
    places = np.empty(n, np.int32)
    found = 0
    if n == 0:
        return places[:0]
    span = min(window, n)
    values = np.empty(span, np.uint32)  # of the window alone: place i stands at i % span
    for i in range(span - 1):
        values[i] = np.uint32(a * _mix32(hashes[i]) + b)
    least = -1
    for end in range(span - 1, n):
        values[end % span] = np.uint32(a * _mix32(hashes[end]) + b)
        start = end - span + 1
        if least < start:
            least = start
            for i in range(start + 1, end + 1):
                if values[i % span] <= values[least % span]:
                    least = i
        elif values[end % span] <= values[least % span]:
            least = end
        if found == 0 or places[found - 1] != least:
            places[found] = least
            found += 1
    return places[:found]


@kernel
def _earlier_places(hashes, places, most):  # type: ignore[no-untyped-def] # compiled
    """For each place the index of the one before it with an equal hash; -1 where there is none, or more than `most` in all."""
    n = places.size
    bits = 4
    while (1 << bits) * 3 < 4 * n:
        bits += 1
    mask = (1 << bits) - 1
    slots = np.full(1 << bits, -1, np.int32)  # the newest place index of a hash
    count = np.zeros(1 << bits, np.uint8)  # up to one more than `most`
    earlier = np.full(n, -1, np.int32)
    slot_of = np.empty(n, np.int32)
    for i in range(n):
        value = hashes[places[i]]
        slot = np.int64(value) & mask
        while slots[slot] >= 0 and hashes[places[slots[slot]]] != value:
            slot = (slot + 1) & mask
        earlier[i] = slots[slot]
        slots[slot] = i
        if count[slot] <= most:
            count[slot] += 1
        slot_of[i] = slot
    for i in range(n):
        if count[slot_of[i]] > most:
            earlier[i] = -1
    return earlier


@kernel
def maximal_matches(codes, hashes, places, size, least, most):  # type: ignore[no-untyped-def] # compiled
    """Pairs (first, second, length), int32 rows, of equal stretches of at least `least` letters.

    Neither end of a pair can be moved outwards. A shingle that stands more than `most` times is no
    seed (`most` is below 255): an author repeats it, and a hostile text would cost n squared pairs.
    Rows come in the order of `second`; linear, since no diagonal is read twice.
    """
    earlier = _earlier_places(hashes, places, most)
    newest = np.full(codes.size, -1, np.int32)  # the newest row of a diagonal, by its shift
    rows = np.empty((16, 3), np.int32)
    found = 0
    for i in range(places.size):
        second = places[i]
        other = earlier[i]
        while other >= 0:
            first = places[other]
            other = earlier[other]
            shift = second - first
            row = newest[shift]
            if row >= 0 and rows[row, 1] + rows[row, 2] >= second + size:
                continue
            start = 0
            while first - start > 0 and codes[first - start - 1] == codes[second - start - 1]:
                start += 1
            end = 0
            while second + end < codes.size and codes[first + end] == codes[second + end]:
                end += 1
            if start + end < least or end < size:
                continue
            if found == rows.shape[0]:
                rows = first_rows(rows, np.int64(found), np.int64(2 * found))
            rows[found, 0] = first - start
            rows[found, 1] = second - start
            rows[found, 2] = start + end
            newest[shift] = found
            found += 1
    return first_rows(rows, np.int64(found), np.int64(found))


@kernel
def first_rows(rows, found, room):  # type: ignore[no-untyped-def] # compiled
    """The first rows (n x 3), with room for more; an assignment to a slice would cost 2 s of compiling, for the message of its error."""
    more = np.empty((room, 3), np.int32)
    for row in range(found):
        for i in range(3):
            more[row, i] = rows[row, i]
    return more
