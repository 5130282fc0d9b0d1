"""Verify: how two stretches that were proposed as saying the same do differ, letter by letter.

A match's equal pieces are given; every gap between them is compared here (rapidfuzz) and named:

    noise       single letters changed, dropped or doubled, as damage leaves them
    edit        words changed, added or left out
    number      digits differ: never the same statement
    negation    a negating word on one side only: never the same statement
    only        a passage that one side has and the other lacks
    other       two passages that have nothing in common
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import Levenshtein

from dedup.article.markup import without_tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from rapidfuzz.distance import Opcode

    from dedup.article.evidence import Match

_SHORT = 3  # letters that damage drops or doubles in one place
PASSAGE = 12  # letters of a passage; fewer are an edit
_ALIKE = 0.45  # similarity from which two stretches are versions of one text
_WITHIN = 2  # equal letters inside one changed word
_SLIDE = 40  # letters by which a passage may be moved
_NUMERAL = 32  # digits that are read on either side of a difference

_NEGATIONS = frozenset("不没沒未无無非否勿莫別别毋")
_NEGATING_WORDS = frozenset("not no never without cannot nicht kein keine non pas jamais sin नहीं ไม่ لا لم لن ليس 안 않 ない ません".split())
# Negations inside a word or without spaces around them; an edit distance may spell `ไม่` before `ได้` as `ม่ไ` after its first letter.
_NEGATING_PARTS = re.compile("ない|なか|なく|ませ|ไม่|않|없|못|아니|नहीं|not|never|without")
_AROUND = 4  # letters on either side in which a negating part may begin or end
_MARK = re.compile(r"(?P<digits>\d+)|(?<=\d)(?P<point>\.)(?=\d)|(?<![\w.,/)])(?P<sign>[-−+±])(?=\d)")


class Gap(NamedTuple):
    """A place where the two stretches differ: first[a0:a1] against second[b0:b1] (letters), and how."""

    a0: int
    a1: int
    b0: int
    b1: int
    kind: str

    @property
    def sides(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The letters that stand there on the first side and on the second."""
        return (self.a0, self.a1), (self.b0, self.b1)

    @property
    def both(self) -> int:
        """How many letters both sides have there."""
        return min(self.a1 - self.a0, self.b1 - self.b0)

    @property
    def either(self) -> int:
        """How many letters the side with more of them has there."""
        return max(self.a1 - self.a0, self.b1 - self.b0)


class Comparison(NamedTuple):
    """A match read letter by letter: its equal parts (first, second, length) and its gaps, each in order."""

    pieces: list[tuple[int, int, int]]
    gaps: list[Gap]

    @property
    def equal(self) -> int:
        """Letters that are equal."""
        return sum(piece[2] for piece in self.pieces)

    def count(self, *kinds: str) -> int:
        """How many gaps are of these kinds."""
        return sum(gap.kind in kinds for gap in self.gaps)


def compare(match: Match, letters: str, starts: AbstractSet[int]) -> Comparison:
    """The match's equal parts and its gaps; its ends are read too where they reach beyond the pieces."""
    compared = Comparison([], [])
    at_first, at_second = match.first.start, match.second.start
    for first, second, length in (*_slid(match.pieces, letters, starts), (match.first.end, match.second.end, 0)):
        if first > at_first or second > at_second:
            _read_gap(compared, letters, at_first, first, at_second, second)
        if length:
            compared.pieces.append((first, second, length))
        at_first, at_second = first + length, second + length
    return compared


def _slid(pieces: Sequence[tuple[int, int, int]], letters: str, starts: AbstractSet[int]) -> list[tuple[int, int, int]]:
    """The pieces with every passage that one side has moved, where its letters allow it, to a line's beginning.

    Where `A few rose` stands between `…fell.` and `And all…`, the passage may as well be `few rose A`.
    """
    slid = [pieces[0]] if pieces else []
    for first, second, length in pieces[1:]:
        before = slid[-1]
        end_first, end_second = before[0] + before[2], before[1] + before[2]
        gap_first, gap_second = first - end_first, second - end_second
        shift = 0
        if (gap_first == 0) != (gap_second == 0) and max(gap_first, gap_second) > _SHORT:
            wide, gap, narrow = (end_first, gap_first, end_second) if gap_second == 0 else (end_second, gap_second, end_first)
            shift = _shift(letters, wide, gap, narrow, starts, min(before[2], _SLIDE), min(length, _SLIDE))
            slid[-1] = (before[0], before[1], before[2] + shift)
        slid.append((first + shift, second + shift, length - shift))
    return [piece for piece in slid if piece[2] > 0]


def _shift(letters: str, wide: int, gap: int, narrow: int, starts: AbstractSet[int], back: int, ahead: int) -> int:
    """By how many letters a passage letters[wide:wide+gap] can be moved so that a line begins at its place; 0 where it cannot."""
    for shift in range(ahead + 1):
        if narrow + shift in starts or (wide + shift in starts and wide + gap + shift in starts):
            return shift
        if wide + gap + shift >= len(letters) or letters[wide + shift] != letters[wide + gap + shift]:
            break
    for shift in range(1, back + 1):
        if letters[wide - shift] != letters[wide + gap - shift]:
            break
        if narrow - shift in starts or (wide - shift in starts and wide + gap - shift in starts):
            return -shift
    return 0


def alike(one: str, other: str, least: float = _ALIKE) -> bool:
    """True when two unequal stretches are versions of one text: of at least this similarity."""
    return Levenshtein.normalized_similarity(one, other, score_cutoff=least) >= least


def _read_gap(compared: Comparison, letters: str, a0: int, a1: int, b0: int, b1: int) -> None:
    """Add what stands between two pieces: its equal letters, and each difference with its kind."""
    one, other = letters[a0:a1], letters[b0:b1]
    if not one or not other:
        size = len(one) + len(other)
        kind = _kind(letters, a0, a1, b0, b1) if size <= _SHORT else "only"
        if kind == "only" and size < PASSAGE and (_negates(one + other) or _negates_once(letters, a0, a1, b0, b1)):
            kind = "negation"
        compared.gaps.append(Gap(a0, a1, b0, b1, kind))
        return
    if max(len(one), len(other)) >= PASSAGE and not alike(one, other):
        compared.gaps.append(Gap(a0, a1, b0, b1, "other"))
        return
    for tag, *place in _clusters(Levenshtein.opcodes(one, other)):
        part = (a0 + place[0], a0 + place[1], b0 + place[2], b0 + place[3])
        if tag == "equal":
            compared.pieces.append((part[0], part[2], part[1] - part[0]))
        else:
            size = max(part[1] - part[0], part[3] - part[2])
            one_sided = part[0] == part[1] or part[2] == part[3]
            compared.gaps.append(Gap(*part, "only" if one_sided and size > _SHORT * 2 else _kind(letters, *part)))


def _clusters(ops: Iterable[Opcode]) -> list[tuple[str, int, int, int, int]]:
    """The operations, those of one changed word taken together: three letters or more, two at most between them.

    An edit distance spells `Green` -> `Parker` as five small changes; damage changes one letter here and there.
    """
    parts = [(op.tag, op.src_start, op.src_end, op.dest_start, op.dest_end) for op in ops]
    out: list[tuple[str, int, int, int, int]] = []
    at = 0
    while at < len(parts):
        last, changed = at, _size(parts[at])
        while parts[at][0] != "equal" and last + 1 < len(parts):
            step = 1 if parts[last + 1][0] != "equal" else 2
            if last + step >= len(parts) or (step > 1 and _size(parts[last + 1]) > _WITHIN):
                break
            last += step
            changed += _size(parts[last])
        if last > at and changed >= _SHORT:
            out.append(("replace", parts[at][1], parts[last][2], parts[at][3], parts[last][4]))
        else:
            out += parts[at : last + 1]
        at = last + 1
    return out


def _size(part: tuple[str, int, int, int, int]) -> int:
    return max(part[2] - part[1], part[4] - part[3])


def says_otherwise(letters: str, a0: int, a1: int, b0: int, b1: int) -> bool:
    """True when two stretches with letters in common differ in a number or a negation; a call to read on is no number."""
    one, other = letters[a0:a1], letters[b0:b1]
    if set(one).isdisjoint(other):
        return False
    kind = _kind(letters, a0, a1, b0, b1)
    return kind == "negation" or (kind == "number" and any(map(str.isdigit, one)) and any(map(str.isdigit, other)))


def _kind(letters: str, a0: int, a1: int, b0: int, b1: int) -> str:
    """What a small difference is."""
    one, other = letters[a0:a1], letters[b0:b1]
    if _digits(letters, a0, a1) != _digits(letters, b0, b1):
        return "number"
    if _negates(one) != _negates(other) or (abs(len(one) - len(other)) > 1 and _negates_once(letters, a0, a1, b0, b1)):
        return "negation"
    return "noise" if max(len(one), len(other)) <= 1 or (not (one and other) and len(one) + len(other) <= _SHORT) else "edit"


def _digits(letters: str, start: int, end: int) -> str:
    """The digits of a stretch, with those that touch it on both sides; empty where the stretch itself touches none."""
    low, high = start - _NUMERAL, end + _NUMERAL  # bounded, so that a megabyte of digits stays linear
    while start > max(low, 0) and letters[start - 1].isdigit():
        start -= 1
    while end < min(high, len(letters)) and letters[end].isdigit():
        end += 1
    return "".join(filter(str.isdigit, letters[start:end]))


def _negates(part: str) -> bool:
    return any(letter in _NEGATIONS for letter in part) or part in _NEGATING_WORDS


def _negates_once(letters: str, a0: int, a1: int, b0: int, b1: int) -> bool:
    """True when one side's letters, with those around them, hold more negating parts than the other's: two letters and more, so no slip."""
    one, other = (letters[max(start - _AROUND, 0) : end + _AROUND] for start, end in ((a0, a1), (b0, b1)))
    return len(_NEGATING_PARTS.findall(one)) != len(_NEGATING_PARTS.findall(other))


def number_marks(text: str) -> list[tuple[int, str]]:
    """The decimal points and signs of a text's numbers, each with the count of digits before it.

    Folding drops both, so that stretches with equal letters still differ when one says 1.5 and the
    other 15, or one 3 and the other -3. Thousands separators, widths and spaces do not matter.
    """
    marks = []
    digits = 0
    for found in _MARK.finditer(unicodedata.normalize("NFKC", without_tags(text))):
        if found.lastgroup == "digits":
            digits += len(found.group())
        else:
            marks.append((digits, "." if found.lastgroup == "point" else "-" if found.group() in "-−" else "+"))
    return marks
