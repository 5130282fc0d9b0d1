"""JSON Lines by place: the texts stream by, and single ones are read again where they stand."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import orjson

from dedup.errors import InputError
from dedup.files.columns import usual_names
from dedup.files.decode import decode
from dedup.files.json_text import as_columns, columns_of
from dedup.files.lines import too_large
from dedup.files.names import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_TEXT, _ID, _DATE = usual_names("text"), usual_names("id"), usual_names("date")
MARK = b"\xef\xbb\xbf"


class Place(NamedTuple):
    """Where a row stands: the number of its file, its first byte, its length in bytes, its line from 1."""

    file: int
    offset: int
    length: int
    line: int


class Names(NamedTuple):
    """The columns to look at, None for the usual names."""

    text: str | None = None
    id: str | None = None
    date: str | None = None


def read_rows(
    path: Path, number: int, names: Names, offset: int = 0, line: int = 0, largest: int | None = None
) -> Iterator[tuple[Place, dict[str, Any] | InputError]]:
    """The rows of a file from a place on, each with its place.

    A line that is no row with a text, or of more than `largest` bytes, is an InputError. Blank lines are none.
    """
    most = -1 if largest is None else largest + 1
    with path.open("rb", buffering=1 << 20) as file:
        file.seek(offset)
        while data := file.readline(most):
            line += 1
            size = len(data)
            if largest is not None and size > largest:
                rest = _rest(file, data)
                yield Place(number, offset, size + rest, line), InputError(too_large(largest), path=shown(path), line=line)
                offset += size + rest
                continue
            place = Place(number, offset, size, line)
            offset += size
            if not data.isspace():
                yield place, parsed(data, path, line, names)


def _rest(file: IO[bytes], data: bytes) -> int:
    """The bytes of a line behind what was read of it, which are passed over."""
    size = 0
    while not data.endswith(b"\n") and (data := file.readline(1 << 20)):
        size += len(data)
    return size


def parsed(data: bytes, path: Path, line: int, names: Names) -> dict[str, Any] | InputError:
    """The row of a line that has a text (which may be null), or the reason why it is none: the same rows and words as `jsonl.read`."""
    data = data.removeprefix(MARK) if line == 1 else data
    try:
        try:
            row = as_columns(orjson.loads(data))
        except orjson.JSONDecodeError:
            row = {name: _whole(value) for name, value in columns_of(decode(data.rstrip(b"\r\n")).text).items()}
    except InputError as error:
        return InputError(error.reason, path=shown(path), line=line)
    name = names.text or next(iter(_usual(tuple(row)).text), None)
    if name is None or name not in row:
        return InputError("the row has no such field", path=shown(path), line=line, field=name or _TEXT[0])
    if not isinstance(row[name], str | None):
        return InputError(f"the text is {type(row[name]).__name__}, not a string", path=shown(path), line=line, field=name)
    return row


def _whole(value: Any) -> Any:  # noqa: ANN401 - what JSON can hold
    """The value; a text that holds halves of surrogate pairs, which no file can, with U+FFFD for them."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value


class _Usual(NamedTuple):
    """The columns of a row that may be its text, its id and its date, the likeliest first."""

    text: tuple[str, ...]
    id: tuple[str, ...]
    date: tuple[str, ...]


@lru_cache(4_096)
def _usual(columns: tuple[str, ...]) -> _Usual:
    """The columns with a usual name, in any case."""
    lowered = {name.lower(): name for name in reversed(columns)}
    return _Usual(*(tuple(lowered[name] for name in wanted if name in lowered) for wanted in (_TEXT, _ID, _DATE)))


def text_of(row: dict[str, Any], names: Names) -> str:
    """The text of a row, empty for null."""
    return row[names.text or _usual(tuple(row)).text[0]] or ""


def id_of(row: dict[str, Any], names: Names) -> str | None:
    """The id of a row as a string."""
    value = row.get(names.id) if names.id else next((row[name] for name in _usual(tuple(row)).id if row[name] is not None), None)
    return None if value is None else str(value)


def date_of(row: dict[str, Any], names: Names) -> object:
    """What the row says of its date."""
    return row.get(names.date) if names.date else next((row[name] for name in _usual(tuple(row)).date if row[name] is not None), None)


class Reader:
    """Rows of files by their places; any number of threads may ask."""

    def __init__(self, paths: Sequence[Path], names: Names) -> None:
        """Open the files; where they are more than half of what the process may have open, look at them, and open each when it is asked."""
        self._paths, self._names = paths, names
        few = len(paths) <= _most_open() // 2
        self._files = [path.open("rb") for path in paths] if few else []
        self._versions = [] if few else [_version(path.stat()) for path in paths]

    def row(self, place: Place) -> dict[str, Any]:
        """The row at a place; InputError when it is not there any more."""
        row = parsed(self.data(place), self._paths[place.file], place.line, self._names)
        if isinstance(row, InputError):
            message = "the file has changed since it was read"
            raise InputError(message, path=shown(self._paths[place.file]), line=place.line) from row
        return row

    def data(self, place: Place) -> bytes:
        """The bytes of a row."""
        return self._read(place.file, place.length, place.offset)

    def mark(self, file: int) -> bytes:
        """The byte order mark that a file begins with, or nothing."""
        return MARK if self._read(file, len(MARK), 0) == MARK else b""

    def _read(self, file: int, length: int, offset: int) -> bytes:
        """Bytes of a file; InputError where one that is not held open is another one now."""
        if self._files:
            return os.pread(self._files[file].fileno(), length, offset)
        with self._paths[file].open("rb", buffering=0) as opened:
            if _version(os.fstat(opened.fileno())) != self._versions[file]:
                message = "the file has changed since it was read"
                raise InputError(message, path=shown(self._paths[file]))
            return os.pread(opened.fileno(), length, offset)

    def text(self, place: Place) -> str:
        """The text at a place."""
        return text_of(self.row(place), self._names)

    def id(self, place: Place) -> str | None:
        """The id of the row at a place."""
        return id_of(self.row(place), self._names)

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            file.close()


def _version(known: os.stat_result) -> tuple[int, ...]:
    """What is another where a file was written or replaced."""
    return known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns


def _most_open() -> int:
    """How many files the process may have open."""
    try:
        import resource
    except ImportError:  # Windows
        return 512
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
