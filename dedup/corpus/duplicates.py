"""The stages across articles in their order, for texts in memory and for texts in files alike."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.corpus.borderline import REACH, Borderline
from dedup.corpus.borderline import borderline as around
from dedup.corpus.exact import equal_rows
from dedup.corpus.keep import Stars, choose, in_order
from dedup.corpus.near import candidates
from dedup.corpus.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dedup.config import Config
    from dedup.corpus.sketches import Sketches


class Found(NamedTuple):
    """For each row the kept row because of which it goes, how many pairs of texts were compared, and what lies about the threshold."""

    stars: Stars
    compared: int
    borderline: Borderline | None = None


def find_duplicates(
    sketches: Sketches,
    fetch: Callable[[Sequence[int]], list[str]],
    old: int,
    config: Config,
    workers: int,
    values: np.ndarray | None = None,
    stage: Callable[[str, Callable[[], np.ndarray]], np.ndarray] = lambda _, make: make(),
    borderline: int = 0,
) -> Found:
    """What goes and because of what; the first `old` rows never go.

    `fetch` gives the texts of rows; `values` are what `keep.in_order` takes. `stage` gives the array of a name, made or saved before.
    `borderline` is how many pairs about the threshold are kept as evidence; they change nothing else.
    """
    near = config.near
    order = in_order(sketches, config.keep, old, values)
    own = np.arange(order.size)
    same = stage("same", lambda: equal_rows(sketches, order, fetch, workers)) if config.exact.enabled else own
    chosen = order[(same[order] == order) & (sketches.weights[order] >= near.least_weight)]
    if near.enabled:
        fresh = int((chosen < old).sum())
        pairs = stage("pairs", lambda: candidates(sketches, chosen, fresh, near, workers))
        margin = REACH if borderline else 0.0
        scores = stage("scores", lambda: verify(pairs, chosen, sketches.letters, fetch, near, workers, margin))
    else:
        pairs, scores = np.empty(0, np.uint64), np.empty(0)

    def stars(scores: np.ndarray) -> Stars:
        chose = choose(order, same, chosen, pairs, scores, old)
        return without_centres(chose, old) if config.keep == "none" else chose

    about = None
    if borderline and near.enabled:
        about = around(pairs, scores, chosen, near.threshold, borderline, lambda scores: int((stars(scores).of >= 0).sum()))
        scores = np.where(scores >= near.threshold, scores, 0.0)
    return Found(stars(scores), int(pairs.size), about)


def without_centres(stars: Stars, old: int) -> Stars:
    """The stars where the kept row goes too, because of the least row that went because of it; old rows stay."""
    gone = np.flatnonzero(stars.of >= 0)[::-1]  # written from the last to the first, so that the least row is the one that stands
    centres = stars.of[gone]
    gone, centres = gone[centres >= old], centres[centres >= old]
    stars.of[centres], stars.score[centres], stars.near[centres] = gone, stars.score[gone], stars.near[gone]
    return stars


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
