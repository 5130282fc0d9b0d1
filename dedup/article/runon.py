"""Run-on lines: the commonest repeat, settled without being searched for.

Where the first or last line of a body is its other lines again, character for character, and nothing among these could be a
repeat, the search would find one exact match, take the line for a block, and keep the lines. `article.rounds` is the oracle.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from dedup.article.cut import Cut
from dedup.article.paragraphs import split_paragraphs
from dedup.article.preference import CERTAIN
from dedup.article.screening import glance, limits_of, look_again, screen, tagged
from dedup.article.soundness import broken_words, scars, words
from dedup.article.structure import WIDEST_COLUMN, forced_breaks
from dedup.kernels.fold import fold_table
from dedup.kernels.points import Points
from dedup.kernels.runs import run_ons
from dedup.model import Repeat, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.config import Repeats

_UNSPACED = re.compile("[\u0e00-\u10ff\u1780-\u17ff]")
_NONE = 1e-9  # share of a body that may be said twice among its lines, beside a block: none of it


def settle_at_sight(bodies: Points, begins: np.ndarray, texts: Sequence[str], config: Repeats) -> tuple[np.ndarray, dict[int, Cut]]:
    """Which bodies a rule may take something out of (bool, false is certain), and what is left of those of them that are settled.

    `texts` are what the bodies stand in, and begin at `begins`.
    """
    flags = glance(bodies)
    tags = tagged(texts)
    rows = np.flatnonzero(flags & ~tags)
    if not rows.size:  # an article by itself is through in 40 µs, so in 60
        return tags, {}
    settled = _run_ons(bodies, rows, begins, texts, config)
    rest = np.array([row for row in rows.tolist() if row not in settled], np.int64)
    if rest.size:
        flags[rest] = look_again(bodies.some(rest), limits_of(config))
    return flags | tags, settled


def _run_ons(bodies: Points, rows: np.ndarray, begins: np.ndarray, texts: Sequence[str], config: Repeats) -> dict[int, Cut]:
    """What is left of the bodies whose first or last line is the others again."""
    found = run_ons(*bodies.some(rows), fold_table(), config.least_block)
    held = np.flatnonzero(found[:, 4])
    rows, found = rows[held], found[held]
    if not rows.size:
        return {}
    repeating = screen(Points(bodies.raw, found[:, 2], found[:, 3]), [""] * rows.size, (0, _NONE, config.least_block))
    found[:, :4] -= begins[rows, None]
    settled = {}
    for row, again, (start, end, first, last, longest, together) in zip(rows.tolist(), repeating.tolist(), found.tolist(), strict=True):
        text = texts[row]
        if again or (together and not _is_worse(text, text[start:end], text[first:last])):
            continue
        paragraphs = split_paragraphs(text, first, last)
        if longest <= WIDEST_COLUMN and len(paragraphs) > 2 and forced_breaks(0, len(paragraphs) - 1, text, paragraphs):
            continue  # hard-wrapped, so that the run-on line may be the better copy
        settled[row] = Cut([[span] for span in paragraphs], [Repeat(Span(start, end), Span(first, last), 1.0, "block")])
    return settled


def _is_worse(text: str, block: str, lines: str) -> bool:
    """True where a run-on line in which words run together is no sounder than the lines, by what `preference` counts of both."""
    if _UNSPACED.search(block):
        return False  # a script of which `Body.has_words` decides whether it has words
    ours, its = Counter(words(lines)), Counter(words(block))
    counts = Counter(words(text.replace(block, "\n").replace(lines, "\n"))) + ours + its
    # Words that both have as often count for neither.
    apart = [broken_words(some, counts) for some in (ours.items() - its.items(), its.items() - ours.items())]
    return scars(lines) - scars(block) + apart[0] - apart[1] < CERTAIN
