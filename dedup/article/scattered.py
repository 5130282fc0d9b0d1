"""Scattered lines: those that stand twice in another order, interleaved, each twice, or with another text between them."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dedup.article.body import LEAST_BODY, PROSE, SHORT_PROSE
from dedup.article.claims import pair_lines
from dedup.article.code import is_code
from dedup.article.differences import number_marks
from dedup.article.preference import CERTAIN, judge_soundness
from dedup.article.sameness import are_words, count_signs, is_converted, is_damage, is_same, keeps_figures
from dedup.article.settling import settle
from dedup.article.soundness import scars

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.article.body import Body
    from dedup.article.claims import Claim, Claims
    from dedup.article.removals import Removals

_LEAST_SCATTERED = 100  # weight of a body whose lines are scattered: two lines of verse are no body
_LEAST_FIGURES = 40  # the same where every other line has a number, as no verse has
_WHOLE_BODY = 0.98  # share of the body that stands twice when all of it does, but for a mark or two
_VERSION = 0.9  # of a paragraph's letters that its other version has
_MOST_TWINS = 4  # a line that stands more often is a refrain
_MOST_PARTNERS = 2  # lines that one line is nearly equal to; more are stanzas or clauses in parallel
_SIGNS = 3  # exchanged letters that make damage likelier than a name
_AGREED = 0.6  # share of what pairs say about which side is sound that must point one way for the side to be known
_ROW_GAP = 3  # lines from one of a row's parts to the next, at the most
_QUOTATION_MARKS = "\"“‘「『«'"


def settle_scattered(body: Body, found: Claims, removals: Removals, claims: list[Claim]) -> None:
    """Single lines that stand twice go when the whole body stands twice; else only long ones, letter for letter.

    `claims` are those that no rule took for a repeat.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for line, (start, end) in enumerate(zip(body.lines.starts, body.lines.ends, strict=True)):
        if end > start:
            groups[body.letters[start:end]].append(line)
    twins = [lines for lines in groups.values() if 1 < len(lines) <= _MOST_TWINS]
    near = _near_pairs(body, removals, [*claims, *_short_pairs(body, removals, claims, twins)], twins)
    for row in _rows(body, claims):
        for part in row:
            settle(body, found, removals, part, "copy")
    if not twins and not near:
        return
    said_twice = _is_said_twice(body, removals, twins, near, _versions(claims))
    if said_twice:
        _settle_pairs(body, found, removals, near)
    for lines in sorted(twins):
        if said_twice or _is_long_pair(body, lines):
            _settle_lines(body, removals, lines, "copy" if said_twice else "paragraph")


def _short_pairs(body: Body, removals: Removals, claims: list[Claim], twins: list[list[int]]) -> list[Claim]:
    """Neighbouring lines too short or too damaged to be found, where most other lines stand twice in a row."""
    pairs = [(lines[0], lines[1]) for lines in twins if len(lines) == 2]
    pairs += [(claim.one.first, claim.other.first) for claim in claims if _is_line_pair(claim)]
    paired = {line for one, other in pairs if other == one + 1 for line in (one, other)}
    if not paired:  # before each line is looked at: two fifths of the time of an article of 180,000 lines
        return []
    lines = [line for line in range(len(body.lines.starts)) if removals.is_kept(body.lines.span(line))]
    if len(paired) * 3 < len(lines):
        return []
    found = []
    for one, other in pairwise(lines):
        if one in paired or other in paired or other != one + 1:
            continue
        claim = pair_lines(body, one, other)
        if claim is not None:
            found.append(claim)
            paired |= {one, other}
    return found


def _near_pairs(body: Body, removals: Removals, claims: list[Claim], twins: list[list[int]]) -> list[Claim]:
    """The pairs of lines that differ as damage makes them differ; none where they are parallel, or differ in a name.

    Two lines that each have their own equal are two lines: a heading, and the sentence under it that says it again.
    """
    paired = _paired(body, removals, twins)
    near = [
        claim
        for claim in claims
        if not claim.exact
        and _is_line_pair(claim)
        and not (paired[slice(*claim.match.first)].all() and paired[slice(*claim.match.second)].all())
        and is_damage(body, claim)
        and is_same(body, claim)
    ]
    partners = Counter(line for claim in near for line in (claim.one.first, claim.other.first))
    if any(count > _MOST_PARTNERS for count in partners.values()):
        return []
    gaps = [gap for claim in near for gap in claim.compared.gaps if gap.kind == "noise"]
    # One exchanged letter may be another name, two letters more another word; a letter that was dropped or doubled is neither.
    signs = count_signs(body, *near)
    if signs >= _SIGNS or not any(gap.both or gap.either > 1 for gap in gaps):
        return [] if len(gaps) == 1 and are_words(body, gaps[0]) else near
    if signs == 1 and not any(is_converted(body, claim) for claim in near):
        return []
    doubled = bool(twins) and _are_doubled(body, [*twins, *([claim.one.first, claim.other.first] for claim in near)])
    return [claim for claim in near if keeps_figures(body, claim) or (doubled and claim.weight >= SHORT_PROSE)]


def _are_doubled(body: Body, pairs: list[list[int]]) -> bool:
    """True when the body is pairs of neighbouring lines and nothing else, as a page that is read twice line by line."""
    lines = sum(end > start for start, end in zip(body.lines.starts, body.lines.ends, strict=True))
    return 2 * len(pairs) == lines and _are_neighbours(pairs)


def _are_neighbours(pairs: list[list[int]]) -> bool:
    """True when every line is followed by its equal, and stands no third time."""
    return all(len(pair) == 2 and pair[1] == pair[0] + 1 for pair in pairs)


def _is_line_pair(claim: Claim) -> bool:
    return all(len(side.covered) == 1 and not side.breaks for side in (claim.one, claim.other))


def _rows(body: Body, claims: list[Claim]) -> Iterator[list[Claim]]:
    """Copies that are each said in part only: whole lines in the same order, a line or two of another text between them."""
    parts = [claim for claim in claims if claim.exact and all(side.covered and body.is_whole(side) for side in (claim.one, claim.other))]
    row: list[Claim] = []
    for part in sorted(parts, key=lambda claim: claim.match.first):
        if row and not _goes_on(row, part):
            if _is_row(body, row):
                yield row
            row = []
        row.append(part)
    if _is_row(body, row):
        yield row


def _goes_on(row: list[Claim], part: Claim) -> bool:
    """True when a part stands next in the row, on both sides."""
    if part.match.first.end > row[0].match.second.start:
        return False
    return 0 < part.one.first - row[-1].one.last <= _ROW_GAP and 0 < part.other.first - row[-1].other.last <= _ROW_GAP


def _is_row(body: Body, row: list[Claim]) -> bool:
    """True when two parts or more are prose together and long enough for a copy."""
    if len(row) < 2 or sum(part.weight for part in row) < body.config.least_copy:
        return False
    longest = max(body.weigh_line(line) for part in row for line in part.one.covered)
    return longest >= PROSE and all(is_same(body, part) for part in row)


def _versions(claims: list[Claim]) -> list[Claim]:
    """Paragraphs of prose beside one that differs in a word or a number: both stay, and the other pairs are copies none the less."""
    pairs = [claim for claim in claims if claim.weight >= SHORT_PROSE and _is_line_pair(claim)]
    return [claim for claim in pairs if claim.other.first == claim.one.first + 1 and claim.compared.equal >= _VERSION * _longer(claim)]


def _longer(claim: Claim) -> int:
    return max(span.end - span.start for span in (claim.match.first, claim.match.second))


def _is_said_twice(body: Body, removals: Removals, twins: list[list[int]], near: list[Claim], versions: list[Claim]) -> bool:
    """True when nearly all of the body stands twice, and it is more than a few lines of verse."""
    pairs = [*twins, *([claim.one.first, claim.other.first] for claim in near)]
    weights = [body.weigh_line(lines[0]) for lines in twins] + [claim.weight for claim in near]
    distinct, longest = sum(weights), max(weights)
    share = _share_paired(body, removals, twins, near + versions)
    if share < (_WHOLE_BODY if body.is_code else body.config.body_share):
        return False
    if share > _WHOLE_BODY and len(pairs) > 1 and body.has_figures([pair[0] for pair in pairs]):
        return distinct >= _LEAST_FIGURES
    if share > _WHOLE_BODY and not near:
        return distinct >= (LEAST_BODY if len(twins) == 1 else _LEAST_SCATTERED)
    beside = [*pairs, *([claim.one.first, claim.other.first] for claim in versions)]
    if (longest >= SHORT_PROSE and _are_doubled(body, beside)) or (not near and len(twins) > _MOST_TWINS and _are_neighbours(twins)):
        return distinct >= _LEAST_SCATTERED
    return distinct >= body.config.least_paragraph and longest >= SHORT_PROSE


def _share_paired(body: Body, removals: Removals, twins: list[list[int]], near: list[Claim]) -> float:
    """The share of the body, by weight, that stands in two places, 0 to 1."""
    paired = _paired(body, removals, twins)
    for claim in near:
        for start, end in (claim.match.first, claim.match.second):
            paired[start:end] = True
    size = np.diff(body.weights)
    return float(size[paired].sum()) / max(float(size.sum()), 1.0)


def _paired(body: Body, removals: Removals, twins: list[list[int]]) -> np.ndarray:
    """For each letter whether an equal line, or a removed copy or the text that it repeats, says it again."""
    removed = removals.target >= 0
    paired = removed.copy()
    paired[removals.target[removed]] = True
    for line in (line for twin in twins for line in twin):
        start, end = body.lines.span(line)
        paired[start:end] = True
    return paired


def _settle_pairs(body: Body, found: Claims, removals: Removals, near: list[Claim]) -> None:
    """Each pair by its own differences; where those say little, as the others do when these agree."""
    verdicts = [judge_soundness(body, claim) for claim in near]
    total, size = sum(verdicts), sum(map(abs, verdicts))
    agreed = total if size >= 2 * CERTAIN and abs(total) >= _AGREED * size else 0.0
    for claim, verdict in zip(near, verdicts, strict=True):
        own = abs(verdict) >= CERTAIN and verdict * agreed >= 0
        settle(body, found, removals, claim, "copy", verdict if own else agreed or verdict)


def _is_long_pair(body: Body, lines: list[int]) -> bool:
    """Two equal lines of prose, neither a question nor one of them the other in quotation marks."""
    if len(lines) != 2 or body.weigh_line(lines[0]) < body.config.least_paragraph:  # three are a refrain
        return False
    one, other = map(body.line_text, lines)
    if number_marks(one) != number_marks(other) or body.is_code or is_code(one):
        return False
    return one[-1] not in "?？؟" and (one[0] in _QUOTATION_MARKS) == (other[0] in _QUOTATION_MARKS)


def _settle_lines(body: Body, removals: Removals, lines: list[int], kind: str) -> None:
    """Of equal lines the one with the fewest scars stays, the first of those."""
    alive = [line for line in lines if not removals.has_gone(body.lines.span(line))]
    if len(alive) < 2:
        return
    text = {line: body.line_text(line) for line in alive}
    keep = min(alive, key=lambda line: (scars(text[line]), line))
    for line in alive:
        if line != keep and number_marks(text[line]) == number_marks(text[keep]):
            removals.remove_line(body.lines.span(line), np.arange(*body.lines.span(keep), dtype=np.int32), kind)
