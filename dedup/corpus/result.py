"""The result of a corpus run: which rows stay, and for each that goes the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from dedup.model import Cluster, Deduplicated, Duplicate, Marks, Tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.corpus.duplicates import Found
    from dedup.corpus.sketches import Sketches

_Row = TypeVar("_Row")
_KINDS = ("exact", "near")


def told(rows: list[_Row], names: Sequence[str | None], old: int, sketches: Sketches, found: Found, signature: str) -> Deduplicated[_Row]:
    """The result for the rows, whose first `old` rows in `names`, `sketches` and `found` are the old ones and are not in `rows`."""
    keep = found.stars.of[old:] < 0
    gone = np.flatnonzero(~keep) + old
    return Deduplicated(
        kept=[row for row, stays in zip(rows, keep.tolist(), strict=True) if stays],
        removed=_duplicates(gone, names, old, found),
        keep=keep,
        clusters=_clusters(gone, names, old, found),
        report=tally(sketches, found, old, signature),
    )


def _duplicates(gone: np.ndarray, names: Sequence[str | None], old: int, found: Found) -> tuple[Duplicate, ...]:
    """The evidence for the rows that go, counted with the old ones; column by column, a quarter of the time of one by one."""
    of = found.stars.of[gone]
    said = (names[row] for row in gone.tolist()), (names[row] for row in of.tolist())
    places = np.where(of < old, of, of - old).tolist()
    kinds = (_KINDS[near] for near in found.stars.near[gone].tolist())
    columns = (gone - old).tolist(), said[0], places, said[1], found.stars.score[gone].tolist(), kinds, (of < old).tolist()
    return tuple(map(Duplicate._make, zip(*columns, strict=True)))


def tally(sketches: Sketches, found: Found, old: int, signature: str) -> Tally:
    """The counts of a run."""
    gone = found.stars.of[old:] >= 0
    near = int((gone & found.stars.near[old:]).sum())
    return Tally(
        rows=gone.size,
        kept=int((~gone).sum()),
        exact=int(gone.sum()) - near,
        near=near,
        empty=int((sketches.letters[old:] == 0).sum()),
        against=old,
        compared=found.compared,
        signature=signature,
    )


def _clusters(gone: np.ndarray, names: Sequence[str | None], old: int, found: Found) -> tuple[Cluster, ...]:
    """A cluster for each row that others repeat, the old ones first."""
    if not gone.size:
        return ()
    of = found.stars.of[gone]
    sort = np.argsort(of, kind="stable")
    centres, starts = np.unique(of[sort], return_index=True)
    rows = (gone[sort] - old).tolist()
    ends = [*starts[1:].tolist(), len(rows)]
    return tuple(
        Cluster(centre if centre < old else centre - old, names[centre], tuple(rows[start:end]), centre < old)
        for centre, start, end in zip(centres.tolist(), starts.tolist(), ends, strict=True)
    )


def marks(result: Deduplicated[_Row]) -> Marks:
    """What became of each row, as columns."""
    rows = result.keep.size
    of, score, old = list(range(rows)), [1.0] * rows, [False] * rows
    for gone in result.removed:
        of[gone.row], score[gone.row], old[gone.row] = gone.of, gone.score, gone.old
    centre = np.array(of, np.int64) - result.report.against * np.array(old, np.int64)  # old rows count from below 0
    further = np.where(centre < 0, centre, centre[np.maximum(centre, 0)])  # under "none" the centre goes and names one of its rows
    cluster = np.unique(np.minimum(centre, further), return_inverse=True)[1].astype(np.int64)
    return Marks(cluster, result.keep, np.array(of, np.int64), np.array(score, np.float64), np.array(old, bool))
