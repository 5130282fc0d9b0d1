"""Linking: equal stretches joined into matches, two stretches that say the same in the same order."""

from __future__ import annotations

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
_REACH = 8  # last pieces of a match whose letters are counted for what it may bridge


class _Step(NamedTuple):
    """How a match goes on with a piece: the letters between them on both sides, and those by which they overlap."""

    first: int
    second: int
    gap_first: int
    gap_second: int
    overlap: int

    @property
    def narrow(self) -> int:
        return min(self.gap_first, self.gap_second)

    @property
    def wide(self) -> int:
        return max(self.gap_first, self.gap_second)

    @property
    def cost(self) -> int:
        return abs(self.gap_first - self.gap_second) * 2 + self.narrow


def link(rows: np.ndarray, letters: str, lines: Lines, solid: int) -> list[Match]:
    """Equal stretches joined into matches: each goes on from the nearest open match that it can follow.

    A wide gap is bridged between pieces of at least `solid` letters only. At most `_OPEN` matches are
    open at a time, so that the cost stays linear.
    """
    order = np.lexsort((rows[:, 0], rows[:, 1]))
    open_chains: list[list[tuple[int, int, int]]] = []
    closed: list[list[tuple[int, int, int]]] = []
    for first, second, length in rows[order].tolist():
        best: list[tuple[int, int, int]] | None = None
        best_cost, best_overlap = _FAR_GAP * 2, 0
        for chain in open_chains:
            step = _step(chain, first, second, length)
            if step and step.cost < best_cost and _can_follow(chain, step, length, letters, lines, solid):
                best, best_cost, best_overlap = chain, step.cost, step.overlap
        if best is not None:
            best.append((first + best_overlap, second + best_overlap, length - best_overlap))
            continue
        if len(open_chains) >= _OPEN:
            # The match that ended longest ago is the least likely to go on.
            open_chains.sort(key=lambda chain: chain[-1][1] + chain[-1][2])
            closed.append(open_chains.pop(0))
        open_chains.append([(first, second, length)])
    return [match_of(chain) for chain in closed + open_chains]


def _step(chain: list[tuple[int, int, int]], first: int, second: int, length: int) -> _Step | None:
    """The step from a match's last piece to a piece; None where they overlap so far that they are rivals."""
    last_first, last_second, last_length = chain[-1]
    gap_first, gap_second = first - last_first - last_length, second - last_second - last_length
    overlap = max(0, -gap_first, -gap_second)
    if overlap > _OVERLAP or overlap * 2 > min(length, last_length):
        return None
    return _Step(first + overlap, second + overlap, gap_first + overlap, gap_second + overlap, overlap)


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
