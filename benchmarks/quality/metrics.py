"""How far an answer is from a case's truth."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import LCSseq

from benchmarks.quality.articles import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.quality.generate import Case


class Answer(NamedTuple):
    """What a system made of a text."""

    paragraphs: tuple[str, ...]
    text: str
    removed: int


class Outcome(NamedTuple):
    """One case judged. Counts are of folded characters: letters, digits and marks."""

    operator: str
    group: str
    language: str
    size: str
    article: str
    exact: bool
    characters: int
    lost: int
    left_over: int
    false_removals: int
    error: str


def judge(case: Case, answer: Answer) -> Outcome:
    """The outcome of one answer. Exact: the true paragraphs, and for unchanged cases the very text."""
    paragraphs = tuple(p.strip() for p in answer.paragraphs if p.strip())
    exact = paragraphs == case.truth
    if case.unchanged and exact:
        exact = answer.removed == 0 and (case.operator == "clean.header" or answer.text.strip() == case.text.strip())
    lost, left_over, missing = (0, 0, 0) if paragraphs == case.truth else compare(case.truth, paragraphs)
    false_removals = answer.removed if case.unchanged else missing
    total = sum(len(fold(p)) for p in case.truth)
    return Outcome(case.operator, case.group, case.language, case.size, case.article, exact, total, lost, left_over, false_removals, "")


def failed(case: Case, error: str) -> Outcome:
    """The outcome of a case on which the system raised: everything is lost."""
    total = sum(len(fold(p)) for p in case.truth)
    return Outcome(case.operator, case.group, case.language, case.size, case.article, False, total, total, 0, len(case.truth), error)


def compare(truth: Sequence[str], found: Sequence[str]) -> tuple[int, int, int]:
    """Folded characters lost, characters left over, and true paragraphs of which more than half is lost.

    Equal paragraphs answer for each other first, then true paragraphs that stand whole somewhere in
    the rest (so that another order or other breaks lose nothing), then the longest common
    subsequence of what remains.
    """
    wanted, got = [fold(p) for p in truth], [fold(p) for p in found]
    both = Counter(wanted) & Counter(got)
    wanted, rest = _less(wanted, both), "\n".join(_less(got, both))
    remaining = []
    for paragraph in wanted:
        place = rest.find(paragraph)
        if place < 0:
            remaining.append(paragraph)
        else:
            rest = rest[:place] + "\n" + rest[place + len(paragraph) :]
    rest = rest.replace("\n", "")
    joined = "".join(remaining)
    kept = bytearray(len(joined))
    for part in LCSseq.opcodes(joined, rest):
        if part.tag == "equal":
            kept[part.src_start : part.src_end] = b"\1" * (part.src_end - part.src_start)
    missing, at = 0, 0
    for paragraph in remaining:
        missing += sum(kept[at : at + len(paragraph)]) * 2 < len(paragraph)
        at += len(paragraph)
    return len(joined) - sum(kept), len(rest) - sum(kept), missing


def _less(parts: Sequence[str], taken: Counter[str]) -> list[str]:
    """The parts without those that `taken` counts, the first ones taken first."""
    left, rest = Counter(taken), []
    for part in parts:
        if left[part]:
            left[part] -= 1
        else:
            rest.append(part)
    return rest
