"""Pairs that keys propose, and of these the ones whose signatures agree: `corpus.near.candidates`, its two halves apart.

Keys hold the rank in their lower bits, 8 bytes a key, and go to one task a part of a band, which sorts them as one machine does. A
bucket of a million rows costs three comparisons a row. Which rows are compared is a `case` (`kernels.cases`); the signatures
of lower ranks are asked of the bins that have them, once a bin that asks, so that a row that all ask for is no burden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from dedup.corpus.near import BAND
from dedup.integrations.spark.executors import on_executors
from dedup.integrations.spark.packing import MESSAGE_DDL, Message, matrix, messages, of_kind, packed, split, unpacked
from dedup.kernels.cases import cases_by_bin, group_cases, judge_cases, rank_table
from dedup.kernels.groups import NAME, band_keys, distinct, name_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import DataFrame

    from dedup.config import Near
    from dedup.integrations.spark.ranking import Ranked

BIN = 1 << 17  # ranks whose signatures are in one task: 20 MB, and as much again for those asked for
_KEYS = 1 << 24  # keys of a task: 128 MB
_PAIRS, _CASES, _ASKED, _OWN, _TOLD = range(5)
_UPPER = np.uint64(32)


def cases(ranked: Ranked, near: Near) -> DataFrame:
    """Messages to bins of ranks: the cases of their rows, and what other bins ask of them."""
    bits = max(ranked.rows.bit_length(), 1)
    parts = 1 << max(-(-ranked.rows // _KEYS) - 1, 0).bit_length()
    keys = ranked.frame.select("rank", "agreements", "names").mapInArrow(on_executors(_keys, near, bits, parts), MESSAGE_DDL)
    old = ranked.old
    return keys.groupBy("bin").applyInArrow(on_executors(_cases, bits, old), MESSAGE_DDL)


def _keys(batches: Iterator[pa.RecordBatch], near: Near, bits: int, parts: int) -> Iterator[pa.RecordBatch]:
    """Sorted keys for each part of each band; the kind of a message says how many rows of a group are all paired."""
    for batch in batches:
        if not batch.num_rows:
            continue
        ranks = batch.column(0).to_numpy().astype(np.uint32)
        signed, names = matrix(batch.column(1), np.uint8, near.permutations), matrix(batch.column(2), np.uint8, NAME * near.halves)
        bands = [(1, band_keys(signed, at, min(BAND, near.permutations - at), ranks, bits)) for at in range(0, near.permutations, BAND)]
        bands += [(near.most_rows, name_keys(names, number, ranks, bits)) for number in range(near.halves)]
        told = []
        for band, (most, made) in enumerate(bands):
            keys = np.sort(made)
            part = (keys >> np.uint64(64 - parts.bit_length() + 1)).astype(np.int64) if parts > 1 else np.zeros(keys.size, np.int64)
            told += [Message(band * parts + number, most, some.tobytes()) for number, some in split(keys, part)]
        yield from messages(told).to_batches()


def _cases(table: pa.Table, bits: int, old: int) -> pa.Table:
    """The cases that the keys of one part of a band make, by the bins of their rows, and what these bins need of others."""
    most = table.column("kind")[0].as_py()
    keys = np.sort(np.frombuffer(b"".join(table.column("data").to_pylist()), np.uint64))
    told, asked = [], [np.empty(0, np.uint64)]
    for kind, found in zip((_PAIRS, _CASES), group_cases(keys, bits, most, old), strict=True):
        binned, starts = cases_by_bin(found, BIN)
        filled = np.flatnonzero(np.diff(starts)).tolist()
        told += [Message(number, kind, binned[starts[number] : starts[number + 1]].tobytes()) for number in filled]
        asking = (found[:, 0] // BIN).astype(np.uint64)
        for k in range(1, found.shape[1]):
            other = found[:, k] != found[:, 0]
            asked.append(found[other, k].astype(np.uint64) << _UPPER | asking[other])
    wanted = distinct(np.concatenate(asked))
    told += [Message(number, _ASKED, some.tobytes()) for number, some in split(wanted, (wanted >> _UPPER) // np.uint64(BIN))]
    return messages(told)


def pairs(ranked: Ranked, cases: DataFrame, near: Near, verified: int) -> DataFrame:
    """Pairs that agree, for bins of `verified` ranks, and the rows whose texts each bin needs: `bin, rank, fresh, id, digest, pairs`."""
    known = ranked.frame.select("rank", "least", "agreements", "fresh", "id", "digest")
    own = known.mapInArrow(on_executors(_by_bin), MESSAGE_DDL)
    told = cases.filter(f"kind = {_ASKED}").unionByName(own).groupBy("bin").applyInArrow(on_executors(_tell), MESSAGE_DDL)
    kind = dict(known.dtypes)["id"]
    all_messages = cases.filter(f"kind in ({_PAIRS}, {_CASES})").unionByName(own).unionByName(told)
    schema = pairs_schema(pa.int64() if kind == "bigint" else pa.string())
    return all_messages.groupBy("bin").applyInArrow(on_executors(_judge, near, verified, schema), pairs_ddl(kind))


def pairs_ddl(kind: str) -> str:
    """The columns of pairs and of the rows that they need, for ids of a kind."""
    return f"bin int, rank long, fresh boolean, id {kind}, digest binary, pairs binary"


def pairs_schema(kind: pa.DataType) -> pa.Schema:
    """The same for Arrow."""
    kinds = {"bin": pa.int32(), "rank": pa.int64(), "fresh": pa.bool_(), "id": kind, "digest": pa.binary(), "pairs": pa.binary()}
    return pa.schema(list(kinds.items()))


def _by_bin(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What is known of rows, in messages to the bins of their ranks."""
    for batch in batches:
        table = pa.Table.from_batches([batch]).sort_by("rank")
        bins = table.column("rank").to_numpy() // BIN
        places = np.arange(table.num_rows)
        told = [Message(number, _OWN, packed(table.slice(some[0], some.size))) for number, some in split(places, bins)]
        yield from messages(told).to_batches()


def _known(table: pa.Table, *kinds: int) -> pa.Table | None:
    """What the messages say of rows, each once, by rank."""
    parts = [part for kind in kinds for part in of_kind(table, kind)]
    if not parts:
        return None
    rows = unpacked(parts, pa.ipc.open_stream(parts[0]).schema)
    _, first = np.unique(rows.column("rank").to_numpy(), return_index=True)
    return rows.take(pa.array(first))


def _tell(table: pa.Table) -> pa.Table:
    """What is known of the rows that other bins asked for, in one message to each."""
    known = _known(table, _OWN)
    asked = np.frombuffer(b"".join(of_kind(table, _ASKED)), np.uint64)
    asked = distinct(asked << _UPPER | asked >> _UPPER)  # bin by bin that asks
    if known is None or not asked.size:
        return messages([])
    asking = (asked >> _UPPER).astype(np.int64)
    own = int(known.column("rank")[0].as_py()) // BIN
    places = np.searchsorted(known.column("rank").to_numpy(), (asked & np.uint64(0xFFFFFFFF)).astype(np.int64))
    return messages([Message(to, _TOLD, packed(known.take(pa.array(some)))) for to, some in split(places, asking) if to != own])


def _judge(table: pa.Table, near: Near, verified: int, schema: pa.Schema) -> pa.Table:
    """The pairs of a bin's cases, by smaller bins, with the rows that these need."""
    known = _known(table, _OWN, _TOLD)
    if known is None:
        return schema.empty_table()
    ranks, signed = known.column("rank").to_numpy(), matrix(known.column("agreements"), np.uint8, near.permutations)
    places, least = rank_table(ranks), known.column("least").to_numpy().astype(np.int64)
    judged = np.empty(0, np.uint64)
    for kind, width in ((_PAIRS, 2), (_CASES, 4)):
        for part in of_kind(table, kind):
            cases = np.frombuffer(part, np.uint32).reshape(-1, width)
            judged = np.concatenate((judged, judge_cases(cases, places, ranks, signed, least)))
    judged = distinct(judged)
    first, second = (judged >> np.uint64(32)).astype(np.int64), (judged & np.uint64(0xFFFFFFFF)).astype(np.int64)
    return by_bins(first, second, known, verified, schema)


def by_bins(first: np.ndarray, second: np.ndarray, known: pa.Table, verified: int, schema: pa.Schema) -> pa.Table:
    """Pairs of places in `known`, which has the rows by rank, for bins of `verified` ranks, and the rows that each bin needs."""
    ranks = known.column("rank").to_numpy()
    order = np.argsort(ranks[second] // verified, kind="stable")
    parts = [schema.empty_table()]
    for number, some in split(order, ranks[second[order]] // verified):
        needed = known.take(pa.array(np.unique(np.concatenate((first[some], second[some])))))
        named = np.stack((ranks[first[some]], ranks[second[some]]), axis=1).astype(np.uint32)
        count = needed.num_rows
        columns = {name: needed.column(name).cast(schema.field(name).type) for name in ("rank", "fresh", "id", "digest")}
        rows = {"bin": pa.array(np.full(count, number), pa.int32()), **columns, "pairs": pa.nulls(count, pa.binary())}
        parts += [pa.table([rows[name] for name in schema.names], schema), alone(schema, bin=number, pairs=named.tobytes())]
    return pa.concat_tables(parts)


def alone(schema: pa.Schema, **cells: Any) -> pa.Table:  # noqa: ANN401 - values of the columns
    """One row with these cells; the others are null."""
    return pa.table([pa.array([cells.get(field.name)], field.type) for field in schema], schema)
