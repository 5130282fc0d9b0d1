"""Lines of a byte stream as text, one at a time: each decoded on its own where encodings are mixed, none longer than allowed."""

from __future__ import annotations

import contextlib
import io
from typing import IO, TYPE_CHECKING, NamedTuple

from dedup.errors import InputError
from dedup.files.decode import Decoded, decode
from dedup.plural import number

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = 1 << 16
BOM = "\ufeff"


class Line(NamedTuple):
    r"""A line without its end: its number from 1, its end (`\n`, `\r\n` or nothing), and how it was decoded."""

    text: str
    number: int
    end: str
    encoding: str = "utf-8"
    guessed: bool = False
    replaced: int = 0


def read_lines(stream: io.BufferedReader, largest: int) -> Iterator[Line | InputError]:
    """The lines of a stream; one of more than `largest` bytes is an InputError and never held in memory whole.

    A byte order mark stays at the beginning of the first line. A line that is not UTF-8 has the encoding that the
    beginning of the stream has, or one of its own.
    """
    usual = usual_encoding(stream)
    if usual.startswith(("utf-16", "utf-32")):
        yield from _wide_lines(stream, usual, largest)
        return
    number = 0
    while data := stream.readline(largest + 1):
        number += 1
        if len(data) > largest and not data.endswith(b"\n"):
            _skip(stream, largest)
            yield InputError(too_large(largest), line=number)
            continue
        end = b"\r\n" if data.endswith(b"\r\n") else b"\n" if data.endswith(b"\n") else b""
        content = data[: len(data) - len(end)]
        try:
            yield Line(content.decode(), number, end.decode())
        except UnicodeDecodeError:
            yield _foreign(content, number, end.decode(), usual)


def usual_encoding(stream: io.BufferedReader) -> str:
    """The encoding of the beginning of a stream, of which nothing is used up; `utf-8` when that is no text."""
    head = stream.peek(_HEAD)[:_HEAD]
    try:
        # Up to the last line break, or a multiple of four bytes: a letter that is cut in two would count as damage.
        whole = head[: len(head) & ~3 or None] if b"\0" in head else head[: head.rfind(b"\n") + 1] or head
        return decode(whole).encoding
    except InputError:
        return "utf-8"


def too_large(largest: int) -> str:
    """The reason for which a row is set aside."""
    return f"larger than {number(largest, 'byte')} (--files.largest)"


def _foreign(data: bytes, number: int, end: str, usual: str) -> Line | InputError:
    """The line in the encoding of the others when that fits, else in its own."""
    if usual != "utf-8":
        with contextlib.suppress(UnicodeDecodeError):
            return Line(data.decode(usual), number, end, usual, guessed=True)
    try:
        own: Decoded = decode(data)
    except InputError as error:
        return InputError(error.reason, line=number)
    return Line(own.text, number, end, own.encoding, own.guessed, own.replaced)


def _wide_lines(stream: io.BufferedReader, encoding: str, largest: int) -> Iterator[Line | InputError]:
    """The lines of a stream in UTF-16 or UTF-32, whose line ends are no single bytes."""
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline="\n")
    try:
        number = 0
        while data := text.readline(largest + 1):
            number += 1
            if len(data) > largest:
                while not data.endswith("\n") and (data := text.readline(largest)):
                    pass
                yield InputError(too_large(largest), line=number)
                continue
            end = "\r\n" if data.endswith("\r\n") else "\n" if data.endswith("\n") else ""
            content = data[: len(data) - len(end)].removeprefix(BOM) if number == 1 else data[: len(data) - len(end)]
            yield Line(content, number, end, encoding, guessed=True)
    finally:
        text.detach()


def _skip(stream: IO[bytes], largest: int) -> None:
    """The stream stands behind the end of the line."""
    while (data := stream.readline(largest)) and not data.endswith(b"\n"):
        pass
