"""Segments of an index: rows that do not change any more, and the file that one of them is."""

from __future__ import annotations

import json
import os
import secrets
from functools import partial
from typing import IO, TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import numpy as np
import xxhash

from dedup.corpus.near import BAND, least_agreements
from dedup.corpus.sketches import sketch_folded
from dedup.errors import ConfigError, IndexMismatchError, InputError
from dedup.kernels.blocks import BLOCK, Guard, block_sums, guard_of, look_at_all, look_at_rows, look_at_texts
from dedup.kernels.groups import band_keys, wide_names
from dedup.kernels.lookup import starts_of
from dedup.kernels.rows import fold_rows
from dedup.plural import number
from dedup.written import settle, writer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from dedup.config import Near

MAGIC = b"dedup index\n"
LAYOUT = 5  # of the file; another number is refused by name
_PIECE = 256 * BLOCK  # bytes that are summed and written at a time


class Rows(NamedTuple):
    """What an index knows of each row: its name in each band, its signature's bytes, digest, folded letters and id.

    Texts and ids are UTF-8 end to end, row i from offset i to offset i + 1.
    """

    names: np.ndarray
    agreements: np.ndarray
    digests: np.ndarray
    texts: np.ndarray
    text_offsets: np.ndarray
    ids: np.ndarray
    id_offsets: np.ndarray

    def text(self, row: int) -> str:
        """The folded letters of a row."""
        return bytes(self.texts[self.text_offsets[row] : self.text_offsets[row + 1]]).decode("utf-8", "surrogatepass")

    def id(self, row: int) -> str:
        """The id of a row."""
        return bytes(self.ids[self.id_offsets[row] : self.id_offsets[row + 1]]).decode("utf-8", "surrogatepass")


class Segment(NamedTuple):
    """Rows with their sorted keys; the guard of each array, by its name; the file that it is of.

    Of a file every block is summed before it is first read: what looks up asks the guards of what it reads, all else takes `whole`.
    """

    rows: Rows
    keys: np.ndarray
    starts: np.ndarray
    shift: int
    guards: Mapping[str, Guard]
    path: Path | None = None

    def whole(self, *names: str) -> Segment:
        """The segment, whose arrays of these names (all without any) are what was saved. Raises InputError when one is not."""
        for name in names or self.guards:
            look_at_all(self.guards[name])
        return self.told()

    def read(self, rows: np.ndarray) -> Rows:
        """Its rows, of which these (int64) may be read: their digests, texts and ids are what was saved. Raises InputError when not."""
        guards, held = self.guards, self.rows
        look_at_rows(guards["digests"], held.digests.itemsize * held.digests.shape[1], rows)
        look_at_texts(guards["texts"], guards["text_offsets"], held.text_offsets, rows)
        look_at_texts(guards["ids"], guards["id_offsets"], held.id_offsets, rows)
        return self.told().rows

    def told(self) -> Segment:
        """The segment, of which all that was read was what was saved. Raises InputError, with the array's name, when it was not."""
        for name, guard in self.guards.items():
            if guard.seen[-1] and self.path is not None:
                raise _damaged(self.path, f"its {name.replace('_', ' ')} are not what was saved")
        return self


class Queries(NamedTuple):
    """What is known of texts that are looked up: as `Rows`, but the folded letters (uint32) of all end to end."""

    names: np.ndarray
    agreements: np.ndarray
    digests: np.ndarray
    codes: np.ndarray
    offsets: np.ndarray

    def text(self, query: int) -> str:
        """The folded letters of a text."""
        return self.codes[self.offsets[query] : self.offsets[query + 1]].tobytes().decode("utf-32-le")


def queries_of(texts: Sequence[str], near: Near) -> Queries:
    """What an index asks of texts."""
    codes, offsets, lines = fold_rows(list(texts))
    made = sketch_folded(codes, offsets, lines, near)
    none = np.zeros(len(texts), np.uint32)
    bands = [
        band_keys(made.agreements, start, min(BAND, near.permutations - start), none, 0) for start in range(0, near.permutations, BAND)
    ]
    short = made.weights < near.least_weight
    names: np.ndarray = np.empty((len(texts), 1 + len(bands) + near.halves), np.uint32)
    names[:, 0] = made.digests[:, 0]
    for place, band in enumerate(bands, 1):
        names[:, place] = band >> np.uint64(32)
    names[:, 1 + len(bands) :] = wide_names(made.names)
    # A text too short for near-duplicates is found by its digest alone.
    names[short, 1:] = made.digests[short, :1]
    return Queries(names, made.agreements, made.digests, codes, offsets)


def rows_of(texts: Sequence[str], ids: Sequence[str], near: Near) -> Rows:
    """What an index keeps of texts."""
    names, agreements, digests, codes, offsets = queries_of(texts, near)
    folded = codes.tobytes().decode("utf-32-le")
    blobs = [_joined([folded[start:end] for start, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)]), _joined(ids)]
    return Rows(names, agreements, digests, *blobs[0], *blobs[1])


def _joined(parts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The UTF-8 bytes of strings end to end, and their offsets."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    offsets = np.zeros(len(parts) + 1, np.int64)
    np.cumsum([len(part) for part in encoded], out=offsets[1:])
    return np.frombuffer(b"".join(encoded), np.uint8), offsets


def selected(rows: Rows, stays: np.ndarray) -> Rows:
    """The rows of a mask."""
    if stays.all():
        return rows
    places = np.flatnonzero(stays)
    blobs: list[np.ndarray] = []
    for data, offsets in ((rows.texts, rows.text_offsets), (rows.ids, rows.id_offsets)):
        lengths = np.diff(offsets)
        blobs += [data[np.repeat(stays, lengths)], np.concatenate(([0], np.cumsum(lengths[places])))]
    return Rows(rows.names[places], rows.agreements[places], rows.digests[places], *blobs)


def joined(parts: Sequence[Rows]) -> Rows:
    """The rows end to end."""
    if len(parts) == 1:
        return parts[0]
    out: dict[str, np.ndarray] = {}
    for name in Rows._fields:
        columns = [getattr(part, name) for part in parts]
        if name.endswith("offsets"):
            shifts = np.cumsum([0, *(column[-1] for column in columns[:-1])])
            columns = [column[min(place, 1) :] + shift for place, (column, shift) in enumerate(zip(columns, shifts, strict=True))]
        out[name] = np.concatenate(columns)
    return Rows(**out)


def segment(rows: Rows) -> Segment:
    """The rows with their keys, sorted."""
    numbers = np.arange(rows.names.shape[0], dtype=np.uint64)
    keys = np.empty((rows.names.shape[1], rows.names.shape[0]), np.uint64)
    for band in range(keys.shape[0]):
        keys[band] = (rows.names[:, band].astype(np.uint64) << np.uint64(32)) | numbers
        keys[band].sort()
    starts, shift = starts_of(keys)
    return Segment(rows, keys, starts, shift, guards_of({**rows._asdict(), "keys": keys, "starts": starts}))


def guards_of(arrays: Mapping[str, np.ndarray]) -> dict[str, Guard]:
    """The guards of arrays in memory."""
    return {name: guard_of(array) for name, array in arrays.items()}


def least_agreement(near: Near) -> int:
    """Permutations that a row must agree in to be compared, whatever its script."""
    return int(least_agreements(np.ones(1), near)[0])


def save(path: Path, made: Segment, header: Mapping[str, Any], sample: bytes) -> None:
    """The segment and the sample stand in the file, whole or not at all; who has the former file open goes on reading that.

    Raises ConfigError for what is no file: a pipe, a device or a folder would be replaced.
    """
    if path.exists() and not path.is_file():
        message = f"{path} is no file: an index is one"
        raise ConfigError(message)
    arrays = {**made.whole().rows._asdict(), "keys": made.keys, "starts": made.starts, "sample": np.frombuffer(sample, np.uint8)}
    temporary = path.parent / f".{secrets.token_hex(8)}.part"
    try:
        with writer(temporary, path, "x") as file:
            table, sums = _written(file, arrays)
            size = file.tell()
            said = {**header, "layout": LAYOUT, "shift": made.shift, "size": size, "arrays": table, "sums": [sums.size, _sum(sums)]}
            text = json.dumps(said).encode()
            file.seek(0)
            file.write(MAGIC + f"{len(text):08d} {crc32(text):08x}\n".encode() + text)
            settle(file, path)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _written(file: IO[bytes], arrays: Mapping[str, np.ndarray]) -> tuple[dict[str, tuple[int, str, list[int]]], np.ndarray]:
    """Where each array stands in the file, its type and its shape, and the sums of all blocks, which stand behind them."""
    file.seek(BLOCK)  # room for the header, a third of it
    table, sums = {}, [np.empty(0, np.uint64)]
    for name, array in arrays.items():
        table[name] = (file.tell(), array.dtype.str, list(array.shape))
        data = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        for start in range(0, data.size, _PIECE):
            part = data[start : start + _PIECE]
            piece = np.zeros(-(-part.size // BLOCK) * BLOCK, np.uint8)
            piece[: part.size] = part
            sums.append(block_sums(piece.view(np.uint64)))
            file.write(piece.data)
    whole = np.concatenate(sums)
    file.write(whole.data)
    return table, whole


def load(path: Path, header: Mapping[str, Any]) -> tuple[Segment, Callable[[], bytes]]:
    """The segment of a file, memory-mapped, and what gives the bytes of its sample; of neither more than the sums is read.

    Raises InputError when the file is no index or its header or size is damaged, IndexMismatchError, with what differs, when it is
    of other settings.
    """
    said, arrays, guards = _mapped(path, header)
    rows = Rows(**{name: arrays[name] for name in Rows._fields})
    sample, guard = arrays["sample"], guards.pop("sample")
    made = Segment(rows, arrays["keys"], arrays["starts"], said["shift"], guards, path)
    return made, partial(_sample, made._replace(guards={"sample": guard}), sample)


def load_sample(path: Path) -> bytes:
    """The bytes of the sample alone, whatever the other settings of the index. Raises InputError as `load` does."""
    return load(path, {})[1]()


def _sample(made: Segment, sample: np.ndarray) -> bytes:
    """The bytes of the sample, which are what was saved."""
    made.whole()
    return sample.tobytes()


def _mapped(path: Path, header: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, np.ndarray], dict[str, Guard]]:
    """What a file says of itself, which agrees with `header`, its arrays and their guards."""
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise _damaged(path, "this is no file")
    with path.open("rb") as file:  # one, so that a writer's new file does not come between
        said = _header(path, file, header)
        count, check = said["sums"]
        end = said["size"] - 8 * count
        file.seek(end)
        sums = np.frombuffer(file.read(), np.uint64)
        if _sum(sums) != check:
            raise _damaged(path, "its sums are not what was saved")
        # Plain arrays over the mapped one, to index which costs 4 µs.
        words = np.asarray(np.memmap(file, np.uint64, "r", shape=(end // 8,))) if end else np.empty(0, np.uint64)
    arrays, guards = {}, {}
    for name, (place, kind, shape) in said["arrays"].items():
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        blocks = -(-size // BLOCK)
        own = words[place // 8 : (place + blocks * BLOCK) // 8]
        arrays[name] = own.view(np.uint8)[:size].view(kind).reshape(shape)
        first = place // BLOCK - 1
        guards[name] = Guard(own, sums[first : first + blocks], np.zeros(blocks + 1, np.uint8))
    return said, arrays, guards


def _header(path: Path, file: IO[bytes], header: Mapping[str, Any]) -> dict[str, Any]:
    """What the file says of itself, which agrees with `header`."""
    first = file.read(len(MAGIC) + 18)
    if not first.startswith(MAGIC):
        raise _damaged(path, "this is no index")
    try:
        length, check = int(first[len(MAGIC) : len(MAGIC) + 8]), int(first[len(MAGIC) + 9 : len(MAGIC) + 17], 16)
    except ValueError as error:
        raise _damaged(path, "its header cannot be read") from error
    text = file.read(length)
    if len(text) != length or crc32(text) != check:
        raise _damaged(path, "its header cannot be read")
    said: dict[str, Any] = json.loads(text)
    differing = [f"{key} {said.get(key)!r}, not {value!r}" for key, value in {"layout": LAYOUT, **header}.items() if said.get(key) != value]
    if differing:
        message = f"{path}: the index was made under other settings: {'; '.join(differing)}"
        raise IndexMismatchError(message)
    size = file.seek(0, os.SEEK_END)
    if size != said["size"]:
        raise _damaged(path, f"{number(size, 'byte')}, not {said['size']:,}")
    return said


def _damaged(path: Path, reason: str) -> InputError:
    """The error for a file that is no index, or no whole one."""
    return InputError(f"the index is damaged: {reason}", path=str(path))


def _sum(array: np.ndarray) -> str:
    """The 128-bit XXH3 of an array's bytes."""
    return xxhash.xxh3_128_hexdigest(array.data)
