"""Removals: which letters are gone so far and what they repeat, the one thing that changes while rules are applied."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.article.evidence import Match
    from dedup.model import Span

KINDS = ("block", "copy", "paragraph", "teaser", "summary", "title")
_BLOCK = 1 << 16
KEPT, TITLE = -1, -2  # a letter that stays; a removed letter whose kept mate stands in the header's title


class Choice(NamedTuple):
    """For each letter the kept letter that says it again (or KEPT, or TITLE), the kind of that removal; and new breaks.

    `breaks` has the letters at which a kept line is parted in two paragraphs, because a removed copy
    has a paragraph beginning there: kept letter -> the removed letter that begins it.
    """

    target: np.ndarray
    kind: np.ndarray
    breaks: dict[int, int]


@dataclass
class Removals:
    """For each letter the letter that it repeats (or KEPT, or TITLE) and the kind of that removal, an index of KINDS.

    `breaks` are removed letters that begin a paragraph of their copy; `settled` are the matches that were
    decided, in this order, each with whether its first side stayed.
    """

    target: np.ndarray
    kind: np.ndarray
    breaks: list[int] = field(default_factory=list)
    settled: list[tuple[Match, bool]] = field(default_factory=list)

    def is_kept(self, span: Span) -> bool:
        """True when at least one letter of a stretch stays."""
        return bool((self.target[span.start : span.end] == KEPT).any())

    def has_gone(self, span: Span) -> bool:
        """True when at least one letter of a stretch repeats a kept one."""
        return bool((self.target[span.start : span.end] >= 0).any())

    def new(self, start: int, target: np.ndarray) -> int:
        """How many letters from `start` on would go: those that are still kept, as is what they repeat."""
        own = self.target[start : start + target.size]
        return sum(
            int(((target[at] >= 0) & (own[at] == KEPT) & (self.target[np.maximum(target[at], 0)] == KEPT)).sum())
            for at in _blocks(target.size)
        )

    def remove(self, start: int, target: np.ndarray, kind: str, *, loser_is_second: bool) -> None:
        """Mark letters as removed where both they and what they repeat are still kept."""
        own = self.target[start : start + target.size]
        wanted = (target >= 0) & (own < 0)
        # Within one removal every letter points the same way, so that following them ends.
        losing = np.zeros(self.target.size, bool)
        losing[start : start + target.size] = wanted
        found = target.copy()
        for at in _blocks(target.size):
            mine = np.flatnonzero(wanted[at]) + at.start
            mates, letters = self.follow(target[mine]), mine + start
            good = ~losing[mates] | ((mates < letters) if loser_is_second else (mates > letters))
            found[mine] = mates
            wanted[mine[~good]] = False
        own[wanted] = found[wanted]
        self.kind[start : start + target.size][wanted] = KINDS.index(kind)

    def remove_line(self, span: Span, target: np.ndarray | int, kind: str) -> None:
        """Mark a whole line as removed."""
        self.target[span.start : span.end] = target
        self.kind[span.start : span.end] = KINDS.index(kind)

    def follow(self, target: np.ndarray) -> np.ndarray:
        """The kept letters behind letters that are themselves removed; no cycle can be, since each step was added later."""
        target = target.copy()
        while (gone := (target >= 0) & (self.target[target] != KEPT)).any():
            target[gone] = self.target[target[gone]]
        return target

    def follow_all(self) -> None:
        """Every removed letter points at a kept one."""
        for at in _blocks(self.target.size):
            gone = np.flatnonzero(self.target[at] != KEPT) + at.start
            self.target[gone] = self.follow(self.target[gone])

    def let_go(self, start: int, end: int) -> None:
        """Letters that say nothing by themselves are removed with the removed letter before them."""
        self.target[start:end] = self.target[start - 1]
        self.kind[start:end] = self.kind[start - 1]


def _blocks(size: int) -> Iterator[slice]:
    """The letters in blocks: an index of 4 bytes is turned into one of 8, some of it several times over."""
    return (slice(low, min(low + _BLOCK, size)) for low in range(0, size, _BLOCK))


def gone_before(target: np.ndarray) -> np.ndarray:
    """How many letters are removed before each letter, and in all (int32, one more than letters)."""
    return counted_before(target != KEPT)


def counted_before(mask: np.ndarray) -> np.ndarray:
    """How many of the letters before each letter are meant, and of all (int32, one more than letters)."""
    counts = np.zeros(mask.size + 1, np.int32)
    for at in _blocks(mask.size):
        np.cumsum(mask[at], dtype=np.int32, out=counts[at.start + 1 : at.stop + 1])
        counts[at.start + 1 : at.stop + 1] += counts[at.start]
    return counts


def no_removals(size: int) -> Removals:
    """The removals of an article of `size` letters before the first rule is applied."""
    return Removals(np.full(size, KEPT, np.int32), np.zeros(size, np.uint8))
