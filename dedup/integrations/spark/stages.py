"""Stages in a folder that all machines of an engine reach: a job that was killed goes on after the last finished one.

A stage is a folder of Parquet. That it is whole is told by a second folder, `NAME.done`, which is written after it and holds
the run's fingerprint: a half-written stage has none, and is written anew. All of it goes through the engine, so that whatever
file system the engine reads (local, HDFS, S3) will do.
"""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any

from pyspark.errors import PySparkException
from pyspark.sql import functions as F  # noqa: N812 - the name that PySpark's own documentation gives it
from pyspark.sql.types import StructType

from dedup.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pyspark.sql import DataFrame, SparkSession

_log = logging.getLogger(__name__)


class Stages:
    """The stages of one run in a folder that no other run uses meanwhile."""

    def __init__(self, spark: SparkSession, folder: str, fingerprint: Mapping[str, Any], *, fresh: bool = False) -> None:
        """Begin in the folder, or go on there; a `fresh` folder is known to be empty."""
        self.spark, self.folder = spark, folder.rstrip("/")
        self.fingerprint = json.dumps(fingerprint, sort_keys=True)
        self.marked = not fresh  # nobody goes on in a folder that nobody knows
        self.resumed = not fresh  # until a stage is found that is not there: those after it are not there either

    def frame(self, name: str, make: Callable[[], DataFrame]) -> DataFrame:
        """The frame of a stage: what an earlier run wrote, else what `make` gives, written. ConfigError when it is another run's."""
        path = f"{self.folder}/{name}"
        schema = self._schema(path) if self.resumed else None
        if schema is None:
            self.resumed = False
            started = time.monotonic()
            frame = make()
            frame.write.mode("overwrite").parquet(path)
            schema = frame.schema
            if self.marked:
                self._mark(path, schema)
            _log.info("stage %s: %.1f s", name, time.monotonic() - started)
        return self.spark.read.schema(schema).parquet(path)  # Sail writes no file, hence no schema, where there is no row

    def _mark(self, path: str, schema: StructType) -> None:
        """A stage is whole."""
        mark = self.spark.range(1).select(F.lit(self.fingerprint).alias("of"), F.lit(schema.json()).alias("schema"))
        mark.write.mode("overwrite").parquet(f"{path}.done")

    def _schema(self, path: str) -> StructType | None:
        """The schema of a stage that is whole and of this run; None for one that is to be made."""
        try:
            # Named twice: of a single path Spark asks whether a stream wrote it, and tells the log at length when nothing is there.
            marks = set(self.spark.read.schema("of string, schema string").parquet(*[f"{path}.done"] * 2).collect())
        except PySparkException:  # nothing there, or a mark that was not finished
            return None
        if len(marks) != 1:
            return None
        mark = marks.pop()
        if mark["of"] != self.fingerprint:
            was, now = json.loads(mark["of"]), json.loads(self.fingerprint)
            other = ", ".join(sorted(key for key in {*was, *now} if was.get(key) != now.get(key)))
            message = f"the work folder {self.folder} belongs to another run (other {other}); delete it or name another"
            raise ConfigError(message)
        return StructType.fromJson(json.loads(mark["schema"]))
