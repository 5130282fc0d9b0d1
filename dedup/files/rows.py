"""Anything that holds an article to a Document: a string, bytes, a row with named fields."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from dedup.article.dates import date_in_value
from dedup.errors import InputError
from dedup.files.decode import decode
from dedup.model import Document

# The first name that a row has is taken; the other columns of the row stay as they are, in `extra`.
_TEXT = ("text", "body", "content", "article", "maintext", "raw_text")
_NAMES = {
    "id": ("id", "_id", "doc_id", "uuid"),
    "title": ("title", "headline"),
    "site": ("site", "sitename", "site_name"),
    "author": ("author", "authors", "byline"),
    "date": ("date", "published", "publish_date", "date_publish", "pub_date", "datetime", "time"),
    "url": ("url", "link"),
}


def as_document(article: str | bytes | Mapping[str, object] | Document) -> Document:
    """The article as a Document; a Document is returned as it is.

    Raises InputError when bytes are no text in a known encoding, or when a row has no text field.
    """
    if isinstance(article, Document):
        return article
    if isinstance(article, str):
        return Document(article)
    if isinstance(article, bytes | bytearray | memoryview):
        return document_from_bytes(bytes(article))
    if isinstance(article, Mapping):
        return _row(article)
    message = f"an article is a str, bytes, a mapping or a Document, not {type(article).__name__}"
    raise InputError(message)


def document_from_bytes(data: bytes, *, name: str | None = None) -> Document:
    """The document that the bytes of a file hold; `extra` tells the encoding, whether it was guessed and what could not be decoded."""
    decoded = decode(data)
    extra = {"encoding": decoded.encoding, "encoding_guessed": decoded.guessed, "characters_replaced": decoded.replaced}
    return Document(decoded.text, id=name, extra=extra)


def _row(row: Mapping[str, object]) -> Document:
    """The document of a row: its text, what its other columns say, and every column that says neither in `extra`."""
    text_field = next((name for name in _TEXT if row.get(name) is not None), None)
    if text_field is None:
        present = next((name for name in _TEXT if name in row), None)
        reason = f"the row has no text: none of {', '.join(_TEXT)}" if present is None else "the text is None"
        raise InputError(reason, field=present or _TEXT[0])
    extra: dict[str, Any] = dict(row)
    text = extra.pop(text_field)
    if isinstance(text, bytes):
        text = decode(text).text
    if not isinstance(text, str):
        message = f"the text is {type(text).__name__}, not str"
        raise InputError(message, field=text_field)
    values: dict[str, Any] = {}
    for key, names in _NAMES.items():
        name = next((name for name in names if name in extra), None)
        value = None if name is None else _value(key, extra[name])
        if name is not None and (value is not None or extra[name] is None):
            extra.pop(name)
        values[key] = value
    return Document(text, **values, date_from=None if values["date"] is None else "given", extra=extra)


def _value(key: str, value: object) -> Any:  # noqa: ANN401 - what a column may hold is what Document allows there
    """The value for a field of Document, or None where the column holds something else (it stays in `extra` then)."""
    if key == "date":
        return _date(value)
    if key == "id" and isinstance(value, int):
        return str(value)
    return value if isinstance(value, str) and value.strip() else None


def _date(value: object) -> datetime.date | None:
    """The day of a date, a datetime or a string that a header could hold; None for everything else: no day is made up."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    return date_in_value(value) if isinstance(value, str) else None
