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
from datasketch import MinHash
from datasketch.hashfunc import sha1_hash32

import dedup
from dedup.corpus.signatures import SCHEME, Signatures
from dedup.kernels.minhash import permutations, signatures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def minhashes(texts: Sequence[str], near: dedup.Near | None = None) -> list[MinHash]:
    """A MinHash of the scheme `affine32` for each text, of the shingles, permutations and seed that `near` says; 128 without it."""
    return _objects(Signatures.of(texts, near), sha1_hash32)


def minhashes_of_tokens(
    rows: Iterable[Iterable[bytes]], *, num_perm: int = 128, seed: int = 1, hashfunc: Callable[[bytes], int] = sha1_hash32
) -> list[MinHash]:
    """The same MinHash that datasketch 2 makes of each row of tokens.

    Raises ConfigError for a hash of more than 32 bits: `affine64` and `legacy` are other schemes.
    """
    hashes: list[int] = []
    ends = [0]
    for row in rows:
        hashes += map(hashfunc, row)
        ends.append(len(hashes))
    if hashes and not 0 <= min(hashes) <= max(hashes) < 1 << 32:
        message = "a hash function of 32 bits is needed, as the scheme affine32 has it"
        raise dedup.ConfigError(message)
    made = signatures(np.array(hashes, np.uint32), np.array(ends), *permutations(num_perm, seed))
    return _objects(Signatures(made, seed), hashfunc)


def _objects(signed: Signatures, hashfunc: Callable[[bytes], int]) -> list[MinHash]:
    """The rows as objects, copies of the first with signatures of their own: its constructor takes 6.5 µs, to draw permutations 100."""
    drawn = np.array(permutations(signed.values.shape[1], signed.seed))
    if not len(signed.values):
        return []
    first = vars(MinHash(seed=signed.seed, scheme=SCHEME, hashfunc=hashfunc, hashvalues=signed.values[0], permutations=drawn))
    made = [MinHash.__new__(MinHash) for _ in signed.values]
    for minhash, row in zip(made, signed.values, strict=True):
        vars(minhash).update(first, hashvalues=row)
    return made
