"""Two rows compared by letters, shingles and numbers; exact on 64-bit hashes of the shingles, screened on 32-bit ones."""

from __future__ import annotations

import numpy as np

from dedup.kernels.keeping import kernel
from dedup.kernels.rows import letter_weight, row_shingles, shingles, short_hashes

_SPREAD = np.uint32(0x9E3779B1)
_SPARSE = 8  # a sixteenth of the bytes are taken, so that three shingles in a row are all taken for others' once in 4,000
_MOST_BYTES = 1 << 22  # of the table; in longer rows more shingles are taken for others', and nothing else


@kernel
def same_letters(codes, offsets, first, second):  # type: ignore[no-untyped-def] # compiled
    """For each pair of rows (bool) whether they have the same letters in the same order."""
    out = np.empty(first.size, np.bool_)
    for pair in range(first.size):
        one = codes[offsets[first[pair]] : offsets[first[pair] + 1]]
        two = codes[offsets[second[pair]] : offsets[second[pair] + 1]]
        out[pair] = one.size == two.size
        for i in range(min(one.size, two.size)):
            if one[i] != two[i]:
                out[pair] = False
                break
    return out


@kernel(inline="always")
def _slot(table, tags, value, mask):  # type: ignore[no-untyped-def] # compiled
    slot = np.int64(value & mask)
    while tags[slot] != 0 and table[slot] != value:
        slot = (slot + 1) & np.int64(mask)
    return slot


@kernel
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


@kernel
def screen_pairs(codes, offsets, first, second, weight, passage, in_a_row, most):  # type: ignore[no-untyped-def] # compiled
    """For each pair (int64, pairs x 3) how many shingles of the second row stand in the first, how many it has, and its own letters.

    Own are the letters of the second that lie in a passage of at least `passage` letters' weight in which no `in_a_row` shingles
    of the first follow each other; shingles are told apart by their 32-bit hashes. Reading a row ends where more than a share
    `most` of its letters is own; what is counted up to there is what is returned. Pairs of one first row read it once.
    Oracle: `tests/oracles.py: screen`.
    """
    out = np.zeros((first.size, 3), np.int64)
    longest = np.int64(1)
    for row in range(offsets.size - 1):
        longest = max(longest, offsets[row + 1] - offsets[row])
    hashes = np.empty(longest, np.uint32)
    table = np.empty(1 << (32 - _shift(longest)), np.uint32)
    mask = np.uint64(0)
    shift = np.uint64(0)
    for pair in range(first.size):
        if pair == 0 or first[pair] != first[pair - 1]:
            start = offsets[first[pair]]
            end = offsets[first[pair] + 1]
            shift = np.uint64(_shift(end - start))
            mask = (np.uint64(1) << (np.uint64(32) - shift)) - np.uint64(1)
            table[: np.int64(mask) + 1] = 0
            count = short_hashes(codes, start, end, weight, hashes, 0)
            for k in range(count):
                value = _never_zero(hashes[k])
                table[_place(table, value, shift, mask)] = value
        start = offsets[second[pair]]
        end = offsets[second[pair] + 1]
        count = short_hashes(codes, start, end, weight, hashes, 0)
        own = codes[start:end]
        allowed = most * own.size + 1e-6  # 1.0 - 0.8 is less than a fifth
        since = 0
        held = 0
        following = 0
        hits = 0
        alone = 0
        last = own.size
        for k in range(count):
            value = _never_zero(hashes[k])
            shared = table[_place(table, value, shift, mask)] != 0
            hits += shared
            following = following + 1 if shared else 0
            if following >= in_a_row:
                if held >= passage:
                    alone += k - since
                since = k + 1
                held = 0
            else:
                held += letter_weight(own[k])
                if held >= passage and alone + k + 1 - since > allowed:
                    last = k + 1
                    break
        if held >= passage:
            alone += last - since
        out[pair, 0] = hits
        out[pair, 1] = count
        out[pair, 2] = alone
    return out


@kernel
def apart(codes, offsets, first, second, weight, passage, in_a_row, most):  # type: ignore[no-untyped-def] # compiled
    """For each pair (bool) True only where `screen_pairs` finds more than a share `most` of own letters, and hardly ever False there.

    A table of bytes takes some shingles of the second row for the first's, never the other way round, so that own letters are at least
    what it says. Of pairs that agree in their signatures nine of ten go so, each in a fifth of the time of `screen_pairs`.
    """
    out = np.zeros(first.size, np.bool_)
    hashes, ends = row_shingles(codes, offsets, weight)
    longest = np.int64(1)
    for row in range(ends.size - 1):
        longest = max(longest, ends[row + 1] - ends[row])
    table = np.empty(1 << (32 - _sparse_shift(longest)), np.uint8)
    shift = np.uint32(0)
    for pair in range(first.size):
        if pair == 0 or first[pair] != first[pair - 1]:
            of_first = hashes[ends[first[pair]] : ends[first[pair] + 1]]
            shift = np.uint32(_sparse_shift(of_first.size))
            table[: 1 << (32 - np.int64(shift))] = 0
            for k in range(of_first.size):
                table[np.uint32(_never_zero(of_first[k]) * _SPREAD) >> shift] = 1
        own = codes[offsets[second[pair]] : offsets[second[pair] + 1]]
        of_second = hashes[ends[second[pair]] : ends[second[pair] + 1]]
        out[pair] = _own_exceed(own, of_second, table, shift, passage, in_a_row, most * own.size + 1e-6)
    return out


@kernel
def _own_exceed(own, hashes, table, shift, passage, in_a_row, allowed):  # type: ignore[no-untyped-def] # compiled
    """True when more than `allowed` letters lie in passages of their own, as `screen_pairs` counts them."""
    since = 0
    held = 0
    following = 0
    alone = 0
    for k in range(hashes.size):
        following = following + 1 if table[np.uint32(_never_zero(hashes[k]) * _SPREAD) >> shift] else 0
        if following >= in_a_row:
            if held >= passage:
                alone += k - since
            since = k + 1
            held = 0
        else:
            held += letter_weight(own[k])
            if held >= passage and alone + k + 1 - since > allowed:
                return True
    return held >= passage and alone + own.size - since > allowed


@kernel
def _sparse_shift(count):  # type: ignore[no-untyped-def] # compiled
    """What leaves of a 32-bit hash the place in the table of bytes of `count` hashes."""
    return _shift(min(_SPARSE * count, _MOST_BYTES // 2))


@kernel(inline="always")
def _never_zero(value):  # type: ignore[no-untyped-def] # compiled
    """The hash, for which an empty place of the table is never taken."""
    return max(value, np.uint32(1))


@kernel
def _shift(count):  # type: ignore[no-untyped-def] # compiled
    """What leaves of a 32-bit hash the place in a table that is at most half full of `count` hashes."""
    bits = np.int64(4)
    while (np.int64(1) << bits) < 2 * count and bits < 31:
        bits += 1
    return 32 - bits


@kernel(inline="always")
def _place(table, value, shift, mask):  # type: ignore[no-untyped-def] # compiled
    """The place of a hash in the table, or the empty one where it would be; upper bits of a product, since a hash's own are sums."""
    place = np.uint64(np.uint32(value * _SPREAD)) >> shift
    while table[place] != 0 and table[place] != value:
        place = (place + np.uint64(1)) & mask
    return place


@kernel
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
