"""Linking: equal stretches joined into matches, two stretches that say the same in the same order."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.article.differences import PASSAGE, alike
from dedup.article.evidence import Match, match_of

if TYPE_CHECKING:
    from dedup.article.evidence import Lines

_NEAR_GAP = 64
_FAR_GAP = 2000
_WORD = 6  # letters of a gap that are compared before it is bridged
_DAMAGE = 4
_SMALL_GAP = 16  # letters of a one-sided gap that need no long equal stretch on either side
_OPEN = 24  # matches that may still go on; each piece is tried on all of them
_OVERLAP = 24  # letters by which neighbours may overlap where a difference repeats its surroundings; more is a rival
_SECOND_END = itemgetter(1)
_REACH = 8  # last pieces of a match whose letters are counted for what it may bridge


class _Step(NamedTuple):
    """How a match goes on with a piece: the letters between them on both sides, and those by which they overlap."""

    first: int
    second: int
    gap_first: int
    gap_second: int
    overlap: int
    narrow: int
    wide: int


def link(rows: np.ndarray, letters: str, lines: Lines, solid: int) -> list[Match]:
    """Equal stretches joined into matches: each goes on from the nearest open match that it can follow.

    A wide gap is bridged between pieces of at least `solid` letters only. At most `_OPEN` matches are
    open at a time, so that the cost stays linear.
    """
    order = np.lexsort((rows[:, 0], rows[:, 1]))
    chains: list[list[tuple[int, int, int]]] = []
    ends: list[tuple[int, int, int, list[tuple[int, int, int]]]] = []  # of the open ones, each with its last piece's ends and length
    for first, second, length in rows[order].tolist():
        best, best_cost, best_overlap = -1, _FAR_GAP * 2, 0
        # Nearly all that is tried is too far off or a rival: what tells so is in this loop, and not behind a call.
        for at, (end_first, end_second, last_length, chain) in enumerate(ends):
            gap_first, gap_second = first - end_first, second - end_second
            overlap = 0
            if gap_first < 0 or gap_second < 0:
                overlap = -min(gap_first, gap_second)
                if overlap > _OVERLAP or overlap * 2 > length or overlap * 2 > last_length:
                    continue
                gap_first, gap_second = gap_first + overlap, gap_second + overlap
            if gap_first < gap_second:
                narrow, wide = gap_first, gap_second
            else:
                narrow, wide = gap_second, gap_first
            if wide > _FAR_GAP or (wide > _NEAR_GAP and (narrow > _NEAR_GAP or length < solid)):
                continue
            cost = (wide - narrow) * 2 + narrow
            if cost < best_cost:
                step = _Step(first + overlap, second + overlap, gap_first, gap_second, overlap, narrow, wide)
                if _can_follow(chain, step, length, letters, lines, solid):
                    best, best_cost, best_overlap = at, cost, overlap
        piece = (first + best_overlap, second + best_overlap, length - best_overlap)
        if best >= 0:
            chain = ends[best][3]
            chain.append(piece)
            ends[best] = (first + length, second + length, piece[2], chain)
            continue
        if len(ends) >= _OPEN:
            # The match that ended longest ago is the least likely to go on.
            ends.sort(key=_SECOND_END)
            chains.append(ends.pop(0)[3])
        ends.append((first + length, second + length, length, [piece]))
    return [match_of(chain) for chain in (*chains, *(end[3] for end in ends))]


def _can_follow(chain: list[tuple[int, int, int]], step: _Step, length: int, letters: str, lines: Lines, solid: int) -> bool:
    """True when what lies between a match and a piece of `length` letters is a difference within one text."""
    reach = sum(piece[2] for piece in chain[-_REACH:])
    if step.first - step.overlap + length > chain[0][1] and abs(step.gap_first - step.gap_second) > _DAMAGE:
        return False  # sides that overlap are a text with a period, which damage changes by a letter or two
    if step.wide > _NEAR_GAP:
        if step.wide > _FAR_GAP or step.narrow > _NEAR_GAP or length < solid or reach < solid:
            return False
        if not _is_passage(step, lines):
            return False
    if step.narrow >= _WORD and (step.wide > 2 * PASSAGE or min(reach, length) < 2 * step.wide) and not _is_alike(step, letters):
        return False
    if step.wide > _SMALL_GAP and step.narrow * 4 < step.wide and min(reach, length) < min(step.wide, solid):
        return _is_passage(step, lines) and min(reach, length) * 2 >= solid
    return True


def _is_alike(step: _Step, letters: str) -> bool:
    """True when both sides of the gap are versions of one text."""
    return alike(letters[step.first - step.gap_first : step.first], letters[step.second - step.gap_second : step.second])


def _is_passage(step: _Step, lines: Lines) -> bool:
    """True when the gap is a passage that one copy lacks: whole lines, or none where the other has a break."""
    narrow, wide = sorted(((step.first, step.gap_first), (step.second, step.gap_second)), key=lambda end: end[1])
    if _is_near_break(narrow[0], lines) or _is_near_break(narrow[0] - narrow[1], lines):
        return True
    return _is_near_break(wide[0], lines) and _is_near_break(wide[0] - wide[1], lines)


def _is_near_break(letter: int, lines: Lines) -> bool:
    """True when a line begins or ends within two letters of the place."""
    line = min(lines.of(letter), len(lines.ends) - 1)
    return letter - lines.starts[line] <= 2 or lines.ends[line] - letter <= 2
