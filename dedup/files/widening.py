"""Widening: the types of columns that hold every value of rows without types, such as those of JSON Lines.

The rows wait in a temporary file until all have been seen: a column whose millionth value is a fraction or a word is one of fractions or
of words from its first row on, and none of its rows is refused.
"""

from __future__ import annotations

import json
import tempfile
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from dedup.files.columns import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

_BATCH = 1_024  # rows whose types are looked at together
_EXACT = 1 << 53  # whole numbers up to it are themselves as fractions


class Widened(NamedTuple):
    """The columns of rows that wait in a file; `words` are the names of those whose values have no type in common and become words."""

    schema: pa.Schema
    words: frozenset[str]
    waiting: IO[str] | None

    def rows(self) -> Iterator[Row]:
        """The rows in their order, with values that fit the columns."""
        if self.waiting is None:
            return
        self.waiting.seek(0)
        for said in self.waiting:
            line, values = json.loads(said)
            yield Row({name: _word(value) if name in self.words else value for name, value in values.items()}, line)
        self.waiting.close()


class Widening:
    """Rows that are seen one after another."""

    def __init__(self) -> None:
        """No row, no column."""
        self.rows = 0
        self._file: IO[str] | None = None
        self._group: list[Mapping[str, Any]] = []
        self._kinds: dict[str, pa.DataType | None] = {}  # None: no type holds all of its values
        self._large: set[str] = set()  # columns with whole numbers that no fraction is

    def add(self, row: Row) -> None:
        """The row waits, and its types count."""
        if self._file is None:
            self._file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - the reader closes it
        self.rows += 1
        values = row.values
        self._file.write(json.dumps([row.line, values], default=str) + "\n")
        self._group.append(values)
        if len(self._group) == _BATCH:
            self._look()

    def widened(self, known: pa.Schema | None = None) -> Widened:
        """The columns that hold all values of the rows, in the order in which they were first seen; those `known` stay as they are."""
        import pyarrow as pa

        self._look()
        if known is not None:
            more = [(name, kind or pa.string()) for name, kind in self._kinds.items() if name not in known.names]
            schema = pa.schema([*known, *(pa.field(*field) for field in more)], known.metadata)
            return Widened(schema, frozenset(name for name, _ in more if self._kinds[name] is None), self._file)
        words = frozenset(name for name, kind in self._kinds.items() if kind is None)
        return Widened(pa.schema([(name, kind or pa.string()) for name, kind in self._kinds.items()]), words, self._file)

    def _look(self) -> None:
        import pyarrow as pa

        for name in dict.fromkeys(name for values in self._group for name in values):
            if self._kinds.get(name, pa.null()) is None:
                continue
            column = [values.get(name) for values in self._group]
            if any(type(value) is int and abs(value) > _EXACT for value in column):
                self._large.add(name)
            try:
                kind = _common(self._kinds.get(name, pa.null()), pa.array(column).type)
                self._kinds[name] = None if pa.types.is_floating(kind) and name in self._large else kind
            except (pa.ArrowException, OverflowError, TypeError):
                self._kinds[name] = None
        self._group = []


def _common(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """The type that holds the values of both; pyarrow's error where none does. Of a whole number and a fraction it is a fraction."""
    import pyarrow as pa

    schemas = [pa.schema([("column", kind)]) for kind in (one, other)]
    return pa.unify_schemas(schemas, promote_options="permissive").field("column").type


def _word(value: object) -> str | None:
    """The value as a word: a string as it is, anything else as JSON has it."""
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
