"""Paths to documents: every article of the files and folders named, in the order of their relative names."""

from __future__ import annotations

import os
import stat
import sys
from os.path import isdir
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dedup.errors import InputError
from dedup.files.names import order, shown
from dedup.files.rows import document_from_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dedup.model import Document

SUFFIX = ".txt"
STDIN = Path("<stdin>")

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class Source(NamedTuple):
    """A file to read: where it is, its name below the folder that was asked for, and why it cannot be read, if it cannot."""

    path: Path
    relative: Path
    problem: InputError | None = None


class Reading(NamedTuple):
    """What came of a source: the document, or the reason why there is none."""

    path: Path
    relative: Path
    result: Document | InputError


def find_files(paths: Iterable[str | os.PathLike[str]]) -> list[Source]:
    """The articles in `paths`, each once, sorted by the bytes of their relative names within each path.

    `-` is the standard input. A folder gives the `.txt` files (in any case) in it and below it; a file is taken whatever its suffix is.
    What cannot be read is a source with a problem; nothing is opened here.
    """
    found: dict[Path, Source] = {}
    for path in paths:
        for source in _sources(path):
            found.setdefault(source.path, source)
    return list(found.values())


def read_files(sources: Iterable[Source]) -> Iterator[Reading]:
    """The documents of `sources`, lazily and in their order; an unreadable one is an InputError that names its path."""
    for source in sources:
        yield Reading(source.path, source.relative, source.problem or _read(source))


def _read(source: Source) -> Document | InputError:
    """The document of one file, or the reason why there is none."""
    name = shown(source.path)
    try:
        data = sys.stdin.buffer.read() if source.path is STDIN else source.path.read_bytes()
        return document_from_bytes(data, name=shown(source.relative))
    except InputError as error:
        return InputError(error.reason, path=name)
    except OSError as error:
        return InputError(error.strerror or str(error), path=name)
    except MemoryError:
        return InputError("too large for the memory of this machine", path=name)


def _sources(name: str | os.PathLike[str]) -> list[Source]:
    """The sources that one path stands for."""
    if name == "-":
        return [Source(STDIN, Path("stdin.txt"))]
    path = Path(name)
    return _walk(path) if isdir(path) else [_source(path, Path(path.name))]


def _walk(top: Path) -> list[Source]:
    """The articles below a folder, sorted; links to folders are named and not followed, so that no loop can arise."""
    found: list[Source] = []
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    path = Path(entry.path)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(path)
                    elif entry.is_symlink() and isdir(path):
                        found.append(_refused(path, path.relative_to(top), "a link to a folder is not followed"))
                    elif path.suffix.lower() == SUFFIX:
                        found.append(_source(path, path.relative_to(top)))
        except OSError as error:
            found.append(_refused(folder, folder.relative_to(top), error.strerror or str(error)))
    if not found:
        found.append(_refused(top, Path(), f"no {SUFFIX} file in this folder"))
    return sorted(found, key=lambda source: order(source.relative))


def _source(path: Path, relative: Path) -> Source:
    """The source of a path that is no folder; what is no regular file is refused here, because opening a pipe would wait for ever."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        reason = error.strerror or str(error)
        return _refused(path, relative, f"a link that leads nowhere: {reason}" if path.is_symlink() else reason)
    if not stat.S_ISREG(mode):
        return _refused(path, relative, f"{_KINDS.get(stat.S_IFMT(mode), 'no file')} is not an article")
    return Source(path, relative)


def _refused(path: Path, relative: Path, reason: str) -> Source:
    return Source(path, relative, InputError(reason, path=shown(path)))
