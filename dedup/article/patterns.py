"""Patterns: what many articles of a site say in the same words, with `{}` for what varies, and where a text says it.

A pattern is compared by folded letters, so that case, width, punctuation and spaces make no difference. What stands in a slot
is short, is no sentence and begins and ends with a word; a fixed part never ends inside one.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from dedup.kernels.fold import fold
from dedup.kernels.wide import is_wide_letter

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOT = "{}"
LONGEST_SLOT = 60
"""Characters of the longest slot: a name with an office, a date with a time; a sentence is longer or ends in a full stop."""

LONGEST_START, LONGEST_END = 60, 160
"""Characters of what may stand before the first sentence of a body (`WASHINGTON (Reuters) -`), and after its last."""

_MOST_PLACES = 8  # prefixes or suffixes of a paragraph that are looked at
_MARKS = re.compile(r"[。！？!?；，（）()\[\]【】]|[.:：](?:\s|$)")  # none is in a slot before the first or after the last sentence
_SENTENCE = re.compile(r"[。！？!?；]|\.(?:\s|$)")
_DELIMITER = re.compile(r"[：:】）)\]—–|]+|\s-+\s")
_OPENER = re.compile(r"[（(\[【]|(?<=[。！？.!?”\"])\s*(?=\S)")
_TRAILING = re.compile(r"[\s：:，,。.;；、|】）)\]—–·-]*")


class Pattern(NamedTuple):
    """Words that a site puts into its articles: a whole line, the `start` of the body or its `end`; `{}` stands for what varies.

    `articles` of `of` articles that it was learned from say it; 0 where nobody counted.
    """

    place: str
    text: str
    articles: int = 0
    of: int = 0


class Letters(NamedTuple):
    """The folded letters of a text and the place of each, with one more for the end."""

    text: str
    at: list[int]
    source: str

    def is_edge(self, letter: int) -> bool:
        """True when no word of an alphabet goes on over the boundary before this letter."""
        if not 0 < letter < len(self.text) or self.at[letter] != self.at[letter - 1] + 1:
            return True
        before, after = self.text[letter - 1], self.text[letter]
        return is_wide_letter(before) or is_wide_letter(after) or before.isdigit() != after.isdigit()


def letters_of(text: str) -> Letters:
    """The folded letters of a text."""
    codes, at = fold(text)
    return Letters(codes.tobytes().decode("utf-32-le", "surrogatepass"), [*at.tolist(), len(text)], text)


def tokens_of(letters: Letters) -> list[tuple[str, int, int]]:
    """The words of a text, a Han letter and a number each one: the folded letters, and where they stand in the text."""
    edges = [0, *(letter for letter in range(1, len(letters.text)) if letters.is_edge(letter)), len(letters.text)]
    return [(letters.text[a:b], letters.at[a], letters.at[b - 1] + 1) for a, b in pairwise(edges) if a < b]


def pieces_of(pattern: str) -> tuple[str, ...]:
    """The folded fixed parts of a pattern, between which its slots lie."""
    return tuple(letters_of(part).text for part in pattern.split(SLOT))


def matches(letters: Letters, pieces: tuple[str, ...], *, whole: bool = True) -> bool:
    """True when the text is the fixed parts in their order with a slot between each two; linear in the text.

    What is no `whole` line but stands in one with the news has no brackets or commas in its slots.
    """
    text = letters.text
    if len(pieces) == 1:
        return text == pieces[0] != ""
    if not text.startswith(pieces[0]) or not text.endswith(pieces[-1]) or not any(pieces):
        return False
    at, last = len(pieces[0]), len(text) - len(pieces[-1])
    for piece in pieces[1:-1]:
        found = text.find(piece, at + 1, last) if piece else -1
        while found >= 0 and not (letters.is_edge(found) and letters.is_edge(found + len(piece))):
            found = text.find(piece, found + 1, last)
        if found < 0 or not _is_slot(letters, at, found, whole=whole):
            return False
        at = found + len(piece)
    return at < last and _is_slot(letters, at, last, whole=whole)


def _is_slot(letters: Letters, start: int, end: int, *, whole: bool) -> bool:
    """True when the letters may stand in a slot."""
    if not letters.is_edge(start) or not letters.is_edge(end):
        return False
    stop = letters.at[end - 1] + 1
    said = letters.source[letters.at[start] : stop]
    ends = end == len(letters.text) and letters.source[stop:].strip()[:1] in (*"。！？.!?",)
    return len(said) <= LONGEST_SLOT and (_SENTENCE if whole else _MARKS).search(said) is None and not (ends and whole)


def starts_of(paragraph: str) -> Iterator[int]:
    """Where what a site puts before the first sentence may end, the longest first."""
    places = [match.end() for match in _DELIMITER.finditer(paragraph, 0, LONGEST_START)]
    ends = {_TRAILING.match(paragraph, place).end() for place in places[-_MOST_PLACES:]}  # type: ignore[union-attr] # it matches anything
    yield from sorted(ends, reverse=True)


def ends_of(paragraph: str) -> Iterator[int]:
    """Where what a site puts after the last sentence may begin, the longest first."""
    low = max(0, len(paragraph) - LONGEST_END)
    places = [match.end() if match[0].strip() == "" else match.start() for match in _OPENER.finditer(paragraph, low)]
    found = sorted({place for place in places if 0 < place < len(paragraph)})[-_MOST_PLACES:]
    yield from found if low else [0, *found]
