"""Two rows compared, shingle by shingle and number by number; exact on 64-bit hashes of the shingles."""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.kernels.rows import letter_weight, shingles


@nb.njit(cache=True, nogil=True, inline="always")
def _slot(table, tags, value, mask):  # type: ignore[no-untyped-def] # compiled
    slot = np.int64(value & mask)
    while tags[slot] != 0 and table[slot] != value:
        slot = (slot + 1) & np.int64(mask)
    return slot


@nb.njit(cache=True, nogil=True)
def compare_pairs(codes, offsets, first, second, weight):  # type: ignore[no-untyped-def] # compiled
    """For each pair of rows (int64, pairs x 3) how many distinct shingles are in both, in the first, in the second.

    Oracle: `tests/oracles.py: compare`.
    """
    out = np.zeros((first.size, 3), np.int64)
    longest = np.int64(1)
    for row in range(offsets.size - 1):
        longest = max(longest, offsets[row + 1] - offsets[row])
    scratch = np.empty(longest, np.uint64)
    capacity = np.int64(16)
    while capacity < 4 * longest:
        capacity *= 2
    table = np.empty(capacity, np.uint64)
    tags = np.zeros(capacity, np.uint8)  # 0 empty, 1 in the first, 2 in the second, 3 in both
    for pair in range(first.size):
        i = first[pair]
        j = second[pair]
        size = np.int64(16)
        while size < 2 * (offsets[i + 1] - offsets[i] + offsets[j + 1] - offsets[j]):
            size *= 2
        mask = np.uint64(size - 1)
        tags[:size] = 0
        for tag, row in ((1, i), (2, j)):
            n = shingles(codes, offsets[row], offsets[row + 1], weight, scratch)
            for k in range(n):
                slot = _slot(table, tags, scratch[k], mask)
                if not tags[slot] & tag:
                    out[pair, tag] += 1
                    out[pair, 0] += tags[slot] != 0
                    table[slot] = scratch[k]
                    tags[slot] |= np.uint8(tag)
    return out


@nb.njit(cache=True, nogil=True)
def screen_pairs(codes, offsets, first, second, weight, passage, in_a_row, most):  # type: ignore[no-untyped-def] # compiled
    """For each pair (int64, pairs x 3) how many shingles of the second row stand in the first, how many it has, and its own letters.

    Own are the letters of the second that lie in a passage of at least `passage` letters' weight in which no `in_a_row` shingles
    of the first follow each other. Reading a row ends where more than a share `most` of its letters is own; what is counted
    up to there is what is returned. Pairs of one first row that follow each other read it once. Oracle: `tests/oracles.py: screen`.
    """
    out = np.zeros((first.size, 3), np.int64)
    longest = np.int64(1)
    for row in range(offsets.size - 1):
        longest = max(longest, offsets[row + 1] - offsets[row])
    scratch = np.empty(longest, np.uint64)
    size = np.int64(16)
    while size < 2 * longest:
        size *= 2
    table = np.empty(size, np.uint64)
    tags = np.zeros(size, np.uint8)
    mask = np.uint64(0)
    for pair in range(first.size):
        if pair == 0 or first[pair] != first[pair - 1]:
            start = offsets[first[pair]]
            end = offsets[first[pair] + 1]
            size = np.int64(16)
            while size < 2 * (end - start):
                size *= 2
            mask = np.uint64(size - 1)
            tags[:size] = 0
            for k in range(shingles(codes, start, end, weight, scratch)):
                slot = _slot(table, tags, scratch[k], mask)
                table[slot] = scratch[k]
                tags[slot] = 1
        start = offsets[second[pair]]
        end = offsets[second[pair] + 1]
        count = shingles(codes, start, end, weight, scratch)
        allowed = most * (end - start)
        since = 0
        held = 0
        following = 0
        for k in range(count):
            shared = tags[_slot(table, tags, scratch[k], mask)]
            out[pair, 0] += shared
            following = following + 1 if shared else 0
            if following >= in_a_row:
                if held >= passage:
                    out[pair, 2] += k - since
                since = k + 1
                held = 0
            else:
                held += letter_weight(codes[start + k])
                if held >= passage and out[pair, 2] + k + 1 - since > allowed:
                    end = start + k + 1
                    break
        out[pair, 1] = count
        if held >= passage:
            out[pair, 2] += end - start - since
    return out


@nb.njit(cache=True, nogil=True)
def numbers_alone_differ(codes, offsets, first, second):  # type: ignore[no-untyped-def] # compiled
    """For each pair of rows True when the letters that are no digits are equal and the digits are not."""
    out = np.zeros(first.size, np.bool_)
    for pair in range(first.size):
        i = offsets[first[pair]]
        j = offsets[second[pair]]
        end_i = offsets[first[pair] + 1]
        end_j = offsets[second[pair] + 1]
        digits = False
        while True:
            while i < end_i and j < end_j and codes[i] == codes[j]:
                i += 1
                j += 1
            if i == end_i and j == end_j:
                out[pair] = digits
                break
            before = (i, j)
            while i < end_i and 48 <= codes[i] < 58:
                i += 1
            while j < end_j and 48 <= codes[j] < 58:
                j += 1
            if before == (i, j):
                break
            digits = True
    return out
