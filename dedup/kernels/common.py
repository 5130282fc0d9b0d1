"""Letters that two rows have in the same order: the longest common subsequence, 64 letters at a time (Hyyrö 2004), in a band.

What `rapidfuzz.distance.LCSseq.similarity` measures, and held equal to it by a test; compiled here because a pair of Chinese texts
takes rapidfuzz 100 µs and the interpreter's lock (a table search for each letter and 64 letters of the other text), and
this 10 µs without it.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.keeping import kernel

_FIRST_TRY = 16  # a sixteenth of the letters may be in one text alone; where more are, the band is widened to what was found


@kernel
def common_letters(codes, offsets, first, second, least):  # type: ignore[no-untyped-def] # compiled
    """For each pair of rows the length (int64) of their longest common subsequence, 0 where it is below `least` (int64, a pair).

    Letters that stand alone move the two rows against each other by one place, so that an alignment of n letters lies in a band of
    what n leaves over. Linear in the letters times those that stand alone, by 64; with `least` 0 quadratic.
    Oracle: `rapidfuzz.distance.LCSseq.similarity`.
    """
    out = np.zeros(first.size, np.int64)
    longest = np.int64(1)
    for pair in range(first.size):
        longest = max(longest, offsets[first[pair] + 1] - offsets[first[pair]])
    numbers = np.zeros(np.int64(highest(codes)) + 1, np.int32)  # of the letters of the first row, 0 where it has none
    row = np.empty((longest + 63) // 64, np.uint64)
    places = np.empty(64 * row.size, np.uint64)
    for pair in range(first.size):
        i = offsets[first[pair]]
        j = offsets[second[pair]]
        end_i = offsets[first[pair] + 1]
        end_j = offsets[second[pair] + 1]
        same = np.int64(0)
        while i < end_i and j < end_j and codes[i] == codes[j]:
            i += 1
            j += 1
            same += 1
        while i < end_i and j < end_j and codes[end_i - 1] == codes[end_j - 1]:
            end_i -= 1
            end_j -= 1
            same += 1
        most = min(end_i - i, end_j - j)
        wanted = max(least[pair] - same, 0)
        found = np.int64(0)
        if most > 0 and wanted <= most:
            one = codes[i:end_i]
            two = codes[j:end_j]
            known = _numbered(one, numbers)
            words = np.uint64((one.size + 63) // 64)
            if known * words > places.size:
                places = np.empty(2 * known * words, np.uint64)
            _place(one, numbers, places[: known * words], words)
            hoped = max(wanted, most - most // _FIRST_TRY - 1)
            found = _common(two, one.size, numbers, places, row[:words], hoped)
            if found < hoped and wanted < hoped:
                found = _common(two, one.size, numbers, places, row[:words], max(wanted, found))
            for k in range(one.size):
                numbers[one[k]] = 0
        out[pair] = same + found if same + found >= least[pair] else 0
    return out


@kernel
def highest(codes):  # type: ignore[no-untyped-def] # compiled
    """The highest letter (uint32), 0 where there is none."""
    top = np.uint32(0)
    for i in range(codes.size):
        top = max(top, codes[i])
    return top


@kernel
def _numbered(letters, numbers):  # type: ignore[no-untyped-def] # compiled
    """How many distinct letters there are (uint64), which have numbers from 1 on then."""
    known = np.uint64(0)
    for k in range(letters.size):
        if numbers[letters[k]] == 0:
            known += np.uint64(1)
            numbers[letters[k]] = known
    return known


@kernel
def _place(letters, numbers, places, words):  # type: ignore[no-untyped-def] # compiled
    """A bit for each place of each letter in the `words` of the letter's number; no array is made here, which would cost tenfold."""
    places[:] = 0
    for k in range(letters.size):
        word = np.uint64(numbers[letters[k]] - 1) * words + np.uint64(k >> 6)
        places[word] |= np.uint64(1) << np.uint64(k & 63)


@kernel
def _common(letters, length, numbers, places, row, least):  # type: ignore[no-untyped-def] # compiled
    """The longest common subsequence of `letters` and the `length` letters that `places` tells of, if it has `least` letters.

    Otherwise at most that. Words outside the band are left alone, which is as if no letter there matched.
    """
    words = row.size
    row[:] = np.uint64(0xFFFFFFFFFFFFFFFF)
    before = letters.size - least  # places that the second text may be ahead
    after = length - least
    for k in range(letters.size):
        number = numbers[letters[k]]
        if number == 0:
            continue
        from_word = max(k - before, 0) >> 6
        to_word = min(words, ((k + after) >> 6) + 1)
        first = (number - 1) * words
        mine = places[first + from_word : first + to_word]
        held = row[from_word:to_word]
        carry = np.uint64(0)
        for word in range(held.size):
            old = held[word]
            match = old & mine[word]
            total = old + match
            new = total + carry
            carry = np.uint64(total < old) | np.uint64(new < total)
            held[word] = new | (old - match)
    common = 0
    for word in range(words):
        bits = ~row[word]
        if word == words - 1 and length & 63:
            bits &= (np.uint64(1) << np.uint64(length & 63)) - np.uint64(1)
        while bits:
            bits &= bits - np.uint64(1)
            common += 1
    return common
