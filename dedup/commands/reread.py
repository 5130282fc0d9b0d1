"""What `drop` does not write of the rows that went, read again where its evidence says that they stand: texts, titles, addresses, days."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import orjson

from dedup.files.columns import Row
from dedup.files.names import shown
from dedup.files.read import find_files, read_items
from dedup.plural import number
from dedup.written import writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.config import Files

_SIDES = ("", "of_")
_Place = tuple[str, int | None]


class Reread(NamedTuple):
    """Evidence with texts, the files that they were read from, and how many rows are not there any more."""

    path: Path
    files: list[str]
    missing: int


def with_texts(removed: Path, folder: Path, files: Files) -> Reread | None:
    """The evidence in a file of the folder, with what could be read again; None where nothing is to be added, or it is no evidence.

    Each file that it names is read once, from its begin to the last row that is named.
    """
    wanted: dict[str, set[int | None]] = {}
    for row in _rows(removed):
        if row is None or "text" in row:
            return None
        for path, line in (_place(row, side) for side in _SIDES):
            wanted.setdefault(path, set()).add(line)
    found: dict[_Place, tuple[int, int]] = {}
    with (folder / "texts").open("w+b") as texts:
        for path, lines in wanted.items():
            if Path(path).is_file():
                _read(path, set(lines), files, texts, found)
        if not found:
            return None
        out = folder / "removed.jsonl"
        with writer(out, out) as file:
            for row in _rows(removed):
                for side in _SIDES:
                    _add(row or {}, side, texts, found)
                file.write(orjson.dumps(row) + b"\n")
    read = sorted({path for path, _ in found})
    return Reread(out, read, sum(len(lines) for lines in wanted.values()) - len(found))


def _rows(removed: Path) -> Iterator[dict[str, Any] | None]:
    """The rows of the evidence, None for a line that is none."""
    with removed.open("rb", buffering=1 << 20) as file:
        for line in file:
            if not line.isspace():
                try:
                    row = orjson.loads(line)
                except orjson.JSONDecodeError:
                    row = None
                known = isinstance(row, dict) and all(isinstance(row.get(name), str) for name in ("path", "of_path"))
                yield row if known else None


def _place(row: dict[str, Any], side: str) -> _Place:
    """The file and the line of a side, None where the file is one article."""
    line = row.get(f"{side}line")
    return row[f"{side}path"], line if isinstance(line, int) else None


def _read(path: str, lines: set[int | None], files: Files, texts: IO[bytes], found: dict[_Place, tuple[int, int]]) -> None:
    """The rows of these lines stand in `texts`, and their places there in `found`."""
    for source in find_files([path]):
        for item in read_items(source, files):
            if not isinstance(item.content, Row) or item.document is None:
                continue
            line = item.content.line if source.kind.format.rows else None
            if line in lines:
                document = item.document
                known = {"title": document.title, "site": document.site, "date": document.date, "url": document.url}
                data = orjson.dumps({name: value for name, value in known.items() if value is not None} | {"text": document.text})
                found[path, line] = (texts.tell(), len(data))
                texts.write(data)
                lines.discard(line)
                if not lines:
                    return


def _add(row: dict[str, Any], side: str, texts: IO[bytes], found: dict[_Place, tuple[int, int]]) -> None:
    """What was found of a side stands in the row."""
    place = found.get(_place(row, side))
    if place is not None:
        texts.seek(place[0])
        row |= {f"{side}{name}": value for name, value in orjson.loads(texts.read(place[1])).items()}


def told(read: Reread) -> str:
    """Where the texts are from, in words."""
    first = shown(read.files[0])
    others = f" and {len(read.files) - 1:,} more" if len(read.files) > 1 else ""
    return f"texts read again from {first}{others}" + (f"; {number(read.missing, 'row')} not there any more" if read.missing else "")
