"""Pairs joined back to their texts and compared there, by the very function of one machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyspark.sql import functions as F  # noqa: N812 - the name that PySpark's own documentation gives it

from dedup.corpus.exact import letter_names
from dedup.corpus.sketches import blocks
from dedup.corpus.verify import verify
from dedup.errors import InputError
from dedup.integrations.spark.executors import on_executors
from dedup.kernels.rows import fold_rows

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.config import Near

_EDGES = pa.schema([("first", pa.int64()), ("second", pa.int64()), ("score", pa.float64())])
EDGES_DDL = "first long, second long, score double"
_BYTES = 1 << 26  # of the texts of one task


def verified_ranks(rows: int, letters: int, most: int) -> int:
    """How many ranks are verified in one task (a power of two, at most `most`), so that two texts each bear the memory."""
    needed = 2 * letters / max(rows, 1) + 1
    return min(most, 1 << max(int(_BYTES / needed).bit_length() - 1, 0), max(1 << max(rows // 16, 1).bit_length(), 1 << 10))


def edges(pairs: DataFrame, texts: DataFrame, near: Near) -> DataFrame:
    """`first, second, score` for each pair of ranks whose texts are near-duplicates; `texts` are `fresh, id, text`.

    Where the names of the rows that are needed are few, an engine sends them to the tasks that read, and no other text leaves these.
    """
    wanted = pairs.filter("pairs is null").select("bin", "rank", "digest", "fresh", "id")
    found = texts.join(wanted, ["fresh", "id"]).select("bin", "rank", "digest", "id", "text")
    found = found.withColumn("pairs", F.lit(None).cast("binary"))
    blank = [F.lit(None).cast(kind).alias(name) for name, kind in found.dtypes if name not in {"bin", "pairs"}]
    alone = pairs.filter("pairs is not null and bin >= 0").select("bin", *blank, "pairs")
    return found.unionByName(alone).groupBy("bin").applyInArrow(on_executors(_compare, near), EDGES_DDL)


def _compare(table: pa.Table, near: Near) -> pa.Table:
    """The edges among the rows of a bin."""
    is_pairs = table.column("pairs").is_valid()
    named = np.frombuffer(b"".join(table.filter(is_pairs).column("pairs").to_pylist()), np.uint32).reshape(-1, 2).astype(np.uint64)
    rows = table.filter(pa.compute.invert(is_pairs)).sort_by("rank")
    ranks, texts = rows.column("rank").to_numpy(), [text or "" for text in rows.column("text").to_pylist()]
    lengths = _lengths(texts, rows.column("digest").to_pylist(), rows.column("id").to_pylist())
    if not np.isin(named, ranks).all():
        message = "a row is gone that was there when the run began: delete the work folder and begin again"
        raise InputError(message)
    found = np.sort((named[:, 0] << np.uint64(32)) | named[:, 1])
    first, second = (found >> np.uint64(32)).astype(np.int64), (found & np.uint64(0xFFFFFFFF)).astype(np.int64)
    local = (np.searchsorted(ranks, first).astype(np.uint64) << np.uint64(32)) | np.searchsorted(ranks, second).astype(np.uint64)
    score = verify(local, np.arange(ranks.size), lengths, lambda places: [texts[place] for place in places], near, 1)
    good = score > 0
    return pa.table([pa.array(first[good]), pa.array(second[good]), pa.array(score[good])], schema=_EDGES)


def _lengths(texts: list[str], known: list[bytes], ids: list[int | str]) -> np.ndarray:
    """The letters of each text (int64), which has the digest that is known of it, or InputError.

    Folded block by block, and for its pairs once more: all of a bin at once took 13.3 CPU seconds, of 300,000 rows, for 4.4.
    """
    lengths = [np.empty(0, np.int64)]
    digests: list[bytes] = []
    for block in blocks(texts):
        codes, offsets, _ = fold_rows(block)
        lengths.append(np.diff(offsets))
        digests += map(bytes, letter_names(codes, offsets).view(np.uint8))
    for digest, now, name in zip(known, digests, ids, strict=True):
        if digest != now:
            message = f"the text of row {name!r} is not what it was when the run began: delete the work folder and begin again"
            raise InputError(message)
    return np.concatenate(lengths)
