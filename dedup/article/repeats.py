"""Find: every stretch of an article that stands in it twice, as evidence; nothing is decided here.

The folded text's maximal equal stretches are linked into *matches*: two stretches that say the same
in the same order, with the gaps where they differ. A match is a claim about letters only; whether it
is a scrape's repeat or the author's is `canonical`'s to say.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein

from dedup.article.differences import PASSAGE, alike
from dedup.article.garbled import has_losses, letters_behind, may_be_garbled
from dedup.kernels.fold import fold
from dedup.kernels.matches import maximal_matches, shingle_hashes, window_minima
from dedup.kernels.wide import is_wide
from dedup.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.config import Repeats

# The first permutation of datasketch's MinHash(seed=1, scheme="affine32"); a test holds them equal.
PERMUTATION = (np.uint32(1791095845), np.uint32(4282876139))

# Letters of a shingle and shingles of a window, for alphabets and for Han, Kana and Hangul. With 3 % of
# the letters changed, 16 equal letters in a row still cover 9 of 10 letters of a text; 8 Han letters likewise.
_ALPHABET = (12, 5)
_WIDE = (6, 3)
_WIDE_GARBLED = (4, 1)  # a fifth of the letters is lost: of six in a row a quarter is left, of four two fifths
_MOST_SEEDS = 8  # page, section, paragraph, each twice, is 6
_NEAR_GAP = 64
_FAR_GAP = 2000
_WORD = 6  # letters of a gap that are compared before it is bridged
_DAMAGE = 4
_SMALL_GAP = 16  # letters of a one-sided gap that need no long equal stretch on either side
_OPEN = 24
_OVERLAP = 24  # letters by which neighbours may overlap where a difference repeats its surroundings; more is a rival
_EDGE = 14  # letters: nearer than this to a line's end, a match ends with the line (a call to read on may stand there)
_SLACK = 8  # letters by which two versions of a line's beginning may differ in length
_SHORT_HEAD = 8


class Lines(NamedTuple):
    """The paragraphs of an article on its folded text: line i is letters[starts[i]:ends[i]]."""

    starts: list[int]
    ends: list[int]

    def of(self, letter: int) -> int:
        """The line that holds a letter."""
        return bisect_right(self.ends, letter)


class Match(NamedTuple):
    """Two stretches of the folded text that say the same; `pieces` are the equal parts (first, second, length)."""

    first: Span
    second: Span
    pieces: tuple[tuple[int, int, int], ...]

    @property
    def length(self) -> int:
        """Letters that are equal in both stretches."""
        return sum(piece[2] for piece in self.pieces)


class Evidence(NamedTuple):
    """What was found in one article: its letters, their places in the text, its lines and the matches.

    `garbled` are the lines whose letters were read back from bytes that were decoded wrongly.
    """

    letters: str
    at: np.ndarray
    lines: Lines
    weights: np.ndarray
    matches: list[Match]
    garbled: frozenset[int]


def find_repeats(text: str, paragraphs: Sequence[Span], config: Repeats) -> Evidence:
    """All stretches of the paragraphs that stand twice in them; linear in the text."""
    codes, at, garbled = _folded(text, paragraphs)
    bounds = np.array(paragraphs, np.int64).reshape(-1, 2)
    lines = Lines(np.searchsorted(at, bounds[:, 0]).tolist(), np.searchsorted(at, bounds[:, 1]).tolist())
    wide = is_wide(codes)
    weights = np.concatenate(([0], np.cumsum(wide + 1, dtype=np.int64)))
    size, window = _ALPHABET if not codes.size or wide.mean() < 0.3 else _WIDE_GARBLED if garbled else _WIDE
    hashes = shingle_hashes(codes, size)
    places = window_minima(hashes, window, *PERMUTATION)
    if not config.enabled:
        hashes = hashes[:0]
    rows = maximal_matches(codes, hashes, places, size, size + window - 1, _MOST_SEEDS)
    letters = codes.tobytes().decode("utf-32-le", "surrogatepass")
    trimmed = (_trimmed(_apart(match, lines), lines) for match in _linked(rows, letters, lines, 32 if (size, window) == _ALPHABET else 16))
    matches = [_extended(match, letters, lines) for match in trimmed if match]
    return Evidence(letters, at, lines, weights, matches, garbled)


def _folded(text: str, paragraphs: Sequence[Span]) -> tuple[np.ndarray, np.ndarray, frozenset[int]]:
    """The letters of the paragraphs, their places in the text, and which paragraphs are garbled."""
    codes, at = fold(text)
    first = int(np.searchsorted(at, paragraphs[0].start)) if paragraphs else codes.size
    codes, at = codes[first:], at[first:]
    if not may_be_garbled(text):
        return codes, at, frozenset()
    behind = {line: found for line, span in enumerate(paragraphs) if (found := letters_behind(text[span.start : span.end]))}
    lossy = frozenset(line for line, span in enumerate(paragraphs) if has_losses(text[span.start : span.end]))
    if not behind:
        return codes, at, lossy
    parts, places = [], []
    for line, span in enumerate(paragraphs):
        if line in behind:
            characters, chars_at = behind[line]
            read = fold(characters)
            parts.append(read.codes)
            places.append(np.array(chars_at, np.int32)[read.at] + np.int32(span.start))
        else:
            low, high = np.searchsorted(at, [span.start, span.end])
            parts.append(codes[low:high])
            places.append(at[low:high])
    return np.concatenate(parts), np.concatenate(places), lossy | frozenset(behind)


def _linked(rows: np.ndarray, letters: str, lines: Lines, solid: int) -> list[Match]:
    """Equal stretches joined into matches: each goes on from the nearest open match that it can follow.

    A wide gap is bridged between pieces of at least `solid` letters only.

    At most `_OPEN` matches are open at a time, so that the cost stays linear.
    """
    order = np.lexsort((rows[:, 0], rows[:, 1]))
    open_matches: list[list[tuple[int, int, int]]] = []
    closed: list[list[tuple[int, int, int]]] = []
    for first, second, length in rows[order].tolist():
        best, best_cost, best_overlap = None, _FAR_GAP * 2, 0
        for chain in open_matches:
            last_first, last_second, last_length = chain[-1]
            gap_first, gap_second = first - last_first - last_length, second - last_second - last_length
            overlap = max(0, -gap_first, -gap_second)
            if overlap > _OVERLAP or overlap * 2 > min(length, last_length):
                continue
            gap_first, gap_second = gap_first + overlap, gap_second + overlap
            wide_gap = max(gap_first, gap_second)
            reach = sum(piece[2] for piece in chain[-8:])
            if first + length > chain[0][1] and abs(gap_first - gap_second) > _DAMAGE:
                continue  # sides that overlap are a text with a period, which damage changes by a letter or two
            if wide_gap > _NEAR_GAP:
                if wide_gap > _FAR_GAP or min(gap_first, gap_second) > _NEAR_GAP or length < solid or reach < solid:
                    continue
                if not _is_passage(first + overlap, second + overlap, gap_first, gap_second, lines):
                    continue
            if min(gap_first, gap_second) >= _WORD and not alike(
                letters[first + overlap - gap_first : first + overlap], letters[second + overlap - gap_second : second + overlap]
            ) and (wide_gap > 2 * PASSAGE or min(reach, length) < 2 * wide_gap):
                continue
            if wide_gap > _SMALL_GAP and min(gap_first, gap_second) * 4 < wide_gap and min(reach, length) < min(wide_gap, solid):
                passage = _is_passage(first + overlap, second + overlap, gap_first, gap_second, lines)
                if not passage or min(reach, length) * 2 < solid:
                    continue
            cost = abs(gap_first - gap_second) * 2 + min(gap_first, gap_second)
            if cost < best_cost:
                best, best_cost, best_overlap = chain, cost, overlap
        if best is None:
            if len(open_matches) >= _OPEN:
                # The match that ended longest ago is the least likely to go on.
                open_matches.sort(key=lambda chain: chain[-1][1] + chain[-1][2])
                closed.append(open_matches.pop(0))
            open_matches.append([(first, second, length)])
        else:
            best.append((first + best_overlap, second + best_overlap, length - best_overlap))
    return [
        Match(
            Span(chain[0][0], chain[-1][0] + chain[-1][2]),
            Span(chain[0][1], chain[-1][1] + chain[-1][2]),
            tuple(chain),
        )
        for chain in closed + open_matches
    ]


def _apart(match: Match, lines: Lines) -> Match:
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
    (first, second, _), (last_first, last_second, length) = pieces[0], pieces[-1]
    return Match(Span(first, last_first + length), Span(second, last_second + length), tuple(pieces))


def _is_passage(first: int, second: int, gap_first: int, gap_second: int, lines: Lines) -> bool:
    """True when the gap before both places is a passage that one copy lacks: whole lines, or none where the other has a break."""
    ends = ((first, gap_first), (second, gap_second))
    narrow, wide = sorted(ends, key=lambda end: end[1])
    return _near_break(narrow[0], lines) or _near_break(narrow[0] - narrow[1], lines) or (
        _near_break(wide[0], lines) and _near_break(wide[0] - wide[1], lines)
    )


def _near_break(letter: int, lines: Lines) -> bool:
    """True when a line begins or ends within two letters of the place."""
    line = min(lines.of(letter), len(lines.ends) - 1)
    return letter - lines.starts[line] <= 2 or lines.ends[line] - letter <= 2


def _trimmed(match: Match, lines: Lines) -> Match | None:
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
    (first, second, _), (last_first, last_second, length) = pieces[0], pieces[-1]
    return Match(Span(first, last_first + length), Span(second, last_second + length), tuple(pieces))


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


def _extended(match: Match, letters: str, lines: Lines) -> Match:
    """The match, taken on to line ends where what stands before or after it is nearly equal on both sides."""
    first, second = match.first, match.second
    apart = second.start >= first.end  # else the text repeats with a period, and the stretches overlap
    while head := _head(first.start, second.start, letters, lines):
        if apart and second.start - head[1] < first.end:
            break
        first, second = Span(first.start - head[0], first.end), Span(second.start - head[1], second.end)
    while tail := _tail(first.end, second.end, letters, lines):
        if apart and first.end + tail[0] > second.start:
            break
        first, second = Span(first.start, first.end + tail[0]), Span(second.start, second.end + tail[1])
    return match._replace(first=first, second=second)


def _head(first: int, second: int, letters: str, lines: Lines) -> tuple[int, int] | None:
    """Letters before both places that are nearly equal, up to the nearer line start; None where there are none."""
    if first == 0 or second == 0:
        return None
    start_first, start_second = lines.starts[lines.of(first - 1)], lines.starts[lines.of(second - 1)]
    size = min(first - start_first, second - start_second)
    if size > 4 * _NEAR_GAP:
        return None
    return _nearly_equal(letters[start_first:first][::-1], letters[start_second:second][::-1], size)


def _tail(first: int, second: int, letters: str, lines: Lines) -> tuple[int, int] | None:
    """Letters after both places that are nearly equal, up to the nearer line end; None where there are none."""
    if second >= len(letters) or first >= len(letters):
        return None
    end_first, end_second = lines.ends[lines.of(first)], lines.ends[lines.of(second)]
    size = min(end_first - first, end_second - second)
    if size > 4 * _NEAR_GAP:
        return None
    return _nearly_equal(letters[first:end_first], letters[second:end_second], size)


def _nearly_equal(one: str, other: str, size: int) -> tuple[int, int] | None:
    """How much of both sides' beginnings, about `size` letters, says the same; None below three quarters."""
    if size == 0:
        return None
    slack = min(3 + size // 8, _SLACK)
    whole, part = (one, other) if len(one) <= len(other) else (other, one)
    if len(part) > size + slack:
        lengths = range(max(1, size - slack), min(len(part), size + slack) + 1)
        take = min(lengths, key=lambda length: (Levenshtein.distance(whole[:size], part[:length]), abs(length - size)))
    else:
        take = len(part)
    distance = Levenshtein.distance(whole, part[:take])
    if distance * 4 > max(len(whole), take) and (size > _SHORT_HEAD or distance > 1 + size // 4):
        return None
    return (len(whole), take) if whole is one else (take, len(whole))
