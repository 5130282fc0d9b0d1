"""Blocks of a file, each with a sum: what is read of it is what was saved, and only what is read is summed.

A guard says of an array, whose bytes begin with a block: its `words` (uint64), the `sums` (uint64) that were saved of its blocks, and
which of these were `seen` (uint8, and one more at the end, not 0 when a block is not what was saved). An array of no file is all seen.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dedup.kernels.keeping import kernel

BLOCK = 4096  # bytes; a page, which is what a first look takes from the disk anyway
_WORDS = BLOCK // 8
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class Guard(NamedTuple):
    """An array's blocks; see above."""

    words: np.ndarray
    sums: np.ndarray
    seen: np.ndarray


def guard_of(array: np.ndarray) -> Guard:
    """The guard of an array in memory."""
    none = np.empty(0, np.uint64)
    seen = np.ones(-(-array.nbytes // BLOCK) + 1, np.uint8)
    seen[-1] = 0
    return Guard(none, none, seen)


@kernel(inline="always")
def _stirred(total, word):  # type: ignore[no-untyped-def] # compiled
    """Another total for every word, and for every total: no change of one word passes, and none of one bit is undone by another.

    With a rotation in place of the shift the highest bit of a word was undone by one bit of the next.
    """
    total = (total ^ word) * _FACTOR
    return total ^ (total >> np.uint64(32))


@kernel
def block_sum(words, block):  # type: ignore[no-untyped-def] # compiled
    """The sum (uint64) of a block; four totals that do not wait for each other, 14 GB/s as XXH3. Oracle: `tests/oracles.py: block_sum`."""
    one, two, three, four = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
    start = np.uint64(block) * np.uint64(_WORDS)
    own = words[start : start + np.uint64(_WORDS)]
    for i in range(0, _WORDS, 4):
        one = _stirred(one, own[i])
        two = _stirred(two, own[i + 1])
        three = _stirred(three, own[i + 2])
        four = _stirred(four, own[i + 3])
    return _stirred(_stirred(_stirred(_stirred(np.uint64(0), one), two), three), four)


@kernel
def block_sums(words):  # type: ignore[no-untyped-def] # compiled
    """The sums (uint64) of all blocks of words."""
    out = np.empty(words.size // _WORDS, np.uint64)
    for block in range(out.size):
        out[block] = block_sum(words, block)
    return out


@kernel
def _look(guard, block):  # type: ignore[no-untyped-def] # compiled
    sound = block_sum(guard.words, block) == guard.sums[block]
    guard.seen[block] = sound
    guard.seen[guard.seen.size - 1] |= not sound
    return sound


@kernel(inline="always")
def sound(guard, begin, end):  # type: ignore[no-untyped-def] # compiled
    """True when the blocks of these bytes of the array, of which there is one at least, hold what was saved."""
    for block in range(np.uint64(begin) >> np.uint64(12), (np.uint64(end - 1) >> np.uint64(12)) + np.uint64(1)):
        if guard.seen[block] == 0 and not _look(guard, block):
            return False
    return True


@kernel
def look_at_all(guard):  # type: ignore[no-untyped-def] # compiled
    """The guard has seen the whole array."""
    for block in range(guard.seen.size - 1):
        if guard.seen[block] == 0:
            _look(guard, block)


@kernel
def look_at_rows(guard, width, rows):  # type: ignore[no-untyped-def] # compiled
    """The guard has seen these rows (int64), of `width` bytes each."""
    for row in rows:
        sound(guard, row * width, (row + 1) * width)


@kernel
def look_at_texts(guard, ends, offsets, rows):  # type: ignore[no-untyped-def] # compiled
    """The guards have seen these rows (int64) of texts end to end, and their offsets (int64, whose guard is `ends`)."""
    for row in rows:
        if sound(ends, row * 8, (row + 2) * 8) and offsets[row] < offsets[row + 1]:
            sound(guard, offsets[row], offsets[row + 1])
