"""JSON Lines: one object a line; a line that did not change is written as it was read."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, NamedTuple

from dedup.errors import InputError
from dedup.files.columns import Head, Row
from dedup.files.json_text import columns_of, dumped, replaced
from dedup.files.lines import BOM, Line, read_lines

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Iterator


class Opening(NamedTuple):
    """What stands before the first line: a byte order mark or nothing."""

    mark: str


class JsonLine(NamedTuple):
    """A line as it was read."""

    text: str
    end: str


def read(stream: io.BufferedReader, largest: int) -> Iterator[Head | Row | InputError]:
    """The objects of the lines; a line that holds none is an InputError with its number, blank lines are none."""
    yield Head(None, Opening(BOM if stream.peek(3).startswith(BOM.encode()) else ""))
    for line in read_lines(stream, largest):
        if isinstance(line, InputError):
            yield line
        elif line.text.strip(f" \t\r{BOM}"):
            yield _row(line)


def _row(line: Line) -> Row | InputError:
    """The row of a line."""
    text = line.text.removeprefix(BOM) if line.number == 1 else line.text
    try:
        columns = columns_of(text)
    except InputError as error:
        return InputError(error.reason, line=line.number)
    return Row(columns, line.number, JsonLine(text, line.end), {}, line.encoding, line.guessed, line.replaced)


def write(file: IO[bytes], items: Iterable[Head | Row]) -> None:
    """The rows stand in `file`, one a line, behind the mark of the first file; the last line ends as it did in the input."""
    unfinished, mark = False, None
    for item in items:
        if isinstance(item, Head):
            mark = item.origin.mark if mark is None and isinstance(item.origin, Opening) else mark or ""
            continue
        end = "\n"
        if isinstance(item.origin, JsonLine):
            text, end = item.origin
            text = replaced(text, item.changes) if item.changes else text
        else:
            text = dumped(item.values)
        file.write(("\n" * unfinished + (mark or "") + text + end).encode("utf-8", "replace"))
        unfinished, mark = not end, ""
