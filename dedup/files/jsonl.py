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


class JsonLine(NamedTuple):
    """A line as it was read; `mark` is the byte order mark before it or nothing."""

    text: str
    end: str
    mark: str = ""


def read(stream: io.BufferedReader, largest: int) -> Iterator[Head | Row | InputError]:
    """The objects of the lines; a line that holds none is an InputError with its number, blank lines are none."""
    yield Head()
    for line in read_lines(stream, largest):
        if isinstance(line, InputError):
            yield line
        elif line.text.strip(f" \t\r{BOM}"):
            yield _row(line)


def _row(line: Line) -> Row | InputError:
    """The row of a line."""
    mark = BOM if line.number == 1 and line.text.startswith(BOM) else ""
    text = line.text[len(mark) :]
    try:
        columns = columns_of(text)
    except InputError as error:
        return InputError(error.reason, line=line.number)
    return Row(columns, line.number, JsonLine(text, line.end, mark), {}, line.encoding, line.guessed, line.replaced)


def write(file: IO[bytes], items: Iterable[Head | Row]) -> None:
    """The rows stand in `file`, one a line; the last line ends as it did in the input."""
    unfinished = False
    for item in items:
        if isinstance(item, Head):
            continue
        mark, end = "", "\n"
        if isinstance(item.origin, JsonLine):
            text, end, mark = item.origin
            text = replaced(text, item.changes) if item.changes else text
        else:
            text = dumped(item.values)
        file.write(("\n" * unfinished + mark + text + end).encode("utf-8", "replace"))
        unfinished = not end
