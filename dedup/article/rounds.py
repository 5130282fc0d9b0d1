"""Rounds: a body is read again as it was left, until nothing more is said twice in it.

What one removal leaves may be a repeat that the whole hid: a share of the body grows when the body
shrinks, and a line becomes the last one. So that cleaning what was cleaned changes nothing, the kept
text itself is found in, chosen from and cut, and the evidence is told in the places of the source.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.article.canonical import choose
from dedup.article.cut import Cut, cut
from dedup.article.grounds import account_for
from dedup.article.layout import glue
from dedup.article.paragraphs import split_paragraphs
from dedup.article.removals import KEPT, KINDS, TITLE, Choice
from dedup.article.repeats import find_repeats
from dedup.article.screening import is_title, limits_of, pays, screen
from dedup.article.seams import Run
from dedup.kernels.points import points_of
from dedup.model import Repeat, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.article.evidence import Evidence
    from dedup.config import Repeats

_END = itemgetter(1)
_MOST_ROUNDS = 4  # two have been enough for every text tried


def _span_start(repeat: Repeat) -> int:
    return repeat.span.start


class _Sheet(NamedTuple):
    """The kept text, and where its stretches stand in the source: (start, end, start in the source), in order."""

    text: str
    places: list[tuple[int, int, int]]


class _Round(NamedTuple):
    """What was found in a text, what was chosen of it, and what is left."""

    evidence: Evidence
    choice: Choice
    left: Cut


def settle_repeats(text: str, paragraphs: Sequence[Span], title: str | None, title_span: Span | None, config: Repeats) -> Cut:
    """The body's paragraphs once each, and the evidence for all that is not among them."""
    known = _one_round(text, paragraphs, title, title_span, config)
    for _ in range(_MOST_ROUNDS):
        if not known.left.removed:
            break
        sheet = _sheet_of(text, known.left.paragraphs)
        lines = split_paragraphs(sheet.text)
        first = sheet.text[slice(*lines[0])] if lines else ""
        if pays() and not is_title(title, first) and not screen(points_of([sheet.text]), [sheet.text], limits_of(config))[0]:
            break
        more = _one_round(sheet.text, lines, title, title_span, config)
        if not more.left.removed:
            break
        known = _joined(text, known, more, sheet, title_span)
    return known.left


def _one_round(text: str, paragraphs: Sequence[Span], title: str | None, title_span: Span | None, config: Repeats) -> _Round:
    """Find, choose, cut."""
    evidence = find_repeats(text, paragraphs, config)
    choice = choose(text, paragraphs, evidence, title, config)
    if not choice.breaks and (choice.target == KEPT).all():
        return _Round(evidence, choice, Cut([[span] for span in paragraphs], []))
    return _Round(evidence, choice, cut(text, paragraphs, evidence, choice, title_span))


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


def _joined(text: str, known: _Round, more: _Round, sheet: _Sheet, title: Span | None) -> _Round:
    """Both rounds as one of the source: every letter that went in either names the kept letter that says it again."""
    evidence = known.evidence
    paragraphs = [[place for span in spans for place in _in_source(span, sheet)] for spans in more.left.paragraphs]
    gone = [repeat.span for repeat in known.left.removed]
    gone += [place for repeat in more.left.removed for place in _in_source(repeat.span, sheet)]
    runs = _runs(evidence, [span for spans in paragraphs for span in spans], gone)
    choice = _composed(known, more, sheet, runs)
    alone = [run for run in runs if run.start == run.end and not run.kept]
    removed = account_for(text, evidence, choice, [run for run in runs if run not in alone], title)
    for run in alone:  # marks between what stays, of a stretch whose letters went elsewhere
        near = removed[max(bisect_right(removed, run.span.start, key=_span_start) - 1, 0)]
        removed.append(Repeat(run.span, near.of, 1.0, near.kind))
    return _Round(evidence, choice, Cut(paragraphs, sorted(removed)))


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


def _runs(evidence: Evidence, kept: Sequence[Span], gone: Sequence[Span]) -> list[Run]:
    """The stretches of the source in their order; marks that went go with what went beside them."""
    spans = sorted([(span, True) for span in kept] + [(span, False) for span in gone])
    bounds = np.searchsorted(evidence.at, np.array([span for span, _ in spans])).tolist()
    runs: list[Run] = []
    for (span, stays), (start, end) in zip(spans, bounds, strict=True):
        before = runs[-1] if runs else None
        if before and not (stays or before.kept) and (start == end or before.start == before.end):
            runs[-1] = before._replace(end=end, span=Span(before.span.start, span.end))
        else:
            runs.append(Run(evidence.lines.of(start), start, end, stays, span))
    return runs


def _composed(known: _Round, more: _Round, sheet: _Sheet, runs: Sequence[Run]) -> Choice:
    """For each letter of the source the kept letter that says it again after both rounds."""
    letters = _letters_in_source(known.evidence.at, more.evidence.at, sheet)
    target, kind = known.choice.target.copy(), known.choice.kind.copy()
    went = np.flatnonzero(more.choice.target != KEPT)
    mates = more.choice.target[went]
    target[letters[went]] = np.where(mates >= 0, letters[mates], mates)
    kind[letters[went]] = more.choice.kind[went]
    on = np.flatnonzero(target >= 0)
    on = on[target[target[on]] != KEPT]  # of the first round, at what went in the second
    target[on] = target[target[on]]
    kind[on[target[on] == TITLE]] = KINDS.index("title")
    stays = np.zeros(target.size, np.bool_)
    for run in runs:
        stays[run.start : run.end] = run.kept
    target[stays] = KEPT
    told = np.flatnonzero(~stays & ((target == TITLE) | ((target >= 0) & stays[target])))
    lost = np.setdiff1d(np.flatnonzero(~stays), told)  # a garbled line is read otherwise where a part of it went: as its neighbour
    if lost.size and told.size:
        near = told[np.maximum(np.searchsorted(told, lost) - 1, 0)]
        target[lost], kind[lost] = target[near], kind[near]
    return Choice(target, kind, {})


def _letters_in_source(at: np.ndarray, here: np.ndarray, sheet: _Sheet) -> np.ndarray:
    """The letter of the source (int) that each letter of the sheet is, from the places of both in their texts."""
    starts, _, sources = np.array(sheet.places, np.int64).T
    place = np.searchsorted(starts, here, side="right") - 1
    nth = np.arange(here.size) - np.searchsorted(here, here)  # of the letters that one character folds to
    letters: np.ndarray = np.minimum(np.searchsorted(at, here - starts[place] + sources[place]) + nth, at.size - 1)
    return letters
