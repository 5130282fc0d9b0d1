"""Blocks: lines that hold two or more whole other lines again, as a container or a run-on copy does."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from dedup.article.body import PROSE, SHORT_PROSE
from dedup.article.calls import closing_call
from dedup.article.sameness import is_same, keeps_figures
from dedup.article.teasers import is_teaser_line

if TYPE_CHECKING:
    from dedup.article.body import Body
    from dedup.article.claims import Claim
    from dedup.article.structure import Side
    from dedup.model import Span

_WHOLE = 0.97  # of the container's weight: a line of more is its equal, and not held by it
_LEAST_SHARE = 0.3  # of a container that is held again; a long stretch needs no share
_SHORT_SHARE = 0.6  # the same where the stretch is short and there are three lines or more
_PAIR_SHARE = 0.95  # the same where there are two
_OVERLAP = 4  # letters that two held lines may share by chance
_BETWEEN = 2  # lines that may stand between two that are held


class _Held(NamedTuple):
    """A part of a line that other lines say: the claim's index, the part, and the lines."""

    claim: int
    block: Side
    lines: list[int]


def find_blocks(body: Body, claims: list[Claim]) -> set[int]:
    """Indices of the claims by which a line holds two or more whole other lines again, together most of it."""
    held: dict[int, list[tuple[int, Side, Side]]] = defaultdict(list)
    for index, claim in enumerate(claims):
        for block, run in claim.sides:
            if not block.breaks and (run.covered or _runs_on(body, block, run)) and not _is_called(body, run, block):
                held[block.first].append((index, block, run))
    accepted = set()
    for line, parts in held.items():
        accepted |= _accepted(body, line, _held_lines(body, line, parts, claims), claims)
    return accepted


def _held_lines(body: Body, line: int, parts: list[tuple[int, Side, Side]], claims: list[Claim]) -> list[_Held]:
    """The parts of one line that say the same as whole other lines which stand together."""
    whole = body.weigh_line(line)
    found = []
    for index, block, run in parts:
        others = [other for other in run.covered if other == line or body.weigh_line(other) < _WHOLE * whole]
        if _runs_on(body, block, run):
            others = list(range(run.first, run.last + 1))
        if others and is_same(body, claims[index]):
            found.append(_Held(index, block, others))
    spans: dict[int, list[Span]] = defaultdict(list)
    for part in found:
        for other in part.lines:
            spans[other].append(part.block.span)
    return [part for part in found if len(part.lines) > 1 or _has_neighbour(line, part, spans)]


def _accepted(body: Body, line: int, parts: list[_Held], claims: list[Claim]) -> set[int]:
    """The claims by which one line is a container; none unless they are enough together."""
    held = {other for part in parts for other in part.lines}
    if len(held) < 2:
        return set()
    whole = body.weigh_line(line)
    spans = [part.block.span for part in parts]
    weight = _weigh_union(body, spans) + _weigh_ends(body, line, spans, held)
    glued = line in held  # the block and its first paragraph on one line
    exact = all(claims[part.claim].exact or keeps_figures(body, claims[part.claim]) for part in parts)
    if weight < body.config.least_block or (weight < _LEAST_SHARE * whole and weight < 3 * PROSE and not glued):
        return set()
    covered = {other for part in parts for side in claims[part.claim].sides for other in side[1].covered}
    if weight < PROSE and not covered.issuperset(held):
        return set()  # a short line, said again at the end of one wrapped line and the beginning of the next
    if weight < PROSE and not (exact and (glued or weight > (_SHORT_SHARE if len(held) > 2 else _PAIR_SHARE) * whole)):
        return set()
    headlines = max(map(body.weigh_line, held)) < SHORT_PROSE and weight < 3 * PROSE
    if headlines and not glued and weight < _PAIR_SHARE * whole and not body.has_figures(held):
        return set()  # the paragraph under a stack of headlines says them again, and more
    return {part.claim for part in parts}


def _has_neighbour(line: int, part: _Held, spans: dict[int, list[Span]]) -> bool:
    """True when another held line stands by the part's, the container itself and a line or two between them, and says another part of it.

    A heading that stands twice, and once more in the paragraph under it, is held twice in one place.
    """
    here, span = part.lines[0], part.block.span
    for other in range(here - _BETWEEN - 1, here + _BETWEEN + 2):
        between = _BETWEEN + (min(other, here) < line < max(other, here))
        apart = any(place.end <= span.start + _OVERLAP or place.start >= span.end - _OVERLAP for place in spans.get(other, ()))
        if other != here and abs(other - here) <= between and apart:
            return True
    return False


def _runs_on(body: Body, block: Side, run: Side) -> bool:
    """True when all of the block's line is said by a run that begins a line and goes on into another."""
    return body.is_whole(block) and run.last > run.first and body.begins_line(run)


def _weigh_ends(body: Body, line: int, spans: list[Span], held: set[int]) -> int:
    """Weight of the line's beginning and end outside the spans, where a whole neighbour says it: too short to be found."""
    start, end = body.lines.span(line)
    weight = 0
    for low, high, beside in (
        (start, min(span.start for span in spans), (line - 1, min(held) - 1)),
        (max(span.end for span in spans), end, (line + 1, max(held) + 1)),
    ):
        if any(0 <= other < len(body.paragraphs) and other != line and body.says(other, low, high) for other in beside):
            weight += body.weigh(low, high)
    return weight


def _is_called(body: Body, run: Side, block: Side) -> bool:
    """True when the run is a teaser's line, which says by its end that the block goes on: the block is the author's paragraph."""
    return not run.breaks and bool(closing_call(body.text, body.paragraphs[run.first])) and is_teaser_line(body, run, block)


def _weigh_union(body: Body, spans: list[Span]) -> int:
    """Weight of the letters that at least one of the spans has."""
    total = reached = 0
    for start, end in sorted(spans):
        low = max(start, reached)
        if end > low:
            total += body.weigh(low, end)
            reached = end
    return total
