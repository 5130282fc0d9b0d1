"""A corpus in JSON Lines files, compared and taken apart: the stages of `drop` and `check`, whose state is in a work folder."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np
import orjson

from dedup.corpus.duplicates import Found, find_duplicates
from dedup.corpus.keep import UNDATED
from dedup.corpus.result import tally
from dedup.corpus.sketches import BLOCK, Sketches, ordered, sketch
from dedup.errors import InputError
from dedup.files.names import shown
from dedup.files.places import MARK, Names, Place, Reader, date_of, read_rows, text_of
from dedup.files.rows import as_document
from dedup.kernels.groups import NAME
from dedup.report.signature import corpus_signature

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence
    from pathlib import Path

    from dedup.config import Config
    from dedup.corpus.work import Work
    from dedup.model import Tally

_KINDS = {
    "digests": ("u8", 2),
    "agreements": ("u1", None),
    "names": ("u1", None),
    "letters": ("i4", 0),
    "lines": ("i4", 0),
    "weights": ("i4", 0),
    "spellings": ("u4", 0),
}
_PLACES = {
    "file": "i4",
    "offset": "i8",
    "length": "u4",
    "line": "u4",
    "day": "i4",
}  # 24 bytes a row beside its sketch; days only where dates decide
_HIGHEST = (1 << 32) - 1  # of a length and a line
_NO_DAY = -(1 << 31)
_AT_A_TIME = 1 << 14  # rows whose places are objects
_CHECKPOINT = 256  # blocks: some 64 MB of text, which a killed run reads again


class Block(NamedTuple):
    """Rows that are sketched at a time: their texts, places and days, what was set aside, and where the next one begins."""

    texts: list[str]
    places: list[tuple[int, ...]]
    aside: list[InputError]
    next: tuple[int, int, int]


class Corpus(NamedTuple):
    """What is known of all rows, those of the first `old` ones first, and how their texts are read."""

    sketches: Sketches
    places: dict[str, np.ndarray]
    reader: Reader
    paths: Sequence[Path]
    old: int

    def place(self, row: int) -> Place:
        """Where a row stands."""
        return self.places_of([row])[0]

    def places_of(self, rows: Sequence[int] | np.ndarray) -> list[Place]:
        """Where rows stand; column by column, a fifth of the time of one by one."""
        return list(map(Place, *(self.places[name][rows].tolist() for name in Place._fields)))

    def texts(self, rows: Sequence[int]) -> list[str]:
        """The texts of rows."""
        return list(map(self.reader.text, self.places_of(rows)))


def read_corpus(
    work: Work,
    paths: Sequence[Path],
    old: int,
    names: Names,
    config: Config,
    workers: int,
    aside: Callable[[InputError], None],
    *,
    spools: Container[int],
) -> Corpus:
    """The corpus in the files, of which the first `old` hold old rows; `aside` is told of each line that is no row.

    `spools` are the numbers of the files that were made of others: what is too large in them was left out when they were made.
    """
    for line in work.raw("aside").splitlines():
        aside(_error(orjson.loads(line)))
    dated = config.keep in {"newest", "oldest"}
    limits = [None if number in spools else config.files.largest for number in range(len(paths))]
    made = ordered(lambda block: (block, sketch(block.texts, config.near)), _blocks(work, paths, names, limits, dated=dated), workers)
    for number, (block, sketches) in enumerate(made, 1):
        for name, column in sketches._asdict().items():
            work.extend(name, column)
        places = np.array(block.places, np.int64).reshape(-1, len(_PLACES)).T
        for (name, kind), column in zip(_PLACES.items(), places, strict=True):
            if dated or name != "day":
                work.extend(name, column.astype(kind))
        for error in block.aside:
            aside(error)
            work.extend("aside", orjson.dumps([error.reason, error.path, error.line, error.field]) + b"\n")
        if number % _CHECKPOINT == 0:
            work.checkpoint(block.next)
    work.checkpoint((len(paths), 0, 0))
    widths = {"agreements": config.near.permutations, "names": NAME * config.near.halves}
    on = config.near.enabled
    columns = {
        name: work.column(name, kind, widths[name] if width is None else width)
        for name, (kind, width) in _KINDS.items()
        if on or width is not None
    }
    if not on:
        columns |= {name: np.empty((columns["letters"].size, 0), _KINDS[name][0]) for name in widths}
    where = {name: work.column(name, kind) for name, kind in _PLACES.items() if dated or name != "day"}
    before = int(np.searchsorted(where["file"], old))
    return Corpus(Sketches(**columns), where, Reader(paths, names), paths, before)


def _error(parts: list[Any]) -> InputError:
    return InputError(parts[0], path=parts[1], line=parts[2], field=parts[3])


def _blocks(work: Work, paths: Sequence[Path], names: Names, limits: Sequence[int | None], *, dated: bool) -> Iterator[Block]:
    """The rows of all files from the last checkpoint on, in blocks."""
    file, offset, line = work.progress or (0, 0, 0)
    block, size = Block([], [], [], (file, offset, line)), 0
    for number in range(file, len(paths)):
        for place, row in read_rows(paths[number], number, names, offset, line, limits[number]):
            end = (number, place.offset + place.length, place.line)
            block = block._replace(next=end)
            size += place.length
            if isinstance(row, InputError):
                block.aside.append(row)
            elif max(place.length, place.line) > _HIGHEST:
                reason = f"a row of more than {_HIGHEST:,} bytes, or after as many lines"
                block.aside.append(InputError(reason, path=shown(paths[number]), line=place.line))
            else:
                block.texts.append(text_of(row, names))
                block.places.append((*place, _day(date_of(row, names)) if dated else 0))
            if size >= BLOCK:
                yield block
                block, size = Block([], [], [], end), 0
        offset = line = 0
    yield block


def _day(value: object) -> int:
    """The day of a date as a number."""
    date = as_document({"text": "", "date": value}).date
    return _NO_DAY if date is None else date.toordinal()


def compare(corpus: Corpus, work: Work, config: Config, workers: int, borderline: int = 0) -> tuple[Found, Tally]:
    """What goes and because of what, and the counts; with so many pairs about the threshold as evidence."""
    values = None
    if config.keep in {"newest", "oldest"}:
        days = corpus.places["day"].astype(np.int64)
        values = np.where(days == _NO_DAY, UNDATED, days if config.keep == "newest" else -days)
    found = find_duplicates(corpus.sketches, corpus.texts, corpus.old, config, workers, values, work.stage, borderline)
    return found, tally(corpus.sketches, found, corpus.old, corpus_signature(config))


def write_kept(corpus: Corpus, found: Found, out: IO[bytes]) -> int:
    """How many rows stay, whose lines are written as they were read, in their order, behind the first new file's mark."""
    written = 0
    mark = corpus.reader.mark(int(corpus.places["file"][corpus.old])) if corpus.places["file"].size > corpus.old else b""
    for rows in _slices(np.flatnonzero(found.stars.of[corpus.old :] < 0) + corpus.old):
        for place in corpus.places_of(rows):
            data = corpus.reader.data(place)
            data = mark * (written == 0) + (data.removeprefix(MARK) if place.line == 1 else data)
            out.write(data if data.endswith(b"\n") else data + b"\n")
            written += 1
    return written


def _slices(rows: np.ndarray) -> Iterator[np.ndarray]:
    """The rows, some at a time."""
    for start in range(0, rows.size, _AT_A_TIME):
        yield rows[start : start + _AT_A_TIME]


def write_removed(corpus: Corpus, found: Found, stands: Callable[[Place], tuple[str, int | None]], out: IO[bytes]) -> int:
    """How many rows go, each told in a line: where it stands, the kept row it is a duplicate of, and the score of the two texts.

    `stands` tells the file and the line of a place.
    """
    stars, told = found.stars, 0
    for rows in _slices(np.flatnonzero(stars.of[corpus.old :] >= 0) + corpus.old):
        ofs = stars.of[rows]
        standing = zip(rows.tolist(), ofs.tolist(), corpus.places_of(rows), corpus.places_of(ofs), strict=True)
        for row, of, place, kept in standing:
            (path, line), (of_path, of_line) = stands(place), stands(kept)
            evidence = {
                "row": row - corpus.old,
                "id": corpus.reader.id(place),
                "path": path,
                "line": line,
                "kind": "near" if stars.near[row] else "exact",
                "score": round(float(stars.score[row]), 6),
                "of": of if of < corpus.old else of - corpus.old,
                "of_id": corpus.reader.id(kept),
                "of_path": of_path,
                "of_line": of_line,
                "old": of < corpus.old,
            }
            out.write(orjson.dumps(evidence) + b"\n")
            told += 1
    return told
