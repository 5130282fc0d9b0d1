"""MinHash signatures of texts, which are datasketch's own: they go into its LSH, its storage and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.config import Near
from dedup.corpus.sketches import blocks
from dedup.errors import ConfigError
from dedup.kernels.minhash import permutations, signatures
from dedup.kernels.rows import fold_rows, row_shingles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasketch import MinHash

SCHEME = "affine32"
_USUAL = 128  # datasketch's num_perm where nothing is said; its LSH refuses signatures of another length
HASH = "places32/24"  # a shingle's hash is letters times factors of their places, 32 bits; a name of halves has 24


class Signatures(NamedTuple):
    """Signatures of rows (uint32, rows x permutations) under a seed; row for row those of `datasketch.MinHash(scheme="affine32")`."""

    values: np.ndarray
    seed: int

    @classmethod
    def of(cls, texts: Sequence[str], near: Near | None = None) -> Signatures:
        """The signatures of texts, of the shingles that `near` says; without it of 128 permutations, as datasketch's are."""
        near = near or Near(permutations=_USUAL)
        drawn = permutations(near.permutations, near.seed)
        made = [np.empty((0, near.permutations), np.uint32)]
        for block in blocks(texts):  # in the second-level cache; all at once takes 1.5 times as long
            codes, offsets, _ = fold_rows(block)
            hashes, ends = row_shingles(codes, offsets, near.shingle)
            made.append(signatures(hashes, ends, *drawn))
        return cls(np.concatenate(made), near.seed)

    @classmethod
    def from_datasketch(cls, rows: Sequence[MinHash]) -> Signatures:
        """The signatures that datasketch made; ConfigError when they are of another scheme or of different seeds or lengths."""
        kinds = {(row.scheme, row.seed, len(row.hashvalues)) for row in rows}
        if len(kinds) != 1 or next(iter(kinds))[0] != SCHEME:
            message = f"signatures of one scheme ({SCHEME}), seed and length are needed, not of {sorted(kinds)}"
            raise ConfigError(message)
        return cls(np.array([row.hashvalues for row in rows], np.uint32), next(iter(kinds))[1])

    def to_datasketch(self, row: int) -> MinHash:
        """The signature of a row as an object of datasketch."""
        from datasketch import MinHash

        return MinHash(seed=self.seed, scheme=SCHEME, hashvalues=self.values[row])
