"""Where kinds of frames differ: lazy ones, the cells of a column as texts and back in its own type, rows selected whatever their types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import narwhals as nw
import numpy as np

import dedup

if TYPE_CHECKING:
    from collections.abc import Callable

    from narwhals.typing import IntoFrameT

    Frame = nw.DataFrame[Any]


def applied(frame: IntoFrameT, step: Callable[[Frame], Frame]) -> IntoFrameT:
    """The frame after the step, which is put off where a Polars frame is lazy."""
    rows: Any = nw.from_native(frame)
    if isinstance(rows, nw.DataFrame):
        return cast("IntoFrameT", step(rows).to_native())
    if not rows.implementation.is_polars():
        message = f"a lazy frame of {rows.implementation.name.lower()} has no order: collect it first"
        raise dedup.InputError(message)
    lazy: Any = frame
    schema = step(nw.from_native(lazy.collect_schema().to_frame())).to_native().schema
    whole = {"predicate_pushdown": False, "projection_pushdown": False, "slice_pushdown": False}  # what comes behind stays behind
    return cast("IntoFrameT", lazy.map_batches(lambda native: step(nw.from_native(native)).to_native(), schema=schema, **whole))


def texts_of(rows: Frame, column: str) -> list[str | None]:
    """The cells of the column, None for null, NaN and NA. Raises InputError for a column that is not there or a cell that is no text."""
    if column not in rows.columns:
        message = f"the frame has no such column, but {', '.join(map(str, rows.columns))}"
        raise dedup.InputError(message, field=column)
    series = rows.get_column(column)
    cells = [None if null else cell for cell, null in zip(series.to_list(), series.is_null().to_list(), strict=True)]
    wrong = next((row for row, cell in enumerate(cells) if not isinstance(cell, str | None)), None)
    if wrong is not None:
        message = f"the text of row {wrong} is {type(cells[wrong]).__name__}, not str"
        raise dedup.InputError(message, field=column)
    return cells


def with_texts(rows: Frame, column: str, made: Callable[[list[str]], list[str]]) -> Frame:
    """The frame with what `made` gives for the distinct texts of the column; other cells stay as they are, missing ones of their kind."""
    cells, series = texts_of(rows, column), rows.get_column(column)
    kind = series.dtype
    distinct = list(kind.categories) if isinstance(kind, nw.Enum) else [text for text in dict.fromkeys(cells) if text is not None]
    new = dict(zip(distinct, made(distinct), strict=True))
    changed = {row: new[text] for row, text in enumerate(cells) if text is not None and new[text] != text}
    if isinstance(kind, nw.Enum):  # its categories are cleaned, used or not: a lazy frame's types are known without its cells
        enum = nw.Enum(dict.fromkeys(new[text] for text in kind.categories))
        return rows.with_columns(_scattered(series.cast(nw.String), changed).cast(enum))
    return rows.with_columns(_written(series, changed).alias(column)) if changed else rows


def _written(series: nw.Series[Any], changed: dict[int, str]) -> nw.Series[Any]:
    """The column with other texts in some of its cells, of the type that it had."""
    native: Any = series.to_native()
    if series.implementation.is_pyarrow():  # it writes into no views and no dictionaries
        plain = nw.from_native(native.cast(nw.get_native_namespace(series).large_string()), series_only=True)
        return nw.from_native(_scattered(plain, changed).to_native().cast(native.type), series_only=True)
    if isinstance(series.dtype, nw.Categorical) and series.implementation.is_pandas_like():
        texts = _scattered(series.cast(nw.String), changed)
        return (
            texts.cast(nw.Categorical)
            if native.dtype == "category"
            else nw.from_native(texts.to_native().astype(native.dtype), series_only=True)
        )
    return _scattered(series, changed)


def _scattered(series: nw.Series[Any], changed: dict[int, str]) -> nw.Series[Any]:
    """The column with these texts in these rows."""
    return series.scatter(list(changed), list(changed.values()))


def selected(rows: Frame, keep: np.ndarray) -> Frame:
    """The rows of the mask; PyArrow takes none where a column holds views, which are strings or binaries meanwhile."""
    places = np.flatnonzero(keep)
    if not rows.implementation.is_pyarrow():
        return rows[places]
    table, pa = rows.to_native(), nw.get_native_namespace(rows)
    plain = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}
    fields = [field.with_type(plain.get(field.type, field.type)) for field in table.schema]
    return nw.from_native(table.cast(pa.schema(fields, table.schema.metadata)).take(places).cast(table.schema), eager_only=True)
