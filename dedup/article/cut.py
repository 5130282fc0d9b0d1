"""Cut: the text as the choice leaves it, with spans for all that was kept and evidence for all that was not.

The choice speaks of folded letters; here each letter gets back the marks and spaces around it. A
boundary between a removed and a kept letter falls where the kept copy has its own boundary, so that
a full stop goes with its sentence and an opening quotation mark with the next.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein

from dedup.article.removals import KEPT, KINDS, TITLE
from dedup.model import Repeat, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.article.removals import Choice
    from dedup.article.evidence import Evidence

_SCORED = 4096  # letters that are scored in one comparison, so that the cost stays linear
_SKIPPED = 8  # letters of the kept text that the removed copy lacks and that are a passage of their own, not a difference
_FAR = 400  # letters that a removed stretch may skip in the kept text before it counts as two stretches


class Cut(NamedTuple):
    """What is left: paragraphs, each of one or more spans in reading order, and the evidence for the rest."""

    paragraphs: list[list[Span]]
    removed: list[Repeat]


class _Run(NamedTuple):
    """A stretch of one line's letters that is kept or removed as a whole, with its span of the text."""

    line: int
    start: int
    end: int
    kept: bool
    span: Span


def cut(text: str, paragraphs: Sequence[Span], evidence: Evidence, choice: Choice, title: Span | None) -> Cut:
    """The kept spans in reading order and the removals; together with white space they are the whole text."""
    runs = _runs(text, paragraphs, evidence, choice)
    removed = _removals(text, evidence, choice, [run for run in runs if not run.kept], title)
    kept = _parted(text, evidence, choice, [run for run in runs if run.kept])
    return Cut(_in_order(text, evidence, choice, runs, kept), removed)


def _runs(text: str, paragraphs: Sequence[Span], evidence: Evidence, choice: Choice) -> list[_Run]:
    """Every line, cut where kept and removed letters meet; a line without letters is kept."""
    gone = choice.target != KEPT
    edges = np.flatnonzero(gone[1:] != gone[:-1]) + 1
    starts, ends = evidence.lines.starts, evidence.lines.ends
    low = np.searchsorted(edges, np.array(starts), side="right").tolist()
    high = np.searchsorted(edges, np.array(ends), side="left").tolist()
    runs = []
    for line, paragraph in enumerate(paragraphs):
        start, end = starts[line], ends[line]
        if start == end:
            runs.append(_Run(line, start, end, not _is_said_mark(text, evidence, choice, start, paragraph), paragraph))
            continue
        at = paragraph.start
        for edge in edges[low[line] : high[line]].tolist():
            place = _boundary(text, evidence, choice, edge, paragraph)
            runs.append(_Run(line, start, edge, not gone[start], _stripped(text, at, place)))
            start, at = edge, place
        runs.append(_Run(line, start, end, not gone[start], _stripped(text, at, paragraph.end)))
    return runs


def _is_said_mark(text: str, evidence: Evidence, choice: Choice, letter: int, line: Span) -> bool:
    """True for a line without letters that follows removed text, when the kept copy has the same marks there."""
    if letter == 0 or choice.target[letter - 1] < 0:
        return False
    mate = int(choice.target[letter - 1])
    end = int(evidence.at[mate + 1]) if mate + 1 < evidence.at.size else len(text)
    return text[line.start : line.end] in text[int(evidence.at[mate]) + 1 : end]


def _stripped(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends."""
    part = text[start:end]
    return Span(start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip()))


def _boundary(text: str, evidence: Evidence, choice: Choice, edge: int, paragraph: Span) -> int:
    """Where in the text the stretch before letter `edge` ends and the one from it on begins."""
    at, target = evidence.at, choice.target
    low, high = int(at[edge - 1]) + 1, int(at[edge])
    if high <= low:
        return max(low, high)
    gap = text[low:high]
    if target[edge - 1] >= 0:
        mate = int(target[edge - 1])
        return low + _common(gap, text[int(at[mate]) + 1 : _next_start(evidence, mate, paragraph)])
    mate = int(target[edge])
    before = int(at[mate - 1]) + 1 if mate else 0
    line_break = text.rfind("\n", before, int(at[mate]))
    lead = text[max(before, line_break + 1) : int(at[mate])]
    if line_break < 0 and before > 0:
        return low + _closing(gap)
    own = 0
    while own < min(len(gap), len(lead)) and gap[-1 - own] == lead[-1 - own]:
        own += 1
    return high - own


def _next_start(evidence: Evidence, letter: int, paragraph: Span) -> int:
    """The text's place of the letter after `letter`, or as far as the next line's."""
    return int(evidence.at[letter + 1]) if letter + 1 < evidence.at.size else paragraph.end + int(evidence.at[letter])


def _common(gap: str, pattern: str) -> int:
    """How many characters of `gap` from its start the pattern has too; by default its closing marks."""
    pattern = pattern.split("\n", 1)[0] if "\n" in pattern else pattern[: _closing(pattern)]
    size = 0
    for mine, its in zip(gap, pattern, strict=False):
        if mine != its:
            break
        size += 1
    return size if size == len(pattern.rstrip()) or size else _closing(gap)


def _closing(gap: str) -> int:
    """How many characters of a gap belong to the sentence before it: closing marks, and what follows no space."""
    for place, char in enumerate(gap):
        if unicodedata.category(char) in ("Ps", "Pi") or (char.isspace() and place):
            return place
        if char in "\"'" and place and gap[place - 1] in ".!?。！？ ":
            return place + 1 if len(gap) == place + 1 or gap[place + 1].isspace() else place
    return len(gap)


def _parted(text: str, evidence: Evidence, choice: Choice, runs: list[_Run]) -> list[_Run]:
    """The kept runs, parted where a removed copy begins a paragraph."""
    if not choice.breaks:
        return runs
    breaks = np.array(sorted(choice.breaks), np.int64)
    parted = []
    for run in runs:
        low, high = np.searchsorted(breaks, [run.start + 1, run.end])
        start, at = run.start, run.span.start
        for letter in breaks[low:high].tolist():
            begin, stop = int(evidence.at[letter - 1]) + 1, int(evidence.at[letter])
            begins = choice.breaks[letter]
            tail = text[int(evidence.at[begins - 1]) + 1 : int(evidence.at[begins])]
            place = begin + _common(text[begin:stop], tail) if stop > begin else stop
            parted.append(run._replace(start=start, end=letter, span=_stripped(text, at, place)))
            start, at = letter, place
        parted.append(run._replace(start=start, span=_stripped(text, at, run.span.end)))
    return parted


def _in_order(text: str, evidence: Evidence, choice: Choice, runs: list[_Run], kept: list[_Run]) -> list[list[Span]]:
    """The kept runs as paragraphs; what only a removed copy has goes to its place in the kept one."""
    pointed = np.zeros(choice.target.size + 1, bool)
    pointed[choice.target[choice.target >= 0]] = True
    anchors = _anchors(runs, choice, pointed)
    own = [run for run in kept if run.start == run.end or run.start not in anchors]
    ends = np.array([run.end for run in own])
    order: dict[int, list[_Run]] = {}
    first: list[_Run] = []
    paragraphs: list[list[Span]] = []
    inside: dict[int, list[tuple[int, _Run]]] = {}
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


def _with_passages(text: str, evidence: Evidence, run: _Run, passages: list[tuple[int, _Run]]) -> list[Span]:
    """The run's span, parted where passages of the other copy belong into it."""
    spans = []
    at = run.span.start
    for letter, passage in passages:
        begin, stop = int(evidence.at[letter - 1]) + 1, int(evidence.at[letter])
        place = begin + _closing(text[begin:stop]) if stop > begin else stop
        spans += [_stripped(text, at, place), passage.span]
        at = place
    spans.append(_stripped(text, at, run.span.end))
    return [span for span in spans if span.end > span.start]


def _anchors(runs: list[_Run], choice: Choice, pointed: np.ndarray) -> dict[int, tuple[int, bool]]:
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
        for run, anchor in _group_anchors(group, before, after, choice):
            if not pointed[run.start : run.end].any():
                anchors[run.start] = anchor
        index = last + 1
    return anchors


def _group_anchors(group: list[_Run], before: _Run | None, after: _Run | None, choice: Choice) -> list[tuple[_Run, tuple[int, bool]]]:
    """The anchors of neighbouring kept runs between two removed ones."""
    left = int(choice.target[before.end - 1]) if before else -1
    right = int(choice.target[after.start]) if after else -1
    if before and after and 0 <= left < right:
        return [(run, (left, True)) for run in group]
    found = []
    if before and group[0].line == before.line:
        found.append((group[0], (left, True)))
    if after and group[-1].line == after.line and not (found and group[-1] is group[0]):
        found.append((group[-1], (right, False)))
    return found


def _removals(text: str, evidence: Evidence, choice: Choice, runs: list[_Run], title: Span | None) -> list[Repeat]:
    """Evidence for every removed run: neighbours that repeat one kept stretch in one go are one removal."""
    target = choice.target
    gone = np.concatenate(([0], np.cumsum(target != KEPT)))
    stretches: list[list[int]] = []  # first letter, last letter + 1, start and end in the text
    for run in runs:
        if run.start == run.end:  # marks that go with the text before them
            if stretches:
                stretches[-1][3] = run.span.end
            continue
        for start, end, span in _stretches(text, evidence, choice, run, gone):
            if stretches:
                last = stretches[-1]
                if last[1] == start and _goes_on(choice, gone, start):
                    last[1], last[3] = end, span.end
                    continue
            stretches.append([start, end, span.start, span.end])
    return [_removal(text, evidence, choice, start, end, Span(low, high), title) for start, end, low, high in stretches]


def _goes_on(choice: Choice, gone: np.ndarray, letter: int) -> bool:
    """True when the removed letter repeats what follows the kept letter that its neighbour repeats."""
    before, here = int(choice.target[letter - 1]), int(choice.target[letter])
    return before <= here <= before + _FAR and gone[here] == gone[before] and choice.kind[letter] == choice.kind[letter - 1]


def _stretches(text: str, evidence: Evidence, choice: Choice, run: _Run, gone: np.ndarray) -> list[tuple[int, int, Span]]:
    """The run, cut where it turns to another kept stretch."""
    target = choice.target[run.start : run.end].astype(np.int64)
    step = np.diff(target)
    turns = np.flatnonzero((step < 0) | (step > _FAR) | (np.diff(gone[target]) != 0) | (np.diff(choice.kind[run.start : run.end]) != 0))
    parts = []
    start, at = run.start, run.span.start
    for turn in turns.tolist():
        letter = run.start + turn + 1
        begin, stop = int(evidence.at[letter - 1]) + 1, int(evidence.at[letter])
        place = begin + _closing(text[begin:stop]) if stop > begin else max(begin, stop)
        parts.append((start, letter, _stripped(text, at, place)))
        start, at = letter, place
    parts.append((start, run.end, _stripped(text, at, run.span.end)))
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
    return Repeat(span, _stripped(text, of_start, of_end), score, KINDS[choice.kind[start]])


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
