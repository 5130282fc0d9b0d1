"""Rounds: a body is read again as it was left, until nothing more is said twice in it.

What one removal leaves may be a repeat that the whole hid: a share of the body grows when the body
shrinks, and a line becomes the last one. So that cleaning what was cleaned changes nothing, the kept
text itself is found in, chosen from and cut, and the evidence is told in the places of the source.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from dedup.article.canonical import choose
from dedup.article.cut import Cut, cut
from dedup.article.layout import glue
from dedup.article.paragraphs import split_paragraphs
from dedup.article.removals import KEPT
from dedup.article.repeats import find_repeats
from dedup.article.screening import is_title, limits_of, pays, screen
from dedup.kernels.points import points_of
from dedup.model import Repeat, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.config import Repeats

_END = itemgetter(1)
_MOST_ROUNDS = 4  # two have been enough for every text tried


def _span_end(repeat: Repeat) -> int:
    return repeat.span.end


class _Sheet(NamedTuple):
    """The kept text, and where its stretches stand in the source: (start, end, start in the source), in order."""

    text: str
    places: list[tuple[int, int, int]]


def settle_repeats(text: str, paragraphs: Sequence[Span], title: str | None, title_span: Span | None, config: Repeats) -> Cut:
    """The body's paragraphs once each, and the evidence for all that is not among them."""
    left = _one_round(text, paragraphs, title, title_span, config)
    for _ in range(_MOST_ROUNDS):
        if not left.removed:
            break
        sheet = _sheet_of(text, left.paragraphs)
        lines = split_paragraphs(sheet.text)
        first = sheet.text[slice(*lines[0])] if lines else ""
        if pays() and not is_title(title, first) and not screen(points_of([sheet.text]), [sheet.text], limits_of(config))[0]:
            break
        more = _one_round(sheet.text, lines, title, title_span, config)
        if not more.removed:
            break
        left = _joined(left, more, sheet)
    return left


def _one_round(text: str, paragraphs: Sequence[Span], title: str | None, title_span: Span | None, config: Repeats) -> Cut:
    """Find, choose, cut."""
    evidence = find_repeats(text, paragraphs, config)
    choice = choose(text, paragraphs, evidence, title, config)
    if not choice.breaks and (choice.target == KEPT).all():
        return Cut([[span] for span in paragraphs], [])
    return cut(text, paragraphs, evidence, choice, title_span)


def _sheet_of(text: str, paragraphs: Sequence[Sequence[Span]]) -> _Sheet:
    """The paragraphs as they will be put out, a line each."""
    parts: list[str] = []
    places = []
    at = 0
    for spans in paragraphs:
        before = ""
        for span in spans:
            part = text[slice(*span)]
            space = glue(before, part) if before else ""
            parts += [space, part]
            at += len(space)
            places.append((at, at + len(part), span.start))
            at += len(part)
            before = part
        parts.append("\n")
        at += 1
    return _Sheet("".join(parts), places)


def _joined(left: Cut, more: Cut, sheet: _Sheet) -> Cut:
    """What is left after both rounds, and the evidence of both, in the places of the source."""
    paragraphs = [[place for span in spans for place in _in_source(span, sheet)] for spans in more.paragraphs]
    fresh = sorted(repeat for found in more.removed for repeat in _told_in_source(found, sheet))
    removed = [_pointed_on(repeat, fresh) for repeat in left.removed]
    return Cut(paragraphs, sorted([*removed, *fresh]))


def _told_in_source(found: Repeat, sheet: _Sheet) -> list[Repeat]:
    """A removal from the sheet as removals from the source, one for each stretch of it that stands apart there."""
    of = found.of if found.kind == "title" else max(_in_source(found.of, sheet), key=lambda span: span.end - span.start)
    return [found._replace(span=span, of=of) for span in _in_source(found.span, sheet)]


def _in_source(span: Span, sheet: _Sheet) -> list[Span]:
    """Where a stretch of the sheet stands in the source."""
    found = []
    for place in range(bisect_right(sheet.places, span.start, key=_END), len(sheet.places)):
        start, end, source = sheet.places[place]
        if start >= span.end:
            break
        low, high = max(start, span.start), min(end, span.end)
        found.append(Span(source + low - start, source + high - start))
    return found


def _pointed_on(repeat: Repeat, fresh: Sequence[Repeat]) -> Repeat:
    """The removal, naming a kept stretch also where the one it named was removed after it."""
    if repeat.kind == "title":
        return repeat
    for place in range(bisect_right(fresh, repeat.of.start, key=_span_end), len(fresh)):
        later = fresh[place]
        if later.span.start >= repeat.of.end:
            break
        low, high = max(repeat.of.start, later.span.start), min(repeat.of.end, later.span.end)
        if (high - low) * 2 >= repeat.of.end - repeat.of.start:
            return repeat._replace(of=later.of)
        before, after = Span(repeat.of.start, low), Span(high, repeat.of.end)
        repeat = repeat._replace(of=max(before, after, key=lambda span: span.end - span.start))
    return repeat
