"""What was found in one article: its letters, its lines, and the stretches that stand in it twice."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from dedup.model import Span

if TYPE_CHECKING:
    import numpy as np


class Lines(NamedTuple):
    """The paragraphs of an article on its folded text: line i is letters[starts[i]:ends[i]]."""

    starts: list[int]
    ends: list[int]

    def of(self, letter: int) -> int:
        """The line that holds a letter."""
        return bisect_right(self.ends, letter)

    def span(self, line: int) -> Span:
        """The letters of a line; none where it is punctuation alone."""
        return Span(self.starts[line], self.ends[line])


class Match(NamedTuple):
    """Two stretches of the folded text that say the same; `pieces` are the equal parts (first, second, length)."""

    first: Span
    second: Span
    pieces: tuple[tuple[int, int, int], ...]

    @property
    def overlaps(self) -> bool:
        """True when the first stretch reaches into the second: a text that repeats with a period."""
        return self.first.end > self.second.start


class Evidence(NamedTuple):
    """What was found in one article: its letters, their places in the text, its lines and the matches.

    `weights[i]` is the weight of the letters before letter i, where a Han, Kana or Hangul letter counts two.
    `garbled` are the lines whose letters were read back from bytes that were decoded wrongly.
    """

    letters: str
    at: np.ndarray
    lines: Lines
    weights: np.ndarray
    matches: list[Match]
    garbled: frozenset[int]

    def gap(self, letter: int) -> Span:
        """The stretch of the text between a letter and the one before it."""
        return Span(int(self.at[letter - 1]) + 1, int(self.at[letter]))


def match_of(pieces: list[tuple[int, int, int]]) -> Match:
    """The match that reaches from the first piece to the last."""
    (first, second, _), (last_first, last_second, length) = pieces[0], pieces[-1]
    return Match(Span(first, last_first + length), Span(second, last_second + length), tuple(pieces))
