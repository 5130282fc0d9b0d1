"""Equal rows: one representative for each group of rows whose folded letters are equal."""

from __future__ import annotations

import numpy as np


def representatives(digests: np.ndarray, letters: np.ndarray, order: np.ndarray) -> np.ndarray:
    """For each row (int64) the row of its group that comes first in `order`; itself where it is alone or has no letters."""
    by_rank = digests[order]
    sort = np.lexsort((by_rank[:, 1], by_rank[:, 0]))  # stable: within a group the ranks ascend
    grouped = by_rank[sort]
    fresh = np.ones(order.size, bool)
    fresh[1:] = (grouped[1:] != grouped[:-1]).any(axis=1)
    rows = order[sort]
    first = rows[np.maximum.accumulate(np.where(fresh, np.arange(order.size), 0))] if order.size else rows
    out = np.empty(order.size, np.int64)
    out[rows] = first
    return np.where(letters > 0, out, np.arange(order.size))
