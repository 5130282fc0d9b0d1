"""Rules: which shapes are a scrape's repeat, because authors do not make them.

    block       one line holds two or more neighbouring paragraphs again (a container, a run-on copy): `blocks`
    copy        a run of prose paragraphs stands a second time, or nearly the whole body does
    paragraph   one long paragraph stands a second time, letter for letter: `scattered`
    teaser      the start of a paragraph or of the body, and an ellipsis
    summary     a labelled line that is a paragraph of the body
    title       a line that is the title: `canonical`

Everything else is the author's and stays: code, refrains, parallel clauses, quotations, tables. Stretches
that differ in a number or a negation never say the same, unless damage is all over the copy: `sameness`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.article.body import LEAST_BODY, NEARLY, PROSE, SHORT_PROSE
from dedup.article.code import is_code
from dedup.article.removals import KEPT
from dedup.article.sameness import has_losses, is_damage, is_same, keeps_figures
from dedup.article.teasers import is_summary_line, is_teaser_line

if TYPE_CHECKING:
    from dedup.article.body import Body
    from dedup.article.claims import Claim
    from dedup.article.removals import Removals
    from dedup.article.structure import Side

_AROUND = 200  # characters


def repeats_code(body: Body, claim: Claim) -> bool:
    """True when a match is of code, or stands in a body of code, and is not nearly all of the body as a scrape says it twice.

    Code says it letter for letter: a page of two commands and their answers nearly is said twice, too, and an option less is another
    command. Beside prose in a page's data, whose escapes are marks of code, the prose may be damaged.
    """
    code = all(is_code(_in_its_lines(body, side)) for side in (claim.one, claim.other))
    if 2 * claim.weight >= body.config.body_share * int(body.weights[-1]) and (claim.exact or not code):
        return False
    return code or body.is_code


def _in_its_lines(body: Body, side: Side) -> str:
    """The side's text with what stands around it in its lines: two companies' signs in the beginning of a sentence are no code."""
    low, high = int(body.evidence.at[side.span.start]), int(body.evidence.at[side.span.end - 1]) + 1
    low = max(low - _AROUND, body.paragraphs[side.first].start)
    return body.text[low : min(high + _AROUND, body.paragraphs[side.last].end)]


def kind_of(body: Body, claim: Claim, removals: Removals) -> str | None:
    """The kind of repeat that a claim is, besides `block`; None where it is the author's."""
    if not has_losses(body, claim) and any(is_teaser_line(body, *sides) for sides in claim.sides) and _is_cut(body, claim):
        return "teaser"
    if any(is_summary_line(body, *sides) for sides in claim.sides) and is_same(body, claim):
        return "summary"
    return "copy" if _is_copy(body, claim, removals) else None


def _is_cut(body: Body, claim: Claim) -> bool:
    """True when a teaser is cut from the text, as a machine does: no word of it is another, and of a whole paragraph no letter."""
    whole = all(body.is_whole(side) and not side.breaks for side in (claim.one, claim.other))
    return is_same(body, claim) and (claim.exact or (not whole and is_damage(body, claim)))


def _is_copy(body: Body, claim: Claim, removals: Removals) -> bool:
    """True when both sides are runs of lines, and what they say is prose or nearly all of the body."""
    one, other = claim.one, claim.other
    if not (one.breaks and other.breaks and one.covered and other.covered and is_same(body, claim)):
        return False
    longest = max(map(body.weigh_line, one.covered))
    lines = min(len(one.covered), len(other.covered)) > 1
    if lines and claim.weight >= body.config.least_copy and longest >= PROSE:
        return True
    if claim.exact and claim.weight >= PROSE and longest >= SHORT_PROSE and _starts_over(body, claim):
        return True
    return lines and _is_nearly_all(body, claim, longest, removals)


def _starts_over(body: Body, claim: Claim) -> bool:
    """True for a text that is its two sides: an authored frame of this kind is a chorus, and of short lines."""
    return claim.match.first.start <= NEARLY and len(body.letters) - claim.match.second.end <= NEARLY


def _is_nearly_all(body: Body, claim: Claim, longest: int, removals: Removals) -> bool:
    """True when both sides are lines that are nearly all of the body, or the same words in other paragraphs."""
    one, other = claim.one, claim.other
    if claim.weight < LEAST_BODY:
        return False
    if claim.compared.count("noise", "edit", "number", "negation", "other"):
        if longest < SHORT_PROSE and not keeps_figures(body, claim):
            return False  # verse in parallel
    else:
        if not (body.begins_line(one) and body.begins_line(other) and (body.ends_line(one) or body.ends_line(other))):
            return False  # the ends of two lines of code, say, and what stands between them
        if claim.exact and body.is_whole(one) and body.is_whole(other) and len(one.trusted) != len(other.trusted):
            return True  # glued by a machine
    kept = int(np.diff(body.weights)[removals.target == KEPT].sum())
    return is_damage(body, claim) and claim.compared.count("other") == 0 and 2 * claim.weight / max(kept, 1) >= body.config.body_share
