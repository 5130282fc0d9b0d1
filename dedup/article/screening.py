"""Screening: the articles of a batch that hold no repeat at all, so that nothing else is asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.article.markup import has_tags
from dedup.article.repeats import ALPHABET, MOST_SEEDS, PERMUTATION, WIDE
from dedup.kernels.fold import fold, fold_table
from dedup.kernels.screen import may_repeat

if TYPE_CHECKING:
    from collections.abc import Sequence


def screen(bodies: Sequence[str]) -> np.ndarray:
    """For each body whether it may repeat itself (bool); false is certain."""
    raw = np.frombuffer("".join(bodies).encode("utf-32-le", "surrogatepass"), np.uint32)
    offsets = np.concatenate(([0], np.cumsum([len(body) for body in bodies], dtype=np.int64)))
    flags = may_repeat(raw, offsets, fold_table(), PERMUTATION, (ALPHABET, WIDE), MOST_SEEDS)
    # A tag in a repeat makes the screen see two short ones; texts with tags are rare and all looked at.
    tagged = np.array([has_tags(body) for body in bodies], bool)
    repeating: np.ndarray = flags.astype(bool) | tagged
    return repeating


def is_title(title: str | None, line: str) -> bool:
    """True when a line has the title's letters."""
    return bool(title) and bool(np.array_equal(fold(title or "").codes, fold(line).codes))
