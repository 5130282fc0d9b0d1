"""From equal rows and stars to the evidence for each row that goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import functions as F  # noqa: N812 - the name that PySpark's own documentation gives it

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from dedup.integrations.spark.ranking import Ranked


def removed(sketches: DataFrame, same: DataFrame, near: DataFrame | None, keep: str) -> DataFrame:
    """`id, of, old, kind, score` for each new row that goes, as `corpus.keep.choose` has it.

    `near` are the compared rows that go: `place, fresh, id, of_id, of_fresh, score`. A row whose first equal goes because of a kept
    row goes because of that row too.
    """
    batch = sketches.filter("best is not null").select("fresh", "id", "best", "best_id", "best_fresh")
    heads = same.selectExpr("place as best", "head")
    late = batch.join(heads, "best", "left").selectExpr(
        "fresh",
        "id",
        "coalesce(head.place, best) as at",
        "coalesce(head.id, best_id) as of_id",
        "coalesce(head.fresh, best_fresh) as of_fresh",
    )
    equal = late.unionByName(same.selectExpr("fresh", "id", "head.place as at", "head.id as of_id", "head.fresh as of_fresh"))
    columns = ["id", "of_id as of", "not of_fresh as old"]
    if near is None:
        told = equal.filter("fresh").selectExpr(*columns, "'exact' as kind", "cast(1 as double) as score")
    else:
        centre = near.selectExpr("place as at", "of_id as near_id", "of_fresh as near_fresh", "score")
        follows = (
            equal.join(centre, "at", "left")
            .filter("fresh")
            .selectExpr(
                "id",
                "coalesce(near_id, of_id) as of",
                "not coalesce(near_fresh, of_fresh) as old",
                "case when score is null then 'exact' else 'near' end as kind",
                "coalesce(score, cast(1 as double)) as score",
            )
        )
        told = follows.unionByName(near.filter("fresh").selectExpr(*columns, "'near' as kind", "score"))
    return _without_centres(told) if keep == "none" else told


def _without_centres(told: DataFrame) -> DataFrame:
    """The kept rows go too, each because of the least row that went because of it; old rows stay."""
    least = told.filter("not old").groupBy("of").agg(F.min(F.struct("id", "kind", "score")).alias("least"))
    return told.unionByName(least.selectExpr("of as id", "least.id as of", "false as old", "least.kind as kind", "least.score as score"))


def stars_of(ranked: Ranked, gone: DataFrame) -> DataFrame:
    """`place, fresh, id, of_id, of_fresh, score` of the ranks that go."""
    names = ranked.frame.select("rank", "place", "fresh", "id")
    first = names.selectExpr("rank as first", "id as of_id", "fresh as of_fresh")
    second = names.withColumnRenamed("rank", "second")
    return gone.join(first, "first").join(second, "second").select("place", "fresh", "id", "of_id", "of_fresh", "score")
