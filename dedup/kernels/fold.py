"""Folding: the letters a text is compared by, each with its place.

Case, width, punctuation, spaces and the traditional/simplified difference are gone from folded
text; letters, digits and marks stay. `at[i]` is the place of folded letter i in the text.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dedup.kernels.fold_table import EXPANDS
from dedup.kernels.keeping import kernel

_EXPANDS = np.uint32(EXPANDS)


class Folded(NamedTuple):
    """`codes` (uint32) are the folded letters, `at` (int32) their places in the text; of one length."""

    codes: np.ndarray
    at: np.ndarray


@cache
def fold_table() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The shipped table: pages, blocks, and the pool of what folds to several letters."""
    with np.load(Path(__file__).with_name("fold_table.npz")) as table:
        return table["pages"], table["blocks"], table["pool"]


def fold(text: str) -> Folded:
    """The folded letters of `text`; linear, 16 bytes a character at its highest."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return Folded(*fold_codes(raw, *fold_table()))


@kernel
def fold_codes(raw, pages, blocks, pool):  # type: ignore[no-untyped-def] # compiled
    """Folded codes and their places for raw code points; oracle: `tests/kernels/oracle_matches.py`."""
    # Hardly a text has more letters than characters, so that one pass with room to grow beats counting first.
    codes = np.empty(raw.size + 32, np.uint32)
    at = np.empty(raw.size + 32, np.int32)
    n = 0
    for i in range(raw.size):
        entry = blocks[np.int64(pages[raw[i] >> 8]) * 256 + np.int64(raw[i] & 255)]
        if entry & _EXPANDS:
            start = np.int64((entry & np.uint32(0x7FFFFFFF)) >> 5)
            size = np.int64(entry & 31)
            if n + size + raw.size - i > codes.size:
                codes, at = _grown(codes, 2 * codes.size), _grown(at, 2 * at.size)
            for j in range(start, start + size):
                codes[n] = pool[j]
                at[n] = i
                n += 1
        elif entry:
            codes[n] = entry
            at[n] = i
            n += 1
    return codes[:n], at[:n]


@kernel
def _grown(array, size):  # type: ignore[no-untyped-def] # compiled
    grown = np.empty(size, array.dtype)
    for i in range(array.size):  # an assignment to a slice would cost 2 s of compiling, for the message of its error
        grown[i] = array[i]
    return grown
