"""The pairs of `groups.group_pairs` in two steps, for rows whose signatures are not where their keys are.

`group_cases` needs the keys alone and says which rows each row would be compared with; `judge_cases` needs the signatures of
those rows and says which of them are pairs. Both together give the pairs of `group_pairs`, which the tests assert.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.kernels.minhash import agreement


@nb.njit(cache=True, nogil=True)
def group_cases(keys, bits, most, old):  # type: ignore[no-untyped-def] # compiled
    """Rows of ranks (uint32, cases x 4): a rank, and the three lower ones to compare it with in turn; its own rank is none.

    `keys` (uint64) are sorted, with the rank in the lower `bits`; `most` and `old` are those of `group_pairs`.
    """
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    cases = np.empty((1024, 4), np.uint32)
    found = 0
    start = 0
    while start < keys.size:
        group = keys[start] >> np.uint64(bits)
        end = start + 1
        while end < keys.size and keys[end] >> np.uint64(bits) == group:
            end += 1
        fresh = start
        while fresh < end and np.int64(keys[fresh] & mask) < old:
            fresh += 1
        small = end - start <= most
        for j in range(max(fresh, start + 1), end):
            needed = j - start if small else 1
            if found + needed > cases.shape[0]:
                more = np.empty((2 * (found + needed), 4), np.uint32)
                more[:found] = cases[:found]
                cases = more
            second = np.uint32(keys[j] & mask)
            for k in range(needed):
                cases[found, 0] = second
                cases[found, 1] = np.uint32(keys[start + k] & mask)
                cases[found, 2] = second
                cases[found, 3] = second
                if not small:
                    if fresh != start:
                        cases[found, 2] = np.uint32(keys[fresh] & mask)
                    if j - 1 != start and j - 1 != fresh:
                        cases[found, 3] = np.uint32(keys[j - 1] & mask)
                found += 1
        start = end
    return cases[:found].copy()


@nb.njit(cache=True, nogil=True)
def judge_cases(cases, signed, least):  # type: ignore[no-untyped-def] # compiled
    """Pairs (uint64, first << 32 | second) of the cases (int64, rows of `signed` and `least` in the order of ranks), not sorted."""
    pairs = np.empty(3 * cases.shape[0], np.uint64)
    flat = signed.reshape(-1)
    width = signed.shape[1]
    found = 0
    for case in range(cases.shape[0]):
        second = cases[case, 0]
        for k in range(1, 4):
            first = cases[case, k]
            if first == second:
                continue
            equal = agreement(flat, first, flat, second, width)
            if equal >= min(least[first], least[second]):
                pairs[found] = (np.uint64(first) << np.uint64(32)) | np.uint64(second)
                found += 1
            if equal >= 2 * least[second]:
                break
    return pairs[:found].copy()
