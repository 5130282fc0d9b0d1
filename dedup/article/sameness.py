"""Sameness: when the differences of a claim are damage or small edits, and when they make another statement."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from dedup.article.body import PROSE
from dedup.article.differences import number_marks
from dedup.article.soundness import scars
from dedup.kernels.wide import is_wide_letter

if TYPE_CHECKING:
    from dedup.article.body import Body
    from dedup.article.claims import Claim
    from dedup.article.differences import Gap

_EDIT_EVERY = 40  # weight to one edited word, at the least, in an edited copy
_NOISE_EVERY = 400  # letters to one changed letter, at the most, in a damaged copy
_NAME_EVERY = 400  # letters to one exchanged name, at the most, in clauses that differ in a name
_LONGEST_NAME = 32  # letters of words that are exchanged for others, `Charles Grassley` for `Manufacturers Hanover`
_LEAST_NOISE = 2  # changed letters of a damaged copy; one may be another name
_STATEMENTS = 2  # numbers and negations that damage may have changed in any copy, besides those its rate explains
_LEAST_FIGURES, _FIGURE_EVERY = 4, 6  # digits of a table's row, and letters to each of them, at the most
_ITEMS, _ITEM_LETTERS = 40, 400  # lines, and letters of each, by which a list is known
_BEYOND_LATIN = "\u0250"
_LONGEST_SLIP = 3  # letters that damage leaves out of a word at once
_WORD = 3  # equal letters between two changes of one word, in an alphabet
_CONVERTED = 4  # Han letters written otherwise that make a copy converted
_READ = 4096  # letters whose places are numbers of Python's at a time, 80 bytes each
_ALIKE = 0.5  # similarity of a list's neighbours


def is_same(body: Body, claim: Claim) -> bool:
    """True when the differences are damage or small edits, not another statement."""
    if claim.exact:
        return _has_same_numbers(body, claim)
    if has_losses(body, claim):
        # What a garbled side lacks it lost; only what it says otherwise counts against it.
        return sum(gap.both for gap in claim.compared.gaps) * 5 <= claim.compared.equal
    if _is_periodic(body, claim) or not _is_near(body, claim) or _is_another_statement(body, claim):
        return False
    if not _is_noisy(body, claim) and claim.compared.count("edit") * _EDIT_EVERY > claim.weight:
        return False
    return not (_is_list(body, claim) or _is_systematic(body, claim))


def _is_noisy(body: Body, claim: Claim) -> bool:
    """True when single letters are changed all over, and words as seldom as that explains: a damaged copy, not an edited one."""
    noise = count_signs(body, claim)
    return noise >= _LEAST_NOISE and noise * _NOISE_EVERY >= claim.compared.equal and claim.compared.count("edit") * 2 <= noise


def count_signs(body: Body, *claims: Claim) -> int:
    """How many places damage may have changed: letters of one word are one sign, however an edit distance spells its exchange."""
    return sum(len(_changes(body, claim)) for claim in claims)


def _changes(body: Body, claim: Claim) -> list[list[Gap]]:
    """The claim's changed letters, those of one word together."""
    reach = _WORD if body.has_words else 0
    changes: list[list[Gap]] = []
    for gap in claim.compared.gaps:
        if gap.kind == "noise":
            if changes and gap.a0 <= changes[-1][-1].a1 + reach:
                changes[-1].append(gap)
            else:
                changes.append([gap])
    return changes


def are_words(body: Body, gap: Gap) -> bool:
    """True when the article says elsewhere both words that differ there: `Africa` and `African`, not a slip of one of them.

    A slip leaves out a letter or two: where more are, it is enough that the article says the shorter word (`Intel`, `International`).
    """
    if not body.has_words:
        return False
    (start, end), (other, other_end) = gap.sides if gap.a1 > gap.a0 else gap.sides[::-1]
    first, last = int(body.evidence.at[start]), int(body.evidence.at[end - 1]) + 1
    span = body.paragraphs[body.lines.of(start)]
    low, high = first, last
    while low > span.start and body.text[low - 1].isalpha():
        low -= 1
    while high < span.end and body.text[high].isalpha():
        high += 1
    pair = body.text[low:high], body.text[low:first] + body.letters[other:other_end] + body.text[last:high]
    return all(body.word_counts[word.lower()] > 1 for word in (pair[1:] if gap.either > _LONGEST_SLIP else pair))


def _is_periodic(body: Body, claim: Claim) -> bool:
    """True for a text that repeats with a period: with changes, or a short one, it is verse or a list."""
    if not claim.match.overlaps:
        return False
    changes = claim.compared.count("edit", "number", "negation", "other")
    return changes > 0 or body.weigh(claim.match.first.start, claim.match.second.start) < 2 * PROSE


def _is_near(body: Body, claim: Claim) -> bool:
    """True when hardly anything is said otherwise; what one side lacks does not count."""
    compared = claim.compared
    unlike = sum(gap.both for gap in compared.gaps if gap.kind == "other")
    size = compared.equal + sum(gap.either for gap in compared.gaps if gap.kind not in ("only", "other"))
    if unlike * 4 > compared.equal or compared.equal < body.config.least_score * size:
        return False
    return sum(gap.both for gap in compared.gaps) <= compared.equal


def _is_another_statement(body: Body, claim: Claim) -> bool:
    """True when a third of the paragraphs differ in a number or a negation: another table, another list."""
    side = claim.broken
    lines = {body.lines.of(gap.a0 if side is claim.one else gap.b0) for gap in statement_gaps(body, claim)}
    return len(lines) * 3 > max(len(side.covered), 1)


def _has_same_numbers(body: Body, claim: Claim) -> bool:
    """True when the numbers have the same signs and points on both sides; a line break may have glued two."""
    one, other = number_marks(body.raw(claim.match.first)), number_marks(body.raw(claim.match.second))
    return len(set(one) ^ set(other)) <= claim.one.breaks + claim.other.breaks


def statement_gaps(body: Body, claim: Claim) -> list[Gap]:
    """Gaps that make another statement of their paragraph: numbers, negations and exchanged words, where damage does not explain them."""
    if has_losses(body, claim):
        return []
    gaps = [gap for gap in claim.compared.gaps if gap.kind in ("number", "negation")]
    noise = claim.compared.count("noise")
    if not _is_noisy(body, claim) and (exchanged := _exchanged(body, claim)):
        gaps += exchanged
        noise = count_signs(body, claim)
    if not gaps or noise < _LEAST_NOISE:
        return gaps
    start, end = claim.match.first
    digits = sum(map(str.isdigit, body.letters[start:end]))
    likely = noise * digits / max(claim.compared.equal, 1)
    return gaps if len(gaps) > _STATEMENTS + 4 * likely else []


def _exchanged(body: Body, claim: Claim) -> list[Gap]:
    """The words that are exchanged for sound others, in runs of lines also one letter: which are names only some scripts show."""
    gaps = [gap for gap in claim.compared.gaps if gap.kind in ("edit", "only", "other") and gap.either <= _LONGEST_NAME]
    found = [gap for gap in gaps if (gap.both and gap.kind != "only") or are_words(body, gap)]
    # A pair of lines has the other pairs as witnesses: `scattered`.
    if (claim.one.breaks or claim.other.breaks) and not is_converted(body, claim):
        found += [gap for change in _changes(body, claim) if _is_exchange(body, change) for gap in change]
    return [gap for gap in found if not _is_garbled(body, gap)]


def _is_exchange(body: Body, change: list[Gap]) -> bool:
    """True when a word's letters are other ones, in another order, or those of another word of the article."""
    first, last = change[0], change[-1]
    sides = any(gap.a1 > gap.a0 for gap in change), any(gap.b1 > gap.b0 for gap in change)
    return all(sides) or are_words(body, first._replace(a1=last.a1, b1=last.b1))


def _is_garbled(body: Body, gap: Gap) -> bool:
    """True when one of two exchanged words is damaged: it shows scars, or has Latin or Han letters where the other has none."""
    parts = [body.text[body.evidence.at[start - 1] if start else 0 : body.evidence.at[end - 1] + 2] for start, end in gap.sides]
    letters = [body.letters[start:end] for start, end in gap.sides]
    latin, wide = ([any(map(test, part)) for part in letters] for test in (_is_latin, is_wide_letter))
    return (all(letters) and (latin[0] != latin[1] or wide[0] != wide[1])) or any(map(scars, parts))


def _is_latin(letter: str) -> bool:
    return letter < _BEYOND_LATIN


def is_converted(body: Body, claim: Claim) -> bool:
    """True when equal letters are written otherwise on both sides, as in traditional and simplified Han."""
    unlike, text, at = 0, body.text, body.evidence.at
    for first, second, length in claim.compared.pieces:
        for low in range(0, length, _READ):
            both = (at[side + low : side + min(low + _READ, length)].tolist() for side in (first, second))
            for one, other in zip(*both, strict=True):
                unlike += text[one] != text[other] and is_wide_letter(text[one])
            if unlike >= _CONVERTED:
                return True
    return False


def _is_list(body: Body, claim: Claim) -> bool:
    """True when the lines of a side are alike among themselves: items of a list, not a body."""
    lines = [body.letters[slice(*body.lines.span(line))][:_ITEM_LETTERS] for line in claim.broken.covered[:_ITEMS]]
    pairs = [Levenshtein.normalized_similarity(one, other, score_cutoff=_ALIKE) for one, other in pairwise(lines)]
    return bool(pairs) and sum(pairs) >= _ALIKE * len(pairs)


def _is_systematic(body: Body, claim: Claim) -> bool:
    """True when the same letters are exchanged again and again: a name for another name."""
    exchanged: dict[tuple[str, ...], int] = defaultdict(int)
    for gap in claim.compared.gaps:
        if gap.both:
            exchanged[tuple(sorted((body.letters[gap.a0 : gap.a1], body.letters[gap.b0 : gap.b1])))] += 1
    total = sum(exchanged.values())
    return total >= 2 and max(exchanged.values()) * 2 > total and total * _NAME_EVERY > claim.compared.equal


def keeps_figures(body: Body, claim: Claim) -> bool:
    """True for rows of figures that are all the same on both sides: where letters differ, they are damaged."""
    start, end = claim.match.first
    digits = sum(map(str.isdigit, body.letters[start:end]))
    if digits < _LEAST_FIGURES or digits * _FIGURE_EVERY < end - start:
        return False
    return is_damage(body, claim) and not claim.compared.count("number", "negation", "only", "other")


def is_damage(body: Body, claim: Claim) -> bool:
    """True when hardly a word is changed, only letters."""
    return has_losses(body, claim) or claim.compared.count("edit", "other") * 3 <= claim.compared.count("noise")


def has_losses(body: Body, claim: Claim) -> bool:
    """True when a side is garbled, and so lost letters."""
    return bool(body.evidence.garbled) and (body.is_garbled(claim.one) or body.is_garbled(claim.other))
