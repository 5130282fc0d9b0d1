"""Paragraphs: the lines of a text, as spans that leave only white space between them."""

from __future__ import annotations

import re

from dedup.model import Span

# Linear on any text: each line is matched once, and \S bounds both ends.
_LINE = re.compile(r"\S(?:[^\n]*\S)?")


def split_paragraphs(text: str, start: int = 0) -> list[Span]:
    """The lines from `start` on that are not blank, without the white space around them, in order."""
    return [Span(*match.span()) for match in _LINE.finditer(text, start)]
