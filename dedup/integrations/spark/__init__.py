"""The same result on a cluster: frames of Spark and of what speaks Spark Connect (Sail), in DataFrame calls that both have.

    >>> from dedup.integrations.spark import clean, deduplicate
    >>> fresh = deduplicate(clean(df, "text"), "text", keep="newest", against=old)

The stages, each written as Parquet in a work folder; what one machine does in arrays (`dedup.corpus`) is done by the same kernels:

    texts -sketched-> sketches -equal_rows-> same      one row of each group of equal ones: min of the order
                      sketches -ranked->     ranked    the numbers that one machine gives the rows that are compared
                      ranked   -cases->      cases     which rows share a key, from sorted keys
                      cases    -pairs->      pairs     those whose signatures agree
                      pairs    -edges->      edges     compared on their texts
                      edges    -gone->       gone      stars around kept rows
                      gone, same -removed->  removed   the evidence

Rows are named by ids of the caller or by content, and ordered by bytes (`order`): nothing depends on partitions, engine or retries.
"""

from __future__ import annotations

from dedup.errors import MissingExtraError

try:
    import pyarrow  # noqa: F401
    import pyspark.sql  # noqa: F401
except ImportError as error:
    raise MissingExtraError(package="pyspark", extra="spark") from error

from dedup.integrations.spark.frames import Found, clean, deduplicate, find_duplicates, mark_duplicates
from dedup.integrations.spark.session import connect

__all__ = ["Found", "clean", "connect", "deduplicate", "find_duplicates", "mark_duplicates"]
