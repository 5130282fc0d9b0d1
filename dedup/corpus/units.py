"""Texts as numbers, one a token or a letter: in memory, or beyond a limit in a file, which is read part by part."""

from __future__ import annotations

import contextlib
from array import array
from typing import IO, TYPE_CHECKING, NamedTuple

import numpy as np
import xxhash

from dedup.corpus.sketches import blocks
from dedup.kernels.rows import fold_rows
from dedup.kernels.units import Vocabulary
from dedup.written import writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dedup.config import Stretches

_BLOCK = 1 << 21  # characters that are looked at together
BYTES = 12
"""Most bytes that the search takes for a number that is in memory."""


class Spill(NamedTuple):
    """Where the numbers stand that memory has no room for: a folder, and how many of them are in memory at a time."""

    folder: Path
    part: int


class Units(NamedTuple):
    """Texts as numbers end to end (uint32), and the offsets of each text in them (int64, one more than texts).

    `digests` (uint64, one a text) are of the texts as they stand: the numbers of tokens depend on the order of the rows. With
    `spill` the numbers are a memory-mapped file.
    """

    codes: np.ndarray
    offsets: np.ndarray
    digests: np.ndarray
    spill: Spill | None = None

    def parts(self) -> Iterator[tuple[int, int]]:
        """The first row and the one behind the last of each part: as many rows as there is room for, one at least."""
        rows = self.offsets.size - 1
        begin = 0
        while begin < rows:
            most = self.offsets[begin] + (self.codes.size if self.spill is None else self.spill.part)
            end = max(begin + 1, int(np.searchsorted(self.offsets, most, side="right")) - 1)
            yield begin, end
            begin = end

    def read(self, begin: int, end: int) -> np.ndarray:
        """The numbers of the rows; those that stand in a file are a copy, so that no more of it is held than asked for."""
        first, last = int(self.offsets[begin]), int(self.offsets[end])
        if self.spill is None:
            return self.codes[first:last]
        return np.fromfile(self.spill.folder / "codes", np.uint32, last - first, offset=4 * first)


def units_of(texts: Iterable[str], rules: Stretches, folder: Path | None = None) -> Units:
    """The texts as numbers; they are taken block by block and not held. More than `rules.memory` stand in the folder, if there is one."""
    vocabulary = Vocabulary()
    codes: list[np.ndarray] = []
    lengths: list[np.ndarray] = []
    digests = array("Q")
    size, most = 0, rules.memory * 1_000_000 // BYTES
    file: IO[bytes] | None = None
    with contextlib.ExitStack() as stack:
        for block in blocks(texts, _BLOCK):
            found, offsets = vocabulary.encode(block) if rules.unit == "tokens" else fold_rows(block)[:2]
            lengths.append(np.diff(offsets))
            digests.extend(xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass")) for text in block)
            size += found.size
            if file is None and folder is not None and size > most:
                file = stack.enter_context(writer(folder / "codes", folder / "codes"))
                file.writelines(map(np.ndarray.tobytes, codes))
                codes = []
            if file is None:
                codes.append(found.copy())
            else:
                file.write(found.tobytes())
    ends = np.zeros(sum(map(len, lengths)) + 1, np.int64)
    np.cumsum(np.concatenate(lengths) if lengths else ends[1:], out=ends[1:])
    contents = np.frombuffer(digests, np.uint64)
    if file is not None and folder is not None:
        return Units(mapped(folder / "codes", "u4", size), ends, contents, Spill(folder, most // 2))
    return Units(np.concatenate(codes) if codes else np.empty(0, np.uint32), ends, contents)


def mapped(path: Path, kind: str, size: int, place: int = 0) -> np.ndarray:
    """So many numbers of a file, from the one at `place` on, which the system reads and drops as it likes; what is set is written."""
    if not size:
        return np.empty(0, kind)
    found: np.ndarray = np.memmap(path, kind, "r+", offset=place * np.dtype(kind).itemsize, shape=(size,)).view(np.ndarray)
    return found
