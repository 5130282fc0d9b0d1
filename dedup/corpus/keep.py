"""Which row stays: rows in the order of the policy, and stars around the rows that stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.kernels.groups import stars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.config import Keep
    from dedup.corpus.sketches import Sketches

UNDATED = np.iinfo(np.int64).min


def in_order(sketches: Sketches, keep: Keep, old: int, values: np.ndarray | None = None) -> np.ndarray:
    """The rows (int64) in the order in which they would be kept: the `old` first ones of the corpus, then by the policy.

    `values` (int64, a row) stand for a date or a key function's value, of which the greatest is kept, UNDATED last; `newest`
    and `oldest` need them. Ties go by the digest of the letters, then by that of the text as it
    stands, then by row, so that the order of the rows makes no difference to the texts that stay; `first` and `last` know no ties.
    """
    rows = np.arange(sketches.letters.size)
    digests = (sketches.spellings, sketches.digests[:, 1], sketches.digests[:, 0])
    keys: tuple[np.ndarray, ...]
    if values is not None:
        keys = (*digests, np.where(values == UNDATED, np.iinfo(np.int64).max, -values))
    elif keep == "first":
        keys = (rows,)
    elif keep == "last":
        keys = (-rows,)
    else:
        keys = (*digests, -sketches.lines, -sketches.letters)
    return np.lexsort((*keys, rows >= old))


def places(values: Sequence[object]) -> np.ndarray:
    """The place (int64) of each value among all distinct ones, ascending; values of one type that can be compared."""
    place = {value: i for i, value in enumerate(sorted(set(values)))}  # type: ignore[type-var] # the caller's values
    return np.array([place[value] for value in values], np.int64)


class Stars(NamedTuple):
    """For each row: `of` (int64), the kept row because of which it goes, or -1; the `score`; `near` where it is no exact duplicate."""

    of: np.ndarray
    score: np.ndarray
    near: np.ndarray


def choose(order: np.ndarray, same: np.ndarray, chosen: np.ndarray, pairs: np.ndarray, scores: np.ndarray, old: int) -> Stars:
    """The rows that go: equal to a kept row, or verified against one.

    `same[row]` is the representative of its equal rows, `chosen` the representatives that were compared, in the order of
    their ranks; `pairs` are ranks among them. A row whose representative goes because of a kept row goes because of that
    row too: their letters are equal, so the comparison is the same.
    """
    of = np.where(same != np.arange(order.size), same, -1)
    score = np.where(of >= 0, 1.0, 0.0)
    near = np.zeros(order.size, bool)
    because = stars(pairs, scores > 0, chosen.size, int((chosen < old).sum()))
    gone = np.flatnonzero(because >= 0)
    rows = chosen[gone]
    of[rows] = chosen[(pairs[because[gone]] >> np.uint64(32)).astype(np.int64)]
    score[rows], near[rows] = scores[because[gone]], True
    follows = np.flatnonzero((same != np.arange(order.size)) & near[same])
    of[follows], score[follows], near[follows] = of[same[follows]], score[same[follows]], True
    of[:old] = -1
    return Stars(of, score, near)
