"""Merging: the kept stretches in reading order, what only a removed copy has in its place in the kept one."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from dedup.article.seams import count_closing, strip

if TYPE_CHECKING:
    from dedup.article.evidence import Evidence
    from dedup.article.removals import Choice
    from dedup.article.seams import Run
    from dedup.model import Span


def put_in_order(text: str, evidence: Evidence, choice: Choice, runs: list[Run], kept: list[Run]) -> list[list[Span]]:
    """The kept runs as paragraphs; what only a removed copy has goes to its place in the kept one."""
    pointed = np.zeros(choice.target.size + 1, bool)
    pointed[choice.target[choice.target >= 0]] = True
    anchors = _anchors(runs, choice, pointed)
    own = [run for run in kept if run.start == run.end or run.start not in anchors]
    ends = np.array([run.end for run in own])
    order: dict[int, list[Run]] = {}
    first: list[Run] = []
    paragraphs: list[list[Span]] = []
    inside: dict[int, list[tuple[int, Run]]] = {}
    for run in kept:
        anchor = anchors.get(run.start) if run.end > run.start else None
        if anchor is None:
            continue
        letter, after = anchor
        index = int(np.searchsorted(ends, letter, side="right"))
        while index < len(own) and own[index].start == own[index].end:
            index += 1
        if index >= len(own) or not own[index].start <= letter < own[index].end:
            order.setdefault(len(own) - 1, []).append(run)
        elif after and letter >= own[index].end - 1:
            order.setdefault(index, []).append(run)
        elif not after and letter == own[index].start:
            if index:
                order.setdefault(index - 1, []).append(run)
            else:
                first.append(run)
        else:
            inside.setdefault(index, []).append((letter + 1 if after else letter, run))
    paragraphs += [[run.span] for run in first]
    for index, run in enumerate(own):
        paragraphs.append(_with_passages(text, evidence, run, inside.get(index, [])))
        paragraphs += [[other.span] for other in order.get(index, [])]
    return paragraphs


def _with_passages(text: str, evidence: Evidence, run: Run, passages: list[tuple[int, Run]]) -> list[Span]:
    """The run's span, parted where passages of the other copy belong into it."""
    spans = []
    at = run.span.start
    # Runs come in the order of the text, which need not be that of the letters that they follow: then spans would overlap.
    for letter, passage in sorted(passages, key=itemgetter(0)):
        begin, stop = evidence.gap(letter)
        place = begin + count_closing(text[begin:stop]) if stop > begin else stop
        spans += [strip(text, at, place), passage.span]
        at = place
    spans.append(strip(text, at, run.span.end))
    return [span for span in spans if span.end > span.start]


def _anchors(runs: list[Run], choice: Choice, pointed: np.ndarray) -> dict[int, tuple[int, bool]]:
    """For each kept run that only a removed copy has: the kept letter that it follows (True) or precedes (False)."""
    anchors: dict[int, tuple[int, bool]] = {}
    lettered = [run for run in runs if run.end > run.start]
    index = 0
    while index < len(lettered):
        if not lettered[index].kept:
            index += 1
            continue
        last = index
        while last + 1 < len(lettered) and lettered[last + 1].kept:
            last += 1
        group = lettered[index : last + 1]
        before = lettered[index - 1] if index else None
        after = lettered[last + 1] if last + 1 < len(lettered) else None
        for run, anchor in _group_anchors(group, before, after, choice, pointed):
            if not pointed[run.start : run.end].any():
                anchors[run.start] = anchor
        index = last + 1
    return anchors


def _group_anchors(
    group: list[Run], before: Run | None, after: Run | None, choice: Choice, pointed: np.ndarray
) -> list[tuple[Run, tuple[int, bool]]]:
    """The anchors of neighbouring kept runs between two removed ones; what the kept copy alone has there comes in the text's order."""
    left = int(choice.target[before.end - 1]) if before else -1
    right = int(choice.target[after.start]) if after else -1
    if before and after and 0 <= left < right:
        own = right > left + 1 and not pointed[left + 1 : right].any()
        return [(run, (right, False) if own and group[0].start > right else (left, True)) for run in group]
    found = []
    if before and group[0].line == before.line:
        found.append((group[0], (left, True)))
    if after and group[-1].line == after.line and not (found and group[-1] is group[0]):
        found.append((group[-1], (right, False)))
    return found
