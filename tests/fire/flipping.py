"""Flips bits of a file of one format, many times over, in a process of its own: `python flipping.py FORMAT FIRST END`.

The last number that it prints is the seed at hand, so that an abort or a hang names it; each wrong answer is an AssertionError.
"""

from __future__ import annotations

import bz2
import faulthandler
import gzip
import io
import lzma
import random
import sys
import tempfile
from pathlib import Path

import zstandard
from corpora import lines, rows
from targets import _read

from dedup import DedupError, Index
from dedup.errors import IndexMismatchError, InputError
from dedup.files import columnar
from dedup.files.columns import Head, Row
from dedup.files.formats import Kind

ROWS = rows(40)
TEXTS = [row["text"] for row in ROWS]


def archive():
    """The texts as the records of a WARC archive."""
    out = io.BytesIO()
    for text in TEXTS:
        data = text.encode()
        head = f"WARC/1.1\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: {len(data)}\r\n\r\n"
        out.write(head.encode() + data + b"\r\n\r\n")
    return out.getvalue()


def table():
    """The rows as a table with numbers, nested values and a dictionary."""
    import pyarrow as pa

    made = pa.Table.from_pylist([{**row, "n": number, "deep": {"a": [number, None]}} for number, row in enumerate(ROWS)])
    return made.append_column("kind", pa.array([f"kind {number % 3}" for number in range(len(ROWS))]).dictionary_encode())


def parquet():
    """The table as this package writes it, with a sum of each page."""
    out = io.BytesIO()
    batch = table().combine_chunks().to_batches()[0]
    head = Head(tuple(batch.schema.names), columnar.Kind(batch.schema, "snappy"))
    cells = [Row(columnar.Columns(batch, place), place + 1, columnar.Cell(batch, place, place // 16)) for place in range(batch.num_rows)]
    columnar.write_parquet(out, [head, *cells])
    return out.getvalue()


def bare_parquet():
    """The table as others write it, without sums."""
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(table(), out, row_group_size=16)
    return out.getvalue()


def arrow(begin, packing):
    """The table as an Arrow file or stream."""
    import pyarrow as pa

    out = io.BytesIO()
    made = table()
    with getattr(pa.ipc, begin)(out, made.schema, options=pa.ipc.IpcWriteOptions(compression=packing)) as writer:
        writer.write_table(made, max_chunksize=16)
    return out.getvalue()


def index():
    """A saved index of the texts."""
    made = Index()
    made.add_all(TEXTS, [row["id"] for row in ROWS])
    with tempfile.TemporaryDirectory() as folder:
        made.save(Path(folder) / "index")
        return (Path(folder) / "index").read_bytes()


FILES = {
    "gzip": (Kind("jsonl", "gzip"), lambda: gzip.compress(lines(ROWS), mtime=0)),
    "zstd": (Kind("jsonl", "zstd"), lambda: zstandard.ZstdCompressor(write_checksum=True).compress(lines(ROWS))),
    "xz": (Kind("jsonl", "xz"), lambda: lzma.compress(lines(ROWS))),
    "bzip2": (Kind("jsonl", "bzip2"), lambda: bz2.compress(lines(ROWS))),
    "warc": (Kind("warc"), archive),
    "parquet": (Kind("parquet"), parquet),
    "bare-parquet": (Kind("parquet"), bare_parquet),
    "arrow": (Kind("arrow"), lambda: arrow("new_file", "lz4")),
    "bare-arrow": (Kind("arrow"), lambda: arrow("new_file", None)),
    "arrow-stream": (Kind("arrow"), lambda: arrow("new_stream", "lz4")),
    "index": (None, index),
}
# Whose files hold a sum of their content, so that no damage passes in silence. The others hold none: there a text may differ.
CHECKED = {"gzip", "zstd", "xz", "bzip2", "parquet", "index"}

NAMED = (DedupError, OSError, MemoryError, RecursionError)  # what a run names and goes on after


def flipped(data, seed):
    """A copy of the bytes with a few bits turned, or cut off."""
    chance = random.Random(seed)
    wrong = bytearray(data)
    for _ in range(chance.choice([1, 1, 1, 3])):
        wrong[chance.randrange(len(wrong))] ^= 1 << chance.randrange(8)
    return bytes(wrong if seed % 5 else wrong[: chance.randrange(1, len(wrong))])


def found(data, kind, folder):
    """The texts, or for an index what it finds of them, and the errors."""
    if kind is not None:
        items = _read(data, kind)
        texts = []
        errors = [item for item in items if isinstance(item, Exception)]
        for row in (item for item in items if isinstance(item, Row)):
            try:
                texts.append(row.columns.get("text"))
            except InputError as error:
                errors.append(error)
        return texts, errors
    path = folder / "index"
    path.write_bytes(data)
    try:
        loaded = Index.load(path)
        return loaded.find_all(TEXTS), []
    except (InputError, IndexMismatchError) as error:
        return [], [error]


def main(name, first, end):
    """Every flip is told, or changes nothing; where no sum is in the file, it at least ends nothing else."""
    kind, make = FILES[name]
    data = make()
    with tempfile.TemporaryDirectory() as folder:
        right, errors = found(data, kind, Path(folder))
        assert right, name
        assert not errors, errors
        told = 0
        for seed in range(first, end):
            sys.stdout.write(f"{seed}\n")
            sys.stdout.flush()
            now, errors = found(flipped(data, seed), kind, Path(folder))
            assert all(isinstance(error, NAMED) for error in errors), errors
            assert kind is not None or not errors or str(Path(folder) / "index") in str(errors[0])
            assert name not in CHECKED or errors or now == right, f"{name}: a wrong answer in silence, seed {seed}"
            told += bool(errors)
        assert told, "no damage was told at all"


if __name__ == "__main__":
    faulthandler.enable()
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
