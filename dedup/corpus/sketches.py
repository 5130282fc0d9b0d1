"""Texts to sketches: the few numbers a row that stay in memory; the texts themselves are read again when two are compared."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from dedup.kernels.minhash import permutations, signatures
from dedup.kernels.rows import digests, fold_rows, row_shingles, row_weights, samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dedup.config import Near

BLOCK = 1 << 21  # characters that are sketched at a time: some 30 MB of arrays for each worker

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Sketches(NamedTuple):
    """What is known of each row; arrays of one length. With 128 permutations and 32 samples 288 bytes a row."""

    digests: np.ndarray
    """uint64, two a row: equal where the folded letters are equal."""
    agreements: np.ndarray
    """uint8, one a permutation: the low byte of the MinHash signature (b-bit minwise hashing). Two rows agree by chance in one of 256."""
    names: np.ndarray
    """uint32, `samples` a row: the sampled long shingles."""
    counts: np.ndarray
    """int32: how many samples a row has."""
    letters: np.ndarray
    """int32: folded letters."""
    lines: np.ndarray
    """int32: lines that hold a letter."""
    weights: np.ndarray
    """int32: letters where Han, Kana and Hangul ones count two."""


def sketch(texts: list[str], near: Near) -> Sketches:
    """The sketches of a block of texts."""
    codes, offsets, lines = fold_rows(texts)
    if near.enabled:
        hashes, ends = row_shingles(codes, offsets, near.shingle)
        signed = signatures(hashes, ends, *permutations(near.permutations, near.seed)).astype(np.uint8)
        names, counts = samples(codes, offsets, near.long_shingle, near.samples)
    else:
        signed = np.empty((len(texts), 0), np.uint8)
        names, counts = np.empty((len(texts), 0), np.uint32), np.zeros(len(texts), np.int32)
    lengths = np.diff(offsets).astype(np.int32)
    return Sketches(digests(codes, offsets), signed, names, counts, lengths, lines, row_weights(codes, offsets))


def sketch_all(texts: Iterable[str], near: Near, workers: int) -> Sketches:
    """The sketches of all texts, which are taken block by block and not held."""
    return joined(list(ordered(lambda block: sketch(block, near), blocks(texts), workers)), near)


def joined(parts: list[Sketches], near: Near) -> Sketches:
    """The parts end to end."""
    return Sketches(*(np.concatenate(arrays) for arrays in zip(*(parts or [sketch([], near)]), strict=True)))


def blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    """Lists of texts of some `BLOCK` characters each, in order."""
    block: list[str] = []
    size = 0
    for text in texts:
        block.append(text)
        size += len(text) + 64
        if size >= BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def ordered(function: Callable[[_In], _Out], items: Iterable[_In], workers: int) -> Iterator[_Out]:
    """The results for the items, in their order, with at most two items a worker in the air; the kernels leave the interpreter free."""
    if workers <= 1:
        yield from map(function, items)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting = deque()
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) >= 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
