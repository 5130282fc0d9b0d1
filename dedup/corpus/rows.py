"""Rows of a corpus as columns: their texts, their names, and what the keep policy looks at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.corpus.keep import UNDATED, places
from dedup.errors import InputError
from dedup.model import Document

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Sequence

_IDS = ("id", "_id", "doc_id", "uuid")


def texts_of(rows: Sequence[object], field: str | None, read: Callable[[Any], Document]) -> list[str]:
    """The texts of rows; a text that is None is an empty one.

    `field` names the column of the text; without it `read` finds it. Raises InputError that names the row which has no text.
    """
    texts: list[str] = []
    for number, row in enumerate(rows):
        if isinstance(row, str):
            text: object = row
        elif isinstance(row, Document):
            text = row.text
        elif field is not None and isinstance(row, Mapping):
            if field not in row:
                message = f"row {number} has no such field"
                raise InputError(message, field=field)
            text = row[field]
        else:
            try:
                text = read(row).text
            except InputError as error:
                message = f"row {number}: {error.reason}"
                raise InputError(message, field=error.field) from error
        if text is not None and not isinstance(text, str):
            message = f"the text of row {number} is {type(text).__name__}, not str"
            raise InputError(message, field=field)
        texts.append(text or "")
    return texts


def name_of(row: object) -> str | None:
    """The id that a row carries, as a string."""
    if isinstance(row, Document):
        return row.id
    if isinstance(row, Mapping):
        name = next((row[key] for key in _IDS if row.get(key) is not None), None)
        return None if name is None else str(name)
    return None


def days_of(dates: Sequence[datetime.date | None], *, newest: bool) -> np.ndarray:
    """Days (int64), later ones greater if the `newest` row stays, else earlier ones; UNDATED for None."""
    sign = 1 if newest else -1
    return np.array([UNDATED if date is None else sign * date.toordinal() for date in dates], np.int64)


def key_values(rows: Sequence[object], key: Callable[[Any], Any]) -> np.ndarray:
    """The places of the rows' keys (int64); of two rows the one of the greater key is kept."""
    try:
        return places([key(row) for row in rows])
    except TypeError as error:
        message = f"the keys of the keep function cannot be compared: {error}"
        raise InputError(message) from error
