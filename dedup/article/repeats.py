"""Find: every stretch of an article that stands in it twice, as evidence; nothing is decided here.

The folded text's maximal equal stretches are linked into *matches*: two stretches that say the same
in the same order, with the gaps where they differ. A match is a claim about letters only; whether it
is a scrape's repeat or the author's is `canonical`'s to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.article.chance import is_chance, without_chance
from dedup.article.edges import extend, part_sides, trim
from dedup.article.evidence import Evidence, Lines, Match
from dedup.article.garbled import has_losses, letters_behind, may_be_garbled
from dedup.article.linking import link
from dedup.article.markup import inside_tags
from dedup.kernels.fold import fold
from dedup.kernels.matches import maximal_matches, shingle_hashes, window_minima
from dedup.kernels.wide import is_wide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.config import Repeats
    from dedup.model import Span

# The permutation of datasketch's MinHash(num_perm=1, seed=1, scheme="affine32"); a test holds them equal.
PERMUTATION = (np.uint32(3582191691), np.uint32(4282876139))

# Letters of a shingle and shingles of a window, for alphabets and for Han, Kana and Hangul. With 3 % of
# the letters changed, 16 equal letters in a row still cover 9 of 10 letters of a text; 8 Han letters likewise.
ALPHABET = (12, 5)
WIDE = (6, 3)
WIDE_GARBLED = (4, 1)  # a fifth of the letters is lost: of six in a row a quarter is left, of four two fifths
MOST_SEEDS = 8  # page, section, paragraph, each twice, is 6
_SOLID, _SOLID_WIDE = 32, 16  # letters of the pieces between which a wide gap is bridged
_MOST_HULLS = 24  # page, section and paragraph, each twice, make 15 pairs: 30 sides, none of them the whole text
_ALPHABET_SHARE = 0.3  # of wide letters, below which a text counts as written in an alphabet


def find_repeats(text: str, paragraphs: Sequence[Span], config: Repeats) -> Evidence:
    """All stretches of the paragraphs that stand twice in them; linear in the text."""
    codes, at, garbled = _folded(text, paragraphs)
    bounds = np.array(paragraphs, np.int64).reshape(-1, 2)
    lines = Lines(np.searchsorted(at, bounds[:, 0]).tolist(), np.searchsorted(at, bounds[:, 1]).tolist())
    weights, rows, solid = _measured(codes, garbled=bool(garbled), enabled=config.enabled)
    letters, size = codes.tobytes().decode("utf-32-le", "surrogatepass"), codes.size
    del codes  # what follows is Python's, and takes as much again
    linked = [match for match in link(without_chance(rows, lines, solid), letters, lines, solid) if not is_chance(match, lines)]
    trimmed = (trim(part_sides(match, lines), lines) for match in _heaviest(linked, size))
    matches = [extend(match, letters, lines) for match in trimmed if match]
    return Evidence(letters, at, lines, weights, matches, garbled)


def _measured(codes: np.ndarray, *, garbled: bool, enabled: bool) -> tuple[np.ndarray, np.ndarray, int]:
    """The weight of the letters before each letter and of all, the maximal matches, and the letters of a solid piece.

    What is needed for that alone, up to 20 bytes a letter, is gone with the call.
    """
    wide = is_wide(codes)
    weights = np.zeros(codes.size + 1, np.int32)
    np.cumsum(wide.view(np.uint8) + np.uint8(1), dtype=np.int32, out=weights[1:])
    size, window = ALPHABET if not codes.size or wide.mean() < _ALPHABET_SHARE else WIDE_GARBLED if garbled else WIDE
    del wide
    hashes = shingle_hashes(codes, size)
    places = window_minima(hashes, window, *PERMUTATION)
    rows = maximal_matches(codes, hashes if enabled else hashes[:0], places, size, size + window - 1, MOST_SEEDS)
    return weights, rows, _SOLID if (size, window) == ALPHABET else _SOLID_WIDE


def _heaviest(matches: list[Match], size: int) -> list[Match]:
    """The matches with the most equal letters, as many as are `_MOST_HULLS` times as long as the text together.

    Copies of a text are a few times its length; a list of a thousand items that are alike has matches
    from each part of it to each other, which would cost the square of its length to read.
    """
    matches = sorted(matches, key=lambda match: (-sum(piece[2] for piece in match.pieces), match.first, match.second))
    room = _MOST_HULLS * size
    taken = []
    for match in matches:
        room -= match.second.end - match.second.start + match.first.end - match.first.start
        if room < 0:
            break
        taken.append(match)
    return taken


def _folded(text: str, paragraphs: Sequence[Span]) -> tuple[np.ndarray, np.ndarray, frozenset[int]]:
    """The letters of the paragraphs, their places in the text, and which paragraphs are garbled."""
    codes, at = fold(text)
    first = int(np.searchsorted(at, paragraphs[0].start)) if paragraphs else codes.size
    codes, at = codes[first:], at[first:]
    tags = inside_tags(text, at)
    if tags is not None:
        codes, at = codes[~tags], at[~tags]
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
