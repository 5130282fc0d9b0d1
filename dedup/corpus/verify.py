"""Verified: every proposed pair is compared on its two texts, and only that score counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dedup.corpus.sketches import ordered
from dedup.kernels.common import common_letters
from dedup.kernels.compare import apart, compare_pairs, numbers_alone_differ, screen_pairs
from dedup.kernels.figures import reports_differ
from dedup.kernels.rows import fold_rows
from dedup.kernels.tiles import own_letters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dedup.config import Near

_PAIRS = 512  # compared at a time: some 1,000 texts are in memory for each worker
_CHARACTERS = 1 << 19  # of the texts that are in memory for each worker, when they are long
_LEAST_SHARED = 0.25  # of the shingles of the shorter text; 19 % of the letters changed leave 0.35, one paragraph of six shared 0.17
# With 10 % of the letters changed, 7 in a row stay the same every 8 letters or so; a passage of this weight without such a run is
# of one text alone. A chance shingle ("company", "said it") is no run.
_PASSAGE = 60
_IN_A_ROW = 3
_LEAST_THRESHOLD = 0.01
_ROUNDING = 1e-6  # 1.0 - 0.8 is less than a fifth
_ALIGNED = 50_000  # letters; alignment is quadratic, 40 ms at this length


def verify(
    pairs: np.ndarray,
    order: np.ndarray,
    lengths: np.ndarray,
    fetch: Callable[[Sequence[int]], list[str]],
    near: Near,
    workers: int,
    margin: float = 0.0,
) -> np.ndarray:
    """The score of each pair of ranks (float64), 0 where it is below the threshold by more than `margin`: its two texts, compared.

    `fetch` gives the texts of rows. Pairs whose lengths exclude the threshold are not read at all. The margin changes no score
    at the threshold or above: it only lets more pairs be aligned.
    """
    near = replace(near, threshold=max(near.threshold - margin, _LEAST_THRESHOLD)) if margin else near
    first, second = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    scores = np.zeros(pairs.size)

    def block(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ranks, where = np.unique(np.concatenate((first[places], second[places])), return_inverse=True)
        codes, offsets, _ = fold_rows(fetch(order[ranks].tolist()))
        return places, score_pairs(codes, offsets, where[: places.size], where[places.size :], near)

    for places, found in ordered(block, _blocks(lengths[order[first]], lengths[order[second]], near), workers):
        scores[places] = found
    return np.where(scores >= near.threshold, scores, 0.0)


def _blocks(first: np.ndarray, second: np.ndarray, near: Near) -> list[np.ndarray]:
    """Places of the pairs whose lengths do not exclude the threshold, in blocks of bounded texts."""
    shorter, longer = np.minimum(first, second), np.maximum(first, second)
    fitting = np.flatnonzero(2 * shorter >= (shorter + longer) * (near.least_common if near.measure == "letters" else 0.0))
    if not fitting.size:
        return []
    ends = np.cumsum(longer[fitting].astype(np.int64) + _CHARACTERS // _PAIRS)
    cuts = np.flatnonzero(np.diff(ends // (2 * _CHARACTERS))) + 1
    return np.split(fitting, cuts)


def score_pairs(codes: np.ndarray, offsets: np.ndarray, first: np.ndarray, second: np.ndarray, near: Near) -> np.ndarray:
    """The scores of pairs of folded rows."""
    lengths = np.diff(offsets)
    turned = lengths[first] < lengths[second]
    longer, shorter = np.where(turned, second, first), np.where(turned, first, second)
    if near.measure == "shingles":
        shared, one, two = compare_pairs(codes, offsets, longer, shorter, near.shingle).T
        scores: np.ndarray = shared / np.maximum(one + two - shared, 1)
    else:
        allowed = min(near.most_own, 1.0 - near.threshold)
        likely = np.flatnonzero(~apart(codes, offsets, longer, shorter, near.shingle, _PASSAGE, _IN_A_ROW, allowed))
        scores = np.zeros(first.size)
        scores[likely] = _by_letters(codes, offsets, longer[likely], shorter[likely], allowed, near)
    if near.numbers:
        likely = np.flatnonzero(scores >= near.threshold)
        for differ in (numbers_alone_differ, reports_differ):
            scores[likely[differ(codes, offsets, first[likely], second[likely])]] = 0.0
    return scores


def _by_letters(codes: np.ndarray, offsets: np.ndarray, longer: np.ndarray, shorter: np.ndarray, allowed: float, near: Near) -> np.ndarray:
    """The scores of pairs by their letters, 0 where more than a share `allowed` of the shorter one's are its own."""
    lengths = np.diff(offsets)
    hits, count, own = screen_pairs(codes, offsets, longer, shorter, near.shingle, _PASSAGE, _IN_A_ROW, allowed).T
    contained = hits / np.maximum(count, 1)
    fitting = (contained >= _LEAST_SHARED) & (own <= allowed * lengths[shorter] + _ROUNDING)
    most = np.where(fitting, 1.0 - own / np.maximum(lengths[shorter], 1), 0.0)
    most = np.where(lengths[longer] > _ALIGNED, np.minimum(contained, most), most)
    scores = _letters(codes, offsets, longer, shorter, most, near)
    places = np.flatnonzero((scores >= near.threshold) & (lengths[longer] <= _ALIGNED))
    own = own_letters(codes, offsets, longer[places], shorter[places]) / np.maximum(lengths[shorter[places]], 1)
    scores[places] = np.where(own <= allowed + _ROUNDING, np.minimum(scores[places], 1.0 - own), 0.0)
    return scores


def _letters(codes: np.ndarray, offsets: np.ndarray, longer: np.ndarray, shorter: np.ndarray, most: np.ndarray, near: Near) -> np.ndarray:
    """The share of the shorter text's letters that stand in the longer one in the same order, but at most `most`.

    Any two English texts of one length share 0.55 of their letters that way, so what lies in passages of its own is not counted.
    Pairs whose `most` is below the threshold, and texts too long to align, are not aligned.
    """
    lengths = np.diff(offsets)
    scores = most.copy()
    places = np.flatnonzero((most >= near.threshold) & (lengths[longer] <= _ALIGNED))
    one, two = longer[places], shorter[places]
    least = np.maximum(near.least_common * (lengths[one] + lengths[two]) / 2, near.threshold * lengths[two])
    common = common_letters(codes, offsets, one, two, np.floor(least).astype(np.int64))
    enough = 2 * common >= near.least_common * (lengths[one] + lengths[two])
    scores[places] = np.where(enough, np.minimum(most[places], common / np.maximum(lengths[two], 1)), 0.0)
    return scores
