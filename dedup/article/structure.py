"""How well a stretch of lines is structured: its trusted breaks, and those that only a column made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from dedup.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dedup.article.evidence import Lines

_ENDS_SENTENCE = re.compile(r"[.!?…。！？；;:：।॥؟۔]['\"”’»」』）)\]]*$")
WIDEST_COLUMN = 140  # display columns; nobody wraps wider
_NARROWEST_COLUMN = 36  # a verse, or a row of a table, is narrower
_LONGEST_HEADING = 60  # columns
_UNSPACED_WORD = 8  # letters of a word in a script without spaces: its end is not to be seen
_HYPHENATED = re.compile(r"[^\W\d_][-\u00ad\u2010]$")
_FORCED_SHARE, _LEAST_FORCED = 0.6, 2  # of the breaks of a wrapped copy, so many stand where the next word had no room
_CERTAIN_SHARE, _CERTAIN_FORCED = 0.9, 6  # the same where no mark says whether a break is inside a sentence
_LONGEST_ENDING = 8  # characters of a line's end in which the mark that ends its sentence stands
_LONGEST_WORD = 40  # characters that a column may have pushed to the next line at once
_WIDE = re.compile("[⺀-\U0010ffff]+")  # what counts for two columns
_MOST_ROOM = 2 * _LONGEST_WORD + 1
_HAN, _HANGUL = "⺀", "가"  # from the first on letters are wide; before the second they stand alone, without spaces


class Side(NamedTuple):
    """One side of a match: its letters, the lines it touches, those it covers, and its breaks (first letters of lines)."""

    span: Span
    first: int
    last: int
    covered: list[int]
    trusted: list[int]
    forced: list[int]

    @property
    def breaks(self) -> int:
        """All line breaks inside the stretch."""
        return len(self.trusted) + len(self.forced)


def side_of(
    span: Span, equal: Sequence[tuple[int, int]], other: Span, lines: Lines, text: str, paragraphs: Sequence[Span], share: float
) -> Side:
    """The side of a match whose letters are `span`, of which the stretches (start, length) stand on the other side too.

    A line is covered when a `share` of it are equal letters; of a line that holds both sides, what
    the other side has of it is not counted.
    """
    first, last = lines.of(span.start), lines.of(span.end - 1)
    inside = _equal_letters(first, last, equal, lines)
    covered = []
    for line in range(first, last + 1):
        start, end = lines.starts[line], lines.ends[line]
        size = end - start - max(0, min(end, other.end) - max(start, other.start))
        if end > start and inside[line - first] >= size * share:
            covered.append(line)
    breaks = [line for line in range(first + 1, last + 1) if lines.ends[line] > lines.starts[line] and lines.starts[line] > span.start]
    forced = set(forced_breaks(first, last, text, paragraphs)) if len(breaks) > 1 else set()
    return Side(
        span,
        first,
        last,
        covered,
        [lines.starts[line] for line in breaks if line not in forced],
        [lines.starts[line] for line in breaks if line in forced],
    )


def _equal_letters(first: int, last: int, equal: Sequence[tuple[int, int]], lines: Lines) -> list[int]:
    """Letters of each line first..last that lie in one of the stretches."""
    inside = [0] * (last - first + 1)
    for start, length in equal:
        line = lines.of(start)
        at, end = start, start + length
        while at < end:
            stop = min(end, lines.ends[line])
            inside[line - first] += max(stop - at, 0)
            at = max(at, stop)
            line += 1
    return inside


def forced_breaks(first: int, last: int, text: str, paragraphs: Sequence[Span]) -> list[int]:
    """The lines of first..last that begin where a column forced them to; empty when the lines are not hard-wrapped.

    Real paragraphs are seldom all of one width, so lines count as wrapped when most breaks are forced.
    """
    forced, inside = _column_breaks(first, last, text, paragraphs, _UNSPACED_WORD)
    share, least = _FORCED_SHARE, _LEAST_FORCED
    if inside == len(forced) and _is_unspaced(text[paragraphs[first].start]):
        share, least = _CERTAIN_SHARE, _CERTAIN_FORCED  # no mark says where a sentence ends, and paragraphs of one length are no rarity
    if len(forced) < max((last - first) * share, least) or inside * 3 < len(forced):
        return []
    if _are_rows([text[slice(*paragraphs[line])] for line in range(first, last + 1)]):
        return []
    # What a column did not force is a paragraph's end: in a table neither kind of line ends a sentence.
    free = sorted(set(range(first + 1, last + 1)).difference(forced))
    ended = sum(_ends_sentence(text, paragraphs[line - 1]) for line in free)
    return [] if free and not ended and share < _CERTAIN_SHARE else forced


def _are_rows(lines: Sequence[str]) -> bool:
    """True when all lines begin with a capital and half of them hold a figure: a table's rows, not wrapped prose."""
    return all(line[0].isupper() for line in lines) and sum(any(map(str.isdigit, line)) for line in lines) * 2 >= len(lines)


def _column_breaks(first: int, last: int, text: str, paragraphs: Sequence[Span], unspaced: int) -> tuple[list[int], int]:
    """The lines whose first word had no room on the line before them, and how many of them begin inside a sentence.

    `unspaced` is the length to which a word is believed in a script without spaces.
    """
    best: tuple[list[int], int] = ([], 0)
    if first == last:
        return best
    # A column parts its lines by one line break, or all of them by as many: a wider gap among closer ones is a paragraph's end.
    blank = [text.count("\n", paragraphs[line - 1].end, paragraphs[line].start) for line in range(first + 1, last + 1)]
    closest = min(blank)
    wide = text[paragraphs[first].start] >= _HAN or text[paragraphs[last].start] >= _HAN
    for measure, unit, narrowest in (
        (_columns, 5, _NARROWEST_COLUMN),
        (_characters, 3, _NARROWEST_COLUMN // 2 if wide else _NARROWEST_COLUMN),
    ):
        widths = [measure(text, paragraphs[line]) for line in range(first, last + 1)]
        column = max(widths)
        if not narrowest <= column <= WIDEST_COLUMN:
            continue
        forced = [
            line
            for line in range(first + 1, last + 1)
            if blank[line - 1 - first] == closest
            and widths[line - 1 - first] + _MOST_ROOM > column
            and widths[line - 1 - first] + _room(text, paragraphs[line - 1], paragraphs[line], measure, unit, unspaced) > column
        ]
        if len(forced) > len(best[0]):
            inside = sum(not _ends_sentence(text, paragraphs[line - 1]) for line in forced)
            best = (forced, inside)
    return best


def _ends_sentence(text: str, line: Span) -> bool:
    """True when the line ends in a mark that ends a sentence."""
    return _ENDS_SENTENCE.search(text[max(line.end - _LONGEST_ENDING, line.start) : line.end]) is not None


def without_column(side: Side, other_starts: set[int], lines: Lines, text: str, paragraphs: Sequence[Span]) -> Side:
    """The side with its extra breaks told to be forced, when a column explains every one of them.

    `other_starts` are the side's letters at which the other side has a break too.
    """
    extra = [start for start in side.trusted if start not in other_starts]
    if not extra or (len(extra) == 1 and _may_be_heading(lines.of(extra[0]), text, paragraphs)):
        return side
    # The other copy has no break there, so that a phrase as a whole may have been what had no room.
    forced, _ = _column_breaks(side.first, side.last, text, paragraphs, WIDEST_COLUMN)
    if _are_rows([text[slice(*paragraphs[line])] for line in range(side.first, side.last + 1)]):
        return side
    places = {lines.starts[line] for line in forced}
    inside = sum(not _ends_sentence(text, paragraphs[line - 1]) for line in forced if lines.starts[line] in extra)
    if inside * 2 < len(extra) or not places.issuperset(extra):
        return side
    return side._replace(trusted=[start for start in side.trusted if start in other_starts], forced=sorted({*side.forced, *extra}))


def _may_be_heading(line: int, text: str, paragraphs: Sequence[Span]) -> bool:
    """True when a line begins as a paragraph does and what stands before it is no longer than headings are."""
    return not text[paragraphs[line].start].islower() and _columns(text, paragraphs[line - 1]) < _LONGEST_HEADING


def _columns(text: str, span: Span) -> int:
    """Display columns of a line, as far as they matter here."""
    if span.end - span.start > WIDEST_COLUMN:
        return span.end - span.start
    line = text[span.start : span.end]
    return len(line) if line.isascii() else len(line) + sum(map(len, _WIDE.findall(line)))


def _characters(text: str, span: Span) -> int:  # noqa: ARG001 — one of two measures with one signature
    """Characters of a line: some wrap Han text by their number."""
    return span.end - span.start


def _room(text: str, before: Span, line: Span, measure: Callable[[str, Span], int], unit: int, unspaced: int) -> int:
    """What the line's first word needs at the end of the line before.

    Han and Kana stand alone, with room for a mark that is kept off a line's start: two of them and one, the `unit`. Thai and its
    neighbours are written without spaces, so that the length of a word is not to be seen.
    """
    first = text[line.start]
    if (
        _HAN <= first < _HANGUL
        or _HAN <= text[before.end - 1] < _HANGUL
        or (first in "“‘…—" and _HAN <= text[line.start + 1 : line.start + 2] < _HANGUL)
    ):
        return unit
    if _HYPHENATED.search(text[max(before.end - 2, before.start) : before.end]) and first.islower():
        return WIDEST_COLUMN  # a word that was parted had no room as a whole
    longest = unspaced if _is_unspaced(first) else _LONGEST_WORD
    word = text[line.start : min(line.end, line.start + longest)].split(maxsplit=1)[0]
    wide = next((i for i, char in enumerate(word) if _HAN <= char < _HANGUL), len(word))
    return measure(word, Span(0, wide)) + 1


def _is_unspaced(char: str) -> bool:
    """True for Thai, Lao, Myanmar and Khmer, which put neither spaces between words nor marks after sentences."""
    return "\u0e00" <= char < "\u1100" or "\u1780" <= char < "\u1800"
