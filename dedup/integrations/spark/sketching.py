"""Texts to sketches on the executors: what `corpus.sketches` knows of a row, its place in the order, and its equals in its batch.

Of the rows of one batch that are equal only the first in the order takes part in what follows; the others name it. A million
equal rows so become as many as there are batches, and no task ever holds them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from dedup.corpus.exact import NAME, letter_names
from dedup.corpus.rows import days_of
from dedup.corpus.sketches import blocks, distinct_texts, gathered, joined, sketch_with_letters
from dedup.errors import InputError
from dedup.files.rows import as_document
from dedup.integrations.spark.executors import on_executors
from dedup.integrations.spark.order import places
from dedup.integrations.spark.packing import binaries

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from pyspark.sql import DataFrame

    from dedup.config import Config, Near
    from dedup.corpus.sketches import Sketches

POLICY = "function"  # the signature's word for a keep policy that is the caller's own


def sketched(rows: DataFrame, config: Config, policy: str) -> DataFrame:
    """A row for each row of `fresh, id, text, value`; `digest` names its letters so that no one can make two texts have one name.

    A row goes as equal because of that name alone: the texts of a group lie in many tasks, and to bring them together to compare them
    would move every text that stands twice, 1,250 bytes, where a name is 32.
    `value` is the date for the policies `newest` and `oldest`, a number of which the greatest stays for the policy POLICY.
    """
    kind = dict(rows.dtypes)["id"]
    ddl = (
        f"fresh boolean, id {kind}, place binary, digest binary, letters int, weight int, agreements binary, names binary, "
        f"best binary, best_id {kind}, best_fresh boolean"
    )
    return rows.mapInArrow(on_executors(_batches, config, policy), ddl)


def _batches(batches: Iterator[pa.RecordBatch], config: Config, policy: str) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        if batch.num_rows:
            yield _batch(batch, config, policy)


def _batch(batch: pa.RecordBatch, config: Config, policy: str) -> pa.RecordBatch:
    columns = {name: batch.column(place) for place, name in enumerate(batch.schema.names)}
    if columns["id"].null_count:
        message = "a row has no id (null): fill the column, or name another with id="
        raise InputError(message)
    ids = columns["id"].to_pylist()
    sketches, names = _sketches((text or "" for text in columns["text"].to_pylist()), config.near)
    fresh = columns["fresh"].to_numpy(zero_copy_only=False)
    at = places(sketches, fresh, ids, config.keep, _values(columns["value"].to_pylist(), policy))
    digests = [names[row * NAME : (row + 1) * NAME] for row in range(len(at))]
    best = _equals(digests, at, sketches.letters) if config.exact.enabled else [None] * len(at)
    alone = pa.array([None if other is None else False for other in best], pa.bool_())
    kind = columns["id"].type
    return pa.RecordBatch.from_arrays(
        [
            columns["fresh"],
            columns["id"],
            pa.array(at, pa.binary()),
            pa.array(digests, pa.binary()),
            pa.array(sketches.letters),
            pa.array(sketches.weights),
            _where(alone, binaries(sketches.agreements)),
            _where(alone, binaries(sketches.names)),
            pa.array([None if other is None else at[other] for other in best], pa.binary()),
            pa.array([None if other is None else ids[other] for other in best], kind),
            pa.array([None if other is None else bool(fresh[other]) for other in best], pa.bool_()),
        ],
        ["fresh", "id", "place", "digest", "letters", "weight", "agreements", "names", "best", "best_id", "best_fresh"],
    )


def _sketches(texts: Iterable[str], near: Near) -> tuple[Sketches, bytes]:
    """The sketches of texts, and the names of their letters end to end."""
    parts, names = [], []
    for block in blocks(texts):
        made, codes, offsets = sketch_with_letters(block, near)
        first, place = distinct_texts(made.digests, codes, offsets)
        some, bounds = (codes, offsets) if first.size == place.size else gathered(codes, offsets, first)
        parts.append(made)
        names.append(letter_names(some, bounds)[place].tobytes())
    return joined(parts, near), b"".join(names)


def _where(alone: pa.Array, values: pa.Array) -> pa.Array:
    """The values where `alone` is null, else null: a row that has an equal is not compared."""
    return pa.compute.if_else(alone.is_null(), values, pa.scalar(None, pa.binary()))


def _equals(digests: list[bytes], at: list[bytes], letters: np.ndarray) -> list[int | None]:
    """For each row the first of its equals in the order; None for that one, for a row that is alone and for one without letters."""
    first: dict[bytes, int] = {}
    for row, digest in enumerate(digests):
        other = first.setdefault(digest, row)
        if at[row] < at[other]:
            first[digest] = row
    return [None if first[digest] == row or not letters[row] else first[digest] for row, digest in enumerate(digests)]


def _values(values: list[Any], policy: str) -> np.ndarray | None:
    """What the policy looks at, as `corpus.keep.in_order` takes it; None where it looks at the text alone."""
    if policy in {"newest", "oldest"}:
        return days_of([_day(value) for value in values], newest=policy == "newest")
    return np.array(values, np.int64) if policy == POLICY else None


def _day(value: object) -> datetime.date | None:
    return as_document({"text": "", "date": value}).date
