"""CSV and TSV: a header line and rows; a row that did not change is written as it was read, a changed one keeps its other cells."""

from __future__ import annotations

import csv
import re
from collections import deque
from typing import IO, TYPE_CHECKING, NamedTuple

from dedup.errors import ConfigError, InputError
from dedup.files.columns import Head, Row
from dedup.files.json_text import dumped
from dedup.files.lines import BOM, Line, read_lines, too_large
from dedup.plural import number

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Iterator

_NEEDS_QUOTES = re.compile(r'["\r\n]|^\s|\s$')
_DELIMITERS = ",\t;"
_QUOTED_CELL = r'"(?:[^"]|"")*+"'
_CELL = {delimiter: re.compile(rf"{_QUOTED_CELL}|[^{delimiter}]*+") for delimiter in _DELIMITERS}
_SOUND_CELL = {delimiter: rf'(?:{_QUOTED_CELL}|[^"{delimiter}\r\n]*+)' for delimiter in _DELIMITERS}
# A record in which each cell is quoted or holds no quote.
_SOUND = {delimiter: re.compile(rf"{cell}(?:{delimiter}{cell})*+") for delimiter, cell in _SOUND_CELL.items()}
_MAY_PART = re.compile(r"[,;\t]")  # what some spreadsheet begins a new cell behind, unless it is quoted
# What a spreadsheet takes for a formula, also in the full width that Chinese and Japanese ones read; behind apostrophes, too,
# so that one more can be told from those that were there.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


class Dialect(NamedTuple):
    """The header as it was read, and what parts its cells and ends its lines."""

    text: str
    end: str
    delimiter: str


class Record(NamedTuple):
    """A row as it was read; it may reach over several lines."""

    text: str
    end: str
    delimiter: str


def read(stream: io.BufferedReader, largest: int, delimiter: str = ",") -> Iterator[Head | Row | InputError]:
    """The rows below the header; one with broken quoting or another number of cells is an InputError with its first line."""
    csv.field_size_limit(largest)
    records = _records(read_lines(stream, largest), largest)
    first = next(records, None)
    if first is None:
        yield Head(())
        return
    if isinstance(first, InputError):
        yield first
        return
    text, end = first.text.removeprefix(BOM), first.end
    if delimiter == "," and "," not in text and ";" in text:  # what spreadsheets write where the comma parts decimals
        delimiter = ";"
    try:
        columns = tuple(_cells(text, delimiter))
    except csv.Error as error:
        yield InputError(f"broken quoting in the header: {error}", line=1)
        return
    if len(set(columns)) != len(columns):
        yield InputError("two columns have the same name", line=1)
        return
    yield Head(columns, Dialect(first.text, end or "\n", delimiter))
    yield from _rows(records, columns, delimiter)


def _rows(records: Iterator[Line | InputError], columns: tuple[str, ...], delimiter: str) -> Iterator[Row | InputError]:
    """The rows of the records."""
    for record in records:
        if isinstance(record, InputError):
            yield record
            continue
        try:
            cells = _cells(record.text, delimiter)
        except csv.Error as error:
            yield InputError(f"broken quoting: {error}", line=record.number)
            continue
        if len(cells) != len(columns):
            yield InputError(f"the row has {number(len(cells), 'cell')}, the header {len(columns)}", line=record.number)
            continue
        values = dict(zip(columns, cells, strict=True))
        yield Row(values, record.number, Record(record.text, record.end, delimiter), {}, record.encoding, record.guessed, record.replaced)


def _records(lines: Iterable[Line | InputError], largest: int) -> Iterator[Line | InputError]:
    """Lines joined to records where quotes are open; a quote that is never closed costs its own line and none behind it."""
    waiting: deque[Line | InputError] = deque()
    source = iter(lines)
    while True:
        line = waiting.popleft() if waiting else next(source, None)
        if line is None:
            return
        if isinstance(line, InputError) or line.text.count('"') % 2 == 0:
            if isinstance(line, InputError) or line.text.strip(" "):
                yield line
            continue
        parts, more, size = [line], [], len(line.text)
        while size <= largest and (following := waiting.popleft() if waiting else next(source, None)) is not None:
            more.append(following)
            if isinstance(following, InputError):
                break
            parts.append(following)
            size += len(following.text)
            if following.text.count('"') % 2:
                break
        record = _joined(parts)
        if record.text.count('"') % 2 == 0 and _is_sound(record.text):
            yield record
            continue
        yield InputError("broken quoting: a quote is not closed" if size <= largest else too_large(largest), line=line.number)
        waiting.extendleft(reversed(more))


def _joined(parts: list[Line]) -> Line:
    """One line of several, with the ends between them."""
    text = "".join(part.text + part.end for part in parts[:-1]) + parts[-1].text
    odd = next((part for part in parts if part.guessed), parts[0])
    return Line(text, parts[0].number, parts[-1].end, odd.encoding, odd.guessed, sum(part.replaced for part in parts))


def _is_sound(text: str) -> bool:
    """True when quotes stand only around cells, so that the lines of a record belong together."""
    return any(_SOUND[delimiter].fullmatch(text) for delimiter in _DELIMITERS)


def _cells(text: str, delimiter: str) -> list[str]:
    """The cells of a record."""
    if not text:
        return [""]
    return next(csv.reader(text.splitlines(keepends=True) if "\n" in text else [text], delimiter=delimiter, strict=True))


def write(file: IO[bytes], items: Iterable[Head | Row], delimiter: str = ",", *, safe: bool = False) -> None:
    """The header and the rows stand in `file`; the last line ends as it did in the input.

    With `safe` no cell is a formula: one that would be has an apostrophe more in front, and what could part a cell stands in quotes.
    """
    columns, dialect, unfinished = None, Dialect("", "\n", delimiter), False
    sample: Row | None = None
    for item in items:
        if isinstance(item, Head):
            sample = sample or item.sample
            if columns is None and item.columns is not None and isinstance(item.origin, Dialect):
                columns, dialect = item.columns, item.origin
                if "\t" in {delimiter, dialect.delimiter} and delimiter != dialect.delimiter:  # from CSV to TSV, or the other way
                    dialect = Dialect(_line(columns, delimiter), dialect.end, delimiter)
                file.write(((_harmless_head(dialect.text, dialect.delimiter) if safe else dialect.text) + dialect.end).encode())
            continue
        if columns is None:
            columns = tuple(item.values)
            text = _line(columns, dialect.delimiter)
            file.write(((_harmless_head(text, dialect.delimiter) if safe else text) + dialect.end).encode())
        if tuple(item.columns) == columns and isinstance(item.origin, Record) and item.origin.delimiter == dialect.delimiter:
            text, end = _changed(item, item.origin.text, dialect.delimiter), item.origin.end
        else:
            text, end = _line(_in_order(item, columns), dialect.delimiter), dialect.end
        if safe:
            text = _harmless(text, dialect.delimiter)
        file.write((dialect.end * unfinished + text + end).encode("utf-8", "replace"))
        unfinished = not end
    if columns is None and sample is not None:
        text = _line(sample.values, dialect.delimiter)
        file.write(((_harmless_head(text, dialect.delimiter) if safe else text) + dialect.end).encode("utf-8", "replace"))


def _harmless_head(text: str, delimiter: str) -> str:
    """The header, perhaps behind a byte order mark, in which no cell is a formula."""
    return BOM * text.startswith(BOM) + _harmless(text.removeprefix(BOM), delimiter)


def _harmless(text: str, delimiter: str) -> str:
    """The record, in which no cell is a formula."""
    parts, done = [], 0
    for start, end in _spans(text, delimiter):
        written = text[start:end]
        quoted = written.startswith('"')
        cell = written[1:-1].replace('""', '"') if quoted else written
        safe = f"'{cell}" if _FORMULA.match(cell) else cell
        if safe is not cell or (not quoted and _MAY_PART.search(cell)):
            parts += [text[done:start], _cell(safe, delimiter, quoted=quoted or bool(_MAY_PART.search(cell)))]
            done = end
    return "".join([*parts, text[done:]])


def _in_order(row: Row, columns: tuple[str, ...]) -> list[str]:
    """The values of a row under the file's columns, as text."""
    values = row.values
    if other := [name for name in values if name not in columns]:
        message = f"the column {other[0]!r} is not one of the output's ({', '.join(columns)}): write .jsonl, or file by file"
        raise ConfigError(message)
    return [
        "" if (value := values.get(name)) is None else value if isinstance(value, str) else dumped(value).strip('"') for name in columns
    ]


def _line(cells: Iterable[str], delimiter: str) -> str:
    """The cells as a record."""
    return delimiter.join(_cell(cell, delimiter, quoted=False) for cell in cells)


def _cell(text: str, delimiter: str, *, quoted: bool) -> str:
    """The cell, in quotes where it was or must be."""
    if quoted or delimiter in text or _NEEDS_QUOTES.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def _changed(row: Row, text: str, delimiter: str) -> str:
    """The record with the new cells in their places."""
    if not row.changes:
        return text
    parts, done = [], 0
    spans = _spans(text, delimiter)
    for (start, end), name in zip(spans, row.columns, strict=True):
        if name in row.changes:
            parts += [text[done:start], _cell(str(row.changes[name]), delimiter, quoted=text[start : start + 1] == '"')]
            done = end
    return "".join([*parts, text[done:]])


def _spans(text: str, delimiter: str) -> list[tuple[int, int]]:
    """Where each cell of a record stands, its quotes included."""
    spans, place = [], 0
    while True:
        match = _CELL[delimiter].match(text, place)
        end = match.end() if match else place
        spans.append((place, end))
        if end >= len(text):
            return spans
        place = end + 1
