r"""`df.dedup` in Polars, for eager and lazy frames: importing this module is enough.

    >>> import polars as pl
    >>> import dedup.integrations.polars
    >>> df = pl.DataFrame({"text": ["Rain is expected.", "RAIN is expected", "Snow is near."]})
    >>> df.dedup.clean("text").dedup.drop("text").to_series().to_list()
    ['Rain is expected.', 'Snow is near.']
    >>> df.lazy().dedup.mark("text").filter("dedup_kept").select("dedup_of").collect().to_series().to_list()
    [0, 2]

`clean`, `mark` and `drop` take what `clean_column`, `mark_duplicates` and `drop_duplicates` of `frames` take.
"""

from __future__ import annotations

from typing import Any

import dedup

try:
    import polars as pl

    from dedup.integrations import frames
except ModuleNotFoundError as error:
    raise dedup.MissingExtraError(package=error.name or "polars", extra="polars") from error


@pl.api.register_dataframe_namespace("dedup")
@pl.api.register_lazyframe_namespace("dedup")
class Dedup:
    """The steps of `frames` as methods of a frame."""

    def __init__(self, frame: Any) -> None:  # noqa: ANN401 - a DataFrame or a LazyFrame, which comes back
        """Hold the frame."""
        self._frame = frame

    def clean(self, column: str, **settings: Any) -> Any:  # noqa: ANN401 - see above
        """The frame with the canonical text in each cell of the column."""
        return frames.clean_column(self._frame, column, **settings)

    def mark(self, column: str, **settings: Any) -> Any:  # noqa: ANN401 - see above
        """The frame with the columns `dedup_cluster`, `dedup_kept`, `dedup_of` and `dedup_score` beside its own."""
        return frames.mark_duplicates(self._frame, column, **settings)

    def drop(self, column: str, **settings: Any) -> Any:  # noqa: ANN401 - see above
        """The frame without the rows that others repeat."""
        return frames.drop_duplicates(self._frame, column, **settings)
