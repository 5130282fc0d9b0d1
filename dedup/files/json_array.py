"""JSON: an array of objects, read and written object by object, with the white space between them; or one object alone."""

from __future__ import annotations

import codecs
import json
import re
from typing import IO, TYPE_CHECKING, NamedTuple

from dedup.errors import InputError
from dedup.files.columns import Head, Row
from dedup.files.json_text import as_columns, columns_of, dumped, replaced
from dedup.files.lines import BOM, too_large, usual_encoding

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Iterator

_SPACE = re.compile(r"[ \t\n\r]*")
_CHUNK = 1 << 18


class Opening(NamedTuple):
    """What stands before the first element: a byte order mark or nothing, and `[` or nothing."""

    mark: str
    bracket: str


class Element(NamedTuple):
    """An element as it was read, with the white space around it and, for the last one, what stands behind it to the end."""

    before: str
    text: str
    after: str
    rest: str | None = None


class _Text:
    """The text of a stream, of which a piece that is not used up yet is held; `place` is where the reader stands in it."""

    def __init__(self, stream: io.BufferedReader, largest: int) -> None:
        encoding = usual_encoding(stream)
        self._stream, self._decoder = stream, codecs.getincrementaldecoder(encoding)(errors="replace")
        self.largest, self.held, self.place, self.line = largest, "", 0, 1
        self.ended = self.closed = False  # the stream; the array

    def more(self) -> bool:
        """Whether there was more text; twice as much is held then, so that looking again and again stays linear."""
        if self.ended:
            return False
        self.line += self.held.count("\n", 0, self.place)
        self.held, self.place, wanted = self.held[self.place :], 0, max(_CHUNK, len(self.held) - self.place)
        if len(self.held) > self.largest:
            raise InputError(too_large(self.largest), line=self.line)
        data = self._stream.read(wanted)
        self.ended = not data
        self.held += self._decoder.decode(data, final=self.ended)
        return True

    def space(self) -> str:
        """The white space from here on, passed over."""
        found = ""
        while True:
            match = _SPACE.match(self.held, self.place)
            found += match[0] if match else ""
            self.place = match.end() if match else self.place
            if self.place < len(self.held) or not self.more():
                return found

    def next(self) -> str:
        """The character here, or nothing at the end."""
        return self.held[self.place : self.place + 1]

    def here(self) -> int:
        """The number of the line here."""
        return self.line + self.held.count("\n", 0, self.place)


def read(stream: io.BufferedReader, largest: int) -> Iterator[Head | Row | InputError]:
    """The objects of an array, of a single object, or of several one after the other.

    What is no object is an InputError with its line; behind broken JSON nothing can be read any more.
    """
    text = _Text(stream, largest)
    text.more()
    mark = BOM if text.next() == BOM else ""
    text.place += len(mark)
    before = text.space()
    bracket = "[" if text.next() == "[" else ""
    text.place += len(bracket)
    yield Head(None, Opening(mark, before + bracket if bracket else ""))
    before = text.space() if bracket else before
    going_on = text.next() not in ({"]"} if bracket else {""})
    while going_on:
        row, going_on = _element(text, before, bracket)
        yield row
        before = text.space()
    if bracket and not text.closed and text.next() != "]":  # that of an empty array is still to be passed
        yield InputError("the array has no end: the file is cut off or broken here", line=text.here())


def _element(text: _Text, before: str, bracket: str) -> tuple[Row | InputError, bool]:
    """The next element, and whether another one is to come; behind broken JSON none is."""
    line = text.here()
    while True:
        try:
            value, end = _DECODER.raw_decode(text.held, text.place)
        except (ValueError, RecursionError) as error:
            if isinstance(error, RecursionError) or not text.more():
                text.closed = True
                return InputError(f"broken JSON, or cut off: {error}", line=line), False
        else:
            if end < len(text.held) or not text.more():  # a number could go on
                break
    raw, text.place = text.held[text.place : end], end
    after, closing, rest = text.space(), text.next(), None
    if bracket:
        text.place += closing in {"]", ","}
        if closing == "]":
            text.closed, rest = True, text.space()
    going_on = closing == "," if bracket else closing != ""
    try:
        columns = columns_of(raw) if isinstance(value, dict) else as_columns(value)
    except InputError as error:
        return InputError(error.reason, line=line), going_on
    return Row(columns, line, Element(before, raw, after, rest)), going_on


_DECODER = json.JSONDecoder()


def write(file: IO[bytes], items: Iterable[Head | Row]) -> None:
    """The rows stand in `file` as they stood in theirs: in an array, or one after the other."""
    opening, last, first = None, None, True
    for item in items:
        if isinstance(item, Head):
            opening = opening or (item.origin if isinstance(item.origin, Opening) else None)
            continue
        if first:
            opening = opening or Opening("", "[")
            file.write((opening.mark + opening.bracket).encode())
        element = _written(item)
        comma = "," if opening and opening.bracket else ""
        file.write(("" if first else comma).encode() + (element.before + element.text + element.after).encode("utf-8", "replace"))
        first, last = False, element
    opening = opening or Opening("", "[")
    if first:
        file.write((opening.mark + opening.bracket).encode())
    if opening.bracket:
        end = last.rest if last is not None and last.rest is not None else "\n"
        gap = "\n" if last is not None and last.rest is None and "\n" in last.before and "\n" not in last.after else ""
        file.write((gap + "]" + end).encode())


def _written(row: Row) -> Element:
    """The row as an element; one from another format stands on a line of its own."""
    if isinstance(row.origin, Element):
        return row.origin._replace(text=replaced(row.origin.text, row.changes)) if row.changes else row.origin
    return Element("\n", dumped(row.values), "", None)
