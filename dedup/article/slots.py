"""Slots: the pattern that lines with common words share, and what kind of thing its slots hold."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from dedup.article.patterns import SLOT
from dedup.kernels.wide import is_wide_letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup.article.patterns import Letters

Token = tuple[str, int, int]

_NEARLY_ALL = 0.9  # of the lines have a word that counts as fixed; one line of ten may be something else that begins alike
_MOST_LINES = 256  # that a pattern is made of
_MOST_SLOTS = 4
_DATE = re.compile(r"[年月日時时]|\d[-/:.]\d\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:19|20)\d\d", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[。！？!?]\s*[”\"’)）]?\s*$|(?<=[^\W\d_]{2})\.\s*$")


def weight_of(letters: str) -> int:
    """Letters, where a Han, Kana or Hangul one counts two."""
    return sum(2 if is_wide_letter(letter) else 1 for letter in letters)


def is_sentence(text: str) -> bool:
    """True for what ends as a sentence does."""
    return _ENDS_SENTENCE.search(text) is not None


def group_keys(tokens: Sequence[Token]) -> Iterator[str]:
    """What lines are brought together by: their first word, their first two, and their last ones."""
    words = [token[0] for token in tokens]
    if not words:
        return
    yield f"1 {words[0]}"
    yield f"-1 {words[-1]}"
    if len(words) > 1:
        yield f"2 {words[0]} {words[1]}"
        yield f"-2 {words[-2]} {words[-1]}"


def common_pattern(lines: Sequence[tuple[str, list[Token]]]) -> str | None:
    """The words that nearly all lines have, in their order, with a slot where something varies; None where that is no pattern."""
    lines = lines[:: max(1, len(lines) // _MOST_LINES)]
    numbered = [_numbered(tokens) for _, tokens in lines]
    least = _NEARLY_ALL * len(lines)
    count = Counter(word for words in numbered for word in words)
    fixed = {word for word, held in count.items() if held >= least}
    if not fixed:
        return None
    follow = Counter(pair for words in numbered for pair in pairwise([None, *words, None]))
    written = Counter(
        _written(text, tokens, [(word if word in fixed else None) for word in words], follow, least)
        for (text, tokens), words in zip(lines, numbered, strict=True)
        if fixed <= set(words)
    )
    return max(written.items(), key=lambda pair: (pair[1], pair[0] or ""))[0] if written else None


def _numbered(tokens: Sequence[Token]) -> list[tuple[str, int]]:
    """The words, each with how often it stood before."""
    seen: Counter[str] = Counter()
    words = []
    for word, _, _ in tokens:
        words.append((word, seen[word]))
        seen[word] += 1
    return words


def _written(
    text: str,
    tokens: Sequence[Token],
    words: Sequence[tuple[str, int] | None],
    follow: Counter[tuple[tuple[str, int] | None, tuple[str, int] | None]],
    least: float,
) -> str | None:
    """The line with a slot for each run of words that are not fixed, or that something else may stand between."""
    parts: list[str] = []
    end, slots, before, open_slot = 0, 0, None, False
    for (_, start, stop), word in zip(tokens, words, strict=True):
        if word is None:
            if not open_slot:
                parts += [text[end:start], SLOT]
                slots, open_slot = slots + 1, True
            end = stop
            continue
        if not open_slot and follow[before, word] < least:
            space = text[end:start]
            parts += [space, SLOT, "" if end else space]
            slots += 1
        else:
            parts.append(text[end:start])
        parts.append(text[start:stop])
        end, before, open_slot = stop, word, False
    if not open_slot and follow[before, None] < least:
        parts += [text[end:], SLOT]
        slots, end = slots + 1, len(text)
    parts.append(text[end:])
    if not 0 < slots <= _MOST_SLOTS or "{" in text:
        return None
    return "".join(parts).strip()


def has_figures(pieces: Sequence[str], lines: Sequence[Letters]) -> bool:
    """True when a slot holds numbers that are no dates: `Net {} vs {}` is news."""
    figures = sum(_figure(pieces, letters) for letters in lines)
    return figures * 2 > len(lines)


def has_dates(lines: Sequence[Letters]) -> bool:
    """True when nearly all lines hold what may be a date."""
    return sum(_DATE.search(letters.source) is not None for letters in lines) >= _NEARLY_ALL * len(lines)


def _figure(pieces: Sequence[str], letters: Letters) -> bool:
    rest = letters.text
    for piece in pieces:
        rest = rest.replace(piece, " ", 1) if piece else rest
    return any(word[0].isdigit() for word in rest.split()) and _DATE.search(letters.source) is None
