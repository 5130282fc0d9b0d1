"""The letters that say about as much as two letters of an alphabet: Han, Kana, Hangul, Yi."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_RANGES = ((0x2E80, 0xA4D0), (0xAC00, 0xD7B0), (0xF900, 0xFB00), (0x20000, 0x40000))


def is_wide(codes: np.ndarray) -> np.ndarray:
    """For an array of code points, an array of bool."""
    wide = (codes >= _RANGES[0][0]) & (codes < _RANGES[0][1])
    for low, high in _RANGES[1:]:
        wide |= (codes >= low) & (codes < high)
    return wide


def is_wide_letter(letter: str) -> bool:
    """The same for one letter."""
    return any(low <= ord(letter) < high for low, high in _RANGES)
