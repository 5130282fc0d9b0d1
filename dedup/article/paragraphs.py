"""Paragraphs: the lines of a text, as spans that leave only white space between them."""

from __future__ import annotations

import re

from dedup.model import Span

# Linear on any text: each line is matched once, and \S bounds both ends.
_LINE = re.compile(r"\S(?:[^\n]*\S)?")


def split_paragraphs(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The lines from `start` on that are not blank, without the white space around them, in order."""
    return [Span(*match.span()) for match in _LINE.finditer(text, start, len(text) if end is None else end)]


def first_line(text: str, start: int = 0) -> str:
    """The first of them, empty where there is none."""
    found = _LINE.search(text, start)
    return found.group() if found else ""
