"""Rows of files: their columns, what they need to be written back as they were, and which column is the text."""

from __future__ import annotations

import difflib
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dedup.config import Files


class Head(NamedTuple):
    """What stands before the rows of a file: the names of its columns where they are known, and what its own format writes there.

    `sample` is a row that is not to be written: its columns are those of a file that has no other row.
    """

    columns: tuple[str, ...] | None = None
    origin: object = None
    sample: Row | None = None


class Row(NamedTuple):
    """One row: its columns in their order, and the line (or the number of the row) where it stands, from 1.

    `origin` is what the row's own format needs to write it back as it was; `changes` are the columns that have a new value.
    """

    columns: Mapping[str, Any]
    line: int
    origin: object = None
    changes: Mapping[str, Any] = {}
    encoding: str = "utf-8"
    guessed: bool = False
    replaced: int = 0

    @property
    def values(self) -> dict[str, Any]:
        """The columns with their changes."""
        return {**self.columns, **self.changes}


class Fields(NamedTuple):
    """Which column says what; None where no column does."""

    text: str | None = None
    id: str | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None
    site: str | None = None
    author: str | None = None


# The usual names, the likeliest first; letters in any case.
USUAL = Fields(
    text="text body content article maintext raw_text article_text full_text plain_text 正文 内容",
    id="id _id doc_id docid uuid guid",
    title="title headline 标题",
    date="date published publish_date date_publish pub_date pubdate published_at datetime timestamp time 日期",
    url="url link 链接",
    site="site sitename site_name",
    author="author authors byline 作者",
)


def usual_names(field: str) -> tuple[str, ...]:
    """The usual names of a field's column, the likeliest first."""
    return tuple(str(getattr(USUAL, field)).split())


def choose_fields(columns: Iterable[str], given: Files) -> Fields:
    """The columns that are named by the settings, else those with a usual name.

    Raises InputError, with what was perhaps meant, when a named column is not there or none can be the text.
    """
    names = list(columns)
    lowered = {name.lower(): name for name in reversed(names)}
    found: dict[str, str | None] = {}
    for field in Fields._fields:
        named = getattr(given, f"{field}_field", None)
        if named is not None and named not in names:
            raise InputError(_missing(named, names), field=named)
        taken = {name for name in found.values() if name}
        found[field] = named or next((lowered[name] for name in usual_names(field) if name in lowered and lowered[name] not in taken), None)
    if found["text"] is None:
        message = f"no column is named like a text (has: {_listed(names)}); name it with --text-field"
        raise InputError(message)
    return Fields(**found)


@cache
def said(fields: Fields, given: Files) -> str:
    """The guess in words: `text from 'body', title from 'headline'`; empty when nothing was guessed."""
    guesses = [
        f"{field} from {name!r}"
        for field, name in fields._asdict().items()
        if name is not None and not getattr(given, f"{field}_field", None)
    ]
    return ", ".join(guesses)


def _missing(named: str, names: list[str]) -> str:
    close = difflib.get_close_matches(named, names, 1)
    return f"no such column; did you mean {close[0]!r}?" if close else f"no such column (has: {_listed(names)})"


def _listed(names: list[str]) -> str:
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "") if names else "no columns"
