"""Edges: where the two stretches of a match begin and end, told from the lines around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from dedup.article.differences import says_otherwise
from dedup.article.evidence import match_of
from dedup.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.article.evidence import Lines, Match

_EDGE = 14  # letters: nearer than this to a line's end, a match ends with the line (a call to read on may stand there)
_LONGEST_END = 256  # letters to a line's end that are compared to take a match on to it
_SLACK = 8  # letters by which two versions of a line's beginning may differ in length
_SHORT_HEAD = 8  # letters of a line's beginning in which a changed letter or two may be more than a quarter


def part_sides(match: Match, lines: Lines) -> Match:
    """The match with sides that do not overlap, where they overlap by less than half: a copy and its neighbour share letters by chance."""
    overlap = match.first.end - match.second.start
    if overlap <= 0 or overlap * 2 >= match.first.end - match.first.start:
        return match
    pieces = list(match.pieces)
    if match.second.start in lines.starts or match.first.end not in lines.ends:
        pieces = [(a, b, min(length, match.second.start - a)) for a, b, length in pieces if a < match.second.start]
    else:
        low = match.first.end
        pieces = [(a + max(low - b, 0), max(b, low), length - max(low - b, 0)) for a, b, length in pieces if b + length > low]
    return match_of(pieces)


def trim(match: Match, lines: Lines) -> Match | None:
    """The match without the letters at its ends that merely begin or end two different paragraphs alike.

    At an end where both stretches go on, the part that reaches less than half into a paragraph is
    chance (`The minister said`), and belongs to what differs.
    """
    pieces = list(match.pieces)
    low = max(_overhang_head(pieces[0][side], pieces, side, lines) for side in (0, 1))
    if low and all(pieces[0][side] - lines.starts[lines.of(pieces[0][side])] > _EDGE for side in (0, 1)):
        while pieces and pieces[0][2] <= low:
            low -= pieces[0][2] + (pieces[1][0] - pieces[0][0] - pieces[0][2] if len(pieces) > 1 else 0)
            pieces.pop(0)
        if pieces and low > 0:
            pieces[0] = (pieces[0][0] + low, pieces[0][1] + low, pieces[0][2] - low)
    if not pieces:
        return None
    ends = [pieces[-1][side] + pieces[-1][2] for side in (0, 1)]
    high = max(_overhang_tail(ends[side], pieces, side, lines) for side in (0, 1))
    if high and all(lines.ends[lines.of(ends[side] - 1)] - ends[side] > _EDGE for side in (0, 1)):
        while pieces and pieces[-1][2] <= high:
            high -= pieces[-1][2] + (pieces[-1][0] - pieces[-2][0] - pieces[-2][2] if len(pieces) > 1 else 0)
            pieces.pop()
        if pieces and high > 0:
            pieces[-1] = (pieces[-1][0], pieces[-1][1], pieces[-1][2] - high)
    if not pieces:
        return None
    return match_of(pieces)


def _overhang_tail(end: int, pieces: Sequence[tuple[int, int, int]], side: int, lines: Lines) -> int:
    """Letters by which the match reaches into a paragraph that it covers less than half of, at its end; 0 where it does not."""
    line = lines.of(end - 1)
    start, stop = lines.starts[line], lines.ends[line]
    return end - start if pieces[0][side] < start and end < stop and (end - start) * 2 < stop - start else 0


def _overhang_head(begin: int, pieces: Sequence[tuple[int, int, int]], side: int, lines: Lines) -> int:
    """The same at the match's beginning."""
    line = lines.of(begin)
    start, stop = lines.starts[line], lines.ends[line]
    reach = stop - begin
    return reach if pieces[-1][side] + pieces[-1][2] > stop and begin > start and reach * 2 < stop - start else 0


def extend(match: Match, letters: str, lines: Lines) -> Match:
    """The match, taken on to line ends where what stands before or after it is nearly equal on both sides."""
    first, second = match.first, match.second
    most = max(_LONGEST_END, (first.end - first.start) // 4)  # a list whose items are alike would be taken on line by line
    apart = second.start >= first.end  # else the text repeats with a period, and the stretches overlap
    while head := _head(first.start, second.start, letters, lines):
        if match.first.start - first.start > most or (apart and second.start - head[1] < first.end):
            break
        first, second = Span(first.start - head[0], first.end), Span(second.start - head[1], second.end)
    while tail := _tail(first.end, second.end, letters, lines):
        if first.end - match.first.end > most or (apart and first.end + tail[0] > second.start):
            break
        first, second = Span(first.start, first.end + tail[0]), Span(second.start, second.end + tail[1])
    return match._replace(first=first, second=second)


def _head(first: int, second: int, letters: str, lines: Lines) -> tuple[int, int] | None:
    """Letters before both places that are nearly equal, up to the nearer line start; None where there are none."""
    if first == 0 or second == 0:
        return None
    start_first, start_second = lines.starts[lines.of(first - 1)], lines.starts[lines.of(second - 1)]
    size = min(first - start_first, second - start_second)
    if size > _LONGEST_END:
        return None
    if (
        size
        and max(first - start_first, second - start_second) <= _SHORT_HEAD
        and says_otherwise(letters, start_first, first, start_second, second)
    ):
        return first - start_first, second - start_second
    reach = size + _SLACK  # a container's line may be the whole page: no more of it is copied than is compared
    return _nearly_equal(
        letters[max(start_first, first - reach) : first][::-1], letters[max(start_second, second - reach) : second][::-1], size
    )


def _tail(first: int, second: int, letters: str, lines: Lines) -> tuple[int, int] | None:
    """Letters after both places that are nearly equal, up to the nearer line end; None where there are none."""
    if second >= len(letters) or first >= len(letters):
        return None
    end_first, end_second = lines.ends[lines.of(first)], lines.ends[lines.of(second)]
    size = min(end_first - first, end_second - second)
    if size > _LONGEST_END:
        return None
    if (
        size
        and max(end_first - first, end_second - second) <= _SHORT_HEAD
        and says_otherwise(letters, first, end_first, second, end_second)
    ):
        return end_first - first, end_second - second  # `did` and `did not`
    reach = size + _SLACK
    return _nearly_equal(letters[first : min(end_first, first + reach)], letters[second : min(end_second, second + reach)], size)


def _nearly_equal(one: str, other: str, size: int) -> tuple[int, int] | None:
    """How much of both sides' beginnings, about `size` letters, says the same; None below three quarters."""
    if size == 0:
        return None
    slack = min(3 + size // 8, _SLACK)
    whole, part = (one, other) if len(one) <= len(other) else (other, one)
    if len(part) > size + slack:
        head = whole[:size]
        # Of two texts hardly any are alike: one distance tells what the least of all of them could be.
        bound = _most(size, max(len(whole), size + slack)) + len(whole) - size + slack
        if Levenshtein.distance(head, part[:size], score_cutoff=bound) > bound:
            return None
        lengths = range(max(1, size - slack), min(len(part), size + slack) + 1)
        take = min(lengths, key=lambda length: (Levenshtein.distance(head, part[:length]), abs(length - size)))
    else:
        take = len(part)
    most = _most(size, max(len(whole), take))
    if Levenshtein.distance(whole, part[:take], score_cutoff=most) > most:
        return None
    return (len(whole), take) if whole is one else (take, len(whole))


def _most(size: int, longer: int) -> int:
    """The letters that may differ in what is `size` letters long on the nearer side and `longer` on the other: a quarter, of a few more."""
    return max(longer // 4, min(1 + size // 4, longer // 2)) if size <= _SHORT_HEAD else longer // 4
