"""Layout: the kept spans joined to the canonical text, one paragraph a line, the author's blank lines kept."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from dedup.article.paragraphs import split_paragraphs
from dedup.kernels.wide import is_wide_letter
from dedup.model import Laid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.model import Span


_NO_SPACE_AFTER = "。！？，；：、“‘「『（"
_NO_SPACE_BEFORE = "，。；：、？！”’」』）,.;:!?)"
_MOST_BREAKS = 3  # two blank lines part the functions of code; more are a page's spacing


def lay_out(text: str, paragraphs: Sequence[Sequence[Span]]) -> Laid:
    """What is left of a text; the spans of a paragraph are joined by a space where words would run together."""
    return _laid(text, paragraphs, untouched=False)


def lay_whole(text: str, start: int) -> Laid:
    """The whole text from `start` on, of which everything stays."""
    return _laid(text, [[span] for span in split_paragraphs(text, start)], untouched=True)


def _laid(text: str, paragraphs: Sequence[Sequence[Span]], *, untouched: bool) -> Laid:
    texts = [_joined([text[span.start : span.end] for span in spans]) for spans in paragraphs]
    whole = _lines(text, paragraphs, texts, untouched=untouched)
    return Laid(whole, tuple(texts), tuple(span for spans in paragraphs for span in spans))


def _joined(parts: list[str]) -> str:
    """The parts as one paragraph."""
    whole = parts[0]
    for part in parts[1:]:
        whole += glue(whole, part) + part
    return whole


def glue(before: str, after: str) -> str:
    """What joins two parts of a paragraph: a space where words would run together."""
    wide = is_wide_letter(before[-1]) or is_wide_letter(after[0])
    return "" if wide or before[-1] in _NO_SPACE_AFTER or after[0] in _NO_SPACE_BEFORE else " "


def _lines(text: str, paragraphs: Sequence[Sequence[Span]], texts: Sequence[str], *, untouched: bool) -> str:
    """The paragraphs as one text: a line break between them, a blank line where the source has one.

    Neighbours of the source keep their break; where something between two was taken out, the break
    is the one that most others have. Spaces before a line stay when the lines' differ (code, verse);
    the same ones everywhere are mere layout and go, but in an article from which nothing was taken.
    """
    if not texts:
        return ""
    breaks = [_break_between(text, before[-1].end, after[0].start) for before, after in pairwise(paragraphs)]
    known = [found for found in breaks if found]
    usual = "\n\n" if sum(len(found) > 1 for found in known) * 2 > len(known) else "\n"
    indents = [_indent(text, spans[0].start) for spans in paragraphs]
    if len(set(indents)) <= 1 and not untouched:
        indents = [""] * len(indents)
    out = []
    for indent, paragraph, after in zip(indents, texts, [*breaks, ""], strict=True):
        out += [indent, paragraph, usual if after is None else after]
    return "".join(out)


def _break_between(text: str, end: int, start: int) -> str | None:
    """The break between two spans that only white space parts; None where they are no neighbours."""
    between = text[end:start] if start >= end else "x"
    if between in ("\n", "\n\n"):
        return between
    if between.strip() or not between:
        return None
    return "\n" * min(max(between.count("\n"), 1), _MOST_BREAKS)


def _indent(text: str, start: int) -> str:
    """The spaces and tabs between a line's start and its first character."""
    if start == 0 or text[start - 1] == "\n":
        return ""
    line = text.rfind("\n", 0, start) + 1
    before = text[line:start]
    return before if not before.strip(" \t\u3000\u00a0") else ""
