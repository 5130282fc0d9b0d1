"""Preference: which of two stretches that say the same stays; the sounder, the better structured, the more complete."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from dedup.article.calls import summary_label
from dedup.article.markup import count_settings, without_tags
from dedup.article.sameness import statement_gaps
from dedup.article.soundness import broken_words, count_words, scars
from dedup.article.teasers import is_teaser_line
from dedup.model import Span

if TYPE_CHECKING:
    from dedup.article.body import Body
    from dedup.article.claims import Claim, Claims
    from dedup.article.evidence import Match
    from dedup.article.structure import Side

CERTAIN = 1.5  # how much sounder a copy must be for that to outweigh its structure
_GARBLED = 100.0  # what no other sign of damage outweighs
_SETTLED = 32  # heaviest removals that later ones are compared with


def first_stays(body: Body, claim: Claim, kind: str, found: Claims, settled: list[tuple[Match, bool]]) -> bool:
    """True when the first side is the one that a reader wants; `settled` says of earlier matches which side stayed."""
    one, other = claim.one, claim.other
    if kind == "teaser":
        return not is_teaser_line(body, one, other)
    if kind == "summary":
        return not summary_label(body.text, body.paragraphs[one.first])
    verdict = judge_soundness(body, claim)
    if abs(verdict) >= CERTAIN:
        return verdict > 0
    better = _judge_structure(claim) or verdict
    if not better:
        better = count_settings(_shared_text(body, claim, 1)) - count_settings(_shared_text(body, claim, 0))
    if not better and kind == "block":
        better = len(one.covered) - len(other.covered)
    if better:
        return better > 0
    # Parts of one pair of copies stay together.
    together = next((stayed for match, stayed in settled[:_SETTLED] if _is_in_line(match, claim.match)), None)
    if together is not None:
        return together
    gaps = [gap for gap in claim.compared.gaps if gap.kind == "only"]
    return sum(found.unsaid(gap.a0, gap.a1) - found.unsaid(gap.b0, gap.b1) for gap in gaps) >= 0


def _judge_structure(claim: Claim) -> int:
    """Above 0 where the first side is the better structured, below 0 where the second is."""
    one, other = claim.one, claim.other
    if bool(one.forced) != bool(other.forced) and one.covered and other.covered:
        return -1 if one.forced else 1
    return _count_shared_breaks(one, claim, 0) - _count_shared_breaks(other, claim, 1)


def _count_shared_breaks(side: Side, claim: Claim, which: int) -> int:
    """How many trusted breaks of a side stand in what both sides say."""
    passages = [gap.sides[which] for gap in claim.compared.gaps if gap.kind in ("only", "other")]
    within = sum(bisect_left(side.trusted, end) - bisect_left(side.trusted, start) for start, end in passages)
    return len(side.trusted) - within


def _is_in_line(one: Match, other: Match) -> bool:
    """True when two matches can be parts of one pair of copies: in the same order on both sides."""
    before, after = sorted((one, other), key=lambda match: match.first)
    return before.first.end <= after.first.start and before.second.end <= after.second.start and after.first.end <= before.second.start


def judge_soundness(body: Body, claim: Claim) -> float:
    """Above 0 where the first side is the sounder, below 0 where the second is."""
    verdict = _GARBLED * (body.is_garbled(claim.other) - body.is_garbled(claim.one))
    if not claim.exact:
        said_otherwise = set(statement_gaps(body, claim))  # both are sound, and both stay
        # An edit distance may part such a change in two that touch.
        starts, ends = {(gap.a0, gap.b0) for gap in said_otherwise}, {(gap.a1, gap.b1) for gap in said_otherwise}
        parts = [gap for gap in claim.compared.gaps if gap.kind not in ("only", "other") and gap not in said_otherwise]
        changes = [gap for gap in parts if (gap.a0, gap.b0) not in ends and (gap.a1, gap.b1) not in starts]
        verdict += sum(body.witness.prefers(body.letters, gap) for gap in changes)
    one, other = _shared_text(body, claim, 0), _shared_text(body, claim, 1)
    if one != other:
        verdict += scars(other) - scars(one)
        if body.has_words:
            one, other = without_tags(one), without_tags(other)
            verdict += broken_words(count_words(other).items(), body.word_counts) - broken_words(count_words(one).items(), body.word_counts)
    return verdict


def _shared_text(body: Body, claim: Claim, which: int) -> str:
    """The text of one side without the passages that the other lacks."""
    span = (claim.match.first, claim.match.second)[which]
    parts, at = [], span.start
    for gap in claim.compared.gaps:
        start, end = gap.sides[which]
        if gap.kind in ("only", "other") and end > start:
            parts.append(Span(at, start))
            at = end
    return " ".join(body.raw(part) for part in [*parts, Span(at, span.end)] if part.end > part.start)
