"""Stars among verified pairs: a row goes because of the first kept row before it that it was compared with.

Whether a row stays depends on the rows before it alone. Up to `_AT_ONCE` pairs are settled by the kernel of one machine in one task.
Of more, rounds of joins settle what no open row precedes: a row without an open pair before it stays, its partners go. Two rounds
settle stars; what chains leave after `_ROUNDS`, or as soon as it is few enough, is again a task of its own, 16 bytes a pair.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyspark.sql import functions as F  # noqa: N812 - the name that PySpark's own documentation gives it

from dedup.integrations.spark.executors import on_executors
from dedup.integrations.spark.verifying import EDGES_DDL
from dedup.kernels.groups import stars

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.integrations.spark.stages import Stages

_AT_ONCE = 1 << 23  # pairs: 200 MB in a Python worker
_ROUNDS = 20


def gone(stages: Stages, edges: DataFrame, at_once: int = _AT_ONCE) -> DataFrame:
    """`second` goes because of `first`, with the score of both; each `second` once."""
    left = edges.select("first", "second")
    count, went = left.count(), []
    if count <= at_once:
        return _settled(edges)
    for number in range(_ROUNDS):
        if count <= at_once:
            break
        stay = left.select("first").distinct().join(left.selectExpr("second as first").distinct(), "first", "left_anti")
        went.append(stages.frame(f"went-{number}", partial(_partners, left, stay)))
        left = stages.frame(f"left-{number}", partial(_open, left, went[-1]))
        count = left.count()
    if count:
        went.append(_settled(left.withColumn("score", F.lit(1.0))).select("second"))
    all_gone = went[0]
    for more in went[1:]:
        all_gone = all_gone.unionByName(more)
    all_gone = stages.frame("went", partial(lambda frame: frame, all_gone))
    because = edges.join(all_gone, "second").join(all_gone.selectExpr("second as first"), "first", "left_anti")
    first = because.groupBy("second").agg(F.min(F.struct("first", "score")).alias("of"))
    return first.selectExpr("of.first as first", "second", "of.score as score")


def _partners(pairs: DataFrame, stay: DataFrame) -> DataFrame:
    """The rows that go because of rows that stay."""
    return pairs.join(stay, "first").select("second").distinct()


def _open(pairs: DataFrame, went: DataFrame) -> DataFrame:
    """The pairs of which neither row went."""
    rest = pairs.join(went, "second", "left_anti")
    return rest.join(went.selectExpr("second as first"), "first", "left_anti").select("first", "second")


def _settled(edges: DataFrame) -> DataFrame:
    """The edges because of which rows go, settled in one task."""
    return edges.withColumn("all", F.lit(0)).groupBy("all").applyInArrow(on_executors(_settle), EDGES_DDL)


def _settle(table: pa.Table) -> pa.Table:
    table = table.select(["first", "second", "score"]).sort_by([("first", "ascending"), ("second", "ascending")])
    first, second = table.column("first").to_numpy(), table.column("second").to_numpy()
    ranks = np.unique(np.concatenate((first, second)))
    pairs = (np.searchsorted(ranks, first).astype(np.uint64) << np.uint64(32)) | np.searchsorted(ranks, second).astype(np.uint64)
    because = stars(pairs, np.ones(pairs.size, np.bool_), ranks.size, 0)
    return table.take(pa.array(because[because >= 0]))
