"""Candidates: the pairs of rows that some evidence proposes; nothing is decided here.

Bands of the MinHash signature propose what shares most of its shingles. With 10 % of the characters changed two texts
share 0.4 of their short shingles, which bands cannot tell from chance at a bearable cost. So long shingles are taken of the
two halves of a text: under one permutation the least of both halves are the same in two such texts in 7 of 100 cases, in
texts that share a passage in one place only hardly ever. Either kind of pair must agree in a share of the permutations.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from dedup.corpus.sketches import ordered
from dedup.kernels.groups import NO_RANK, band_keys, distinct, group_pairs, name_keys

if TYPE_CHECKING:
    from dedup.config import Near
    from dedup.corpus.sketches import Sketches

BAND = 4  # permutations of a band: two texts of Jaccard 0.6 share one of 32 bands in 99 of 100 cases, of 0.1 in 3 of 1,000
_MOST_PAIRS = 1 << 24  # that are held before those proposed twice are dropped: 128 MB


def least_agreements(weights: np.ndarray, near: Near) -> np.ndarray:
    """How many permutations two rows must agree in to be compared (int64), by the mean weights of their letters.

    With a share t of the letters unchanged, a share t**k of the shingles of k letters is, which makes a Jaccard of
    t**k / (2 - t**k): 0.20 for alphabets at the usual threshold, 0.30 for Han. One paragraph of six in common makes 0.09.
    """
    if near.measure == "shingles":
        return np.full(weights.size, ceil(near.permutations * near.threshold * 0.6), np.int64)
    same = near.threshold ** (near.shingle * (1.3 - 0.3 * weights))
    return np.ceil(near.permutations * 0.9 * same / (2 - same)).astype(np.int64)


def candidates(sketches: Sketches, order: np.ndarray, old: int, near: Near, workers: int) -> np.ndarray:
    """Pairs of ranks (uint64, first << 32 | second, first < second), sorted, each once; order[rank] is a rank's row."""
    bits = max(int(order.size).bit_length(), 1)
    least = least_agreements(sketches.weights[order] / np.maximum(sketches.letters[order], 1), near).astype(np.int32)
    ranks = np.full(sketches.letters.size, NO_RANK, np.uint32)
    ranks[order] = np.arange(order.size, dtype=np.uint32)

    def pairs(band: tuple[bool, int]) -> np.ndarray:
        short, number = band
        if short:
            keys: np.ndarray = band_keys(sketches.agreements, number, min(BAND, near.permutations - number), ranks, bits)
        else:
            keys = name_keys(sketches.names, number, ranks, bits)
        keys.sort()
        return distinct(group_pairs(keys, bits, 1 if short else near.most_rows, sketches.agreements, order, least, old))

    bands = [(True, start) for start in range(0, near.permutations, BAND)] + [(False, number) for number in range(near.halves)]
    found = [np.empty(0, np.uint64)]
    for more in ordered(pairs, bands, workers):
        found.append(more)
        if sum(part.size for part in found) > _MOST_PAIRS:
            found = [distinct(np.concatenate(found))]
    return distinct(np.concatenate(found))
