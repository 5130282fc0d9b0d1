"""The order in which rows would be kept, as bytes: rows compare as their places do, on every engine.

A place holds the keys of `corpus.keep.in_order` in big-endian numbers, and at its end the id of the row where that order has the
row's number: the rows of an engine have no numbers, their ids have an order. No two rows have one place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.corpus.keep import UNDATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.config import Keep
    from dedup.corpus.sketches import Sketches

_SIGN = np.uint64(1 << 63)
_COMPLEMENT = bytes(range(255, -1, -1))


def places(sketches: Sketches, fresh: np.ndarray, ids: Sequence[int | str], keep: Keep, values: np.ndarray | None) -> list[bytes]:
    """The place of each row; `fresh` is False for old rows, `values` (int64) stand for a date, as in `in_order`."""
    digests = [sketches.digests[:, 0], sketches.digests[:, 1], sketches.spellings]
    if values is not None:
        keys = [_biased(np.where(values == UNDATED, np.iinfo(np.int64).max, -values)), *digests]
    elif keep in {"first", "last"}:
        keys = []
    else:
        keys = [~sketches.letters.view(np.uint32), ~sketches.lines.view(np.uint32), *digests]
    columns = [np.asarray(fresh, np.uint8).reshape(-1, 1), *map(_big_endian, keys)]
    head = np.concatenate(columns, axis=1)
    width, heads = head.shape[1], head.tobytes()
    return [heads[row * width : (row + 1) * width] + _tail(name, turned=keep == "last") for row, name in enumerate(ids)]


def _big_endian(numbers: np.ndarray) -> np.ndarray:
    """Each number as bytes (uint8, rows x width), the high ones first."""
    turned = np.ascontiguousarray(numbers).astype(numbers.dtype.newbyteorder(">"))
    return turned.view(np.uint8).reshape(numbers.size, numbers.itemsize)


def _biased(numbers: np.ndarray) -> np.ndarray:
    """Numbers (int64) as uint64 in the same order."""
    return numbers.astype(np.int64).view(np.uint64) ^ _SIGN


def _tail(name: int | str, *, turned: bool) -> bytes:
    """An id in bytes that compare as ids do: numbers by value, strings by code points; the other way round when `turned`."""
    if isinstance(name, int):
        held = (name + (1 << 63)).to_bytes(8, "big")
    else:
        held = name.encode("utf-8", "surrogatepass").replace(b"\0", b"\0\xff") + b"\0"
    return held.translate(_COMPLEMENT) if turned else held
