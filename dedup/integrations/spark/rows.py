"""The rows that an engine's frame holds: their ids, their texts, and what the keep policy looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import Window
from pyspark.sql import functions as F  # noqa: N812 - the name that PySpark's own documentation gives it

from dedup.errors import ConfigError, InputError
from dedup.files.columns import usual_names
from dedup.integrations.spark.sketching import POLICY

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

CONTENT_ID = "dedup_id"
_WHOLE = {"tinyint", "smallint", "int", "bigint"}


def said_twice(name: object) -> str:
    """What is said of an id that two rows have."""
    return f"the id {name!r} stands more than once: name another column with id=, or drop it; rows are then named by content"


def checked_column(df: DataFrame, column: str) -> None:
    """InputError when the frame has no such column, or one that holds no strings."""
    kind = dict(df.dtypes).get(column)
    if kind is None:
        message = f"the frame has no such column, but {', '.join(df.columns)}"
        raise InputError(message, field=column)
    if kind != "string":
        message = f"the column is {kind}, not string"
        raise InputError(message, field=column)


def id_column(df: DataFrame, text: str, given: str | None) -> tuple[DataFrame, str]:
    """The frame and the name of its column of ids, which it gets where it has none.

    The id of a row is then a digest of all its columns and a number among rows that are equal in all of them: which of these has
    which number makes no difference to anybody.
    """
    checked_column(df, text)
    kinds = dict(df.dtypes)
    name = given or next((name for name in usual_names("id") if name in kinds), None)
    if name is None:
        cells = [F.coalesce(F.col(f"`{column}`").cast("string"), F.lit("\0")) for column in df.columns]
        digest = F.sha2(F.concat_ws("\x1f", *cells), 256)
        marked = df.withColumn(CONTENT_ID, F.substring(digest, 1, 32))
        number = F.row_number().over(Window.partitionBy(CONTENT_ID).orderBy(CONTENT_ID))
        return marked.withColumn(CONTENT_ID, F.concat_ws("-", CONTENT_ID, number.cast("string"))), CONTENT_ID
    if name not in kinds:
        message = f"the frame has no such column, but {', '.join(df.columns)}"
        raise InputError(message, field=name)
    if kinds[name] not in {*_WHOLE, "string"}:
        message = f"ids are whole numbers or strings, not {kinds[name]}"
        raise ConfigError(message)
    return df, name


def input_rows(df: DataFrame, text: str, name: str, policy: str, key: Column | None, date: str | None, *, fresh: bool = True) -> DataFrame:
    """`fresh, id, text, value`: what the stages read of the rows."""
    kinds = dict(df.dtypes)
    whole = kinds[name] in _WHOLE
    value = F.lit(None).cast("string")
    if policy == POLICY and key is not None:
        value = key.cast("bigint")
    elif policy in {"newest", "oldest"}:
        column = date or next((usual for usual in usual_names("date") if usual in kinds and usual != text), None)
        if column is not None and column not in kinds:
            message = f"the frame has no such column, but {', '.join(df.columns)}"
            raise InputError(message, field=column)
        value = value if column is None else F.col(f"`{column}`")
    identifier = F.col(f"`{name}`").cast("bigint" if whole else "string")
    return df.select(F.lit(fresh).alias("fresh"), identifier.alias("id"), F.col(f"`{text}`").alias("text"), value.alias("value"))
