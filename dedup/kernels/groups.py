"""Rows that share a key: band keys of signatures, and the pairs that sorted keys propose.

Rows are numbered by rank, the row that would be kept first has the least. A key is 64 bits: a hash in the
upper ones, the rank in the lower ones, so that one sort of integers groups the rows and orders them in their group.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.keeping import kernel
from dedup.kernels.minhash import agreement
from dedup.kernels.rows import mixed

NO_RANK = 0xFFFFFFFF  # of a row that is not compared
_HELD = 256  # pairs whose rows are asked for together: of ten million rows each is a miss of every cache
NAME = 3  # bytes of a name: of 10 M rows 0.6 share one by chance, which their signatures tell apart in 2 ns


@kernel
def band_keys(signed, start, size, ranks, bits):  # type: ignore[no-untyped-def] # compiled
    """One key (uint64) for each row that has a rank, for the band signed[:, start:start + size]; not sorted.

    `ranks` (uint32) are those of rows, NO_RANK for none; `bits` hold a rank. Rows are read in their order, so that they may lie on a disk.
    """
    keys = np.empty(signed.shape[0], np.uint64)
    count = 0
    for row in range(signed.shape[0]):
        if ranks[row] == np.uint32(NO_RANK):
            continue
        held = np.uint64(start)
        for k in range(start, start + size):
            held = mixed(held ^ np.uint64(signed[row, k]))
        keys[count] = ((held >> np.uint64(bits)) << np.uint64(bits)) | np.uint64(ranks[row])
        count += 1
    return keys[:count]


@kernel
def half_names(signed):  # type: ignore[no-untyped-def] # compiled
    """For the signatures of first and second halves in turn, one name a row and permutation: of both least shingles.

    uint8, a row's names one behind the other, NAME bytes each, the lowest first.
    """
    names = np.empty((signed.shape[0] // 2, NAME * signed.shape[1]), np.uint8)
    for row in range(names.shape[0]):
        for k in range(signed.shape[1]):
            name = mixed((np.uint64(signed[2 * row, k]) << np.uint64(32)) | np.uint64(signed[2 * row + 1, k]))
            for byte in range(NAME):
                names[row, NAME * k + byte] = np.uint8(name >> np.uint64(8 * byte))
    return names


def wide_names(names: np.ndarray) -> np.ndarray:
    """The names of `half_names` as numbers (uint32), in whose upper bits they stand."""
    rows, width = names.shape
    wide = np.zeros((rows, width // NAME, 4), np.uint8)
    wide[..., 4 - NAME :] = names.reshape(rows, width // NAME, NAME)
    numbers: np.ndarray = wide.view("<u4")[..., 0].astype(np.uint32)
    return numbers


@kernel
def name_keys(names, number, ranks, bits):  # type: ignore[no-untyped-def] # compiled
    """One key (uint64) for each row that has a rank, for its name of this number; as `band_keys`."""
    keys = np.empty(names.shape[0], np.uint64)
    count = 0
    for row in range(names.shape[0]):
        if ranks[row] == np.uint32(NO_RANK):
            continue
        name = np.uint64(0)
        for byte in range(NAME):
            name |= np.uint64(names[row, NAME * number + byte]) << np.uint64(8 * byte)
        keys[count] = ((mixed(name) >> np.uint64(bits)) << np.uint64(bits)) | np.uint64(ranks[row])
        count += 1
    return keys[:count]


@kernel
def _add(pairs, found, first, second):  # type: ignore[no-untyped-def] # compiled
    if found == pairs.size:
        more = np.empty(2 * found, np.uint64)
        more[:found] = pairs
        pairs = more
    pairs[found] = (np.uint64(first) << np.uint64(32)) | np.uint64(second)
    return pairs


@kernel
def _agreeing(held, count, lowest, flat, width, rows, least, pairs, found):  # type: ignore[no-untyped-def] # compiled
    """`pairs`, and how many there are, with those of the first `count` that are held (ranks, two each) that agree."""
    one = np.empty(_HELD, np.int64)
    two = np.empty(_HELD, np.int64)
    equal = np.empty(_HELD, np.int64)
    for i in range(count):
        one[i] = rows[held[i, 0]]
        two[i] = rows[held[i, 1]]
    for i in range(count):  # without a branch, so that the processor asks for the next rows before these are there
        equal[i] = agreement(flat, one[i], flat, two[i], width)
    for i in range(count):
        if equal[i] >= lowest and equal[i] >= min(least[held[i, 0]], least[held[i, 1]]):
            pairs = _add(pairs, found, held[i, 0], held[i, 1])
            found += 1
    return pairs, found


@kernel
def _star_pairs(keys, fresh, mask, flat, width, rows, least, pairs, found):  # type: ignore[no-untyped-def] # compiled
    """`pairs`, and how many there are, with those of a large group, whose rows are new from `fresh` on."""
    for j in range(max(fresh, 1), keys.size):
        second = np.int64(keys[j] & mask)
        for place in range(3):
            i = 0 if place == 0 else fresh if place == 1 else j - 1
            if i >= j or (place > 0 and i == 0) or (place == 2 and i == fresh):
                continue
            first = np.int64(keys[i] & mask)
            equal = agreement(flat, rows[first], flat, rows[second], width)
            if equal >= min(least[first], least[second]):
                pairs = _add(pairs, found, first, second)
                found += 1
            if equal >= 2 * least[second]:
                break
    return pairs, found


@kernel(inline="always")
def borders(keys, start, bits, mask, old):  # type: ignore[no-untyped-def] # compiled
    """Where the group that begins at `start` ends in the sorted keys, and its first row that is not `old`."""
    group = keys[start] >> np.uint64(bits)
    end = start + 1
    while end < keys.size and keys[end] >> np.uint64(bits) == group:
        end += 1
    fresh = start
    while fresh < end and np.int64(keys[fresh] & mask) < old:
        fresh += 1
    return end, fresh


@kernel
def group_pairs(keys, bits, most, signed, rows, least, old):  # type: ignore[no-untyped-def] # compiled
    """Pairs of ranks (first << 32 | second, first < second) that share a key and agree in as many permutations as either asks for.

    rows[rank] is the row of a rank in `signed`; `least` is what a rank asks for, one or more.

    A group of up to `most` rows gives all its pairs. A larger one gives each row with the group's first row, and where they agree
    in less than twice `least` also with its first new row and with the row before it, so that a million equal rows cost a million
    pairs. Ranks below `old` are never paired.
    """
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    pairs = np.empty(1024, np.uint64)
    held = np.empty((_HELD, 2), np.int64)
    count = 0
    flat = signed.reshape(-1)
    width = signed.shape[1]
    lowest = least.min() if least.size else 0
    found = 0
    start = 0
    while start < keys.size:
        end, fresh = borders(keys, start, bits, mask, old)
        if end - start <= most:
            for j in range(max(fresh, start + 1), end):
                for i in range(start, j):
                    if keys[i] == keys[j]:
                        continue
                    if count == _HELD:
                        pairs, found = _agreeing(held, count, lowest, flat, width, rows, least, pairs, found)
                        count = 0
                    held[count, 0] = np.int64(keys[i] & mask)
                    held[count, 1] = np.int64(keys[j] & mask)
                    count += 1
            start = end
            continue
        pairs, found = _agreeing(held, count, lowest, flat, width, rows, least, pairs, found)
        count = 0
        pairs, found = _star_pairs(keys[start:end], fresh - start, mask, flat, width, rows, least, pairs, found)
        start = end
    pairs, found = _agreeing(held, count, lowest, flat, width, rows, least, pairs, found)
    return pairs[:found].copy()


@kernel
def stars(pairs, good, rows, old):  # type: ignore[no-untyped-def] # compiled
    """For each rank the place in `pairs` (sorted) because of which it goes, or -1: it goes for a kept row of lower rank only.

    All pairs with a lower first rank have been read when a rank comes first, so whether it stays is settled by then.
    """
    because = np.full(rows, -1, np.int64)
    for place in range(pairs.size):
        first = np.int64(pairs[place] >> np.uint64(32))
        second = np.int64(pairs[place] & np.uint64(0xFFFFFFFF))
        if good[place] and second >= old and because[first] < 0 and because[second] < 0:
            because[second] = place
    return because


def distinct(values: np.ndarray) -> np.ndarray:
    """The values sorted, each once; `np.unique` hashes whole numbers, a million of which take it 270 ms where a sort takes 15."""
    ordered = np.sort(values)
    fresh = np.ones(ordered.size, np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    kept: np.ndarray = ordered[fresh]
    return kept
