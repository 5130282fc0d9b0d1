"""Linking as it is meant, piece by piece and step by step; `dedup.article.linking` does the same with less asked of most pieces."""

from __future__ import annotations

import numpy as np

from dedup.article import linking
from dedup.article.evidence import Lines, match_of


def link(rows: np.ndarray, letters: str, lines: Lines, solid: int) -> list:
    """The matches, by trying each piece on every open match."""
    order = np.lexsort((rows[:, 0], rows[:, 1]))
    open_chains, closed = [], []
    for first, second, length in rows[order].tolist():
        best, best_cost, best_overlap = None, linking._FAR_GAP * 2, 0
        for chain in open_chains:
            step = _step(chain, first, second, length)
            if step is None:
                continue
            cost = abs(step.gap_first - step.gap_second) * 2 + step.narrow
            if cost < best_cost and linking._can_follow(chain, step, length, letters, lines, solid):
                best, best_cost, best_overlap = chain, cost, step.overlap
        if best is not None:
            best.append((first + best_overlap, second + best_overlap, length - best_overlap))
            continue
        if len(open_chains) >= linking._OPEN:
            open_chains.sort(key=lambda chain: chain[-1][1] + chain[-1][2])
            closed.append(open_chains.pop(0))
        open_chains.append([(first, second, length)])
    return [match_of(chain) for chain in closed + open_chains]


def _step(chain, first, second, length):
    last_first, last_second, last_length = chain[-1]
    gap_first, gap_second = first - last_first - last_length, second - last_second - last_length
    overlap = max(0, -gap_first, -gap_second)
    if overlap > linking._OVERLAP or overlap * 2 > min(length, last_length):
        return None
    gap_first, gap_second = gap_first + overlap, gap_second + overlap
    return linking._Step(
        first + overlap, second + overlap, gap_first, gap_second, overlap, min(gap_first, gap_second), max(gap_first, gap_second)
    )
