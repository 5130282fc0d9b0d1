"""The pairs of `groups.group_pairs` in two steps, for rows whose signatures are not where their keys are.

`group_cases` needs the keys alone and says which rows each row would be compared with; `judge_cases` needs the signatures of
those rows and says which of them are pairs. Both together give the pairs of `group_pairs`, which the tests assert. A million drawn
rows make 47 million cases: each is read twice and sorted never.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.groups import borders
from dedup.kernels.keeping import kernel
from dedup.kernels.minhash import agreement


@kernel
def group_cases(keys, bits, most, old):  # type: ignore[no-untyped-def] # compiled
    """Rows of ranks (uint32): a rank, and the lower ones to compare it with in turn; its own rank is none.

    Of groups of up to `most` rows cases x 2, of larger ones cases x 4. `keys` (uint64) are sorted, with the rank in the lower `bits`;
    `most` and `old` are those of `group_pairs`.
    """
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    small, large = np.empty((0, 2), np.uint32), np.empty((0, 4), np.uint32)
    for filling in range(2):
        pairs = 0
        cases = 0
        start = 0
        while start < keys.size:
            end, fresh = borders(keys, start, bits, mask, old)
            for j in range(max(fresh, start + 1), end):
                second = np.uint32(keys[j] & mask)
                if end - start <= most:
                    if filling:
                        for k in range(j - start):
                            small[pairs + k, 0] = second
                            small[pairs + k, 1] = np.uint32(keys[start + k] & mask)
                    pairs += j - start
                    continue
                if filling:
                    large[cases, 0] = second
                    large[cases, 1] = np.uint32(keys[start] & mask)
                    large[cases, 2] = second if fresh == start else np.uint32(keys[fresh] & mask)
                    large[cases, 3] = second if j - 1 == start or j - 1 == fresh else np.uint32(keys[j - 1] & mask)
                cases += 1
            start = end
        if not filling:
            small, large = np.empty((pairs, 2), np.uint32), np.empty((cases, 4), np.uint32)
    return small, large


@kernel
def cases_by_bin(cases, size):  # type: ignore[no-untyped-def] # compiled
    """The cases in the order of the bins of their ranks, a bin `size` ranks, and the place where each bin begins, one more than bins."""
    last = np.int64(-1)
    for case in range(cases.shape[0]):
        last = max(last, np.int64(cases[case, 0]) // size)
    starts = np.zeros(last + 2, np.int64)
    for case in range(cases.shape[0]):
        starts[np.int64(cases[case, 0]) // size + 1] += 1
    starts = np.cumsum(starts)
    ends = starts.copy()
    binned = np.empty_like(cases)
    for case in range(cases.shape[0]):
        number = np.int64(cases[case, 0]) // size
        for k in range(cases.shape[1]):
            binned[ends[number], k] = cases[case, k]
        ends[number] += 1
    return binned, starts


@kernel
def _slot(table, ranks, rank):  # type: ignore[no-untyped-def] # compiled
    """Where the rank stands in the table, or the free slot where it would."""
    slot = (np.int64(rank) * 0x9E3779B1) & (table.size - 1)
    while table[slot] >= 0 and ranks[table[slot]] != rank:
        slot = (slot + 1) & (table.size - 1)
    return slot


@kernel
def rank_table(ranks):  # type: ignore[no-untyped-def] # compiled
    """An open table (int32) of the places of ranks (int64), each once: 10 ns a look-up where a search of half a million took 130."""
    size = 2
    while size < 2 * ranks.size:
        size *= 2
    table = np.full(size, -1, np.int32)
    for place in range(ranks.size):
        table[_slot(table, ranks, ranks[place])] = place
    return table


@kernel
def judge_cases(cases, table, ranks, signed, least):  # type: ignore[no-untyped-def] # compiled
    """Pairs (uint64, first << 32 | second) of the cases (uint32), in places of `ranks` (int64), not sorted, some of them twice.

    `signed` and `least` are in the order of `ranks`, of which `table` is the `rank_table`. KeyError for a rank that is not there.
    """
    pairs = np.empty(1024, np.uint64)
    flat = signed.reshape(-1)
    width = signed.shape[1]
    found = 0
    for case in range(cases.shape[0]):
        second = np.int64(table[_slot(table, ranks, np.int64(cases[case, 0]))])
        for k in range(1, cases.shape[1]):
            if cases[case, k] == cases[case, 0]:
                continue
            first = np.int64(table[_slot(table, ranks, np.int64(cases[case, k]))])
            if first < 0 or second < 0:
                raise KeyError
            equal = agreement(flat, first, flat, second, width)
            if equal >= min(least[first], least[second]):
                if found == pairs.size:
                    more = np.empty(2 * found, np.uint64)
                    more[:found] = pairs
                    pairs = more
                pairs[found] = (np.uint64(first) << np.uint64(32)) | np.uint64(second)
                found += 1
            if equal >= 2 * least[second]:
                break
    return pairs[:found].copy()
