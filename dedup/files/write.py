"""Texts to files: whole or not at all, and never over an input."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from os.path import isdir, realpath
from pathlib import Path
from typing import IO, TYPE_CHECKING

from dedup.errors import ConfigError
from dedup.files.names import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup.files.read import Source


@contextmanager
def atomic(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to that takes the name `path` only when all of it is on the disk; after an error nothing of it is left.

    Folders above it are made. Rights are those that the umask leaves, as for any new file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The name is not derived from the target's, which may already be as long as the file system allows.
    temporary = path.parent / f".{secrets.token_hex(8)}.part"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    r"""The text stands at `path` in UTF-8, with `\n` between lines."""
    with atomic(path) as file:
        file.write(text.encode())


def targets(sources: Sequence[Source], inputs: Sequence[Path], out: Path) -> list[Path]:
    """Where each source is written to under `out`, name by name as it was read.

    A single file goes to `out` itself when that has a suffix and is no folder. Raises ConfigError, before anything is
    written, when an input would be overwritten, when `out` lies inside an input folder (the next run would read what
    this one wrote), or when two sources would share a name.
    """
    if len(inputs) == 1 and not isdir(inputs[0]) and out.suffix and not isdir(out):
        chosen = [out for _ in sources]
    else:
        if out.exists() and not isdir(out):
            message = f"{shown(out)} is a file; -o names a folder"
            raise ConfigError(message)
        chosen = [out / source.relative for source in sources]
    real_out = _real(out)
    for path in inputs:
        if isdir(path) and (real_out == _real(path) or _real(path) in real_out.parents):
            same = "is" if real_out == _real(path) else "lies inside"
            message = f"the output {shown(out)} {same} the input folder {shown(path)}: choose a folder elsewhere"
            raise ConfigError(message)
    read = {_real(source.path) for source in sources}
    taken: dict[Path, Path] = {}
    for source, target in zip(sources, chosen, strict=True):
        if source.problem:
            continue
        real = _real(target)
        if real in read:
            message = f"{shown(target)} is an input and would be overwritten: choose another output"
            raise ConfigError(message)
        other = taken.setdefault(real, source.path)
        if other != source.path:
            message = f"{shown(other)} and {shown(source.path)} would both be written to {shown(target)}: clean them one by one"
            raise ConfigError(message)
    return chosen


def refuse_input(path: Path, sources: Sequence[Source]) -> None:
    """Raise ConfigError when `path`, which is about to be written, is an input."""
    if _real(path) in {_real(source.path) for source in sources}:
        message = f"{shown(path)} is an input and would be overwritten: choose another output"
        raise ConfigError(message)


def _real(path: Path) -> Path:
    """The path without links and dots, whether it exists or not."""
    return Path(realpath(path))
