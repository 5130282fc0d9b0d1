"""Texts as numbers, one a token: equal numbers are equal tokens, letter for letter.

A token is a run of letters that nothing parts (a word, a number); a Han, Kana or Hangul letter is one by itself. The vocabulary
grows with the texts: an open-addressing table of the tokens' hashes, behind it the letters of each token, which decide.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.fold import fold_table
from dedup.kernels.keeping import kernel
from dedup.kernels.rows import letter_weight, mixed

_BASE = np.uint64(0x9E3779B97F4A7C15)
_START = 1 << 12  # slots of an empty vocabulary


class Vocabulary:
    """The tokens of all texts so far, numbered from 0 as they first came; 12 to 24 bytes a token and 4 a letter of it."""

    def __init__(self) -> None:
        """Begin with no token."""
        empty = np.zeros(_START, np.int32), np.empty(_START, np.uint64), np.zeros(_START + 1, np.int64), np.empty(_START, np.uint32)
        self._state: tuple[np.ndarray, ...] = empty
        self._size = 0

    def __len__(self) -> int:
        """How many tokens there are."""
        return self._size

    def encode(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """The tokens of all texts end to end (uint32), and the offsets of each text in them (int64, one more than texts)."""
        ends = np.zeros(len(texts) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=ends[1:])
        raw = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
        codes, bounds, offsets = _tokens(raw, ends, *fold_table())
        slots, hashes, starts, letters = self._state
        most = self._size + bounds.size - 1
        if 2 * most > slots.size:
            slots = _rehashed(hashes, self._size, 1 << (2 * most).bit_length())
        if most > hashes.size:
            hashes, starts = _grown(hashes, most), _grown(starts, most + 1)
        if starts[self._size] + codes.size > letters.size:
            letters = _grown(letters, starts[self._size] + codes.size)
        self._state = slots, hashes, starts, letters
        units, self._size = _numbers(codes, bounds, self._size, *self._state)
        return units, offsets


def token_spans(text: str) -> np.ndarray:
    """Where each token of a text begins and ends, in characters (int32, tokens x 2)."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    spans: np.ndarray = _spans(raw, *fold_table())
    return spans


@kernel
def _spans(raw, pages, blocks, pool):  # type: ignore[no-untyped-def] # compiled
    spans = np.empty((raw.size, 2), np.int32)
    found = 0
    inside = False
    for i in range(raw.size):
        entry = blocks[np.int64(pages[raw[i] >> 8]) * 256 + np.int64(raw[i] & 255)]
        if entry == 0:
            inside = False
            continue
        first = pool[np.int64((entry & np.uint32(0x7FFFFFFF)) >> 5)] if entry & np.uint32(0x80000000) else entry
        wide = letter_weight(first) == 2
        if wide or not inside:
            spans[found, 0] = i
            found += 1
        spans[found - 1, 1] = i + 1
        inside = not wide
    return spans[:found].copy()


@kernel
def _grown(array, size):  # type: ignore[no-untyped-def] # compiled
    more = np.zeros(max(size, 2 * array.size), array.dtype)
    more[: array.size] = array
    return more


@kernel
def _rehashed(hashes, size, slots):  # type: ignore[no-untyped-def] # compiled
    more = np.zeros(slots, np.int32)
    mask = slots - 1
    for token in range(size):
        slot = np.int64(hashes[token]) & mask
        while more[slot]:
            slot = (slot + 1) & mask
        more[slot] = token + 1
    return more


@kernel
def _tokens(raw, ends, pages, blocks, pool):  # type: ignore[no-untyped-def] # compiled
    """The letters of all tokens end to end, where each token begins in them (and the end), and the offsets of each row in the tokens."""
    rows = ends.size - 1
    offsets = np.zeros(rows + 1, np.int64)
    bounds = np.empty(raw.size + 2, np.int32)
    codes = np.empty(raw.size + 1, np.uint32)
    plain = blocks[np.int64(pages[0]) * 256 : np.int64(pages[0]) * 256 + 128].copy()  # letters of ASCII fold to one letter
    n, tokens = 0, 0
    for row in range(rows):
        inside = False
        for i in range(ends[row], ends[row + 1]):
            if raw[i] < 128:
                entry = plain[raw[i]]
                bounds[tokens] = n
                tokens += entry != 0 and not inside
                codes[n] = entry
                inside = entry != 0
                n += inside
                continue
            entry = blocks[np.int64(pages[raw[i] >> 8]) * 256 + np.int64(raw[i] & 255)]
            if entry == 0:
                inside = False
                continue
            several = entry & np.uint32(0x80000000) != 0
            start = np.int64((entry & np.uint32(0x7FFFFFFF)) >> 5)
            wide = letter_weight(pool[start] if several else entry) == 2
            if wide or not inside:
                bounds[tokens] = n
                tokens += 1
            inside = not wide
            if several:
                count = np.int64(entry & 31)
                if n + count + raw.size - i >= codes.size:
                    codes = _grown(codes, n + count + raw.size - i + 1)
                for j in range(count):
                    codes[n] = pool[start + j]
                    n += 1
            else:
                codes[n] = entry
                n += 1
        offsets[row + 1] = tokens
    bounds[tokens] = n
    return codes[:n], bounds[: tokens + 1], offsets


@kernel
def _numbers(codes, bounds, size, slots, hashes, starts, letters):  # type: ignore[no-untyped-def] # compiled
    """The number of each token, and how many numbers there are then. Oracle: a dictionary of the tokens, `tests/kernels/test_units.py`."""
    units = np.empty(bounds.size - 1, np.uint32)
    mask = slots.size - 1
    for n in range(units.size):
        start, held = bounds[n], bounds[n + 1] - bounds[n]
        value = np.uint64(0)
        for j in range(start, start + held):
            value = value * _BASE + np.uint64(codes[j]) + np.uint64(1)
        key = mixed(value)
        slot = np.int64(key) & mask
        while True:
            token = np.int64(slots[slot]) - 1
            if token < 0:
                for j in range(held):
                    letters[starts[size] + j] = codes[start + j]
                starts[size + 1] = starts[size] + held
                hashes[size] = key
                token = size
                size += 1
                slots[slot] = size
                break
            if hashes[token] == key and starts[token + 1] - starts[token] == held:
                same = True
                for j in range(held):
                    if letters[starts[token] + j] != codes[start + j]:
                        same = False
                        break
                if same:
                    break
            slot = (slot + 1) & mask
        units[n] = token
    return units, size
