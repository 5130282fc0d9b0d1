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

from typing import TYPE_CHECKING, Any

import dedup

try:
    import narwhals as nw
except ImportError as error:
    raise dedup.MissingExtraError(package="narwhals", extra="frames") from error

from dedup.integrations.frames.native import applied, selected, texts_of, with_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from narwhals.typing import IntoFrameT

    from dedup.config import Keep

    Frame = nw.DataFrame[Any]
    Policy = Keep | Callable[[Mapping[str, Any]], Any]

_PLAIN = dedup.Config()


def clean_column(frame: IntoFrameT, column: str, *, config: dedup.Config = _PLAIN, workers: int = 1) -> IntoFrameT:
    """The frame with the canonical text in each cell of the column. Raises InputError for a cell that is no text."""

    def made(texts: list[str]) -> list[str]:
        return dedup.clean_texts(texts, config, workers=workers)

    return applied(frame, lambda rows: with_texts(rows, column, made))


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
        """The collected rows with the four columns."""
        marks = _result(rows, column, keep, config).marks()
        made = {name: nw.new_series(name, getattr(marks, name), backend=rows.implementation) for name in ("cluster", "kept", "of", "score")}
        if id is not None:
            made["of"] = rows.get_column(id)[marks.of.tolist()]
        named = [series.alias(prefix + name) for name, series in made.items()]
        if twice := {series.name for series in named} & set(rows.columns):
            message = f"the frame has a column {min(twice)!r} already: give another prefix"
            raise dedup.ConfigError(message)
        return rows.with_columns(*named)

    return applied(frame, step)


def drop_duplicates(frame: IntoFrameT, column: str, *, keep: Policy | None = None, config: dedup.Config = _PLAIN) -> IntoFrameT:
    """The frame without the rows that others repeat; `keep` is a policy, or a function of a row of which the greatest stays."""
    return applied(frame, lambda rows: selected(rows, _result(rows, column, keep, config).keep))


def _result(rows: Frame, column: str, keep: Policy | None, config: dedup.Config) -> dedup.Deduplicated[Any]:
    """What is a duplicate; the other columns are looked at only where the policy needs them."""
    texts: list[dict[str, Any]] = [{column: text} for text in texts_of(rows, column)]
    if callable(keep) or (keep or config.keep) in {"newest", "oldest"}:
        texts = [{**row, **text} for row, text in zip(rows.iter_rows(named=True), texts, strict=True)]
    return dedup.deduplicate(texts, text=column, keep=keep, config=config)
