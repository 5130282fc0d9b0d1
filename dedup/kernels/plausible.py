"""Plausibility: which of two variants of a few folded letters is likelier text, by n-grams that ship as a table.

The table has the frequencies of letters and pairs (Han) and of up to four letters in a row (alphabets,
across word boundaries too: folded text has no spaces), from the word lists that `plausible_table` names.
A script it has no letters of (kana, Hangul, Devanagari, …) is none that it judges: the odds are even.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dedup.kernels.wide import is_wide_letter

CONTEXT = 3  # letters on either side of a difference that it is judged with
STEP = 0.5  # of the natural logarithm of a count, between two levels
KEYS = 1 << 25  # an n-gram is known by a hash this large: one in 200 that no source has is taken for another

_ORDER_WIDE, _ORDER = 2, 4  # letters of the longest n-grams
_BACK = math.log(0.4)  # for every letter of context that has to be left out
_UNKNOWN = -11.0  # log probability of a letter that no source has
_DIGIT = -3.0
_LETTER_WIDE, _LETTER = 6.5, 2.8  # what a letter costs on average: the longer of two variants is not the worse for its length
_MASK = (1 << 64) - 1


class _Table(NamedTuple):
    """The n-grams' keys, ascending, and for each the level of its count; the counts' sums, as logarithms."""

    keys: array[int]
    levels: bytes
    total_wide: float
    total: float


@cache
def _table() -> _Table:
    with np.load(Path(__file__).with_name("plausible_table.npz")) as table:
        steps = table["highs"].astype(np.uint32) * 256 + table["lows"]
        total_wide, total = table["totals"].tolist()
        return _Table(array("I", np.cumsum(steps).astype(np.uintc).tobytes()), table["levels"].tobytes(), total_wide, total)


def log_odds(one: str, other: str) -> float:
    """Above 0 where `one` is likelier text than `other`, in natural logarithms; 0 where their script is unknown.

    Both are folded letters: two variants with up to `CONTEXT` equal letters before and after.
    """
    start = _equal(one, other)
    end = _equal(one[start:][::-1], other[start:][::-1])
    table = _table()
    if not all(letter.isdigit() or _level(table, letter) for letter in one[:start] + one[len(one) - end :]):
        return 0.0
    if one[start:].isdigit() or other[start:].isdigit():
        return 0.0
    return _likelihood(table, one, start) - _likelihood(table, other, start)


def _equal(one: str, other: str) -> int:
    """How many letters at the beginning are equal."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _likelihood(table: _Table, letters: str, start: int) -> float:
    """The log probability of the letters from `start` on, each after those before it, less what letters cost on average."""
    return sum(_after(table, letters, i) + (_LETTER_WIDE if is_wide_letter(letters[i]) else _LETTER) for i in range(start, len(letters)))


def _after(table: _Table, letters: str, i: int) -> float:
    """The log probability of letter i after the letters before it: by the longest n-gram, or by a shorter one at a price."""
    wide = is_wide_letter(letters[i])
    order = min(_ORDER_WIDE if wide else _ORDER, i + 1)
    best = _DIGIT if letters[i].isdigit() else _UNKNOWN
    for size in range(1, order + 1):
        best += _BACK if size > 1 else 0.0
        level = _level(table, letters[i - size + 1 : i + 1])
        if level:
            before = STEP * _level(table, letters[i - size + 1 : i]) if size > 1 else table.total_wide if wide else table.total
            best = max(best, STEP * level - before) if size > 1 else STEP * level - before
    return best


def _level(table: _Table, ngram: str) -> int:
    """The level of an n-gram's count; 0 where the table lacks it."""
    wanted = key(ngram)
    index = bisect_left(table.keys, wanted)
    return table.levels[index] if index < len(table.keys) and table.keys[index] == wanted else 0


def key(ngram: str) -> int:
    """What an n-gram is known by: a 64-bit mix of its letters' codes (splitmix64's), of which some bits are kept."""
    mixed = len(ngram)
    for letter in ngram:
        mixed = (mixed * 0x9E3779B97F4A7C15 + ord(letter) + 1) & _MASK
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        mixed ^= mixed >> 31
    return mixed % KEYS
