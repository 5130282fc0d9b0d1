"""Screening: the articles of a batch that hold no repeat at all, so that nothing else is asked of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from dedup.article.calls import CALL_WORDS, LABEL_WORDS
from dedup.article.markup import has_tags
from dedup.article.repeats import ALPHABET, WIDE
from dedup.kernels.fold import fold, fold_table
from dedup.kernels.screen import may_repeat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.config import Repeats
    from dedup.kernels.points import Points

_SHAPES = (ALPHABET, WIDE)
_FEW = 16  # articles that a process reads in full, 1 to 5 ms each, before it loads what screens them: 0.1 s, and 6 s to compile, once
_FEW_AGAIN = 64  # the same of bodies that a glance does not clear, for what looks again: 0.1 s, and 10 s to compile
_SEEN = {"articles": 0, "again": 0}  # by this process so far: it decides how fast it goes on, never what comes out


def limits_of(config: Repeats) -> tuple[float, float, float]:
    """What `screen` needs to know of the settings: weight of a line that is a repeat by itself, share of a body, weight of a block."""
    return config.least_paragraph, config.body_share, config.least_block


def pays(more: int = 0) -> bool:
    """True once this process has been given enough articles, `more` of them now, for the screens to be worth loading."""
    _SEEN["articles"] += more
    return _SEEN["articles"] >= _FEW


def glance(bodies: Points) -> np.ndarray:
    """For each body whether it may repeat itself (bool), at a glance; false is certain."""
    flags: np.ndarray = may_repeat(bodies.raw, bodies.starts, bodies.ends, fold_table(), _SHAPES)
    return flags > 0


def screen(bodies: Points, texts: Sequence[str], limits: tuple[float, float, float]) -> np.ndarray:
    """For each body whether a rule may take something out of it (bool); false is certain. `texts` are what the bodies stand in."""
    flags = glance(bodies)
    rows = np.flatnonzero(flags)
    flags[rows] = look_again(bodies.some(rows), limits)
    repeating: np.ndarray = flags | tagged(texts)
    return repeating


def look_again(bodies: Points, limits: tuple[float, float, float]) -> np.ndarray:
    """The same for bodies that a glance does not clear, by what the rules need."""
    _SEEN["again"] += bodies.starts.size
    if _SEEN["again"] < _FEW_AGAIN:
        return np.ones(bodies.starts.size, np.bool_)
    from dedup.kernels.ties import may_say_twice

    flags: np.ndarray = may_say_twice(bodies.raw, bodies.starts, bodies.ends, fold_table(), _SHAPES, _words(), limits)
    return flags > 0


def tagged(texts: Sequence[str]) -> np.ndarray:
    """Which texts hold tags, lost letters or escaped ones (bool): those make the screen see two short repeats, or none, and are rare."""
    return np.fromiter(("\ufffd" in text or "\\u" in text or has_tags(text) for text in texts), np.bool_, len(texts))


@cache
def _words() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The folded letters of the calls and the labels, the offsets of the calls in them, and those of the labels."""
    calls, labels = CALL_WORDS.split(), LABEL_WORDS.split()
    folded = [fold(word).codes for word in (*calls, *labels)]
    offsets = np.concatenate(([0], np.cumsum([codes.size for codes in folded])))
    return np.concatenate(folded), offsets[: len(calls) + 1], offsets[len(calls) :]


def is_title(title: str | None, line: str) -> bool:
    """True when a line has the title's letters."""
    return bool(title) and bool(np.array_equal(fold(title or "").codes, fold(line).codes))
