"""Choose: which of two stretches that say the same stays; every rule that removes text stands here.

A match is a scrape's repeat when its shape is one that authors do not make:

    block       one line holds two or more neighbouring paragraphs again (a container, a run-on copy)
    copy        a run of prose paragraphs stands a second time, or nearly the whole body does
    paragraph   one long paragraph stands a second time, letter for letter
    teaser      the start of a paragraph or of the body, and an ellipsis
    summary     a labelled line that is a paragraph of the body
    title       a line that is the title

Everything else is the author's and stays: refrains, parallel clauses, quotations, tables. Stretches
that differ in a number or a negation never say the same, unless damage is all over the copy.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein

from dedup.article.differences import Comparison, Gap, compare, number_marks
from dedup.article.soundness import Witness, scars, words
from dedup.article.structure import Side, side_of, without_column
from dedup.kernels.fold import fold

from dedup.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dedup.article.evidence import Evidence, Match
    from dedup.config import Repeats

KINDS = ("block", "copy", "paragraph", "teaser", "summary", "title")
KEPT, TITLE = -1, -2  # a letter that stays; a removed letter whose kept mate stands in the header's title

_PROSE = 100  # letters of a line that is prose, not verse or a table's row
_SHORT_PROSE = 60
_LEAST_BODY = 60  # letters that a body said twice in one stretch must have, when all of it is
_LEAST_SCATTERED = 100  # the same when its lines are scattered: two lines of verse are no body
_LEAST_TEASER = 16
_UNFINISHED = 32  # letters of a last line that breaks off, when it is how the body begins
_MOST_TWINS = 4  # a line that stands more often is a refrain
_CERTAIN = 1.5  # how much sounder a copy must be for that to outweigh its structure
_DAMAGE = 3  # letters that only a removed copy has and that are no passage
_NAME_EVERY = 400  # letters to one exchanged name, at the most, in clauses that differ in a name
_LONGEST_WORD = 30  # letters; in an alphabet, longer is words that lost their spaces
_PASSAGE = 12  # letters of a passage long enough to be looked for elsewhere
_SIGNS = 3  # exchanged letters that make damage likelier than a name
_COVERED_SHARE = 0.8  # of a line's letters that must stand elsewhere for the line to be said there
_GARBLED_SHARE = 0.55  # the same where a side lost a fifth of its letters and more
_GARBLED = 100.0  # what no other sign of damage outweighs
_COPIES = 32  # heaviest removals that later ones are compared with
_CALL = 40  # letters of the longest call to read on
_EDIT_EVERY = 40  # letters to one edited word, at the least, in an edited copy

_MORE = re.compile(
    r"(?:…+|\.{3,}|。{2,}|\.\.)?[\s\[(【（<>»›→]*"
    r"(?:详细|详情|更多|全文|阅读全文|查看全文|点击查看|展开全文|續讀|繼續閱讀|続きを読む|もっと見る|더보기|자세히|"
    r"(?:read|see|view|show|continue)\s+(?:more|reading|full\s+(?:story|article))|more|full story|continue reading|"
    r"और पढ़ें|अधिक|อ่านต่อ|اقرأ المزيد|المزيد|leia mais|leer más|lire la suite|weiterlesen|mehr)?"
    r"[\s\])】）>»›→.…]*$",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"\s*[\[【(（]?\s*(?:内容摘要|摘要|导读|導讀|导语|核心提示|内容提要|提要|概要|要約|要旨|요약|summary|abstract|synopsis|in brief|key points?|tl;dr|résumé|zusammenfassung|resumen|ملخص|सारांश|สรุป)"
    r"\s*[\]】)）]?\s*[:：\-—]?\s*",
    re.IGNORECASE,
)


ENDS_SENTENCE = re.compile(r"[!?…。！？।॥؟۔]|\.(?!\w)|['\"”’»」』）)]?\s*\n")


class Choice(NamedTuple):
    """For each letter the kept letter that says it again (or KEPT, or TITLE), the kind of that removal; and new breaks.

    `breaks` has the letters at which a kept line is parted in two paragraphs, because a removed copy
    has a paragraph beginning there: kept letter -> the removed letter that begins it.
    """

    target: np.ndarray
    kind: np.ndarray
    breaks: dict[int, int]


class _Claim(NamedTuple):
    """A match with what was measured of it."""

    match: Match
    one: Side
    other: Side
    compared: Comparison
    weight: int

    @property
    def exact(self) -> bool:
        return not self.compared.gaps


def choose(text: str, paragraphs: Sequence[Span], evidence: Evidence, title: str | None, config: Repeats) -> Choice:
    """What is removed of one article, and for which kept letters."""
    return _Chooser(text, paragraphs, evidence, config).choose(title)


class _Chooser:
    """The state of one article's choice: which letters are gone so far, and what they repeat."""

    def __init__(self, text: str, paragraphs: Sequence[Span], evidence: Evidence, config: Repeats) -> None:
        self.text, self.paragraphs, self.evidence, self.config = text, paragraphs, evidence, config
        self.letters, self.lines, self.weights = evidence.letters, evidence.lines, evidence.weights
        size = len(self.letters)
        self.target = np.full(size, KEPT, np.int32)
        self.kind = np.zeros(size, np.uint8)
        self.breaks: list[int] = []  # removed letters that begin a paragraph of their copy
        self.starts = frozenset(evidence.lines.starts)
        self.ends = frozenset(evidence.lines.ends)
        self.said = np.zeros(size, bool)  # letters that stand in two places
        self.settled: list[tuple[_Claim, bool]] = []
        self._witness: Witness | None = None
        self._words: Counter[str] | None = None

    def choose(self, title: str | None) -> Choice:
        claims = self._claims()
        blocks = self._blocks(claims)
        rest = []
        for index, claim in enumerate(claims):
            kind = "block" if index in blocks else self._kind(claim)
            if kind:
                self._settle(claim, kind)
            else:
                rest.append(claim)
        self._settle_scattered(rest)
        if title:
            self._settle_title(title)
        self._resolve()
        return Choice(self.target, self.kind, self._projected_breaks())

    def _kind(self, claim: _Claim) -> str | None:
        """The rule that takes a match for a repeat, besides `block`; None where it is the author's."""
        rules = (("teaser", self._is_teaser), ("summary", self._is_summary), ("copy", self._is_copy))
        return next((kind for kind, accepts in rules if accepts(claim)), None)

    # --- what was found, measured ---

    def _claims(self) -> list[_Claim]:
        """The matches that a rule could accept, heaviest first."""
        matches = [(match, compare(match, self.letters, self.starts)) for match in self.evidence.matches]
        for _, compared in matches:
            for first, second, length in compared.pieces:
                self.said[first : first + length] = self.said[second : second + length] = True
        claims = []
        for match, compared in matches:
            for part in self._parts(match, compared):
                claim = self._claim(part, compared if part is match else compare(part, self.letters, self.starts))
                if claim is not None:
                    claims.append(claim)
        claims.sort(key=lambda claim: (-claim.weight, claim.match.first, claim.match.second))
        return claims

    def _parts(self, match: Match, compared: Comparison) -> list[Match]:
        """The match, parted where it passes over a passage that is said elsewhere: copies in another order, not one with a passage more."""
        cuts = [
            (gap.a0, gap.b0)
            for gap in compared.gaps
            if gap.kind == "only"
            and gap.a1 - gap.a0 + gap.b1 - gap.b0 > _PASSAGE
            and (self._unsaid(gap.a0, gap.a1) + self._unsaid(gap.b0, gap.b1)) * 4 <= gap.a1 - gap.a0 + gap.b1 - gap.b0
        ]
        if not cuts:
            return [match]
        parts = []
        pieces = compared.pieces
        for a, b in [*cuts, (match.first.end, match.second.end)]:
            inside = [piece for piece in pieces if piece[0] < a and piece[1] < b]
            pieces = pieces[len(inside) :]
            if inside:
                first, last = inside[0], inside[-1]
                parts.append(match._replace(first=Span(first[0], last[0] + last[2]), second=Span(first[1], last[1] + last[2]), pieces=tuple(inside)))
        return parts

    def _claim(self, match: Match, compared: Comparison) -> _Claim | None:
        """The match measured; None where it covers no line of either side."""
        if compared.equal < self.config.least_score * 0.7 * min(len_of(match.first), len_of(match.second)):
            return None
        one = self._side(match.first, [(first, length) for first, _, length in compared.pieces], match.second)
        other = self._side(match.second, [(second, length) for _, second, length in compared.pieces], match.first)
        if not (one.covered or other.covered or self._teaser_line(one, other) or self._teaser_line(other, one)):
            return None
        weight = sum(self._weigh((first, first + length)) for first, _, length in compared.pieces)
        return _Claim(match, *self._unwrapped(one, other, compared), compared, weight)

    def _unwrapped(self, one: Side, other: Side, compared: Comparison) -> tuple[Side, Side]:
        """Both sides, the breaks that only a column made told apart by comparing them."""
        if not (one.breaks and other.breaks):
            return one, other
        starts = self.starts
        both = [(first + i, second + i) for first, second, length in compared.pieces for i in self._break_offsets(first, second, length)]
        one_too = {first for first, second in both if second in starts}
        other_too = {second for first, second in both if first in starts}
        return (
            without_column(one, one_too, self.lines, self.text, self.paragraphs),
            without_column(other, other_too, self.lines, self.text, self.paragraphs),
        )

    def _break_offsets(self, first: int, second: int, length: int) -> set[int]:
        """Places in an equal piece at which a line begins on either side, counted from the piece's start."""
        starts = self.lines.starts
        return {
            starts[line] - place
            for place in (first, second)
            for line in range(bisect_left(starts, place), bisect_left(starts, place + length))
        }

    def _side(self, span: Span, equal: list[tuple[int, int]], other: Span) -> Side:
        garbled = self.evidence.garbled and any(line in self.evidence.garbled for at in (span, other) for line in range(self.lines.of(at.start), self.lines.of(at.end - 1) + 1))
        return side_of(span, equal, other, self.lines, self.text, self.paragraphs, _GARBLED_SHARE if garbled else _COVERED_SHARE)

    def _weigh(self, span: Iterable[int]) -> int:
        start, end = span
        return int(self.weights[end] - self.weights[start])

    def _raw(self, span: Span) -> str:
        """The text from the first to the last letter of a stretch."""
        return self.text[self.evidence.at[span.start] : self.evidence.at[span.end - 1] + 1]

    # --- the rules ---

    def _same(self, claim: _Claim) -> bool:
        """True when the differences are damage or small edits, not another statement."""
        compared = claim.compared
        if claim.exact:
            return self._same_numbers(claim)
        if self._has_losses(claim):
            # What a garbled side lacks it lost; only what it says otherwise counts against it.
            otherwise = sum(min(gap.a1 - gap.a0, gap.b1 - gap.b0) for gap in compared.gaps)
            return otherwise * 5 <= compared.equal
        noise, edits = compared.count("noise"), compared.count("edit")
        if claim.match.first.end > claim.match.second.start and compared.count("edit", "number", "negation", "other"):
            return False  # a text that repeats with a period and with changes is verse, or a list
        if claim.match.first.end > claim.match.second.start and self._weigh((claim.match.first.start, claim.match.second.start)) < 2 * _PROSE:
            return False  # and so is one with a short period
        unlike = sum(min(gap.a1 - gap.a0, gap.b1 - gap.b0) for gap in compared.gaps if gap.kind == "other")
        if unlike * 4 > compared.equal:
            return False
        shared = sum(min(gap.a1 - gap.a0, gap.b1 - gap.b0) for gap in compared.gaps)
        size = compared.equal + sum(
            max(gap.a1 - gap.a0, gap.b1 - gap.b0) for gap in compared.gaps if gap.kind not in ("only", "other")
        )
        if compared.equal < self.config.least_score * size or shared > compared.equal:
            return False
        if self._other_statements(claim):
            return False
        if noise >= 2 and noise * 400 >= compared.equal and edits * 2 <= noise:
            return not (self._is_list(claim) or self._is_systematic(claim))
        if edits * _EDIT_EVERY > claim.weight or self._is_list(claim):
            return False
        return not self._is_systematic(claim)

    def _other_statements(self, claim: _Claim) -> bool:
        """True when a third of the paragraphs differ in a number or a negation: another table, another list."""
        side = claim.one if claim.one.breaks >= claim.other.breaks else claim.other
        first = side is claim.one
        lines = {self.lines.of(gap.a0 if first else gap.b0) for gap in self._statement_gaps(claim)}
        return len(lines) * 3 > max(len(side.covered), 1)

    def _same_numbers(self, claim: _Claim) -> bool:
        """True when the numbers have the same signs and points on both sides; a line break may have glued two."""
        one, other = number_marks(self._raw(claim.match.first)), number_marks(self._raw(claim.match.second))
        return len(set(one) ^ set(other)) <= claim.one.breaks + claim.other.breaks

    def _statement_gaps(self, claim: _Claim) -> list[Gap]:
        """Gaps that make another statement of their paragraph: numbers and negations, where damage does not explain them."""
        gaps = [gap for gap in claim.compared.gaps if gap.kind in ("number", "negation")]
        noise = claim.compared.count("noise")
        if self._has_losses(claim):
            return []
        if not gaps or noise < 2:  # noqa: PLR2004 — one changed letter is no damaged copy
            return gaps
        start, end = claim.match.first
        digits = sum(map(str.isdigit, self.letters[start:end]))
        likely = noise * digits / max(claim.compared.equal, 1)
        return gaps if len(gaps) > 2 + 4 * likely else []

    def _is_list(self, claim: _Claim) -> bool:
        """True when the lines of a side are alike among themselves: items of a list, not a body."""
        side = claim.one if claim.one.breaks >= claim.other.breaks else claim.other
        lines = [self.letters[self.lines.starts[line] : self.lines.ends[line]][:400] for line in side.covered[:40]]
        pairs = [
            Levenshtein.normalized_similarity(one, other, score_cutoff=0.5) for one, other in zip(lines, lines[1:], strict=False)
        ]
        return bool(pairs) and sum(pairs) >= 0.5 * len(pairs)

    def _is_systematic(self, claim: _Claim) -> bool:
        """True when the same letters are exchanged again and again: a name for another name."""
        exchanged: dict[tuple[str, ...], int] = defaultdict(int)
        for gap in claim.compared.gaps:
            if gap.a1 > gap.a0 and gap.b1 > gap.b0:
                exchanged[tuple(sorted((self.letters[gap.a0 : gap.a1], self.letters[gap.b0 : gap.b1])))] += 1
        total = sum(exchanged.values())
        return total >= 2 and max(exchanged.values()) * 2 > total and total * _NAME_EVERY > claim.compared.equal

    def _blocks(self, claims: list[_Claim]) -> set[int]:
        """Claims by which a line holds two or more whole other lines again, together most of it."""
        held: dict[int, list[tuple[int, Side, Side]]] = defaultdict(list)
        for index, claim in enumerate(claims):
            for block, run in ((claim.one, claim.other), (claim.other, claim.one)):
                if not block.breaks and (run.covered or self._runs_on(block, run)):
                    held[block.first].append((index, block, run))
        accepted = set()
        for line, parts in held.items():
            accepted |= self._held_again(line, parts, claims)
        return accepted

    def _held_again(self, line: int, parts: list[tuple[int, Side, Side]], claims: list[_Claim]) -> set[int]:
        """The claims by which one line is a container; none unless they are enough together."""
        whole = self._weigh((self.lines.starts[line], self.lines.ends[line]))
        held: set[int] = set()
        good: list[tuple[int, Side, list[int]]] = []
        for index, block, run in parts:
            others = [
                other
                for other in run.covered
                if other == line or self._weigh((self.lines.starts[other], self.lines.ends[other])) < 0.97 * whole
            ]
            if self._runs_on(block, run):
                others = list(range(run.first, run.last + 1))
            if others and self._same(claims[index]):
                held.update(others)
                good.append((index, block, others))
        good = [(index, block, lines) for index, block, lines in good if self._has_neighbour(line, lines, held)]
        held = {other for _, _, lines in good for other in lines}
        if len(held) < 2:
            return set()
        weight = self._weigh_union([block.span for _, block, _ in good])
        glued = line in held  # the block and its first paragraph on one line
        exact = all(claims[index].exact for index, _, _ in good)
        if weight < self.config.least_block or (weight < 0.3 * whole and weight < 3 * _PROSE and not glued):
            return set()
        if weight < _PROSE and not (exact and (glued or weight > (0.6 if len(held) > 2 else 0.95) * whole)):
            return set()
        return {index for index, _, _ in good}

    def _has_neighbour(self, line: int, lines: list[int], held: set[int]) -> bool:
        """True when the lines, or one of them and another that is held, stand together, but for the container itself and a line or two more."""
        if len(lines) > 1:
            return True
        near = [other for other in held if other not in lines and abs(other - lines[0]) <= 2 + (min(other, lines[0]) < line < max(other, lines[0]))]
        return bool(near)

    def _runs_on(self, block: Side, run: Side) -> bool:
        """True when all of the block's line is said by a run that begins a line and goes on into another."""
        whole = block.span.start - self.lines.starts[block.first] <= 2 and self.lines.ends[block.first] - block.span.end <= 2
        return whole and run.last > run.first and run.span.start - self.lines.starts[run.first] <= 2

    def _weigh_union(self, spans: list[Span]) -> int:
        """Weight of the letters that at least one of the spans has."""
        total = reached = 0
        for start, end in sorted(spans):
            start = max(start, reached)
            if end > start:
                total += self._weigh((start, end))
                reached = end
        return total

    def _is_teaser(self, claim: _Claim) -> bool:
        """One side is a line that ends in an ellipsis or a call to read on, the other begins a line."""
        return any(self._teaser_line(line, body) for line, body in ((claim.one, claim.other), (claim.other, claim.one))) and self._same(claim)

    def _teaser_line(self, side: Side, body: Side) -> bool:
        line = self.paragraphs[side.first]
        if side.breaks or self._weigh(side.span) < _LEAST_TEASER:
            return False
        start, end = self.lines.starts[side.first], self.lines.ends[side.first]
        tail = self.text[max(line.start, line.end - 60) : line.end]
        more = _MORE.search(tail)
        call = more is not None and is_call(more.group())
        if not call and not (self._breaks_off(side, body) and self._weigh(side.span) >= (_SHORT_PROSE if body.first else _UNFINISHED)):
            return False
        whole = body.span.end >= self.lines.ends[body.last] - 2 and len(body.covered) < 2
        if whole and (not call or self._weigh(side.span) < _SHORT_PROSE):
            return False  # all of the paragraph, so no teaser of it
        marker = len(fold(more.group()).codes) if call and more else 0
        return side.span.start - start <= 2 and end - side.span.end <= marker + 2 and body.span.start - self.lines.starts[body.first] <= 2

    def _breaks_off(self, side: Side, body: Side) -> bool:
        """True for the first or last line of the body, when it ends where the other side's sentence goes on."""
        if side.first not in (0, len(self.paragraphs) - 1):
            return False
        end = int(self.evidence.at[body.span.end - 1]) + 1
        return ENDS_SENTENCE.match(self.text, end, end + 4) is None and body.span.end not in self.ends

    def _is_summary(self, claim: _Claim) -> bool:
        """One side is a line that a label introduces, the other is whole lines."""
        for labelled, body in ((claim.one, claim.other), (claim.other, claim.one)):
            line = self.paragraphs[labelled.first]
            label = _SUMMARY.match(self.text, line.start, line.end)
            if labelled.breaks or label is None or not body.covered:
                continue
            size = len(fold(label.group()).codes)
            start, end = self.lines.starts[labelled.first], self.lines.ends[labelled.first]
            if labelled.span.start - start <= size + 1 and end - labelled.span.end <= 2:
                return self._same(claim)
        return False

    def _is_copy(self, claim: _Claim) -> bool:
        """Both sides are runs of lines, and what they say is prose or nearly all of the body."""
        one, other = claim.one, claim.other
        if not (one.breaks and other.breaks) or not (one.covered and other.covered) or not self._same(claim):
            return False
        longest = max(self._weigh((self.lines.starts[line], self.lines.ends[line])) for line in one.covered)
        whole = min(len(one.covered), len(other.covered)) > 1
        if whole and claim.weight >= self.config.least_copy and longest >= _PROSE:
            return True
        # A text that starts over: an authored frame of this kind is a chorus, and of short lines.
        starts_over = claim.match.first.start <= 2 and len(self.letters) - claim.match.second.end <= 2
        if starts_over and claim.exact and claim.weight >= _PROSE and longest >= _SHORT_PROSE:
            return True
        whole = whole and self._is_whole(one) and self._is_whole(other)
        if whole and claim.exact and len(one.trusted) != len(other.trusted) and claim.weight >= _LEAST_BODY:
            return True  # the same words in other paragraphs: glued by a machine
        kept = int(np.diff(self.weights)[self.target == KEPT].sum())
        share = 2 * claim.weight / max(kept, 1)
        if not claim.exact and longest < _SHORT_PROSE:
            return False  # verse in parallel
        return claim.compared.count("edit", "other") == 0 and whole and claim.weight >= _LEAST_BODY and share >= self.config.body_share

    def _is_whole(self, side: Side) -> bool:
        """True when the side begins and ends with lines, but for a letter or two."""
        return side.span.start - self.lines.starts[side.first] <= 2 and self.lines.ends[side.last] - side.span.end <= 2

    # --- lines that are scattered: in another order, interleaved, each twice ---

    def _settle_scattered(self, claims: list[_Claim]) -> None:
        """Single lines that stand twice go when the whole body stands twice; else only long ones, letter for letter."""
        groups: dict[str, list[int]] = defaultdict(list)
        for line, (start, end) in enumerate(zip(self.lines.starts, self.lines.ends, strict=True)):
            if end > start:
                groups[self.letters[start:end]].append(line)
        twins = [lines for lines in groups.values() if 1 < len(lines) <= _MOST_TWINS]
        near = [claim for claim in claims if not claim.exact and self._is_line_pair(claim) and self._is_damage(claim) and self._same(claim)]
        near = [] if self._is_parallel(near) or not self._are_damaged(near) else near
        self._settle_rows(claims)
        if not twins and not near:
            return
        said_twice = self._said_twice(twins, near)
        if said_twice:
            self._settle_pairs(near)
        for lines in sorted(twins):
            if said_twice or self._is_long_pair(lines):
                self._settle_lines(lines, "copy" if said_twice else "paragraph")

    def _settle_rows(self, claims: list[_Claim]) -> None:
        """Copies that are each said in part only: whole lines in the same order, a line or two of another text between them."""
        lines = [claim for claim in claims if claim.exact and claim.one.covered and claim.other.covered and self._is_whole(claim.one) and self._is_whole(claim.other)]
        lines.sort(key=lambda claim: claim.match.first)
        row: list[_Claim] = []
        for claim in [*lines, None]:
            if claim and row and 0 < claim.one.first - row[-1].one.last <= 3 and 0 < claim.other.first - row[-1].other.last <= 3 and claim.match.first.end <= row[0].match.second.start:
                row.append(claim)
                continue
            longest = max((self._weigh((self.lines.starts[line], self.lines.ends[line])) for part in row for line in part.one.covered), default=0)
            if len(row) > 1 and sum(part.weight for part in row) >= self.config.least_copy and longest >= _PROSE and all(map(self._same, row)):
                for part in row:
                    self._settle(part, "copy")
            row = [claim] if claim else []

    def _is_parallel(self, near: list[_Claim]) -> bool:
        """True when a line is nearly equal to three others: stanzas or clauses in parallel."""
        partners = Counter(line for claim in near for line in (claim.one.first, claim.other.first))
        return bool(partners) and max(partners.values()) > 2

    def _are_damaged(self, near: list[_Claim]) -> bool:
        """True when the pairs differ as damage makes them differ; one exchanged letter may be another name."""
        gaps = [gap for claim in near for gap in claim.compared.gaps if gap.kind == "noise"]
        return len(gaps) >= _SIGNS or all(gap.a0 == gap.a1 or gap.b0 == gap.b1 for gap in gaps)

    def _settle_pairs(self, near: list[_Claim]) -> None:
        """Each pair by its own differences; where those say little, as the others do when these agree."""
        verdicts = [self._soundness(claim) for claim in near]
        total, size = sum(verdicts), sum(map(abs, verdicts))
        agreed = total if size >= 2 * _CERTAIN and abs(total) >= 0.6 * size else 0.0
        for claim, verdict in zip(near, verdicts, strict=True):
            self._settle(claim, "copy", verdict if abs(verdict) >= _CERTAIN and verdict * agreed >= 0 else agreed or verdict)

    def _is_damage(self, claim: _Claim) -> bool:
        """True when hardly a word is changed, only letters."""
        if self._has_losses(claim):
            return True
        return claim.compared.count("edit", "other") * 3 <= claim.compared.count("noise")

    def _is_line_pair(self, claim: _Claim) -> bool:
        return len(claim.one.covered) == 1 and len(claim.other.covered) == 1 and not claim.one.breaks and not claim.other.breaks

    def _said_twice(self, twins: list[list[int]], near: list[_Claim]) -> bool:
        """True when nearly all of the body stands twice, and it is more than a few lines of verse."""
        removed = self.target >= 0
        paired = removed.copy()
        paired[self.target[removed]] = True
        size = np.diff(self.weights)
        longest = distinct = 0
        for lines in twins:
            weight = self._weigh((self.lines.starts[lines[0]], self.lines.ends[lines[0]]))
            longest, distinct = max(longest, weight), distinct + weight
            for line in lines:
                paired[self.lines.starts[line] : self.lines.ends[line]] = True
        for claim in near:
            longest, distinct = max(longest, claim.weight), distinct + claim.weight
            for span in (claim.match.first, claim.match.second):
                paired[span.start : span.end] = True
        share = float(size[paired].sum()) / max(float(size.sum()), 1.0)
        if share > 0.98 and not near:
            return distinct >= (_LEAST_BODY if len(twins) == 1 else _LEAST_SCATTERED)
        if share >= self.config.body_share and not near and len(twins) > _MOST_TWINS and all(len(lines) == 2 and lines[1] == lines[0] + 1 for lines in twins):
            return distinct >= _LEAST_SCATTERED
        return share >= self.config.body_share and distinct >= self.config.least_paragraph and longest >= _SHORT_PROSE

    def _is_long_pair(self, lines: list[int]) -> bool:
        """Two equal lines of prose, neither a question nor one of them the other in quotation marks."""
        if len(lines) != 2:  # noqa: PLR2004 — three are a refrain
            return False
        one, other = (self.text[self.paragraphs[line].start : self.paragraphs[line].end] for line in lines)
        weight = self._weigh((self.lines.starts[lines[0]], self.lines.ends[lines[0]]))
        if weight < self.config.least_paragraph or number_marks(one) != number_marks(other):
            return False
        return one[-1] not in "?？؟" and (one[0] in "\"“‘「『«'") == (other[0] in "\"“‘「『«'")

    def _settle_lines(self, lines: list[int], kind: str) -> None:
        """Of equal lines the one with the fewest scars stays, the first of those."""
        alive = [line for line in lines if not (self.target[self.lines.starts[line] : self.lines.ends[line]] >= 0).any()]
        if len(alive) < 2:  # noqa: PLR2004
            return
        text = {line: self.text[self.paragraphs[line].start : self.paragraphs[line].end] for line in alive}
        keep = min(alive, key=lambda line: (scars(text[line]), line))
        for line in alive:
            if line != keep and number_marks(text[line]) == number_marks(text[keep]):
                start, end = self.lines.starts[line], self.lines.ends[line]
                self.target[start:end] = np.arange(self.lines.starts[keep], self.lines.ends[keep], dtype=np.int32)
                self.kind[start:end] = KINDS.index(kind)

    # --- one accepted claim ---

    def _settle(self, claim: _Claim, kind: str, verdict: float | None = None) -> None:
        """Remove the side that a reader wants less, but for what only it says; `verdict` is which side is sound, where known."""
        first_stays = self._first_stays(claim, kind) if not verdict else verdict > 0
        self.settled.append((claim, first_stays))
        loser = claim.other if first_stays else claim.one
        start, end = loser.span
        target = self._paired(claim, loser_is_second=first_stays)
        for gap in self._statement_gaps(claim):
            low, high = self._line_of_gap(claim, gap, loser_is_second=first_stays)
            target[max(low - start, 0) : max(high - start, 0)] = -1
        if kind != "block" and (target < 0).sum() * 2 > end - start:
            return
        letters = np.arange(start, end)
        new = int(((target >= 0) & (self.target[letters] == KEPT) & (self.target[np.maximum(target, 0)] == KEPT)).sum())
        if new * 3 < claim.compared.equal and new < _PROSE:
            return  # what is left of it is chance: a phrase, out of step
        if kind == "block" and self._said_by_line(loser, target) * 2 > new:
            return  # the block has this already, and says it again as its author does
        self._remove(start, target, kind, loser_is_second=first_stays)
        self.breaks += loser.trusted
        if start == self.lines.starts[loser.first]:
            self.breaks.append(start)
        self._remove_label(loser, kind)

    def _said_by_line(self, loser: Side, target: np.ndarray) -> int:
        """How many of the kept letters are those that removed letters of the losing side's line repeat already."""
        start, end = self.lines.starts[loser.first], self.lines.ends[loser.last]
        return int(np.isin(target[target >= 0], self.target[start:end]).sum())

    def _first_stays(self, claim: _Claim, kind: str) -> bool:
        """True when the first side is the sounder, the better structured or the more complete one, in this order."""
        one, other = claim.one, claim.other
        if kind == "teaser":
            return not self._teaser_line(one, other)
        if kind == "summary":
            return _SUMMARY.match(self.text, self.paragraphs[one.first].start, self.paragraphs[one.first].end) is None
        verdict = self._soundness(claim)
        if abs(verdict) >= _CERTAIN:
            return verdict > 0
        if bool(one.forced) != bool(other.forced) and min(len(one.covered), len(other.covered)):
            return not one.forced
        more = self._shared_breaks(one, claim, 0) - self._shared_breaks(other, claim, 1)
        if more:
            return more > 0
        only = sum(self._unsaid(gap.a0, gap.a1) - self._unsaid(gap.b0, gap.b1) for gap in claim.compared.gaps if gap.kind == "only")
        if verdict:
            return verdict > 0
        if kind == "block" and len(one.covered) != len(other.covered):
            return len(one.covered) > len(other.covered)
        # Parts of one pair of copies stay together.
        for settled, first_stayed in self.settled[:_COPIES]:
            if self._in_line(settled.match, claim.match):
                return first_stayed
        return only >= 0

    def _shared_breaks(self, side: Side, claim: _Claim, which: int) -> int:
        """Trusted breaks of a side that stand in what both sides say."""
        passages = [gap[2 * which : 2 * which + 2] for gap in claim.compared.gaps if gap.kind in ("only", "other")]
        return sum(not any(start <= letter < end for start, end in passages) for letter in side.trusted) if passages else len(side.trusted)

    def _shared(self, claim: _Claim, which: int) -> str:
        """The text of one side without the passages that the other lacks."""
        span = claim.match[which]
        parts, at = [], span.start
        for gap in claim.compared.gaps:
            start, end = gap[2 * which : 2 * which + 2]
            if gap.kind in ("only", "other") and end > start:
                parts.append(Span(at, start))
                at = end
        return " ".join(self._raw(part) for part in [*parts, Span(at, span.end)] if part.end > part.start)

    def _unsaid(self, start: int, end: int) -> int:
        """Letters of a stretch that no match has: what would be missing without it."""
        return int((~self.said[start:end]).sum())

    def _in_line(self, one: Match, other: Match) -> bool:
        """True when two matches can be parts of one pair of copies: in the same order on both sides."""
        before, after = sorted((one, other), key=lambda match: match.first)
        return before.first.end <= after.first.start and before.second.end <= after.second.start and after.first.end <= before.second.start

    def _soundness(self, claim: _Claim) -> float:
        """Above 0 where the first side is the sounder, below 0 where the second is."""
        if self._witness is None and not claim.exact:
            self._witness = Witness(self.letters)
        verdict = _GARBLED * (self._is_garbled(claim.other) - self._is_garbled(claim.one))
        if self._witness is not None:
            verdict += sum(self._witness.prefers(self.letters, gap) for gap in claim.compared.gaps if gap.kind in ("noise", "edit", "number", "negation"))
        one, other = self._shared(claim, 0), self._shared(claim, 1)
        if one != other:
            verdict += scars(other) - scars(one)
            if self.weights[-1] < 1.3 * len(self.letters):
                verdict += self._words_unknown(other) - self._words_unknown(one) + _lost_spaces(other) - _lost_spaces(one)
        return verdict

    def _has_losses(self, claim: _Claim) -> bool:
        return bool(self.evidence.garbled) and (self._is_garbled(claim.one) or self._is_garbled(claim.other))

    def _is_garbled(self, side: Side) -> bool:
        return any(line in self.evidence.garbled for line in range(side.first, side.last + 1))

    def _words_unknown(self, part: str) -> int:
        """Words of a stretch that stand nowhere else in the article: damage makes them, by letters and by spaces."""
        if self._words is None:
            self._words = Counter(words(self.text))
        return sum(self._words[word] == 1 for word in words(part))

    def _paired(self, claim: _Claim, *, loser_is_second: bool) -> np.ndarray:
        """For each letter of the losing side the letter of the winning side that it repeats; -1 where there is none."""
        match = claim.match
        lost, won = (match.second, match.first) if loser_is_second else (match.first, match.second)
        target = np.full(lost.end - lost.start, -1, np.int32)
        for first, second, length in claim.compared.pieces:
            l0, w0 = (second, first) if loser_is_second else (first, second)
            target[l0 - lost.start : l0 - lost.start + length] = np.arange(w0, w0 + length, dtype=np.int32)
        for gap in claim.compared.gaps:
            l0, l1, w0, w1 = (gap.b0, gap.b1, gap.a0, gap.a1) if loser_is_second else (gap.a0, gap.a1, gap.b0, gap.b1)
            if l0 == l1 or gap.kind == "other" or (gap.kind == "only" and w0 == w1):
                continue
            places = w0 + (np.arange(l1 - l0) * max(w1 - w0, 1)) // (l1 - l0)
            target[l0 - lost.start : l1 - lost.start] = np.clip(places, won.start, won.end - 1)
        return target

    def _line_of_gap(self, claim: _Claim, gap: Gap, *, loser_is_second: bool) -> tuple[int, int]:
        """The losing side's letters that stand in the paragraph of a gap, by the better structured side's paragraphs."""
        lost0 = gap.b0 if loser_is_second else gap.a0
        fine = claim.one if len(claim.one.trusted) >= len(claim.other.trusted) else claim.other
        fine_is_loser = (fine is claim.other) == loser_is_second
        if fine_is_loser:
            line = self.lines.of(lost0)
            return self.lines.starts[line], self.lines.ends[line]
        place = gap.a0 if loser_is_second else gap.b0
        line = self.lines.of(place)
        back, ahead = place - self.lines.starts[line], self.lines.ends[line] - place
        return lost0 - back, lost0 + ahead

    def _remove(self, start: int, target: np.ndarray, kind: str, *, loser_is_second: bool) -> None:
        """Mark letters as removed where both they and what they repeat are still kept."""
        letters = np.arange(start, start + target.size, dtype=np.int32)
        wanted = (target >= 0) & (self.target[letters] < 0)
        letters, target = letters[wanted], target[wanted]
        target = self._followed(target)
        # Within one removal every letter points the same way, so that following them ends.
        losing = np.zeros(self.target.size, bool)
        losing[letters] = True
        good = ~losing[target] | ((target < letters) if loser_is_second else (target > letters))
        self.target[letters[good]] = target[good]
        self.kind[letters[good]] = KINDS.index(kind)

    def _followed(self, target: np.ndarray) -> np.ndarray:
        """The kept letters behind letters that are themselves removed; no cycle can be, since each step was added later."""
        target = target.copy()
        while (gone := (target >= 0) & (self.target[target] != KEPT)).any():
            target[gone] = self.target[target[gone]]
        return target

    def _settle_title(self, title: str) -> None:
        """The first kept line goes when it is the title, unless it is all that the body has."""
        kept = [
            line
            for line in range(len(self.lines.starts))
            if self.lines.ends[line] > self.lines.starts[line] and (self.target[self.lines.starts[line] : self.lines.ends[line]] == KEPT).any()
        ][:2]
        if len(kept) < 2:
            return
        start, end = self.lines.starts[kept[0]], self.lines.ends[kept[0]]
        line = self.text[self.paragraphs[kept[0]].start : self.paragraphs[kept[0]].end]
        wanted = fold(title).codes.tobytes().decode("utf-32-le", "surrogatepass")
        if wanted and self.letters[start:end] == wanted and number_marks(line) == number_marks(title):
            self.target[start:end] = TITLE
            self.kind[start:end] = KINDS.index("title")

    def _remove_label(self, loser: Side, kind: str) -> None:
        """The words that only make a line a teaser or a summary go with it."""
        if kind not in ("teaser", "summary"):
            return
        start, end = self.lines.starts[loser.first], self.lines.ends[loser.first]
        known = np.flatnonzero(self.target[start:end] >= 0) + start
        if known.size:
            before, after = np.arange(start, known[0]), np.arange(known[-1] + 1, end)
            self.target[before], self.target[after] = self.target[known[0]], self.target[known[-1]]
            self.kind[start:end] = KINDS.index(kind)

    # --- the end ---

    def _resolve(self) -> None:
        """Point every removed letter at a kept one, and let go with its neighbours what is too short to be said.

        A kept run of one to three letters between removed ones of its line is damage, not a passage.
        """
        removed = np.flatnonzero(self.target != KEPT)
        if not removed.size:
            return
        self.target[removed] = self._followed(self.target[removed])
        removed = removed[~self._reinstated(removed)]
        jumps = np.flatnonzero(np.diff(removed) > 1)
        ends, nexts = removed[jumps] + 1, removed[jumps + 1]
        line_ends = np.array(self.lines.ends, np.int64)
        same_line = np.searchsorted(line_ends, ends - 1, side="right") == np.searchsorted(line_ends, nexts, side="right")
        pointed = np.zeros(self.target.size, bool)
        pointed[self.target[removed][self.target[removed] >= 0]] = True
        for end, following in zip(ends[same_line].tolist(), nexts[same_line].tolist(), strict=True):
            if following - end <= _DAMAGE and not pointed[end:following].any():
                self._let_go(end, following)
        self._let_calls_go(removed)
        self._let_garbled_go()

    def _let_go(self, start: int, end: int) -> None:
        """Letters that say nothing by themselves are removed with the removed letter before them."""
        self.target[start:end] = self.target[start - 1]
        self.kind[start:end] = self.kind[start - 1]

    def _let_calls_go(self, removed: np.ndarray) -> None:
        """A call to read on goes with the removed text that it ended."""
        for line in np.unique(np.searchsorted(np.array(self.lines.ends, np.int64), removed, side="right")).tolist():
            end = self.lines.ends[line]
            low = max(end - _CALL, self.lines.starts[line])
            gone = np.flatnonzero(self.target[low:end] != KEPT)
            if gone.size and gone[-1] + low + 1 < end:
                start = int(gone[-1]) + low + 1
                stop = self.paragraphs[line].end
                rest = self.text[self.evidence.at[start - 1] + 1 : stop]
                # A letter or two of the call may by chance be the text's next ones too.
                if any(is_call(self.text[stop - len(rest) - more : stop]) for more in range(3)):
                    self._let_go(start, end)

    def _let_garbled_go(self) -> None:
        """What is left of a garbled line goes with it when most of it is said elsewhere: it cannot be read."""
        for line in sorted(self.evidence.garbled):
            start, end = self.lines.starts[line], self.lines.ends[line]
            gone = np.flatnonzero(self.target[start:end] != KEPT) + start
            if gone.size and gone.size >= _GARBLED_SHARE * (end - start):
                nearest = gone[np.clip(np.searchsorted(gone, np.arange(start, end), side="right") - 1, 0, None)]
                self.target[start:end] = self.target[nearest]
                self.kind[start:end] = self.kind[nearest]

    def _reinstated(self, removed: np.ndarray) -> np.ndarray:
        """Which removed letters come back: those of a line that would lose a small part of its middle only."""
        ends = np.array(self.lines.ends, np.int64)
        line = np.searchsorted(ends, removed, side="right")
        gone = np.bincount(line, minlength=ends.size)
        sizes = ends - np.array(self.lines.starts, np.int64)
        whole = np.bincount(line, self.kind[removed] != KINDS.index("copy"), ends.size) > 0
        few = (gone > 0) & (gone * 2 < sizes) & (gone < 3 * _PROSE) & ~whole
        back = few[line]
        self.target[removed[back]] = KEPT
        return back

    def _between(self, letter: int) -> str:
        """The text between a letter and the one before it."""
        return self.text[self.evidence.at[letter - 1] + 1 : self.evidence.at[letter]]

    def _projected_breaks(self) -> dict[int, int]:
        """Kept letters before which a paragraph begins in a removed copy, though not in the kept line."""
        breaks: dict[int, int] = {}
        removed = np.flatnonzero(self.target >= 0)
        for letter in self.breaks:
            last = int(np.searchsorted(removed, letter)) - 1
            here, before = int(self.target[letter]), int(self.target[removed[last]]) if last >= 0 else KEPT
            if here < 0 or not 0 <= before < here <= before + _PASSAGE:
                continue
            # Where letters are lost or changed at the break, it is the sentence's beginning.
            begins = [at for at in range(before + 1, here + 1) if ENDS_SENTENCE.search(self._between(at))] or [here]
            here = begins[-1]
            line = self.lines.of(here)
            if here <= before + 4 + _PASSAGE * (len(begins) == 1) and self.lines.starts[line] < here and self.lines.of(before) == line:
                breaks.setdefault(here, letter)
        return breaks


def _lost_spaces(text: str) -> float:
    """How many letters of a text stand in words too long to be words."""
    return float(sum(len(word) for word in words(text) if len(word) > _LONGEST_WORD))


def is_call(text: str) -> bool:
    """True for an ellipsis, a call to read on, or both, and nothing else."""
    text = text.strip().lstrip("。！？!?，、,;；：:—-”’\"'“‘「『」』 ")
    return _MORE.fullmatch(text) is not None and ("…" in text or ".." in text or any(map(str.isalnum, text)))


def len_of(span: Span) -> int:
    """Letters of a stretch."""
    return span.end - span.start
