r"""Frames of pandas, Polars (eager and lazy) and PyArrow: the same kind of frame comes back, its index, order and types with it.

    >>> import pandas as pd
    >>> from dedup.integrations.frames import clean_column, drop_duplicates, mark_duplicates
    >>> body = "The council met in the town hall.\nIt voted for the bridge."
    >>> frame = pd.DataFrame({"text": [body.replace("\n", "") + "\n" + body, "Snow is near.", "SNOW is near"]}, ["a", "b", "c"])
    >>> clean_column(frame, "text").loc["a", "text"] == body
    True
    >>> mark_duplicates(frame, "text").loc["c"].to_dict()
    {'text': 'SNOW is near', 'dedup_cluster': 1, 'dedup_kept': False, 'dedup_of': 1, 'dedup_score': 1.0}
    >>> list(drop_duplicates(frame, "text").index)
    ['a', 'b']

A null text stays null and is never a duplicate. A lazy Polars frame stays lazy: its texts are read when it is collected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

import dedup

try:
    import narwhals as nw
except ImportError as error:
    raise dedup.MissingExtraError(package="narwhals", extra="frames") from error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from narwhals.typing import IntoFrameT

    from dedup.config import Keep

    Frame = nw.DataFrame[Any]
    Policy = Keep | Callable[[Mapping[str, Any]], Any]

_PLAIN = dedup.Config()


def clean_column(frame: IntoFrameT, column: str, *, config: dedup.Config = _PLAIN, workers: int = 1) -> IntoFrameT:
    """The frame with the canonical text in each cell of the column. Raises InputError for a cell that is no text."""

    def step(rows: Frame) -> Frame:
        cells, series = _texts(rows, column), rows.get_column(column)
        kind, native = series.dtype, series.to_native()
        distinct = list(kind.categories) if isinstance(kind, nw.Enum) else [text for text in dict.fromkeys(cells) if text is not None]
        new = {text: result.text for text, result in zip(distinct, dedup.clean_all(distinct, config, workers=workers), strict=True)}
        changed = {row: new[text] for row, text in enumerate(cells) if text is not None and new[text] != text}
        if isinstance(kind, nw.Enum):  # its categories are cleaned, used or not: a lazy frame's types are known without its cells
            kind = nw.Enum(dict.fromkeys(new[text] for text in kind.categories))
        elif not changed:
            return rows
        coded = isinstance(kind, nw.Enum) or (isinstance(kind, nw.Categorical) and rows.implementation.is_pandas_like())
        texts = (series.cast(nw.String) if coded else series).scatter(list(changed), list(changed.values()))
        if coded and str(native.dtype).startswith("dictionary"):  # a column of Arrow in pandas
            return rows.with_columns(nw.from_native(texts.to_native().astype(native.dtype), series_only=True))
        return rows.with_columns(texts.cast(kind) if coded else texts)

    return _applied(frame, step)


def mark_duplicates(
    frame: IntoFrameT,
    column: str,
    *,
    keep: Policy | None = None,
    id: str | None = None,  # noqa: A002 - the field's name
    config: dedup.Config = _PLAIN,
    prefix: str = "dedup_",
) -> IntoFrameT:
    """The frame with four columns more: `cluster` (a number), `kept`, `of` and `score`, each behind the prefix.

    `of` is the row, from 0, that says the same and stays, or what it has in the column `id`; of a row that stays, the row itself.
    """

    def step(rows: Frame) -> Frame:
        result = _result(rows, column, keep, config)
        of, score = list(range(len(rows))), [1.0] * len(rows)
        for gone in result.removed:
            of[gone.row], score[gone.row] = gone.of, gone.score
        centre = [min(row, of[row]) for row in of]  # with keep="none" the centre of a group names one of its rows
        number = {row: place for place, row in enumerate(sorted(set(centre)))}
        made = [("cluster", [number[row] for row in centre], nw.Int64()), ("kept", result.keep.tolist(), nw.Boolean())]
        made += [("of", of, nw.Int64()), ("score", score, nw.Float64())]
        if twice := {prefix + name for name, *_ in made} & set(rows.columns):
            message = f"the frame has a column {min(twice)!r} already: give another prefix"
            raise dedup.ConfigError(message)
        marks = [nw.new_series(prefix + name, values, kind, backend=rows.implementation) for name, values, kind in made]
        return (
            rows.with_columns(*marks)
            if id is None
            else rows.with_columns(*marks[:2], rows.get_column(id)[of].alias(f"{prefix}of"), marks[3])
        )

    return _applied(frame, step)


def drop_duplicates(frame: IntoFrameT, column: str, *, keep: Policy | None = None, config: dedup.Config = _PLAIN) -> IntoFrameT:
    """The frame without the rows that others repeat; `keep` is a policy, or a function of a row of which the greatest stays."""
    return _applied(frame, lambda rows: rows[np.flatnonzero(_result(rows, column, keep, config).keep)])


def _result(rows: Frame, column: str, keep: Policy | None, config: dedup.Config) -> dedup.Deduplicated[Any]:
    """What is a duplicate; the other columns are looked at only where the policy needs them."""
    texts: list[dict[str, Any]] = [{column: text} for text in _texts(rows, column)]
    if callable(keep) or (keep or config.keep) in {"newest", "oldest"}:
        texts = [{**row, **text} for row, text in zip(rows.iter_rows(named=True), texts, strict=True)]
    return dedup.deduplicate(texts, text=column, keep=keep, config=config)


def _texts(rows: Frame, column: str) -> list[str | None]:
    """The cells of the column, None for null and NaN."""
    if column not in rows.columns:
        message = f"the frame has no such column, but {', '.join(map(str, rows.columns))}"
        raise dedup.InputError(message, field=column)
    series = rows.get_column(column)
    cells = [None if null else cell for cell, null in zip(series.to_list(), series.is_null().to_list(), strict=True)]
    wrong = next((row for row, cell in enumerate(cells) if cell is not None and not isinstance(cell, str)), None)
    if wrong is not None:
        message = f"the text of row {wrong} is {type(cells[wrong]).__name__}, not str"
        raise dedup.InputError(message, field=column)
    return cells


def _applied(frame: IntoFrameT, step: Callable[[Frame], Frame]) -> IntoFrameT:
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
