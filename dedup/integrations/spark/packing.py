"""Arrow tables as bytes: what a stage has to say to another bin is a few rows that an engine moves, whatever they hold.

A message is a row `bin, kind, data`: the bin that it goes to, a number that the stages agree on, and an Arrow table. Signatures,
keys and pairs so never become rows of the engine, 96 of which a text would be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MESSAGE = pa.schema([("bin", pa.int32()), ("kind", pa.int32()), ("data", pa.binary())])
MESSAGE_DDL = "bin int, kind int, data binary"


class Message(NamedTuple):
    """One message: an Arrow table, or the bytes of an array, for a bin."""

    bin: int
    kind: int
    data: bytes


def packed(table: pa.Table) -> bytes:
    """The table as bytes."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def unpacked(parts: Sequence[bytes], schema: pa.Schema) -> pa.Table:
    """The tables of the parts end to end."""
    tables = [pa.ipc.open_stream(part).read_all() for part in parts]
    return pa.concat_tables([schema.empty_table(), *tables]).combine_chunks()


def messages(parts: Sequence[Message]) -> pa.Table:
    """The messages as a table of MESSAGE."""
    columns = zip(*parts, strict=True) if parts else ([], [], [])
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, MESSAGE.types, strict=True)], MESSAGE)


def of_kind(table: pa.Table, kind: int) -> list[bytes]:
    """What the messages of a kind hold."""
    kinds = table.column("kind").to_numpy()
    return [table.column("data")[int(place)].as_py() for place in np.flatnonzero(kinds == kind)]


def matrix(column: Any, kind: Any, width: int) -> np.ndarray:  # noqa: ANN401 - an array of PyArrow, a type of NumPy
    """A column of binary values of one length as rows of `width` numbers."""
    return np.frombuffer(b"".join(column.to_pylist()), kind).reshape(-1, width)


def binaries(rows: np.ndarray) -> pa.Array:
    """Each row of numbers as one binary value."""
    flat = np.ascontiguousarray(rows)
    width = flat.shape[1] * flat.itemsize
    if not width:
        return pa.array([b""] * flat.shape[0], pa.binary())
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), flat.shape[0], [None, pa.py_buffer(flat)]).cast(pa.binary())


def split(values: np.ndarray, bins: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """The values of each bin, bins ascending; `bins` (a value) are sorted."""
    if not bins.size:
        return
    starts = np.flatnonzero(np.concatenate(([True], bins[1:] != bins[:-1])))
    for start, end in zip(starts, np.append(starts[1:], bins.size), strict=True):
        yield int(bins[start]), values[start:end]
