"""The chance that two texts are compared at all, by how much of them is the same: what the settings of `Near` make of it.

A pair is compared when its signatures agree in a whole band, or the least long shingles of both its halves agree under one
permutation, and when enough permutations agree. Letters are taken to change one by one, as in text that was copied badly.
"""

from __future__ import annotations

from functools import reduce
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from dedup.corpus.near import BAND, least_agreements

if TYPE_CHECKING:
    from dedup.config import Near

_CHANCE = 1 / 256  # that two permutations agree in the one byte that is kept of them, where the shingles differ


def detection(score: float, near: Near, weight: int) -> float:
    """The chance, 0 to 1, that two texts of this score are compared; `weight` is 1 for letters of an alphabet, 2 for Han, Kana, Hangul."""
    short, long = (-(-length // weight) for length in (near.shingle, near.long_shingle))
    same = score**short if near.measure == "letters" else 2 * score / (1 + score)  # of the short shingles
    unchanged = same ** (1 / short)
    half = _jaccard(unchanged**long)
    by_halves = 1 - (1 - half**2) ** near.halves
    agree = _jaccard(same)
    agree += (1 - agree) * _CHANCE
    sizes = [min(BAND, near.permutations - start) for start in range(0, near.permutations, BAND)]
    every = reduce(np.convolve, [_binomial(size, agree) for size in sizes])  # permutations that agree
    apart = reduce(np.convolve, [_binomial(size, agree)[:-1] for size in sizes])  # the same where no band agrees as a whole
    missed = np.zeros(every.size)
    missed[: apart.size] = apart * (1 - by_halves)
    least = int(least_agreements(np.array([float(weight)]), near)[0])
    return float(np.clip((every - missed)[least:].sum(), 0.0, 1.0))


def _jaccard(same: float) -> float:
    """The Jaccard of two sets of one size that share this part of each."""
    return same / (2 - same)


def _binomial(size: int, chance: float) -> np.ndarray:
    """The chances of 0 to `size` successes."""
    return np.array([comb(size, k) * chance**k * (1 - chance) ** (size - k) for k in range(size + 1)])
