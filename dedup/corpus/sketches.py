"""Texts to sketches: the few numbers a row that stay in memory; the texts themselves are read again when two are compared."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from dedup.kernels.compare import same_letters
from dedup.kernels.groups import half_names
from dedup.kernels.minhash import bin_minima, permutations, signatures
from dedup.kernels.rows import characters_of, digests, fold_characters, row_shingles, row_weights, spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

    from dedup.config import Near

BLOCK = (
    1 << 18
)  # characters that are sketched at a time: arrays of 1 MB, in the second-level cache; with 2 M characters it takes 1.6 times as long

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Sketches(NamedTuple):
    """What is known of each row; arrays of one length. With 64 permutations and 52 halves 252 bytes a row."""

    digests: np.ndarray
    """uint64, two a row: equal where the folded letters are equal."""
    agreements: np.ndarray
    """uint8, one a permutation: the low byte of the MinHash signature (b-bit minwise hashing). Two rows agree by chance in one of 256."""
    names: np.ndarray
    """uint8, three bytes for each of `halves`: the least long shingles of both halves of the text, under one permutation, as one name."""
    letters: np.ndarray
    """int32: folded letters."""
    lines: np.ndarray
    """int32: lines that hold a letter."""
    weights: np.ndarray
    """int32: letters where Han, Kana and Hangul ones count two."""
    spellings: np.ndarray
    """uint32: what decides between rows that are equal when folded: sentences before shouts, then a hash; 0 where nothing is decided."""


def sketch(texts: list[str], near: Near) -> Sketches:
    """The sketches of a block of texts."""
    return sketch_with_letters(texts, near)[0]


def sketch_with_letters(texts: list[str], near: Near) -> tuple[Sketches, np.ndarray, np.ndarray]:
    """The same, the folded letters and their offsets."""
    raw, ends = characters_of(texts)
    codes, offsets, lines = fold_characters(raw, ends)
    return sketch_folded(codes, offsets, lines, near)._replace(spellings=spellings(raw, ends)), codes, offsets


def sketch_folded(codes: np.ndarray, offsets: np.ndarray, lines: np.ndarray, near: Near) -> Sketches:
    """The sketches of folded texts."""
    rows = offsets.size - 1
    digest = digests(codes, offsets)
    if near.enabled:
        first, place = distinct_texts(digest, codes, offsets)
        some, bounds = (codes, offsets) if first.size == rows else gathered(codes, offsets, first)
        hashes, ends = row_shingles(some, bounds, near.shingle)
        signed = signatures(hashes, ends, *permutations(near.permutations, near.seed)).astype(np.uint8)
        names = _halves(some, bounds, near)
        if first.size < rows:
            signed, names = signed[place], names[place]
    else:
        signed = np.empty((rows, 0), np.uint8)
        names = np.empty((rows, 0), np.uint8)
    lengths = np.diff(offsets).astype(np.int32)
    return Sketches(digest, signed, names, lengths, lines, row_weights(codes, offsets), np.zeros(rows, np.uint32))


def distinct_texts(digest: np.ndarray, codes: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first row of each text of a block, and which of these each row is: equal texts are sketched once (a million, in a twentieth)."""
    _, first, place = np.unique(digest[:, 0], return_index=True, return_inverse=True)
    if first.size < place.size and same_letters(codes, offsets, np.arange(place.size), first[place]).all():
        return first, place
    return np.arange(place.size), np.arange(place.size)


def gathered(codes: np.ndarray, offsets: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The folded letters of rows, and their offsets."""
    parts = [codes[offsets[row] : offsets[row + 1]] for row in rows.tolist()]
    return np.concatenate(parts), np.concatenate(([0], np.cumsum(np.diff(offsets)[rows])))


def _halves(codes: np.ndarray, offsets: np.ndarray, near: Near) -> np.ndarray:
    """The names of each row (uint8, rows x 3 halves)."""
    ends = np.empty(2 * offsets.size - 1, np.int64)
    ends[::2] = offsets
    ends[1::2] = (offsets[1:] + offsets[:-1]) // 2
    hashes, bounds = row_shingles(codes, ends, near.long_shingle)
    names: np.ndarray = half_names(bin_minima(hashes, bounds, near.halves))
    return names


def sketch_all(texts: Iterable[str], near: Near, workers: int) -> Sketches:
    """The sketches of all texts, which are taken block by block and not held."""
    return joined(list(ordered(lambda block: sketch(block, near), blocks(texts), workers)), near)


def joined(parts: list[Sketches], near: Near) -> Sketches:
    """The parts end to end; the list is empty then, so that of one column alone there are two copies at a time."""
    columns = [list(arrays) for arrays in zip(*(parts or [sketch([], near)]), strict=True)]
    parts.clear()
    made = []
    for arrays in columns:
        made.append(np.concatenate(arrays))
        arrays.clear()
    return Sketches(*made)


def blocks(texts: Iterable[str], most: int = 0) -> Iterator[list[str]]:
    """Lists of texts of some `most` characters each, `BLOCK` where none are asked for, in order."""
    block: list[str] = []
    size = 0
    for text in texts:
        block.append(text)
        size += len(text) + 64
        if size >= (most or BLOCK):
            yield block
            block, size = [], 0
    if block:
        yield block


def ordered(function: Callable[[_In], _Out], items: Iterable[_In], workers: int) -> Iterator[_Out]:
    """The results for the items, in their order, with at most two items a worker in the air; the kernels leave the interpreter free."""
    if workers <= 1:
        yield from map(function, items)
        return
    pool = ThreadPoolExecutor(workers)
    waiting: deque[Future[_Out]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) >= 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:  # what is running is not waited for: the first kernel of a run may be compiling, for 5 s
        pool.shutdown(wait=False, cancel_futures=True)
