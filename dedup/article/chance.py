"""Chance: equal stretches that are phrases in common, told at once, since a long text has thousands of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from dedup.article.evidence import Lines, Match

_NEAR, _FAR = 64 + 24, 2000 + 24  # letters to a stretch that the linker could join with one, and with a solid one: a gap and an overlap
_SHARE = 3  # a line of more than so many times the stretch's length is not said by it


def without_chance(rows: np.ndarray, lines: Lines, solid: int) -> np.ndarray:
    """The rows (first, second, length) that can be part of a copy.

    Left out are those inside one line on both sides that are a small part of each and have no other row near enough to be linked:
    a line said again with 3 % of its letters changed has 16 equal letters in a row more than once, or is short.
    A megabyte of news has 14,000 such rows in English and 32,000 in Chinese, which took most of the time.
    """
    first, second, length = rows[:, 0], rows[:, 1], rows[:, 2]
    starts, ends = np.array(lines.starts, np.int64), np.array(lines.ends, np.int64)
    chance = np.ones(rows.shape[0], bool)
    for side in (first, second):
        line = np.searchsorted(ends, side, side="right")
        chance &= (side + length <= ends[line]) & (ends[line] - starts[line] > _SHARE * length)
    chance[chance] = ~_are_near(rows[chance], rows, _NEAR)
    far = chance & (length >= solid)
    chance[far] = ~_are_near(rows[far], rows[length >= solid], _FAR)
    return rows[~chance]


def is_chance(match: Match, lines: Lines) -> bool:
    """True for a match inside one line on both sides that is a small part of each, with nothing near that goes on with it."""
    for start, end in (match.first, match.second):
        line = lines.of(start)
        if end > lines.ends[line] or lines.ends[line] - lines.starts[line] <= _SHARE * (end - start):
            return False
    return True


def _are_near(some: np.ndarray, rows: np.ndarray, reach: int) -> np.ndarray:
    """For each of `some` rows whether another of `rows`, which hold them, begins or ends within `reach` of it on both sides (bool).

    True is also for a few that are up to twice as far.
    """
    if not some.size:
        return np.zeros(0, bool)
    width = int(rows[:, 1].max() + rows[:, 2].max()) + 4 * reach
    keys, places = ((part[:, 1] - part[:, 0]).astype(np.int64) // reach * width + part[:, 1] + reach for part in (some, rows))
    places = np.sort(np.concatenate((places, places + rows[:, 2])))
    found = np.zeros(some.shape[0], bool)
    for beside in (-1, 0, 1):
        low = np.searchsorted(places, keys + beside * width - reach, side="left")
        high = np.searchsorted(places, keys + beside * width + some[:, 2] + reach, side="right")
        found |= high - low > (2 if beside == 0 else 0)
    return found
