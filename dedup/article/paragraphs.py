"""Paragraphs: the lines of a text, as spans that leave only white space between them."""

from __future__ import annotations

import re

from dedup.model import Span

# Linear on any text: each line is matched once, and \S bounds both ends.
_LINE = re.compile(r"\S(?:[^\n]*\S)?")


def split_paragraphs(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The lines from `start` on that are not blank, without the white space around them, in order."""
    found = []
    at = start
    for line in text[start:end].split("\n"):
        said = line.strip()
        if said:
            first = at if line[0] == said[0] else at + len(line) - len(line.lstrip())
            found.append(Span(first, first + len(said)))
        at += len(line) + 1
    return found


def first_line(text: str, start: int = 0) -> str:
    """The first of them, empty where there is none."""
    found = _LINE.search(text, start)
    return found.group() if found else ""
