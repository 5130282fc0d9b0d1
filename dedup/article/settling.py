"""Settling: one accepted claim, its worse side removed but for what only that side says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.article.body import PROSE
from dedup.article.preference import first_stays
from dedup.article.removals import KINDS
from dedup.article.sameness import statement_gaps

if TYPE_CHECKING:
    from dedup.article.body import Body
    from dedup.article.claims import Claim, Claims
    from dedup.article.differences import Gap
    from dedup.article.removals import Removals
    from dedup.article.structure import Side


def settle(body: Body, found: Claims, removals: Removals, claim: Claim, kind: str, verdict: float | None = None) -> None:
    """Remove the side that a reader wants less, but for what only it says; `verdict` is which side is sound, where known."""
    stays = verdict > 0 if verdict else first_stays(body, claim, kind, found, removals.settled)
    removals.settled.append((claim.match, stays))
    loser = claim.other if stays else claim.one
    if body.is_garbled(claim.one if stays else claim.other) and not body.is_garbled(loser):
        return  # whatever the rule: what can be read never goes for what cannot
    start, end = loser.span
    target = _pair(claim, loser_is_second=stays)
    unlike = int((target < 0).sum())
    for gap in statement_gaps(body, claim):
        target[_line_of_gap(body, claim, gap, start, target, loser_is_second=stays)] = -1
    if kind != "block" and unlike * 2 > end - start:
        return
    new = removals.new(start, target)
    if new * 3 < claim.compared.equal and new < PROSE:
        return  # what is left of it is chance: a phrase, out of step
    if kind == "block" and _said_by_line(body, removals, loser, target) * 2 > new:
        return  # the block has this already, and says it again as its author does
    removals.remove(start, target, kind, loser_is_second=stays)
    removals.breaks += loser.trusted
    if start == body.lines.starts[loser.first]:
        removals.breaks.append(start)
    if kind in ("teaser", "summary"):
        _remove_label(body, removals, loser, kind)


def _pair(claim: Claim, *, loser_is_second: bool) -> np.ndarray:
    """For each letter of the losing side the letter of the winning side that it repeats; -1 where there is none."""
    losing, winning = (1, 0) if loser_is_second else (0, 1)
    spans = (claim.match.first, claim.match.second)
    lost, won = spans[losing], spans[winning]
    target = np.full(lost.end - lost.start, -1, np.int32)
    for piece in claim.compared.pieces:
        at, mate, length = piece[losing] - lost.start, piece[winning], piece[2]
        target[at : at + length] = np.arange(mate, mate + length, dtype=np.int32)
    for gap in claim.compared.gaps:
        (start, end), (mate, mate_end) = gap.sides[losing], gap.sides[winning]
        if start == end or gap.kind == "other" or (gap.kind == "only" and mate == mate_end):
            continue
        places = mate + (np.arange(end - start) * max(mate_end - mate, 1)) // (end - start)
        target[start - lost.start : end - lost.start] = np.clip(places, won.start, won.end - 1)
    return target


def _line_of_gap(body: Body, claim: Claim, gap: Gap, first: int, target: np.ndarray, *, loser_is_second: bool) -> slice:
    """The letters of a target that stand in the paragraph of a gap, by the better structured side's paragraphs."""
    (lost, _), (won, _) = gap.sides[::-1] if loser_is_second else gap.sides
    second_is_finer = len(claim.one.trusted) < len(claim.other.trusted)
    if second_is_finer == loser_is_second:
        start, end = body.lines.span(body.lines.of(lost))
        return slice(max(start - first, 0), max(end - first, 0))
    start, end = body.lines.span(body.lines.of(won))
    inside = np.flatnonzero((target >= start) & (target < end))
    return slice(int(inside[0]), int(inside[-1]) + 1) if inside.size else slice(0, 0)


def _said_by_line(body: Body, removals: Removals, loser: Side, target: np.ndarray) -> int:
    """How many of the kept letters are those that removed letters of the losing side's line repeat already."""
    start, end = body.lines.starts[loser.first], body.lines.ends[loser.last]
    said = removals.target[start:end]
    again = np.zeros(removals.target.size, bool)
    again[said[said >= 0]] = True
    return int(again[target[target >= 0]].sum())


def _remove_label(body: Body, removals: Removals, loser: Side, kind: str) -> None:
    """The words that only make a line a teaser or a summary go with it."""
    start, end = body.lines.span(loser.first)
    known = np.flatnonzero(removals.target[start:end] >= 0) + start
    if known.size:
        removals.target[start : known[0]] = removals.target[known[0]]
        removals.target[known[-1] + 1 : end] = removals.target[known[-1]]
        removals.kind[start:end] = KINDS.index(kind)
