"""Seams: where the text between two letters is parted, and the stretches of a line between such places."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from dedup.model import Span

if TYPE_CHECKING:
    from dedup.article.evidence import Evidence
    from dedup.article.removals import Choice


class Run(NamedTuple):
    """A stretch of one line's letters that is kept or removed as a whole, with its span of the text."""

    line: int
    start: int
    end: int
    kept: bool
    span: Span


def strip(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends."""
    part = text[start:end]
    return Span(start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip()))


def find_boundary(text: str, evidence: Evidence, choice: Choice, edge: int, paragraph: Span) -> int:
    """Where in the text the stretch before letter `edge` ends and the one from it on begins."""
    at, target = evidence.at, choice.target
    low, high = evidence.gap(edge)
    if high <= low:
        return max(low, high)
    gap = text[low:high]
    if target[edge - 1] >= 0:
        mate = int(target[edge - 1])
        return low + count_common(gap, text[int(at[mate]) + 1 : _next_start(evidence, mate, paragraph)])
    mate = int(target[edge])
    before = int(at[mate - 1]) + 1 if mate else 0
    line_break = text.rfind("\n", before, int(at[mate]))
    lead = text[max(before, line_break + 1) : int(at[mate])]
    if line_break < 0 and before > 0:
        return low + count_closing(gap)
    own = 0
    while own < min(len(gap), len(lead)) and gap[-1 - own] == lead[-1 - own]:
        own += 1
    return high - own


def _next_start(evidence: Evidence, letter: int, paragraph: Span) -> int:
    """The text's place of the letter after `letter`, or as far as the next line's."""
    return int(evidence.at[letter + 1]) if letter + 1 < evidence.at.size else paragraph.end + int(evidence.at[letter])


def count_common(gap: str, pattern: str) -> int:
    """How many characters of `gap` from its start the pattern has too; by default its closing marks."""
    pattern = pattern.split("\n", 1)[0] if "\n" in pattern else pattern[: count_closing(pattern)]
    size = 0
    for mine, its in zip(gap, pattern, strict=False):
        if mine != its:
            break
        size += 1
    return size if size == len(pattern.rstrip()) or size else count_closing(gap)


def count_closing(gap: str) -> int:
    """How many characters of a gap belong to the sentence before it: closing marks, and what follows no space."""
    for place, char in enumerate(gap):
        if unicodedata.category(char) in ("Ps", "Pi") or (char.isspace() and place):
            return place
        if char in "\"'" and place and gap[place - 1] in ".!?。！？ ":
            return place + 1 if len(gap) == place + 1 or gap[place + 1].isspace() else place
    return len(gap)
