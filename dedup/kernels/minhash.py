"""MinHash signatures, bit for bit those of `datasketch.MinHash(num_perm, seed, scheme="affine32")`.

Each 32-bit shingle hash is mixed once by MurmurHash3's finalizer; permutation k is then a[k] * h + b[k] modulo 2**32.
The permutations are the outer loop and the shingles the inner one, so that the compiler makes the minimum a vector
instruction; tiles of shingles stay in the first-level cache.
"""

from __future__ import annotations

import numba as nb
import numpy as np

_TILE = 4096  # shingles: 16 KB, a third of a first-level cache


def permutations(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The factors (odd) and the offsets of `count` permutations, uint32, drawn as datasketch draws them."""
    draw = np.random.RandomState(seed)  # the legacy generator is part of the scheme
    a = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    b = draw.randint(0, 1 << 32, count, dtype=np.uint32)
    return a, b


@nb.njit(cache=True, nogil=True)
def signatures(hashes, offsets, a, b):  # type: ignore[no-untyped-def] # compiled
    """The signature of each row of hashes (uint32, rows x permutations); a row without a shingle is all ones, as in datasketch."""
    rows = offsets.size - 1
    out = np.empty((rows, a.size), np.uint32)
    tile = np.empty(_TILE, np.uint32)
    for row in range(rows):
        for k in range(a.size):
            out[row, k] = np.uint32(0xFFFFFFFF)
        start = offsets[row]
        while start < offsets[row + 1]:
            size = min(offsets[row + 1] - start, _TILE)
            for i in range(size):
                x = hashes[start + i]
                x = np.uint32((x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B))
                x = np.uint32((x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35))
                tile[i] = x ^ (x >> np.uint32(16))
            for k in range(a.size):
                factor = a[k]
                offset = b[k]
                least = out[row, k]
                for i in range(size):
                    value = np.uint32(factor * tile[i] + offset)
                    least = min(least, value)
                out[row, k] = least
            start += size
    return out


@nb.njit(cache=True, nogil=True)
def agreement(signed, first, second):  # type: ignore[no-untyped-def] # compiled
    """How many permutations give rows `first` and `second` the same least shingle."""
    return equal_bytes(signed[first], signed[second])


@nb.njit(cache=True, nogil=True)
def equal_bytes(first, second):  # type: ignore[no-untyped-def] # compiled
    """In how many places two arrays of uint8 are equal; counted in bytes, 64 of which are one vector."""
    total = np.int64(0)
    for start in range(0, first.size, 128):
        equal = np.uint8(0)
        for k in range(start, min(start + 128, first.size)):
            equal = np.uint8(equal + np.uint8(first[k] == second[k]))
        total += np.int64(equal)
    return total
