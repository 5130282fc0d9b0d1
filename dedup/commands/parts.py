"""The inputs of `drop` and `check` as JSON Lines: files as they are or unpacked, and a spool of what the rows of other formats say."""

from __future__ import annotations

import io
import shutil
import sys
from array import array
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from dedup.errors import InputError
from dedup.files.columns import Head, Row
from dedup.files.formats import Kind, opened
from dedup.files.lines import read_lines, usual_encoding
from dedup.files.names import shown
from dedup.files.read import STDIN, Item, Source, read_items
from dedup.report.account import AccountError
from dedup.written import writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from dedup.config import Files
    from dedup.files.places import Names

LINES = frozenset({"jsonl", ""})  # the kinds whose rows are compared and written back where they stand


class Copy(NamedTuple):
    """A source as it is read, which for standard input is a file; what it is called, and its size and time when it was read."""

    source: Source
    name: str
    state: tuple[int, int]


class Spool(NamedTuple):
    """What a spool was made of: its sources, and for each of its lines the number of the source and the line there, 0 for a whole file."""

    copies: list[Copy]
    numbers: array[int]
    lines: array[int]


class Part(NamedTuple):
    """A file of JSON Lines: its path and what it is called, or what it was made of."""

    path: Path
    name: str
    spool: Spool | None = None

    def stands(self, line: int) -> tuple[str, int | None]:
        """The input and the line in it that a line of this file is from."""
        if self.spool is None:
            return self.name, line
        return self.spool.copies[self.spool.numbers[line - 1]].name, self.spool.lines[line - 1] or None


def parts_of(
    sources: Iterable[Source], folder: Path, names: Names, files: Files, aside: Callable[[InputError], None], *, lines: bool, to: str | None
) -> list[Part]:
    """The sources as JSON Lines in their order; with `lines`, those in JSON Lines are not spooled.

    `to` is the format of the rows that stay, None where none is written. `aside` is told of what is unreadable.
    Where no name says the format, it is JSON Lines.
    """
    folder.mkdir()
    parts: list[Part] = []
    for direct, group in groupby(sources, lambda source: lines and source.kind.name in LINES):
        if direct:
            for source in group:
                parts.append(Part(_plain(source, folder / f"{len(parts)}.jsonl", files, aside), shown(source.path)))
        else:
            path = folder / f"{len(parts)}.jsonl"
            parts.append(Part(path, shown(path), _spooled(list(group), path, names, files, aside, to)))
    return parts


def _plain(source: Source, spool: Path, files: Files, aside: Callable[[InputError], None]) -> Path:
    """The path of a file whose rows can be read by their places: itself, or what standard input or a packed file holds.

    Of a damaged one that is its whole lines before the damage, of which `aside` is told. What is in another encoding than UTF-8
    goes there in that.
    """
    name = shown(source.path)
    if source.path is not STDIN and source.kind.compression is None:
        with source.path.open("rb") as file:
            if usual_encoding(io.BufferedReader(file, 1 << 16)) == "utf-8":
                return source.path
    size = whole = lines = 0
    with sys.stdin.buffer if source.path is STDIN else source.path.open("rb") as stream, writer(spool, spool) as out:
        try:
            plain, _ = opened(stream, source.kind, files.most_expansion)  # type: ignore[arg-type] # both are buffered readers
            if usual_encoding(plain) == "utf-8":
                while data := plain.read1(1 << 20):
                    out.write(data)
                    lines += data.count(b"\n")
                    whole = size + end if (end := data.rfind(b"\n") + 1) else whole
                    size += len(data)
            else:
                for line in read_lines(plain, files.largest):
                    lines += 1
                    if isinstance(line, InputError):
                        aside(InputError(line.reason, path=name, line=line.line))
                    out.write(b"\n" if isinstance(line, InputError) else (line.text + line.end).encode("utf-8", "replace"))
                    whole = out.tell()
        except InputError as error:
            out.seek(whole)
            out.truncate()
            aside(InputError(error.reason, path=name, line=lines + 1 if lines else None))
    return spool


def _spooled(
    sources: Sequence[Source], path: Path, names: Names, files: Files, aside: Callable[[InputError], None], to: str | None
) -> Spool:
    """What the spool that now stands at `path` was made of: a line for each row that has a text."""
    spool = Spool([], array("i"), array("q"))
    with writer(path, path) as out:
        for number, source in enumerate(sources):
            copy = _copy(source, path.with_name(f"{path.stem}-{number}"))
            spool.copies.append(copy)
            for item in read_items(copy.source, files, to=to):
                if isinstance(item.content, InputError):
                    error = item.content
                    aside(InputError(error.reason, path=copy.name, line=error.line, field=error.field))
                elif isinstance(item.content, Row) and item.document is not None:
                    out.write(orjson.dumps(_line(item, names)) + b"\n")
                    spool.numbers.append(number)
                    spool.lines.append(_number(item))
    return spool


def _copy(source: Source, place: Path) -> Copy:
    """The source as a file that can be read twice."""
    name = shown(source.path)
    if source.path is STDIN:
        place.mkdir()
        source = source._replace(top=str(place))
        with source.path.open("wb") as out:
            shutil.copyfileobj(sys.stdin.buffer, out, 1 << 20)
    if not source.kind.name:
        source = source._replace(kind=Kind("jsonl", source.kind.compression))
    return Copy(source, name, _state(source.path))


def _state(path: Path) -> tuple[int, int]:
    """The size of a file and the time of its last change."""
    known = path.stat()
    return known.st_size, known.st_mtime_ns


def _number(item: Item) -> int:
    """The line of a row, 0 where a file is one article."""
    return item.content.line if isinstance(item.content, Row) and item.source.kind.format.rows else 0


def _line(item: Item, names: Names) -> dict[str, str | None]:
    """What the decision needs to know of a row, under the names it is looked for; no date is an empty one, so that none is looked for."""
    row, document = item.content, item.document
    if not isinstance(row, Row) or document is None:
        message = "an item without a row has nothing to compare"
        raise TypeError(message)
    value: Any = document.id
    if item.source.kind.format.columns:
        value = None if item.fields.id is None else row.columns.get(item.fields.id)
    identifier = None if value is None else str(value).encode("utf-8", "replace").decode()
    date = "" if document.date is None else document.date.isoformat()
    return {names.date or "date": date, names.id or "id": identifier, names.text or "text": document.text}


def kept_rows(parts: Iterable[Part], stays: Iterator[bool], files: Files, to: str) -> Iterator[Head | Row]:
    """The heads of spooled files and those of their rows that stay, as they stand in the inputs, which are read again.

    Where none stays, one more head has the first row as its sample.

    Raises InputError when an input is not what it was.
    """
    first, none = None, True
    for part in parts:
        if part.spool is None:
            continue
        line = 0
        for number, copy in enumerate(part.spool.copies):
            if _state(copy.source.path) != copy.state:
                raise _changed(copy)
            for item in read_items(copy.source, files, to=to):
                if isinstance(item.content, Head):
                    yield item.content
                elif isinstance(item.content, Row) and item.document is not None:
                    if line >= len(part.spool.lines) or (part.spool.numbers[line], part.spool.lines[line]) != (number, _number(item)):
                        raise _changed(copy)
                    line += 1
                    first = first or item.content
                    if next(stays):
                        none = False
                        yield item.content
            if line < len(part.spool.numbers) and part.spool.numbers[line] == number:
                raise _changed(copy)
    _refuse_rest(stays)
    if none and first is not None:
        yield Head(None, None, first)


def _refuse_rest(stays: Iterator[bool]) -> None:
    """Raise AccountError when not every row that was read came by again."""
    if next(stays, None) is not None:
        message = "rows that were read are not written"
        raise AccountError(message)


def _changed(copy: Copy) -> InputError:
    message = "the file has changed since it was read"
    return InputError(message, path=copy.name)
