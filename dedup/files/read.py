"""Paths to rows: every article of the files and folders named, in the order of their relative names."""

from __future__ import annotations

import io
import os
import re
import shutil
import stat
import sys
import tempfile
from itertools import chain
from os.path import isdir
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from dedup.config import Files
from dedup.errors import InputError, MissingExtraError
from dedup.files.columns import Fields, Head, Row, choose_fields
from dedup.files.formats import FORMATS, Kind, kind_of, opened, require
from dedup.files.names import order, shown
from dedup.files.rows import document_from_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dedup.model import Document

STDIN = Path("<stdin>")

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
# How `--report` and `--removed` begin. In a corpus that is to be cleaned again they would come back as articles.
EVIDENCE = re.compile(rb'\{"signature": "dedup:|\{"row":\d+,"id":[^\n]*?,"path":')
_AS_IT_COMES = Files()
_BUFFER = 1 << 16  # bytes, as many as a guess of the encoding looks at


class Source(NamedTuple):
    """A file to read: the folder that was asked for and its name below it, its kind, and why it cannot be read, if it cannot.

    `held` is a copy of the standard input that can be read more than once; it goes with the source.

    Its paths are made when they are asked for: 100,000 of them take 60 MB.
    """

    top: str | None  # None for standard input
    below: str
    problem: InputError | None = None
    kind: Kind = Kind("txt")
    held: IO[bytes] | None = None

    @property
    def path(self) -> Path:
        """Where it is."""
        return STDIN if self.top is None else Path(self.top, self.below)

    @property
    def relative(self) -> Path:
        """Its name below the folder that was asked for."""
        return Path(self.below)


class Item(NamedTuple):
    """What comes next of a source: the head of a file, one of its rows with its document, a reason, or None at the file's end."""

    source: Source
    content: Head | Row | InputError | None
    document: Document | None = None
    fields: Fields = Fields()


class Reading(NamedTuple):
    """What came of a source: a document, or the reason why there is none."""

    path: Path
    relative: Path
    result: Document | InputError


def find_files(paths: Iterable[str | os.PathLike[str]], given: str | None = None, *, follow_links: bool = False) -> list[Source]:
    """The files in `paths`, each once, sorted by the bytes of their relative names within each path.

    `-` is the standard input. A folder gives the files in it and below it whose suffixes name a format (in any case); a
    file is taken whatever its suffix is. A link in a folder to a file
    outside of it has a problem, unless `follow_links`. `given` is the format of all of them when their names say nothing or lie.
    What cannot be read is a source with a problem; nothing is opened here. Raises MissingExtraError when each of them
    needs a package that is not installed; where some can be read, the others have a problem.
    """
    groups = [_sources(path, given, follow_links=follow_links) for path in paths]
    found = groups[0] if len(groups) == 1 else _each_once(groups)
    missing: dict[Kind, MissingExtraError] = {}
    for kind in dict.fromkeys(source.kind for source in found if source.problem is None):
        try:
            require(kind)
        except MissingExtraError as error:
            missing[kind] = error
    if missing and all(source.problem or source.kind in missing for source in found):
        raise next(iter(missing.values()))
    return [_without(source, missing.get(source.kind)) for source in found] if missing else found


def _each_once(groups: Iterable[list[Source]]) -> list[Source]:
    """The sources of all groups, those of one path once."""
    found: dict[str, Source] = {}
    for source in chain.from_iterable(groups):
        found.setdefault(str(source.path), source)
    return list(found.values())


def spooled(sources: Iterable[Source]) -> list[Source]:
    """The sources, of which the standard input is read to its end now, into a temporary file, and can be read more than once."""
    return [source._replace(held=_copied(source)) if source.path is STDIN and source.held is None else source for source in sources]


def _copied(source: Source) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it goes when nothing names it any more
    with _opened(source) as stream:
        shutil.copyfileobj(stream, file, 1 << 20)
    file.flush()
    return file


def _without(source: Source, missing: MissingExtraError | None) -> Source:
    """The source, with the package that it misses as its problem."""
    if missing is None or source.problem is not None:
        return source
    return source._replace(problem=InputError(str(missing), path=shown(source.path)))


def read_files(sources: Iterable[Source], files: Files = _AS_IT_COMES) -> Iterator[Reading]:
    """The documents of `sources`, lazily and in their order; what is unreadable is an InputError that names its path and line."""
    for source in sources:
        for item in read_items(source, files):
            result = item.content if isinstance(item.content, InputError) else item.document
            if result is not None:
                yield Reading(source.path, source.relative, result)


def read_rows(source: Source, files: Files = _AS_IT_COMES) -> Iterator[Row]:
    """The rows of a file, whatever its columns are called. Raises InputError for the first one that cannot be read."""
    if source.problem:
        raise source.problem
    with _opened(source) as file:
        stream, kind = opened(file, source.kind)
        for content in kind.format.read(stream, files.largest):
            if isinstance(content, InputError):
                raise _named(content, shown(source.path), content.line or 0)
            if isinstance(content, Row):
                yield content


def read_items(
    source: Source, files: Files = _AS_IT_COMES, passed: Callable[[int], None] | None = None, *, to: str | None = None
) -> Iterator[Item]:
    """The head of a source, its rows with their documents in their order, and the end.

    Damage is an InputError in its place. Behind it the rest of the file is read where it can be. `passed` is told how
    many bytes of the file are read as they are. `to` is the format that the rows are written in, None where they are
    not: a row with a value that it cannot take over is damage too.
    """
    line = 0
    name = shown(source.path)
    try:
        if source.problem:
            raise source.problem
        with _opened(source) as file:
            stream, kind = opened(file, source.kind, files.most_expansion)
            source = source._replace(kind=kind)
            contents = kind.format.read(stream, files.largest)
            given = files if kind.format.rows else _AS_IT_COMES
            whole = bool(to) and kind.format.typed and not FORMATS[to or ""].typed
            for item in _documents(source, contents, given, whole=whole):
                line = item.content.line if isinstance(item.content, Row | InputError) and item.content.line else line
                yield item
                if passed is not None:
                    passed(_position(file))
    except (InputError, MissingExtraError, OSError, MemoryError, RecursionError) as error:
        yield Item(source, _named(error, name, line))
    yield Item(source, None)


def _documents(source: Source, contents: Iterable[Head | Row | InputError], files: Files, *, whole: bool) -> Iterator[Item]:
    """The contents of a file, each row with its document; `whole` rows have all their values as Python objects."""
    fields: Fields | None = None
    name, called = shown(source.path), shown(source.relative)
    for content in contents:
        if isinstance(content, InputError):
            yield Item(source, InputError(content.reason, path=name, line=content.line, field=content.field))
            continue
        if isinstance(content, Head):
            fields = choose_fields(content.columns, files) if content.columns else fields
            yield Item(source, content)
            continue
        try:
            fields = fields or choose_fields(content.columns, files)
            if whole:
                content = content._replace(columns=dict(content.columns))  # noqa: PLW2901 - the same row
            place = f"{called}:{content.line}" if source.kind.format.rows else called
            yield Item(source, content, document_from_row(content, fields, place), fields)
        except InputError as error:
            yield Item(source, InputError(error.reason, path=name, line=content.line, field=error.field))


def _opened(source: Source) -> io.BufferedReader:
    """The bytes of a source; standard input stays open."""
    if source.held is not None:
        source.held.seek(0)
        return io.BufferedReader(io.FileIO(source.held.fileno(), "rb", closefd=False), _BUFFER)
    if source.path is STDIN:
        return io.BufferedReader(io.FileIO(sys.stdin.fileno(), "rb", closefd=False), _BUFFER)
    return io.BufferedReader(io.FileIO(source.path, "rb"), _BUFFER)


def _position(file: IO[bytes]) -> int:
    """How far a file is read, in bytes; 0 where that cannot be told."""
    try:
        return file.tell()
    except (OSError, ValueError):
        return 0


def _named(error: BaseException, name: str, line: int) -> InputError:
    """The reason why nothing more can be read of a file, with its name and, where some of it was read, the line behind that."""
    where = line + 1 if line else None
    if isinstance(error, InputError):
        return InputError(error.reason, path=name, line=error.line or where, field=error.field)
    if isinstance(error, MissingExtraError):
        return InputError(str(error), path=name)
    if isinstance(error, OSError):
        return InputError(error.strerror or str(error), path=name, line=where)
    return InputError(
        "too large for the memory of this machine" if isinstance(error, MemoryError) else "nested too deep", path=name, line=where
    )


def _sources(name: str | os.PathLike[str], given: str | None, *, follow_links: bool) -> list[Source]:
    """The sources that one path stands for."""
    if name == "-":
        return [Source(None, "stdin", None, kind_of(Path("stdin"), given))]
    path = Path(name)
    return _walk(path, given, follow_links=follow_links) if isdir(path) else [_source(str(path.parent), path.name, given)]


def _walk(top: Path, given: str | None, *, follow_links: bool) -> list[Source]:
    """The files below a folder, sorted; links to folders are named and not followed, so that no loop can arise."""
    found: list[Source] = []
    waiting = [""]
    root = str(top)
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(Path(root, folder)) as entries:
                for entry in entries:
                    below = f"{folder}{os.sep}{entry.name}" if folder else entry.name
                    path = Path(entry.path)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(below)
                    elif entry.is_symlink() and isdir(path):
                        found.append(_refused(root, below, "a link to a folder is not followed"))
                    elif not kind_of(path).name:
                        continue
                    elif not follow_links and entry.is_symlink() and _leads_out(path, top):
                        found.append(_refused(root, below, _OUT))
                    elif not _is_evidence(path):
                        found.append(_source(root, below, given))
        except OSError as error:
            found.append(_refused(root, folder, error.strerror or str(error)))
    if not found:
        found.append(_refused(root, "", "no article in this folder: no file has a suffix that names a format"))
    return sorted(found, key=lambda source: order(source.below))


def _leads_out(path: Path, top: Path) -> bool:
    """True for a link to something that is there, and not in the folder."""
    real = os.path.realpath(path)
    return Path(real).exists() and os.path.commonpath([real, os.path.realpath(top)]) != os.path.realpath(top)


_OUT = "a link out of the folder is not followed (--files.follow-links)"


def _is_evidence(path: Path) -> bool:
    """True for what an earlier run wrote beside its results, a report or the rows that went: it holds texts, but no articles."""
    if path.suffix not in {".json", ".jsonl"}:
        return False
    try:
        with path.open("rb") as file:
            return EVIDENCE.match(file.read(256)) is not None
    except OSError:  # told when it is read
        return False


def _source(top: str, below: str, given: str | None) -> Source:
    """The source of a path that is no folder; what is no regular file is refused here, because opening a pipe would wait for ever."""
    path = Path(top, below)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        reason = error.strerror or str(error)
        return _refused(top, below, f"a link that leads nowhere: {reason}" if path.is_symlink() else reason)
    if not stat.S_ISREG(mode):
        return _refused(top, below, f"{_KINDS.get(stat.S_IFMT(mode), 'no file')} is not an article")
    return Source(top, below, None, kind_of(path, given))


def _refused(top: str, below: str, reason: str) -> Source:
    return Source(top, below, InputError(reason, path=shown(Path(top, below))))
