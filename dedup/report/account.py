"""The account of an article: every character of its repaired text is header, kept, removed or white space."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from dedup.model import Span
from dedup.plural import number

if TYPE_CHECKING:
    from dedup.model import Clean


class AccountError(Exception):
    """The spans of a result do not rebuild its text: a defect of this package, never of the input (exit 70)."""


class Account(NamedTuple):
    """Characters of the repaired text, by what became of them; the four add up to its length."""

    header: int
    kept: int
    removed: int
    white: int


def account(clean: Clean) -> Account:
    """The balanced account of a result.

    Raises AccountError when spans overlap, when a character that is not white space lies in none of them, or when the
    text holds other letters than the kept spans do.
    """
    header, kept = _length([clean.header]), _length(clean.kept)
    removed = _length([repeat.span for repeat in clean.removed])
    spans = sorted([clean.header, *clean.kept, *(repeat.span for repeat in clean.removed)])
    end = len(clean.repaired)
    for before, after in pairwise([Span(0, 0), *spans, Span(end, end)]):
        if before.end > after.start or after.end > end:
            message = f"the spans {tuple(before)} and {tuple(after)} of {number(end, 'character')} overlap"
            raise AccountError(message)
        gap = clean.repaired[before.end : after.start]
        if gap and not gap.isspace():
            message = f"the characters {before.end} to {after.start} are neither kept nor removed"
            raise AccountError(message)
    if _letters(clean.text) != _letters("".join(clean.repaired[start:stop] for start, stop in clean.kept)):
        message = "the text differs from what its kept spans hold"
        raise AccountError(message)
    return Account(header, kept, removed, end - header - kept - removed)


def _length(spans: list[Span] | tuple[Span, ...]) -> int:
    """Characters in spans."""
    return sum(end - start for start, end in spans)


def _letters(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())
