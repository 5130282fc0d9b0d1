"""What lies about the threshold: the pairs nearest to it on both sides, how many there are, and what other thresholds would do.

Nothing is decided here: it is the evidence by which a person judges the threshold. A few pairs of each stratum of scores are
kept, with the number of pairs in that stratum, so that a sample says something of all of them.
"""

from __future__ import annotations

from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REACH = 0.1  # below the threshold: what scores less is another text, and aligning it would cost time
STEP = 0.01  # of the histogram, of the strata about the threshold, and of the thresholds that are tried
TRIED = 5  # steps to each side
_WIDE = 5  # steps of a stratum farther away
_LOOKED_AT = 64  # pairs of a stratum, for each that is kept, among which pairs of new rows are sought


class Borderline(NamedTuple):
    """Rows `first` (would stay) and `second` (would go) of the kept pairs, with their scores: from each stratum in turn, the nearest first.

    `histogram` counts the compared pairs by score, in steps from `threshold - REACH`; `strata` are the bounds of the strata in
    such steps; `removed` is how many rows go under each of `thresholds`, by the same comparisons.
    """

    first: np.ndarray
    second: np.ndarray
    score: np.ndarray
    threshold: float
    histogram: np.ndarray
    strata: np.ndarray
    thresholds: np.ndarray
    removed: np.ndarray

    def stratum(self, score: float) -> tuple[float, float, int]:
        """The bounds of the stratum of a score, and how many pairs it holds."""
        place = int(np.searchsorted(self.strata, _steps(np.array([score]), self.threshold)[0], "right")) - 1
        low, high = int(self.strata[place]), int(self.strata[place + 1])
        start = self.threshold - REACH
        return round(start + low * STEP, 6), round(start + high * STEP, 6), int(self.histogram[low:high].sum())


def borderline(
    pairs: np.ndarray, scores: np.ndarray, rows: np.ndarray, threshold: float, most: int, removed: Callable[[np.ndarray], int]
) -> Borderline:
    """At most `most` pairs about the threshold.

    `pairs` are ranks as `near.candidates` gives them, `rows[rank]` their rows, `scores` those that `verify` gave with the margin
    REACH. `removed` says how many rows go when pairs have these scores, 0 for no duplicate. No row is in two pairs of a stratum.
    """
    places = np.flatnonzero(scores > 0)
    steps = _steps(scores[places], threshold)
    last = int(_steps(np.array([1.0]), threshold)[0]) + 1
    middle = round(REACH / STEP)
    near = np.arange(middle - TRIED, middle + TRIED + 1)
    strata = np.unique(np.clip(np.concatenate(([0], near, np.arange(middle + TRIED, last + _WIDE, _WIDE))), 0, last))
    distance = np.abs(scores[places] - threshold)
    order = np.lexsort((pairs[places], distance))
    groups = np.searchsorted(strata, steps[order], "right") - 1
    turns = [
        _distinct(places[order[np.flatnonzero(groups == group)[: _LOOKED_AT * most]]], pairs)
        for group in sorted(range(strata.size - 1), key=lambda group: (abs(strata[group] + 0.5 - middle), group))
    ]
    kept = np.array(list(islice((place for place in chain.from_iterable(zip_longest(*turns)) if place is not None), most)), np.int64)
    tried = np.array([value for k in range(-TRIED, TRIED + 1) if 0 < (value := round(threshold + k * STEP, 6)) <= 1.0])
    return Borderline(
        first=rows[(pairs[kept] >> np.uint64(32)).astype(np.int64)],
        second=rows[(pairs[kept] & np.uint64(0xFFFFFFFF)).astype(np.int64)],
        score=scores[kept],
        threshold=threshold,
        histogram=np.bincount(steps, minlength=last)[:last],
        strata=strata,
        thresholds=tried,
        removed=np.array([removed(np.where(scores >= value, scores, 0.0)) for value in tried.tolist()], np.int64),
    )


def _steps(scores: np.ndarray, threshold: float) -> np.ndarray:
    """The step of each score above `threshold - REACH`; a score at the threshold is the first of its step, whatever the rounding."""
    return np.maximum(np.floor((scores - threshold) / STEP + 1e-6).astype(np.int64) + round(REACH / STEP), 0)


def _distinct(places: np.ndarray, pairs: np.ndarray) -> Iterator[int]:
    """The places of pairs, without those of which a row was in one before."""
    seen: set[int] = set()
    for place in places.tolist():
        ranks = {int(pairs[place]) >> 32, int(pairs[place]) & 0xFFFFFFFF}
        if not ranks & seen:
            seen |= ranks
            yield place
