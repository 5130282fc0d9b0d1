"""Of few rows, one task does what bins do of many: the very functions of one machine, on sketches that an engine made.

A stage of Spark costs a second or two of a cold Java machine, whatever it has to do; this way has four instead of eight. What is
known of all rows goes to that task, 310 bytes a row, and the texts that are to be compared do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyspark.sql import functions as F  # noqa: N812 - the name that PySpark's own documentation gives it

from dedup.corpus.duplicates import without_centres
from dedup.corpus.exact import NAME, representatives
from dedup.corpus.keep import choose
from dedup.corpus.near import candidates
from dedup.corpus.sketches import Sketches
from dedup.errors import InputError
from dedup.integrations.spark.executors import on_executors
from dedup.integrations.spark.packing import matrix, packed, unpacked
from dedup.integrations.spark.proposing import alone, by_bins, pairs_ddl, pairs_schema
from dedup.integrations.spark.rows import said_twice
from dedup.kernels.groups import NAME as HALF

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.config import Config

ROWS = 1 << 18  # rows that are settled in one task: 120 MB of sketches in a Python worker, and as much again while they are laid out
_LEDGER = -1  # the bin of what is known of all rows
_NO_EDGE = ("cast(null as bigint) as first", "cast(null as bigint) as second", "cast(null as double) as score")


def pairs(sketches: DataFrame, config: Config, verified: int) -> DataFrame:
    """As `proposing.pairs`, and in a bin of its own the ledger of all rows; InputError for an id that stands twice."""
    kind = dict(sketches.dtypes)["id"]
    chosen = sketches.select("fresh", "id", "place", "digest", "letters", "weight", "agreements", "names")
    gathered = chosen.withColumn("all", F.lit(0)).groupBy("all")
    return gathered.applyInArrow(on_executors(_propose, config, verified), pairs_ddl(kind))


def removed(edges: DataFrame, proposed: DataFrame, keep: str) -> DataFrame:
    """`id, of, old, kind, score` for each new row that goes."""
    kind = dict(proposed.dtypes)["id"]
    ledger = proposed.filter(f"bin = {_LEDGER}").selectExpr(*_NO_EDGE, "pairs as ledger")
    both = ledger.unionByName(edges.withColumn("ledger", F.lit(None).cast("binary")))
    ddl = f"id {kind}, of {kind}, old boolean, kind string, score double"
    return both.withColumn("all", F.lit(0)).groupBy("all").applyInArrow(on_executors(_resolve, keep), ddl)


def compared(proposed: DataFrame) -> int:
    """How many pairs were compared."""
    return sum(row["rank"] for row in proposed.filter(f"bin = {_LEDGER}").select("rank").collect())


def _propose(table: pa.Table, config: Config, verified: int) -> pa.Table:
    """The pairs that are compared, by bins, the rows that these need, and the ledger."""
    near = config.near
    ids = table.column("id").to_pylist()
    fresh = table.column("fresh").to_numpy(zero_copy_only=False)
    rows = np.array(sorted(range(len(ids)), key=lambda row: (fresh[row], ids[row])), np.int64)  # as one machine numbers them
    table, fresh, ids = table.take(pa.array(rows)), fresh[rows], [ids[row] for row in rows]
    for before, name in zip(range(len(ids) - 1), ids[1:], strict=True):
        if ids[before] == name and fresh[before] == fresh[before + 1]:
            raise InputError(said_twice(name))
    order = pa.compute.sort_indices(table, [("place", "ascending")]).to_numpy().astype(np.int64)
    digests = matrix(table.column("digest"), np.uint64, NAME // 8)
    letters, weights = table.column("letters").to_numpy(), table.column("weight").to_numpy()
    same = representatives(digests, letters, order) if config.exact.enabled else np.arange(order.size)
    chosen = order[(same[order] == order) & (weights[order] >= near.least_weight)] if near.enabled else order[:0]
    compared = table.take(pa.array(chosen))
    agreements = matrix(compared.column("agreements"), np.uint8, near.permutations)
    names = matrix(compared.column("names"), np.uint8, HALF * near.halves)
    none = np.zeros(chosen.size, np.uint32)  # the order is settled
    sketches = Sketches(digests[chosen], agreements, names, letters[chosen], none, weights[chosen], none)
    found = candidates(sketches, np.arange(chosen.size), int((~fresh[chosen]).sum()), near, 1) if near.enabled else np.empty(0, np.uint64)
    known = compared.select(["fresh", "id", "digest"]).append_column("rank", pa.array(np.arange(chosen.size)))
    ranks = np.full(order.size, -1, np.int64)
    ranks[chosen] = np.arange(chosen.size)
    ledger = table.select(["fresh", "id"]).append_column("same", pa.array(same)).append_column("rank", pa.array(ranks))
    schema = pairs_schema(table.schema.field("id").type)
    first, second = (found >> np.uint64(32)).astype(np.int64), (found & np.uint64(0xFFFFFFFF)).astype(np.int64)
    told = by_bins(first, second, known, verified, schema)
    return pa.concat_tables([told, alone(schema, bin=_LEDGER, rank=found.size, pairs=packed(ledger))])


def _resolve(table: pa.Table, keep: str) -> pa.Table:
    """The evidence for the new rows that go, from the ledger and the edges."""
    is_ledger = table.column("ledger").is_valid()
    parts = table.filter(is_ledger).column("ledger").to_pylist()
    ledger = unpacked(parts, pa.ipc.open_stream(parts[0]).schema)
    edges = table.filter(pa.compute.invert(is_ledger)).sort_by([("first", "ascending"), ("second", "ascending")])
    pairs = (edges.column("first").to_numpy().astype(np.uint64) << np.uint64(32)) | edges.column("second").to_numpy().astype(np.uint64)
    ranks, same = ledger.column("rank").to_numpy(), ledger.column("same").to_numpy()
    chosen = np.empty(int((ranks >= 0).sum()), np.int64)
    chosen[ranks[ranks >= 0]] = np.flatnonzero(ranks >= 0)
    old = int((~ledger.column("fresh").to_numpy(zero_copy_only=False)).sum())
    stars = choose(np.arange(ranks.size), same, chosen, pairs, edges.column("score").to_numpy(), old)
    stars = without_centres(stars, old) if keep == "none" else stars
    gone = np.flatnonzero(stars.of >= 0)
    of, ids = stars.of[gone], ledger.column("id").combine_chunks()
    kinds = pa.array(np.where(stars.near[gone], "near", "exact"), pa.string())
    columns = [ids.take(pa.array(gone)), ids.take(pa.array(of)), pa.array(of < old), kinds, pa.array(stars.score[gone])]
    return pa.table(columns, ["id", "of", "old", "kind", "score"])
