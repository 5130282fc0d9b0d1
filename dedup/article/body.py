"""Body: one article's text as every rule reads it, with what was found in it and what is derived from that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from dedup.article.code import is_code
from dedup.article.soundness import Witness, count_words

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Collection, Sequence

    import numpy as np

    from dedup.article.evidence import Evidence, Lines
    from dedup.article.structure import Side
    from dedup.config import Repeats
    from dedup.model import Span

# Weights: a letter of an alphabet counts one, a Han, Kana or Hangul letter two.
PROSE = 100  # of a line that is prose, not verse or a table's row
SHORT_PROSE = 60
LEAST_BODY = 60  # that a body said twice in one stretch must have, when all of it is

NEARLY = 2  # letters by which a stretch may miss a line's edge and still reach it

_SAMPLE = 2_000  # letters that show the script
_ALPHABET = 1.3  # mean weight of a letter, below which a text is mostly in an alphabet


@dataclass(frozen=True)
class Body:
    """The text, its paragraphs, the evidence and the configuration; nothing of it changes while rules are applied."""

    text: str
    paragraphs: Sequence[Span]
    evidence: Evidence
    config: Repeats

    @property
    def letters(self) -> str:
        """The folded text."""
        return self.evidence.letters

    @property
    def lines(self) -> Lines:
        """The paragraphs on the folded text."""
        return self.evidence.lines

    @cached_property
    def starts(self) -> frozenset[int]:
        """Letters that begin a line."""
        return frozenset(self.lines.starts)

    @cached_property
    def ends(self) -> frozenset[int]:
        """Letters before which a line ends."""
        return frozenset(self.lines.ends)

    @cached_property
    def witness(self) -> Witness:
        """The article's own letters as the witness of what is damage."""
        return Witness(self.letters)

    @cached_property
    def word_counts(self) -> Counter[str]:
        """How often each word stands in the article."""
        return count_words(self.text)

    @cached_property
    def has_words(self) -> bool:
        """True when the text is mostly in an alphabet that puts spaces between words."""
        sample = self.letters[:_SAMPLE]
        unspaced = sum("\u0e00" <= letter < "\u1100" or "\u1780" <= letter < "\u1800" for letter in sample)
        return bool(self.weights[-1] < _ALPHABET * len(self.letters)) and unspaced * 2 < len(sample)

    @cached_property
    def is_code(self) -> bool:
        """True when the body as a whole is code."""
        return is_code(self.text[self.paragraphs[0].start :]) if self.paragraphs else False

    @property
    def weights(self) -> np.ndarray:
        """The weight of the letters before each letter, and of all."""
        return self.evidence.weights

    def weigh(self, start: int, end: int) -> int:
        """The weight of a stretch."""
        return int(self.weights[end] - self.weights[start])

    def weigh_line(self, line: int) -> int:
        """The weight of a line."""
        return self.weigh(*self.lines.span(line))

    def says(self, line: int, start: int, end: int) -> bool:
        """True when a line has the letters of a stretch and no others."""
        low, high = self.lines.span(line)
        return 0 < high - low == end - start and self.letters[low:high] == self.letters[start:end]

    def has_figures(self, lines: Collection[int]) -> bool:
        """True when at least every other of the lines holds a digit: rows of a table, not headlines or verse."""
        return sum(any(map(str.isdigit, self.letters[slice(*self.lines.span(line))])) for line in lines) * 2 >= len(lines)

    def raw(self, span: Span) -> str:
        """The text from the first to the last letter of a stretch."""
        return self.text[self.evidence.at[span.start] : self.evidence.at[span.end - 1] + 1]

    def line_text(self, line: int) -> str:
        """The text of a line, with its marks."""
        return self.text[self.paragraphs[line].start : self.paragraphs[line].end]

    def between(self, letter: int) -> str:
        """The text between a letter and the one before it."""
        return self.text[slice(*self.evidence.gap(letter))]

    def begins_line(self, side: Side) -> bool:
        """True when the side begins with a line, but for a letter or two."""
        return side.span.start - self.lines.starts[side.first] <= NEARLY

    def ends_line(self, side: Side) -> bool:
        """True when the side ends with a line, but for a letter or two."""
        return self.lines.ends[side.last] - side.span.end <= NEARLY

    def is_whole(self, side: Side) -> bool:
        """True when the side begins and ends with lines."""
        return self.begins_line(side) and self.ends_line(side)

    def is_garbled(self, side: Side) -> bool:
        """True when one of the side's lines was decoded wrongly."""
        return any(line in self.evidence.garbled for line in range(side.first, side.last + 1))
