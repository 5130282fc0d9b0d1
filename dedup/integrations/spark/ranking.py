"""Equal rows, and the ranks of those that are compared: the very numbers that one machine gives them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
from pyspark.sql import functions as F  # noqa: N812 - the name that PySpark's own documentation gives it

from dedup.corpus.near import least_agreements
from dedup.errors import ConfigError
from dedup.integrations.spark.executors import on_executors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyspark.sql import DataFrame

    from dedup.config import Exact, Near
    from dedup.integrations.spark.stages import Stages

_BIN = 1 << 17  # rows that are ordered at a time: 55 MB of sketches in a Python worker
_SAMPLE = 64  # places a bin by which bins are cut; the largest is then a third larger than the mean
_MOST = 1 << 32  # ranks that a pair of them in 64 bits can name


class Ranked(NamedTuple):
    """Rows that are compared: `rank, fresh, id, place, digest, least, agreements, names`; how many, and how many of them are old."""

    frame: DataFrame
    rows: int
    old: int


def equal_rows(sketches: DataFrame, exact: Exact) -> DataFrame:
    """The rows that have an equal one before them in the order, each with the first of these: `place, id, fresh, head`."""
    heads = sketches.filter("best is null and letters > 0" if exact.enabled else "false").select("digest", "place", "id", "fresh")
    groups = heads.groupBy("digest").agg(F.min("place").alias("least"), F.count("*").alias("rows")).filter("rows > 1")
    twins = heads.join(groups.drop("rows"), "digest")  # `min` of a struct took Sail 12 µs a row, all of it for rows that are alone
    first = twins.filter("place = least").select("digest", F.struct("place", "id", "fresh").alias("head"))
    return twins.filter("place != least").join(first, "digest").select("place", "id", "fresh", "head")


def ranked(stages: Stages, sketches: DataFrame, same: DataFrame, rows: int, near: Near) -> Ranked:
    """The ranks of the rows that are compared, of at most `rows`."""
    if rows >= _MOST:
        message = f"{rows:,} distinct texts are more than can be ranked ({_MOST:,}): take the corpus in parts, each against those before"
        raise ConfigError(message)

    def make() -> DataFrame:
        chosen = sketches.filter(f"best is null and weight >= {near.least_weight}").join(same.select("place"), "place", "left_anti")
        chosen = chosen.select("place", "fresh", "id", "digest", "letters", "weight", "agreements", "names")
        cuts, starts = _cuts(chosen, -(-rows // _BIN))
        kind = dict(chosen.dtypes)["id"]
        ddl = f"rank long, fresh boolean, id {kind}, place binary, digest binary, least int, agreements binary, names binary"
        return _binned(chosen, cuts).groupBy("bin").applyInArrow(on_executors(_number, starts, near), ddl)

    frame = stages.frame("ranked", make)
    total, old = frame.agg(F.count("*"), F.sum(F.when(F.col("fresh"), 0).otherwise(1))).collect()[0]
    return Ranked(frame, total, old or 0)


def _cuts(chosen: DataFrame, bins: int) -> tuple[list[bytes], list[int]]:
    """The places at which the order is cut into about so many bins, and the rank at which each begins."""
    if bins <= 1:
        return [], [0]
    share = max(_BIN // _SAMPLE, 1)
    sample = sorted(row[0] for row in chosen.filter(f"pmod(xxhash64(place), {share}) = 0").select("place").collect())
    cuts = [bytes(sample[len(sample) * k // bins]) for k in range(1, bins)] if sample else []
    cuts = sorted(set(cuts))
    counts = dict.fromkeys(range(len(cuts) + 1), 0)
    counts.update({row[0]: row[1] for row in _binned(chosen.select("place"), cuts).groupBy("bin").count().collect()})
    return cuts, np.concatenate(([0], np.cumsum([counts[number] for number in sorted(counts)])))[:-1].tolist()


def _binned(frame: DataFrame, cuts: list[bytes]) -> DataFrame:
    """The frame with the bin of each place."""
    if not cuts:
        return frame.withColumn("bin", F.lit(0))
    ddl = ", ".join(["bin int", *(f"{name} {kind}" for name, kind in frame.dtypes)])
    return frame.mapInArrow(on_executors(_bins, cuts), ddl)


def _bins(batches: Iterator[pa.RecordBatch], cuts: Sequence[bytes]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        places = batch.column(batch.schema.get_field_index("place")).to_pylist()
        bins = pa.array([bisect_right(cuts, place) for place in places], pa.int32())
        yield pa.RecordBatch.from_arrays([bins, *batch.columns], ["bin", *batch.schema.names])


def _number(table: pa.Table, starts: Sequence[int], near: Near) -> pa.Table:
    """The rows of a bin in their order, with their ranks and how many permutations each asks another to agree in."""
    table = table.take(pa.compute.sort_indices(table, [("place", "ascending")]))
    rank = np.arange(table.num_rows, dtype=np.int64) + starts[table.column("bin")[0].as_py()]
    weights, letters = table.column("weight").to_numpy(), table.column("letters").to_numpy()
    least = least_agreements(weights / np.maximum(letters, 1), near).astype(np.int32)
    kept = table.select(["fresh", "id", "place", "digest"])
    columns = [pa.array(rank), *kept.columns, pa.array(least), table.column("agreements"), table.column("names")]
    return pa.table(columns, ["rank", *kept.column_names, "least", "agreements", "names"])
