"""Grounds: for every removed stretch the kept one that says the same, and how alike they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import Levenshtein

from dedup.article.removals import KINDS, TITLE, gone_before
from dedup.article.seams import count_closing, strip
from dedup.model import Repeat, Span

if TYPE_CHECKING:
    from dedup.article.evidence import Evidence
    from dedup.article.removals import Choice
    from dedup.article.seams import Run

_SCORED = 4096  # letters that are scored in one comparison, so that the cost stays linear
_SKIPPED = 8  # letters of the kept text that the removed copy lacks and that are a passage of their own, not a difference
_FAR = 400  # letters that a removed stretch may skip in the kept text before it counts as two stretches


def account_for(text: str, evidence: Evidence, choice: Choice, runs: list[Run], title: Span | None) -> list[Repeat]:
    """Evidence for every run that is not kept: neighbours that repeat one kept stretch in one go are one removal."""
    target = choice.target
    gone = gone_before(target)
    stretches: list[list[int]] = []  # first letter, last letter + 1, start and end in the text
    together = True  # nothing that stays lies between, not even a line without letters
    for run in runs:
        if run.kept:
            together = False
            continue
        if run.start == run.end:  # marks that go with the text before them
            if stretches:
                stretches[-1][3] = run.span.end
            continue
        for start, end, span in _stretches(text, evidence, choice, run, gone):
            if stretches:
                last = stretches[-1]
                if together and last[1] == start and _goes_on(choice, gone, start):
                    last[1], last[3] = end, span.end
                    continue
            stretches.append([start, end, span.start, span.end])
            together = True
    return [_removal(text, evidence, choice, start, end, Span(low, high), title) for start, end, low, high in stretches]


def _goes_on(choice: Choice, gone: np.ndarray, letter: int) -> bool:
    """True when the removed letter repeats what follows the kept letter that its neighbour repeats."""
    before, here = int(choice.target[letter - 1]), int(choice.target[letter])
    return before <= here <= before + _FAR and gone[here] == gone[before] and choice.kind[letter] == choice.kind[letter - 1]


def _stretches(text: str, evidence: Evidence, choice: Choice, run: Run, gone: np.ndarray) -> list[tuple[int, int, Span]]:
    """The run, cut where it turns to another kept stretch."""
    target = choice.target[run.start : run.end].astype(np.int64)
    step = np.diff(target)
    turns = np.flatnonzero((step < 0) | (step > _FAR) | (np.diff(gone[target]) != 0) | (np.diff(choice.kind[run.start : run.end]) != 0))
    parts = []
    start, at = run.start, run.span.start
    for turn in turns.tolist():
        letter = run.start + turn + 1
        begin, stop = evidence.gap(letter)
        place = begin + count_closing(text[begin:stop]) if stop > begin else max(begin, stop)
        parts.append((start, letter, strip(text, at, place)))
        start, at = letter, place
    parts.append((start, run.end, strip(text, at, run.span.end)))
    return parts


def _removal(text: str, evidence: Evidence, choice: Choice, start: int, end: int, span: Span, title: Span | None) -> Repeat:
    """One removal with the kept span that it repeats, scored on the letters of both."""
    if choice.target[start] == TITLE:
        return Repeat(span, title or Span(0, 0), 1.0, KINDS[choice.kind[start]])
    low, high = int(choice.target[start]), int(choice.target[end - 1]) + 1
    at = evidence.at
    of_start, of_end = int(at[low]), int(at[high - 1]) + 1
    line = evidence.lines.of(low)
    if evidence.lines.starts[line] == low:
        of_start = text.rfind("\n", 0, of_start) + 1
    line = evidence.lines.of(high - 1)
    if evidence.lines.ends[line] == high:
        stop = text.find("\n", of_end)
        of_end = stop if stop >= 0 else len(text)
    score = _score(evidence.letters, choice.target, start, end)
    return Repeat(span, strip(text, of_start, of_end), score, KINDS[choice.kind[start]])


def _score(letters: str, target: np.ndarray, start: int, end: int) -> float:
    """Normalised Levenshtein similarity of the removed letters and the kept ones they point at, in blocks."""
    size = distance = 0
    while start < end:
        stop = min(start + _SCORED, end)
        mates = target[start:stop]
        turns = np.flatnonzero((np.diff(mates) > _SKIPPED) | (np.diff(mates) < 0)) + 1
        parts = zip((0, *turns.tolist()), (*turns.tolist(), stop - start), strict=True)
        one, other = letters[start:stop], "".join(letters[mates[low] : mates[high - 1] + 1] for low, high in parts)
        size += max(len(one), len(other))
        distance += 0 if one == other else Levenshtein.distance(one, other)
        start = stop
    return 1.0 - distance / max(size, 1)
