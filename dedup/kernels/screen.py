"""Screening: which of many texts can hold a repeat at all; for all others nothing needs to be looked at.

A removal rests on a line that stands twice, letter for letter, or on maximal matches that cover most
of a line. A text without equal lines, in which matches cover no line for more than a third and which
shows no sign of wrong decoding, therefore keeps every letter; so do three of four news articles.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.kernels.fold import fold_codes
from dedup.kernels.matches import maximal_matches, shingle_hashes, window_minima

_LEAST_SHARE = 0.35  # of a line; of one with 3 % of its letters changed, matches cover 0.7 on the average
_BASE = np.uint64(0x9E3779B97F4A7C15)


@nb.njit(cache=True, nogil=True, inline="always")
def _is_wide(code):  # type: ignore[no-untyped-def] # compiled
    return (0x2E80 <= code < 0xA4D0) or (0xAC00 <= code < 0xD7B0) or (0xF900 <= code < 0xFB00) or (0x20000 <= code < 0x40000)


@nb.njit(cache=True, nogil=True)
def may_repeat(raw, offsets, table, permutation, shapes, most):  # type: ignore[no-untyped-def] # compiled
    """For each text raw[offsets[i]:offsets[i + 1]] (code points) 1 when it may hold a repeat, else 0 (uint8).

    `shapes` are (shingle, window) for alphabets and for wide letters, `most` the occurrences up to
    which a shingle is a seed, both as the finder has them. Oracle: `tests/kernels/test_screen.py`.
    """
    flags = np.zeros(offsets.size - 1, np.uint8)
    for i in range(flags.size):
        flags[i] = _one(raw[offsets[i] : offsets[i + 1]], table, permutation, shapes, most)
    return flags


@nb.njit(cache=True, nogil=True)
def _one(raw, table, permutation, shapes, most):  # type: ignore[no-untyped-def] # compiled
    codes, at = fold_codes(raw, table[0], table[1], table[2])
    ends = _line_ends(raw, at)
    if _has_twins(codes, ends) or _may_be_garbled(raw):
        return 1
    wide = 0
    for code in codes:
        wide += _is_wide(code)
    size, window = shapes[0] if codes.size == 0 or wide / codes.size < 0.3 else shapes[1]
    hashes = shingle_hashes(codes, size)
    places = window_minima(hashes, window, permutation[0], permutation[1])
    rows = maximal_matches(codes, hashes, places, size, size + window - 1, most)
    return 1 if rows.shape[0] and _most_covered(rows, codes.size, ends) >= _LEAST_SHARE else 0


@nb.njit(cache=True, nogil=True)
def _may_be_garbled(raw):  # type: ignore[no-untyped-def] # compiled
    """True where `article.garbled` could find a line: a lost letter, UTF-8's bytes as Windows-1252 or as GBK shows them."""
    for i in range(raw.size):
        code = raw[i]
        if code < 0xC0:
            continue
        if code in (0xFFFD, 0x951B, 0x9286, 0x9428, 0x9225):
            return True
        if code <= 0xF4 and i + 1 < raw.size:
            after = raw[i + 1]
            if (
                0x80 <= after < 0xC0
                or after == 0x3F
                or 0x152 <= after <= 0x192
                or 0x2C6 <= after <= 0x2DC
                or 0x2013 <= after <= 0x203A
                or after in (0x20AC, 0x2122)
            ):
                return True
    return False


@nb.njit(cache=True, nogil=True)
def _line_ends(raw, at):  # type: ignore[no-untyped-def] # compiled
    """For each line of the text, how many letters stand before its end."""
    lines = 1
    for code in raw:
        lines += code == 10
    ends = np.empty(lines, np.int64)
    line = letter = 0
    for place in range(raw.size):
        if raw[place] == 10:
            while letter < at.size and at[letter] < place:
                letter += 1
            ends[line] = letter
            line += 1
    ends[line] = at.size
    return ends


@nb.njit(cache=True, nogil=True)
def _has_twins(codes, ends):  # type: ignore[no-untyped-def] # compiled
    """True when two lines with letters have equal hashes."""
    digests = np.empty(ends.size, np.uint64)
    found = start = 0
    for end in ends:
        if end > start:
            digest = np.uint64(0)
            for letter in range(start, end):
                digest = digest * _BASE + np.uint64(codes[letter]) + np.uint64(1)
                digest ^= digest >> np.uint64(29)
            digests[found] = digest
            found += 1
        start = end
    ordered = np.sort(digests[:found])
    return np.any(ordered[1:] == ordered[:-1])


@nb.njit(cache=True, nogil=True)
def _most_covered(rows, size, ends):  # type: ignore[no-untyped-def] # compiled
    """The greatest share of a line's letters that matches cover."""
    edges = np.zeros(size + 1, np.int32)
    for row in range(rows.shape[0]):
        for side in range(2):
            edges[rows[row, side]] += 1
            edges[rows[row, side] + rows[row, 2]] -= 1
    best = 0.0
    open_rows = start = 0
    for end in ends:
        covered = 0
        for letter in range(start, end):
            open_rows += edges[letter]
            covered += open_rows > 0
        if end > start:
            best = max(best, covered / (end - start))
        start = end
    return best
