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


def told(rows: list[_Row], names: Sequence[str | None], old: int, sketches: Sketches, found: Found, signature: str) -> Deduplicated[_Row]:
    """The result for the rows, whose first `old` rows in `names`, `sketches` and `found` are the old ones and are not in `rows`."""
    keep = found.stars.of[old:] < 0
    removed = tuple(duplicate(row, names, old, found) for row in (np.flatnonzero(~keep) + old).tolist())
    return Deduplicated(
        kept=[row for row, stays in zip(rows, keep.tolist(), strict=True) if stays],
        removed=removed,
        keep=keep,
        clusters=_clusters(removed),
        report=tally(sketches, found, old, signature),
    )


def duplicate(row: int, names: Sequence[str | None], old: int, found: Found) -> Duplicate:
    """The evidence for one row, counted with the old ones."""
    of = int(found.stars.of[row])
    kind = "near" if found.stars.near[row] else "exact"
    place = of if of < old else of - old
    return Duplicate(row - old, names[row], place, names[of], float(found.stars.score[row]), kind, of < old)


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


def _clusters(removed: tuple[Duplicate, ...]) -> tuple[Cluster, ...]:
    """A cluster for each row that others repeat, the old ones first."""
    stars: dict[tuple[bool, int, str | None], list[int]] = {}
    for gone in removed:
        stars.setdefault((not gone.old, gone.of, gone.of_id), []).append(gone.row)
    return tuple(
        Cluster(of, name, tuple(rows), not fresh) for (fresh, of, name), rows in sorted(stars.items(), key=lambda star: star[0][:2])
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
