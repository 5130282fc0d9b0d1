"""Candidates: the pairs of rows that some evidence proposes; nothing is decided here.

Bands of the MinHash signature propose what shares most of its shingles. With 10 % of the characters changed two texts
share 0.4 of their short shingles, which bands cannot tell from chance at a bearable cost; such pairs share some of their
sampled long shingles, which few unrelated rows do. Either kind of pair must agree in a share of the permutations.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from dedup.corpus.sketches import ordered
from dedup.kernels.groups import band_keys, group_pairs, group_start, name_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.config import Near
    from dedup.corpus.sketches import Sketches

_BAND = 4  # permutations of a band: two texts of Jaccard 0.6 share one of 32 bands in 99 of 100 cases, of 0.1 in 3 of 1,000
_AGREEMENT = 0.15  # 19 % of the letters changed (two copies of one text, 10 % each) leave a Jaccard of 0.21, one paragraph of six shared 0.09
_MOST_KEYS = 1 << 25  # keys that are sorted at a time: 256 MB


def candidates(sketches: Sketches, order: np.ndarray, old: int, near: Near, workers: int) -> np.ndarray:
    """Pairs of ranks (uint64, first << 32 | second, first < second), sorted, each once; order[rank] is a rank's row."""
    bits = max(int(order.size).bit_length(), 1)
    least = ceil(near.permutations * _AGREEMENT)
    signed = sketches.agreements

    def band(start: int) -> np.ndarray:
        return band_keys(signed, start, min(_BAND, near.permutations - start), bits, order)

    def named(bounds: tuple[int, int]) -> np.ndarray:
        return name_keys(sketches.names, sketches.counts, *bounds, bits, order)

    def pairs(part: tuple[np.ndarray, int]) -> np.ndarray:
        keys, most = part
        return np.unique(group_pairs(keys, bits, most, signed, order, least, old))

    def parts() -> Iterator[tuple[np.ndarray, int]]:
        for keys in ordered(_sorted(band), range(0, near.permutations, _BAND), workers):
            yield keys, 1
        total = int(sketches.counts[order].sum())
        slices = max(workers, -(-total // _MOST_KEYS))
        edges = [round(i * (1 << 32) / slices) for i in range(slices + 1)]
        for keys in ordered(_sorted(named), zip(edges, edges[1:], strict=False), workers):
            starts = [group_start(keys, round(i * keys.size / workers), bits) for i in range(workers)] + [keys.size]
            for start, end in zip(starts, starts[1:], strict=False):
                yield keys[start:end], near.most_rows

    found = np.empty(0, np.uint64)
    for more in ordered(pairs, parts(), workers):
        found = np.union1d(found, more)
    return found


def _sorted(make: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """The function whose keys are sorted."""

    def keys(part: object) -> np.ndarray:
        made = make(part)
        made.sort()
        return made

    return keys
