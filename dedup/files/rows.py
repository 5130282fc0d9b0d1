"""Anything that holds an article to a Document: a string, bytes, a row with named fields."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from dedup.article.dates import date_in_value
from dedup.errors import InputError
from dedup.files.columns import Fields, Row, usual_names
from dedup.files.decode import decode
from dedup.model import Document

if TYPE_CHECKING:
    from collections.abc import Iterable

Many = TypeVar("Many")
# The first name that a row has is taken; the other columns of the row stay as they are, in `extra`.
_TEXT = usual_names("text")
_NAMES = {field: usual_names(field) for field in ("id", "title", "site", "author", "date", "url")}


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


def many(articles: Iterable[Many]) -> Iterable[Many]:
    """The articles; InputError when they are one alone, whose letters, bytes or columns would be taken for articles."""
    if isinstance(articles, str | bytes | bytearray | memoryview | Mapping | Document) or not hasattr(articles, "__iter__"):
        message = f"many articles are wanted, in a list or another iterable, not one {type(articles).__name__}: [article]"
        raise InputError(message)
    return articles


def document_from_bytes(data: bytes, *, name: str | None = None) -> Document:
    """The document that the bytes of a file hold; `extra` tells the encoding, whether it was guessed and what could not be decoded."""
    decoded = decode(data)
    extra = {"encoding": decoded.encoding, "encoding_guessed": decoded.guessed, "characters_replaced": decoded.replaced}
    return Document(decoded.text, id=name, extra=extra)


def document_from_row(row: Row, fields: Fields, name: str) -> Document:
    """The document of a file's row, named by its id or else by `name`; a row whose text is null has an empty one.

    Raises InputError when the text is something else.
    """
    text = row.columns.get(fields.text or "", _ABSENT)
    if text is _ABSENT:
        message = "the row has no such field"
        raise InputError(message, line=row.line, field=fields.text)
    if isinstance(text, bytes):
        text = decode(text).text
    if text is not None and not isinstance(text, str):
        message = f"the text is {type(text).__name__}, not a string"
        raise InputError(message, line=row.line, field=fields.text)
    lost = 0
    if text and not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:  # halves of surrogate pairs, which JSON can hold and no file
            whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            text, lost = whole, whole.count("\ufffd") - text.count("\ufffd")
    known: dict[str, Any] = {}
    for key in _NAMES:
        column = getattr(fields, key)
        known[key] = None if column is None else _known(key, column, row)
    known["id"] = known["id"] or name
    extra = {"encoding": row.encoding, "encoding_guessed": row.guessed, "characters_replaced": row.replaced + lost}
    return Document(text or "", **known, date_from=None if known["date"] is None else "given", extra=extra)


def _known(key: str, column: str, row: Row) -> Any:  # noqa: ANN401 - as `_value`
    """The value of a row's column, or None where Python cannot hold it: the row has a text all the same."""
    try:
        value = row.columns.get(column)
    except InputError:
        return None
    return _value(key, value)


_ABSENT = object()


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
