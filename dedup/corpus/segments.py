"""Segments of an index: rows that do not change any more, and the file that one of them is."""

from __future__ import annotations

import json
import os
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import numpy as np
import xxhash

from dedup.corpus.near import BAND, least_agreements
from dedup.corpus.sketches import sketch_folded
from dedup.errors import ConfigError, IndexMismatchError, InputError
from dedup.kernels.groups import band_keys, wide_names
from dedup.kernels.lookup import starts_of
from dedup.kernels.rows import fold_rows
from dedup.plural import number
from dedup.written import settle, writer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dedup.config import Near

MAGIC = b"dedup index\n"
LAYOUT = 4  # of the file; another number is refused by name
_ALIGNED = 64


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
    """Rows with their sorted keys."""

    rows: Rows
    keys: np.ndarray
    starts: np.ndarray
    shift: int


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
    return Segment(rows, keys, *starts_of(keys))


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
    arrays = {**made.rows._asdict(), "keys": made.keys, "starts": made.starts, "sample": np.frombuffer(sample, np.uint8)}
    arrays = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    begin = _ALIGNED * 64  # room for the header, which says where each array is
    table: dict[str, tuple[int, str, list[int], str]] = {}
    place = begin
    for name, array in arrays.items():
        table[name] = (place, array.dtype.str, list(array.shape), _sum(array))
        place += -(-array.nbytes // _ALIGNED) * _ALIGNED
    text = json.dumps({**header, "layout": LAYOUT, "shift": made.shift, "size": place, "arrays": table}).encode()
    temporary = path.parent / f".{secrets.token_hex(8)}.part"
    try:
        with writer(temporary, path, "x") as file:
            file.write(MAGIC + f"{len(text):08d} {crc32(text):08x}\n".encode() + text)
            for name, array in arrays.items():
                file.seek(table[name][0])
                file.write(array.data)
            file.truncate(place)
            settle(file, path)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def load(path: Path, header: Mapping[str, Any]) -> tuple[Segment, np.ndarray]:
    """The segment of a file, memory-mapped, and the bytes of its sample. Every array is read once and has the sum that was saved with it.

    Raises InputError when the file is no index or damaged, IndexMismatchError, with what differs, when it is of other settings.
    """
    said = _header(path, header)
    arrays = {name: _checked(path, name, *parts) for name, parts in said["arrays"].items()}
    keys, starts, sample = (arrays.pop(name) for name in ("keys", "starts", "sample"))
    return Segment(Rows(**arrays), keys, starts, said["shift"]), sample


def load_sample(path: Path) -> np.ndarray:
    """The bytes of the sample alone, whatever the other settings of the index. Raises InputError as `load` does."""
    return _checked(path, "sample", *_header(path, {})["arrays"]["sample"])


def _header(path: Path, header: Mapping[str, Any]) -> dict[str, Any]:
    """What the file says of itself, which agrees with `header`."""
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise _damaged(path, "this is no file")
    with path.open("rb") as file:
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
        size = file.seek(0, os.SEEK_END)
    said: dict[str, Any] = json.loads(text)
    differing = [f"{key} {said.get(key)!r}, not {value!r}" for key, value in {"layout": LAYOUT, **header}.items() if said.get(key) != value]
    if differing:
        message = f"{path}: the index was made under other settings: {'; '.join(differing)}"
        raise IndexMismatchError(message)
    if size != said["size"]:
        raise _damaged(path, f"{number(size, 'byte')}, not {said['size']:,}")
    return said


def _checked(path: Path, name: str, place: int, kind: str, shape: list[int], check: str) -> np.ndarray:
    """An array of the file that has the sum which was saved with it."""
    array = _mapped(path, place, kind, shape)
    # Kernels follow these offsets without asking: 14 GB/s here against 1.6 of zlib's CRC.
    if _sum(array) != check:
        raise _damaged(path, f"its {name.replace('_', ' ')} are not what was saved")
    return array


def _damaged(path: Path, reason: str) -> InputError:
    """The error for a file that is no index, or no whole one."""
    return InputError(f"the index is damaged: {reason}", path=str(path))


def _sum(array: np.ndarray) -> str:
    """The 128-bit XXH3 of an array's bytes."""
    return xxhash.xxh3_128_hexdigest(array.data)


def _mapped(path: Path, place: int, kind: str, shape: list[int]) -> np.ndarray:
    """An array of the file."""
    if not np.prod(shape):
        return np.zeros(shape, kind)
    return np.asarray(np.memmap(path, kind, "r", offset=place, shape=tuple(shape)))  # plain: to index a memmap costs 4 µs
