"""What keeps a run honest: alone in its output, on inputs that stay as they are, going on after it was killed, in accounts that balance."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from array import array
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import dedup
from dedup.corpus.work import Work, empty, lock
from dedup.errors import ConfigError, InputError
from dedup.files.names import shown
from dedup.files.read import STDIN
from dedup.report.account import AccountError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.config import Config
    from dedup.files.read import Source
    from dedup.files.write import Target


class States(NamedTuple):
    """Of each source the size and the time of the last change; -1 and 0 for what cannot be read."""

    sources: Sequence[Source]
    sizes: array[int]
    times: array[int]


def states(sources: Sequence[Source]) -> States:
    """The size and the time of the last change of each file that can be read."""
    known = States(sources, array("q", [-1]) * len(sources), array("q", [0]) * len(sources))
    for number, source in enumerate(sources):
        if source.path is not STDIN and source.problem is None:
            with contextlib.suppress(OSError):  # told when it is read
                status = source.path.stat()
                known.sizes[number], known.times[number] = status.st_size, status.st_mtime_ns
    return known


def refuse_changed(before: States) -> None:
    """Raise InputError for a file that is not what it was: what was decided on it does not hold for what it says now."""
    for source, size, time in zip(*before, strict=True):
        if size < 0:
            continue
        try:
            status = source.path.stat()
        except OSError as error:
            raise InputError(error.strerror or str(error), path=shown(source.path)) from error
        if (status.st_size, status.st_mtime_ns) != (size, time):
            message = "the file has changed since it was read; nothing was written of what it said"
            raise InputError(message, path=shown(source.path))


def balance(what: str, read: int, parts: Mapping[str, int]) -> None:
    """Raise AccountError (exit 70) unless all that was read is accounted for."""
    if read != sum(parts.values()):
        told = " + ".join(f"{count:,} {name}" for name, count in parts.items())
        message = f"the account of the {what} does not balance: {read:,} read, but {told}"
        raise AccountError(message)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """The output folder is there and no other run writes into it meanwhile; ConfigError when one does. If it stays empty it goes again."""
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    lock = _locked(folder)
    try:
        yield
    finally:
        for path in made:  # none that holds anything
            with contextlib.suppress(OSError):
                path.rmdir()
        if lock is not None:
            os.close(lock)


def _locked(folder: Path) -> int | None:
    """A lock on the folder itself that ends with this process, however that ends; None where there are no such locks."""
    if os.name != "posix":
        return None
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        message = f"another run is writing into {shown(folder)}: wait for it, or choose another output"
        raise ConfigError(message) from error
    except OSError:  # a network file system that locks no folders
        os.close(descriptor)
        return None
    return descriptor


@contextlib.contextmanager
def scratch(place: Path | None) -> Iterator[Path]:
    """A folder for copies, `.NAME.dedup` beside the place, emptied of what a killed run left there; it goes in the end.

    Raises ConfigError when another run has it. Without a place it is one of the system's temporary folders.
    """
    if place is None:
        with tempfile.TemporaryDirectory(prefix="dedup-") as temporary:
            yield Path(temporary)
        return
    folder = place.with_name(f".{place.name}.dedup")
    try:
        held = lock(folder)
    except ConfigError as error:
        message = f"another run is writing {shown(place)}: {error}"
        raise ConfigError(message) from error
    try:
        empty(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


@contextlib.contextmanager
def resumable(
    output: Path, sources: Sequence[Source], plan: Sequence[Target], config: Config, *, mark: str, dry_run: bool
) -> Iterator[Work]:
    """A work folder `.NAME.dedup` beside the output, that of a run which was killed where it did the same, else a new one.

    `mark` is what else two runs must agree in. The folder goes when the run is done, or when nothing in it is worth to go on
    with. Raises ConfigError when another run holds it.
    """
    if dry_run:
        with tempfile.TemporaryDirectory(prefix="dedup-") as place:
            work = Work(Path(place) / "work", {})
            try:
                yield work
            finally:
                work.close()
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    folder = output.with_name(f".{output.name}.dedup")
    try:
        work = Work(folder, _fingerprint(sources, plan, config, mark), discard=True)
    except ConfigError as error:
        message = f"another run is writing {shown(output)}: {error}"
        raise ConfigError(message) from error
    worth = False
    try:
        yield work
    except (KeyboardInterrupt, SystemExit, OSError, MemoryError, ConfigError) as error:
        cause = error.__cause__ if isinstance(error, ConfigError) else error
        worth = work.progress is not None and not isinstance(cause, ConfigError | None)
        if worth:
            error.add_note(f"what is done is kept in {shown(folder)}: the same command goes on there")
        raise
    finally:
        if not worth:
            shutil.rmtree(folder, ignore_errors=True)
        work.close()


def _fingerprint(sources: Sequence[Source], plan: Sequence[Target], config: Config, more: str) -> dict[str, str]:
    """What two runs must agree in, so that one can go on where the other stopped; standard input agrees with nothing."""
    known = states(sources)
    inputs = hashlib.sha256()
    for source, target, size, time in zip(sources, plan, known.sizes, known.times, strict=True):
        mark = os.urandom(8) if source.path is STDIN else repr((size, time)).encode()
        parts = (
            os.fsencode(os.path.abspath(source.path)),  # noqa: PTH100 - what links lead to is in the mark
            os.fsencode(source.below),
            mark,
            os.fsencode(target.path),
            repr(target.kind).encode(),
        )
        problem = str(source.problem or "").encode()
        inputs.update(b"".join(len(part).to_bytes(8) + part for part in (*parts, repr(source.kind).encode(), problem)))
    settings = asdict(replace(config, files=replace(config.files, jobs=0)))
    return {"version": dedup.__version__, "inputs": inputs.hexdigest(), "settings": repr((settings, more))}
