"""Signatures as objects of datasketch, for its LSH, forest, Bloom filters and storage; datasketch is always installed.

    >>> from datasketch import LeanMinHash, MinHash, MinHashLSH
    >>> from dedup.integrations.datasketch import minhashes, minhashes_of_tokens
    >>> lsh = MinHashLSH(threshold=0.5, num_perm=128)
    >>> texts = ["The council met on Tuesday evening in the old town hall.", "Rain is expected on Wednesday in the north."]
    >>> for name, minhash in zip("ab", minhashes(texts)):
    ...     lsh.insert(name, minhash)
    >>> lsh.query(minhashes(["the council met on tuesday evening in the OLD town hall"])[0])
    ['a']
    >>> words = [b"rain", b"is", b"expected"]
    >>> minhashes_of_tokens([words])[0] == MinHash.bulk([words], num_perm=128)[0]
    True

`minhashes` takes the shingles of this package, which fit every script; an index that was filled with shingles of another
kind is queried with `minhashes_of_tokens`, whose tokens and hash function are those that it was filled with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from datasketch.hashfunc import sha1_hash32

import dedup
from dedup.corpus.signatures import Signatures
from dedup.kernels.minhash import permutations, signatures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from datasketch import MinHash


def minhashes(texts: Sequence[str], near: dedup.Near | None = None) -> list[MinHash]:
    """A MinHash of the scheme `affine32` for each text, of the shingles, permutations and seed that `near` says."""
    signed = Signatures.of(texts, near)
    return [signed.to_datasketch(row) for row in range(len(texts))]


def minhashes_of_tokens(
    rows: Iterable[Iterable[bytes]], *, num_perm: int = 128, seed: int = 1, hashfunc: Callable[[bytes], int] = sha1_hash32
) -> list[MinHash]:
    """The same MinHash that datasketch 2 makes of each row of tokens, at a fraction of its time.

    Raises ConfigError for a hash of more than 32 bits: `affine64` and `legacy` are other schemes.
    """
    hashes = [[hashfunc(token) for token in row] for row in rows]
    if any(not 0 <= value < 1 << 32 for row in hashes for value in row):
        message = "a hash function of 32 bits is needed, as the scheme affine32 has it"
        raise dedup.ConfigError(message)
    ends = np.cumsum([0, *map(len, hashes)], dtype=np.int64)
    flat = np.array([value for row in hashes for value in row], np.uint32)
    signed = Signatures(signatures(flat, ends, *permutations(num_perm, seed)), seed)
    return [signed.to_datasketch(row) for row in range(len(hashes))]
