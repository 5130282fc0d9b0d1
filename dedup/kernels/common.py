"""Letters that two rows have in the same order: the longest common subsequence, 64 letters at a time (Hyyrö 2004).

What `rapidfuzz.distance.LCSseq.similarity` measures, and held equal to it by a test; compiled here because a pair of Chinese texts
takes rapidfuzz 100 µs and the interpreter's lock (a table search for each letter and 64 letters of the other text), and
this 15 µs without it.
"""

from __future__ import annotations

import numba as nb
import numpy as np


@nb.njit(cache=True, nogil=True)
def common_letters(codes, offsets, first, second):  # type: ignore[no-untyped-def] # compiled
    """For each pair of rows the length (int64) of their longest common subsequence; quadratic in their lengths, by 64.

    Oracle: `rapidfuzz.distance.LCSseq.similarity`.
    """
    out = np.zeros(first.size, np.int64)
    longest = np.int64(1)
    for pair in range(first.size):
        longest = max(longest, offsets[first[pair] + 1] - offsets[first[pair]])
    capacity = np.int64(16)
    while capacity < 2 * longest + 2:
        capacity *= 2
    letters = np.zeros(capacity, np.uint32)
    numbers = np.zeros(capacity, np.int32)  # 0 where the slot is empty
    row = np.empty((longest + 63) // 64, np.uint64)
    places = np.zeros((64, (longest + 63) // 64), np.uint64)
    for pair in range(first.size):
        i = offsets[first[pair]]
        j = offsets[second[pair]]
        end_i = offsets[first[pair] + 1]
        end_j = offsets[second[pair] + 1]
        while i < end_i and j < end_j and codes[i] == codes[j]:
            i += 1
            j += 1
            out[pair] += 1
        while i < end_i and j < end_j and codes[end_i - 1] == codes[end_j - 1]:
            end_i -= 1
            end_j -= 1
            out[pair] += 1
        if i == end_i or j == end_j:
            continue
        places, mask = _places(codes, i, end_i, letters, numbers, places)
        out[pair] += _common(codes, j, end_j, end_i - i, letters, numbers, places, mask, row)
    return out


@nb.njit(cache=True, nogil=True, inline="always")
def _slot(letters, numbers, code, mask):  # type: ignore[no-untyped-def] # compiled
    """The slot of a letter, or the empty one where it would be."""
    slot = np.int64(np.uint32(code * np.uint32(0x9E3779B1)) & mask)
    while numbers[slot] != 0 and letters[slot] != code:
        slot = (slot + 1) & np.int64(mask)
    return slot


@nb.njit(cache=True, nogil=True)
def _places(codes, start, end, letters, numbers, places):  # type: ignore[no-untyped-def] # compiled
    """A bit for each place of each letter of codes[start:end], by the letter's number; and the mask of the table of numbers."""
    size = np.int64(16)
    while size < 2 * (end - start) + 2:
        size *= 2
    mask = np.uint32(size - 1)
    numbers[:size] = 0
    words = (end - start + 63) // 64
    known = np.int32(0)
    for k in range(end - start):
        code = codes[start + k]
        slot = _slot(letters, numbers, code, mask)
        if numbers[slot] == 0:
            known += 1
            numbers[slot] = known
            letters[slot] = code
            if known > places.shape[0]:
                more = np.zeros((2 * places.shape[0], places.shape[1]), np.uint64)
                more[: places.shape[0]] = places
                places = more
            places[known - 1, :words] = 0
        places[numbers[slot] - 1, k >> 6] |= np.uint64(1) << np.uint64(k & 63)
    return places, mask


@nb.njit(cache=True, nogil=True)
def _common(codes, start, end, length, letters, numbers, places, mask, row):  # type: ignore[no-untyped-def] # compiled
    """The longest common subsequence of codes[start:end] and the `length` letters that `places` tells of: the zeros of `row`."""
    words = (length + 63) // 64
    row[:words] = np.uint64(0xFFFFFFFFFFFFFFFF)
    for k in range(start, end):
        number = numbers[_slot(letters, numbers, codes[k], mask)]
        if number == 0:
            continue
        carry = np.uint64(0)
        for word in range(words):
            old = row[word]
            match = old & places[number - 1, word]
            total = old + match
            new = total + carry
            carry = np.uint64(total < old) | np.uint64(new < total)
            row[word] = new | (old - match)
    common = 0
    for word in range(words):
        bits = ~row[word]
        if word == words - 1 and length & 63:
            bits &= (np.uint64(1) << np.uint64(length & 63)) - np.uint64(1)
        while bits:
            bits &= bits - np.uint64(1)
            common += 1
    return common
