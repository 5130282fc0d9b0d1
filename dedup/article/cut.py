"""Cut: the text as the choice leaves it, with spans for all that was kept and evidence for all that was not.

The choice speaks of folded letters; here each letter gets back the marks and spaces around it. A
boundary between a removed and a kept letter falls where the kept copy has its own boundary, so that
a full stop goes with its sentence and an opening quotation mark with the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.article.grounds import account_for
from dedup.article.merging import put_in_order
from dedup.article.removals import KEPT
from dedup.article.seams import Run, count_common, find_boundary, strip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.article.evidence import Evidence
    from dedup.article.removals import Choice
    from dedup.model import Repeat, Span


class Cut(NamedTuple):
    """What is left: paragraphs, each of one or more spans in reading order, and the evidence for the rest."""

    paragraphs: list[list[Span]]
    removed: list[Repeat]


def cut(text: str, paragraphs: Sequence[Span], evidence: Evidence, choice: Choice, title: Span | None) -> Cut:
    """The kept spans in reading order and the removals; together with white space they are the whole text."""
    runs = _runs(text, paragraphs, evidence, choice)
    removed = account_for(text, evidence, choice, runs, title)
    kept = _parted(text, evidence, choice, [run for run in runs if run.kept])
    return Cut(put_in_order(text, evidence, choice, runs, kept), removed)


def _runs(text: str, paragraphs: Sequence[Span], evidence: Evidence, choice: Choice) -> list[Run]:
    """Every line, cut where kept and removed letters meet; a line without letters is kept."""
    gone = choice.target != KEPT
    edges = np.flatnonzero(gone[1:] != gone[:-1]) + 1
    starts, ends = evidence.lines.starts, evidence.lines.ends
    low = np.searchsorted(edges, np.array(starts), side="right").tolist()
    high = np.searchsorted(edges, np.array(ends), side="left").tolist()
    runs: list[Run] = []
    for line, paragraph in enumerate(paragraphs):
        start, end = starts[line], ends[line]
        if start == end:
            stays = (bool(runs) and runs[-1].kept) or not _is_said_mark(text, evidence, choice, start, paragraph)
            runs.append(Run(line, start, end, stays, paragraph))
            continue
        at = paragraph.start
        for edge in edges[low[line] : high[line]].tolist():
            place = find_boundary(text, evidence, choice, edge, paragraph)
            runs.append(Run(line, start, edge, not gone[start], strip(text, at, place)))
            start, at = edge, place
        runs.append(Run(line, start, end, not gone[start], strip(text, at, paragraph.end)))
    return runs


def _is_said_mark(text: str, evidence: Evidence, choice: Choice, letter: int, line: Span) -> bool:
    """True for a line without letters that follows removed text, when the kept copy has the same marks there."""
    if letter == 0 or choice.target[letter - 1] < 0:
        return False
    mate = int(choice.target[letter - 1])
    end = int(evidence.at[mate + 1]) if mate + 1 < evidence.at.size else len(text)
    return text[line.start : line.end] in text[int(evidence.at[mate]) + 1 : end]


def _parted(text: str, evidence: Evidence, choice: Choice, runs: list[Run]) -> list[Run]:
    """The kept runs, parted where a removed copy begins a paragraph."""
    if not choice.breaks:
        return runs
    breaks = np.array(sorted(choice.breaks), np.int64)
    parted = []
    for run in runs:
        low, high = np.searchsorted(breaks, [run.start + 1, run.end])
        start, at = run.start, run.span.start
        for letter in breaks[low:high].tolist():
            begin, stop = evidence.gap(letter)
            begins = choice.breaks[letter]
            tail = text[slice(*evidence.gap(begins))]
            place = begin + count_common(text[begin:stop], tail) if stop > begin else stop
            parted.append(run._replace(start=start, end=letter, span=strip(text, at, place)))
            start, at = letter, place
        parted.append(run._replace(start=start, span=strip(text, at, run.span.end)))
    return parted
