"""Claims: the matches measured, those that a rule could accept."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.article.body import NEARLY
from dedup.article.differences import PASSAGE, Comparison, alike, compare
from dedup.article.evidence import Match, match_of
from dedup.article.structure import Side, side_of, without_column
from dedup.article.teasers import is_teaser_line
from dedup.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.article.body import Body

COVERED_SHARE = 0.8  # of a line's letters that must stand elsewhere for the line to be said there
GARBLED_SHARE = 0.55  # the same where a side lost a fifth of its letters and more
_CHANGED = 8  # letters of a word or a number that is another
_PAIR = 0.8  # similarity of two neighbouring lines that may be one line and its damaged copy
_LEAST_EQUAL = 0.7  # of the least score: how much of the shorter side must be equal for a match to be looked at


class Claim(NamedTuple):
    """A match with what was measured of it."""

    match: Match
    one: Side
    other: Side
    compared: Comparison
    weight: int

    @property
    def exact(self) -> bool:
        """True when both sides are equal, letter for letter."""
        return not self.compared.gaps

    @property
    def sides(self) -> tuple[tuple[Side, Side], tuple[Side, Side]]:
        """Both sides, each with the other."""
        return (self.one, self.other), (self.other, self.one)

    @property
    def broken(self) -> Side:
        """The side with more line breaks, the first where they have as many."""
        return self.one if self.one.breaks >= self.other.breaks else self.other


class Claims(NamedTuple):
    """What the matches claim, heaviest first; `said` tells of each letter whether it stands in two places."""

    claims: list[Claim]
    said: np.ndarray

    def unsaid(self, start: int, end: int) -> int:
        """Letters of a stretch that no match has: what would be missing without it."""
        return int((~self.said[start:end]).sum())


def measure(body: Body) -> Claims:
    """The claims that a rule could accept, and the letters that any match has."""
    found = Claims([], np.zeros(len(body.letters), bool))
    matches = [(match, compare(match, body.letters, body.starts)) for match in body.evidence.matches]
    for _, compared in matches:
        for first, second, length in compared.pieces:
            found.said[first : first + length] = found.said[second : second + length] = True
    parts = [(part, compared if part is match else None) for match, compared in matches for part in _parts(body, match, compared, found)]
    for part, known in [*parts, *((joined, None) for joined in _joined([part for part, _ in parts]))]:
        claim = _claim(body, part, known or compare(part, body.letters, body.starts))
        if claim is not None:
            found.claims.append(claim)
    found.claims.sort(key=lambda claim: (-claim.weight, claim.match.first, claim.match.second))
    return found


def pair_lines(body: Body, one: int, other: int) -> Claim | None:
    """Two lines as a claim, read letter by letter; None where they are not nearly equal. For lines too short to be found."""
    match = Match(body.lines.span(one), body.lines.span(other), ())
    if alike(body.letters[slice(*match.first)], body.letters[slice(*match.second)], _PAIR):
        return _claim(body, match, compare(match, body.letters, body.starts))
    return None


def _parts(body: Body, match: Match, compared: Comparison, found: Claims) -> list[Match]:
    """The match, parted where it passes over a passage that is said elsewhere: copies in another order, not one with a passage more."""
    cuts = []
    for gap in compared.gaps:
        size = gap.a1 - gap.a0 + gap.b1 - gap.b0
        if gap.kind == "only" and size > PASSAGE and (found.unsaid(gap.a0, gap.a1) + found.unsaid(gap.b0, gap.b1)) * 4 <= size:
            cuts.append((gap.a0, gap.b0))
    if not cuts:
        head = _head(body, match, compared)
        return [match, head] if head else [match]
    parts = []
    pieces = compared.pieces
    for a, b in [*cuts, (match.first.end, match.second.end)]:
        inside = [piece for piece in pieces if piece[0] < a and piece[1] < b]
        pieces = pieces[len(inside) :]
        if inside:
            parts.append(match_of(inside))
    return parts


def _joined(parts: Sequence[Match]) -> list[Match]:
    """Matches that go on in one another, but for a few letters of both sides: a chance match lay between them where they were linked."""
    starts: dict[int, list[Match]] = defaultdict(list)
    for part in parts:
        starts[part.first.start].append(part)
    found = []
    for part in parts:
        for at in range(part.first.end + 1, part.first.end + _CHANGED + 1):
            found += [
                Match(Span(part.first.start, next_.first.end), Span(part.second.start, next_.second.end), part.pieces + next_.pieces)
                for next_ in starts.get(at, ())
                if 0 < next_.second.start - part.second.end <= _CHANGED
            ]
    return found


def _head(body: Body, match: Match, compared: Comparison) -> Match | None:
    """The first period of a match that goes on into other rows: a table's section on one line, and that section as lines."""
    period = match.second.start - match.first.start
    if not match.overlaps or not compared.count("number", "edit") or compared.pieces[0][:2] != (match.first.start, match.second.start):
        return None
    if compared.pieces[0][2] < period:
        return None
    apart = [body.lines.of(start) != body.lines.of(start + period - 1) for start in (match.first.start, match.second.start)]
    return match_of([(match.first.start, match.second.start, period)]) if apart[0] != apart[1] else None


def _claim(body: Body, match: Match, compared: Comparison) -> Claim | None:
    """The match measured; None where it covers no line of either side."""
    shorter = min(match.first.end - match.first.start, match.second.end - match.second.start)
    if compared.equal < body.config.least_score * _LEAST_EQUAL * shorter:
        return None
    if not body.evidence.garbled and _says_nothing(body, match, compared.equal):
        return None
    one = _side(body, match.first, [(first, length) for first, _, length in compared.pieces], match.second)
    other = _side(body, match.second, [(second, length) for _, second, length in compared.pieces], match.first)
    if not (one.covered or other.covered or is_teaser_line(body, one, other) or is_teaser_line(body, other, one)):
        return None
    weight = sum(body.weigh(first, first + length) for first, _, length in compared.pieces)
    return Claim(match, *_unwrapped(body, one, other, compared), compared, weight)


def _says_nothing(body: Body, match: Match, equal: int) -> bool:
    """True when neither side can be more than a phrase: each within a line that it does not cover, and not at the beginning of both.

    Most matches are such: what follows would come to the same.
    """
    lines = body.lines
    apart = False
    for span, other in ((match.first, match.second), (match.second, match.first)):
        line = lines.of(span.start)
        start, end = lines.starts[line], lines.ends[line]
        if span.end > end or equal >= (end - start - max(0, min(end, other.end) - max(start, other.start))) * COVERED_SHARE:
            return False
        apart |= span.start - start > NEARLY
    return apart


def _side(body: Body, span: Span, equal: Sequence[tuple[int, int]], other: Span) -> Side:
    """One side of a match; a garbled line is covered by fewer letters, on either side."""
    lines, garbled = body.lines, body.evidence.garbled
    lossy = garbled and any(line in garbled for at in (span, other) for line in range(lines.of(at.start), lines.of(at.end - 1) + 1))
    return side_of(span, equal, other, lines, body.text, body.paragraphs, GARBLED_SHARE if lossy else COVERED_SHARE)


def _unwrapped(body: Body, one: Side, other: Side, compared: Comparison) -> tuple[Side, Side]:
    """Both sides, the breaks that only a column made told apart by comparing them."""
    if not (one.breaks and other.breaks):
        return one, other
    both = [(first + i, second + i) for first, second, length in compared.pieces for i in _break_offsets(body, first, second, length)]
    one_too = {first for first, second in both if second in body.starts}
    other_too = {second for first, second in both if first in body.starts}
    return (
        without_column(one, one_too, body.lines, body.text, body.paragraphs),
        without_column(other, other_too, body.lines, body.text, body.paragraphs),
    )


def _break_offsets(body: Body, first: int, second: int, length: int) -> set[int]:
    """Places in an equal piece at which a line begins on either side, counted from the piece's start."""
    starts = body.lines.starts
    return {
        starts[line] - place for place in (first, second) for line in range(bisect_left(starts, place), bisect_left(starts, place + length))
    }
