"""What must be true of any bytes, one function a part of the package: fuzzed by `fuzz.py`, and replayed by the tests on what that found."""

from __future__ import annotations

import base64
import io
import sys
from itertools import pairwise
from pathlib import Path

import dedup
from dedup.article.header import read_header
from dedup.article.paragraphs import split_paragraphs
from dedup.article.repair import repair
from dedup.errors import InputError
from dedup.files import formats
from dedup.files.columns import Head, Row
from dedup.files.formats import FORMATS, Kind
from dedup.files.rows import document_from_bytes
from dedup.report.account import account

LARGEST = 1 << 16
PLAIN = ("jsonl", "csv", "tsv", "json")  # what is written back as it was read
READ = (*PLAIN, "txt", "html", "parquet", "arrow", "warc")
PACKED = (None, "gzip", "bzip2", "xz", "zstd")
_REPAIR = dedup.Repair()


def text_of(data):
    """Any bytes as a text; a leading NUL keeps them as bytes of an unknown encoding, which has to be told or refused."""
    if not data.startswith(b"\0"):
        return data.decode("utf-8", "surrogateescape")
    try:
        return document_from_bytes(data[1:]).text
    except InputError:
        return ""


def header(data):
    """The header lies at the beginning, its fields in it, and the document keeps the text."""
    text = text_of(data)
    found, document = read_header(text, dedup.Document(text), None)
    assert 0 <= found.span.start <= found.span.end <= found.end <= len(text)
    assert not text[: found.span.start].strip()
    assert not text[found.span.end : found.end].strip()
    assert document.text == text


def paragraphs(data):
    """The paragraphs stand in order, none is empty, and only white space is in none of them."""
    text = text_of(data)
    spans = split_paragraphs(text, 0)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert "".join("".join(text[slice(*span)] for span in spans).split()) == "".join(text.split())


def repaired(data):
    """A repaired text stays as it is."""
    text = text_of(data)
    once = repair(text, _REPAIR)
    assert repair(once, _REPAIR) == once


def files(data):
    """Whatever the bytes are said to be, there come heads, rows and reasons; rows that are written back are read again the same."""
    if len(data) < 2:
        return
    name, packing = READ[data[0] % len(READ)], PACKED[data[1] % len(PACKED)]
    rows = _read(data[2:], Kind(name, packing))
    # NUL bytes in half of the lines can make the other half look like UTF-16.
    if (
        name in PLAIN
        and packing is None
        and b"\0" not in data[2:]
        and (written := [row for row in rows if not isinstance(row, InputError)])
    ):
        out = io.BytesIO()
        FORMATS[name].write(out, written)
        again = _read(out.getvalue(), Kind(name))
        assert [row.columns for row in again if isinstance(row, Row)] == [row.columns for row in written if isinstance(row, Row)]


def _read(data, kind):
    found = []
    stream = io.BufferedReader(io.BytesIO(data))
    try:
        opened, known = formats.opened(stream, kind)
        for content in known.format.read(opened, LARGEST):
            assert isinstance(content, Head | Row | InputError)
            found.append(content)
            if isinstance(content, Row):
                dict(content.columns)
    except (InputError, OSError, MemoryError, RecursionError) as error:  # what read_items names
        found.append(error)
    assert all(str(error) for error in found if isinstance(error, InputError))
    return found


def article(data):
    """The account of a cleaned article balances, and cleaned again it stays as it is."""
    result = dedup.clean(text_of(data))
    account(result)
    assert dedup.clean(result.text).text == result.text or result.fields


def found(name):
    """What fuzzing found: the inputs that broke the target once, those that reached new branches, and the seed."""
    here = Path(__file__).parent
    broke = [path.read_bytes() for path in sorted((here / "cases" / name).glob("*"))]
    reached = [base64.b64decode(line) for line in (here / "found" / f"{name}.txt").read_text("ascii").split()]
    return [*broke, *reached, *(path.read_bytes() for path in (here.parent.parent / "seeds").glob("*.txt"))]


def keep(name, folder, most=50_000):
    """The inputs of a folder, the short ones first and so many bytes at most, are the ones that are kept."""
    lines, size = [], 0
    for data in sorted((path.read_bytes() for path in Path(folder).iterdir()), key=lambda data: (len(data), data)):
        size += len(data)
        if size > most:
            break
        lines.append(base64.b64encode(data).decode() + "\n")
    (Path(__file__).parent / "found" / f"{name}.txt").write_text("".join(lines), encoding="ascii")


TARGETS = {"header": header, "paragraphs": paragraphs, "repair": repaired, "files": files, "article": article}

if __name__ == "__main__":
    keep(*sys.argv[1:])
