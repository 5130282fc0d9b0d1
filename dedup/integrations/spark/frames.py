"""Frames of an engine, cleaned and deduplicated: the stages in their order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 - the name that PySpark's own documentation gives it

import dedup
from dedup.errors import ConfigError, InputError
from dedup.integrations.spark import gathered, proposing, ranking, resolving, stars, verifying
from dedup.integrations.spark.executors import on_executors
from dedup.integrations.spark.rows import checked_column, id_column, input_rows, said_twice
from dedup.integrations.spark.session import explained, work_folder
from dedup.integrations.spark.sketching import POLICY, sketched
from dedup.integrations.spark.stages import Stages
from dedup.model import Tally
from dedup.report.signature import corpus_signature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import DataFrame

    from dedup.config import Config, Keep

_PLAIN = dedup.Config()


@dataclass(frozen=True)
class Found:
    """What goes of a frame, and because of what.

    `rows` are the rows as they came, with the column `id` where they had none; `removed` is `id, of, old, kind, score` for each
    that goes: of which kept row (an `old` one: of `against`) it is a duplicate, `exact` or `near`, and the verified score.
    """

    rows: DataFrame
    id: str
    removed: DataFrame
    report: Tally

    @property
    def kept(self) -> DataFrame:
        """The rows that stay."""
        return self.rows.join(self.removed.selectExpr(f"id as `{self.id}`"), self.id, "left_anti").select(*self.rows.columns)

    def marked(self, prefix: str = "dedup_") -> DataFrame:
        """All rows with the columns `kept`, `of`, `score`, `kind` and `old` behind the prefix; `of` a row that stays is itself."""
        names = [prefix + name for name in ("kept", "of", "score", "kind", "old")]
        if twice := set(names) & set(self.rows.columns):
            message = f"the frame has a column {min(twice)!r} already: give another prefix"
            raise ConfigError(message)
        told = [f"{name} as `{prefix}{name}`" for name in ("of", "score", "kind", "old")]
        joined = self.rows.join(self.removed.selectExpr(f"id as `{self.id}`", *told), self.id, "left")
        kept, of, score, _, old = names
        return (
            joined.withColumn(kept, F.col(of).isNull())
            .withColumn(of, F.coalesce(F.col(of), F.col(self.id)))
            .withColumn(score, F.coalesce(F.col(score), F.lit(1.0)))
            .withColumn(old, F.coalesce(F.col(old), F.lit(False)))
            .select(*self.rows.columns, *names)
        )


def clean(df: DataFrame, text: str, *, config: Config = _PLAIN) -> DataFrame:
    """The frame with the canonical text in each cell of the column; null stays null. Lazy."""
    checked_column(df, text)
    return df.mapInArrow(on_executors(_cleaned, text, config), df.schema)


def _cleaned(batches: Iterator[pa.RecordBatch], text: str, config: Config) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        place = batch.schema.get_field_index(text)
        cells = batch.column(place).to_pylist()
        results = dedup.clean_all([cell for cell in cells if cell is not None], config)
        made = pa.array([None if cell is None else next(results).text for cell in cells], batch.schema.field(place).type)
        yield batch.set_column(place, batch.schema.field(place), made)


def deduplicate(df: DataFrame, text: str, **options: Any) -> DataFrame:  # noqa: ANN401 - those of `find_duplicates`
    """The rows without those that others repeat; options are those of `find_duplicates`, such as `keep="newest"` and `against=old`."""
    found = find_duplicates(df, text, **options)
    return found.kept.select(*df.columns)


def mark_duplicates(df: DataFrame, text: str, *, prefix: str = "dedup_", **options: Any) -> DataFrame:  # noqa: ANN401 - those of `find_duplicates`
    """All rows with what `Found.marked` says of each; options are those of `find_duplicates`. Rows without an id get one."""
    return find_duplicates(df, text, **options).marked(prefix)


def find_duplicates(
    df: DataFrame,
    text: str,
    *,
    id: str | None = None,  # noqa: A002 - the field's name
    date: str | None = None,
    keep: Keep | Column | None = None,
    against: DataFrame | None = None,
    config: Config = _PLAIN,
    work: str | None = None,
) -> Found:
    """What `dedup.deduplicate` finds in the rows sorted by `id`, to the byte, whatever the engine and its partitions.

    `id` names a column of whole numbers or strings, no value twice (usual: the first of `id`, `_id` …; without one, rows are named by
    a digest of all their columns); `date` that of the date for the policies `newest` and `oldest`. `keep` is a policy or a column of
    whole numbers: of two rows the one with the greater number stays. `against` are old rows, which never go, with the same columns.
    `work` is a folder that driver and executors reach: the stages are written there, and a run that was killed goes on there.
    Raises InputError for an id that is null or stands twice, ConfigError for settings, a `work` of another run and what the cluster lacks.
    """
    policy = POLICY if isinstance(keep, Column) else keep or config.keep
    config = replace(config, keep="longest" if isinstance(keep, Column) else keep or config.keep)
    with explained():
        frame, name = id_column(df, text, id)
        rows = input_rows(frame, text, name, policy, keep if isinstance(keep, Column) else None, date)
        if against is not None:
            old, _ = id_column(against, text, name if name in against.columns else None)
            rows = rows.unionByName(input_rows(old, text, name, policy, keep if isinstance(keep, Column) else None, date, fresh=False))
        settings = {"signature": corpus_signature(config, policy), "columns": [text, name], "rows": dict(frame.dtypes), "engine": 2}
        stages = Stages(df.sparkSession, work_folder(df.sparkSession, work), settings, fresh=not work)
        removed, compared, counts = _stages(rows, stages, config, policy)
        kinds = {row["kind"]: row["n"] for row in removed.groupBy("kind").agg(F.count("*").alias("n")).collect()}
    exact, near = kinds.get("exact", 0), kinds.get("near", 0)
    new = counts.get(True, {"rows": 0, "empty": 0})
    tally = Tally(
        rows=new["rows"],
        kept=new["rows"] - exact - near,
        exact=exact,
        near=near,
        empty=new["empty"],
        against=counts.get(False, {"rows": 0})["rows"],
        compared=compared,
        signature=corpus_signature(config, policy),
    )
    return Found(frame, name, removed, tally)


def _stages(rows: DataFrame, stages: Stages, config: Config, policy: str) -> tuple[DataFrame, int, dict[bool, dict[str, int]]]:
    """What goes, how many pairs were compared, and the counts of new (True) and old rows."""
    near = config.near
    sketches = stages.frame("sketches", lambda: sketched(rows, config, policy))
    counts = _counts(rows, sketches, resumed=stages.resumed)
    heads = sum(count["heads"] for count in counts.values())
    size = verifying.verified_ranks(heads, sum(count["letters"] for count in counts.values()), proposing.BIN)
    texts = rows.select("fresh", "id", "text")
    if sum(count["rows"] for count in counts.values()) <= gathered.ROWS:
        proposed = stages.frame("proposed", lambda: gathered.pairs(sketches, config, size))
        verified = verifying.edges(proposed, texts, near)
        return stages.frame("removed", lambda: gathered.removed(verified, proposed, config.keep)), gathered.compared(proposed), counts
    _check_ids(sketches)
    same = stages.frame("same", lambda: ranking.equal_rows(sketches, config.exact))
    if not near.enabled:
        return stages.frame("removed", lambda: resolving.removed(sketches, same, None, config.keep)), 0, counts
    ranked = ranking.ranked(stages, sketches, same, heads, near)
    cases = stages.frame("cases", lambda: proposing.cases(ranked, near))
    pairs = stages.frame("pairs", lambda: proposing.pairs(ranked, cases, near, size))
    edges = stages.frame("edges", lambda: verifying.edges(pairs, texts, near))
    gone = stages.frame("gone", lambda: resolving.stars_of(ranked, stars.gone(stages, edges)))
    compared = pairs.agg(F.sum(F.octet_length("pairs"))).collect()[0][0] or 0
    return stages.frame("removed", lambda: resolving.removed(sketches, same, gone, config.keep)), compared // 8, counts


def _counts(rows: DataFrame, sketches: DataFrame, *, resumed: bool) -> dict[bool, dict[str, int]]:
    """The counts of new (True) and old rows."""
    told = sketches.groupBy("fresh").agg(
        F.count("*").alias("rows"),
        F.sum(F.when(F.col("letters") == 0, 1).otherwise(0)).alias("empty"),
        F.sum(F.when(F.col("best").isNull(), 1).otherwise(0)).alias("heads"),
        F.sum("letters").alias("letters"),
    )
    counts = {row["fresh"]: row.asDict() for row in told.collect()}
    if resumed and rows.count() != sum(count["rows"] for count in counts.values()):
        message = "the work folder was begun with another number of rows; delete it or name another"
        raise ConfigError(message)
    return counts


def _check_ids(sketches: DataFrame) -> None:
    """InputError for an id that stands twice."""
    twice = sketches.groupBy("fresh", "id").count().filter("count > 1").agg(F.min("id")).collect()[0][0]
    if twice is not None:
        raise InputError(said_twice(twice))
