"""Texts to files: whole or not at all, and never over an input."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import Sequence
from contextlib import contextmanager
from os.path import isdir, realpath
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, TypeVar, overload

from dedup.errors import ConfigError, InputError
from dedup.files.compression import compressed
from dedup.files.formats import FORMATS, Kind, checked, kind_of, require, without_suffix, writer_of
from dedup.files.names import shown
from dedup.files.streams import is_stream, opened
from dedup.written import settle, writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dedup.files.columns import Head, Row
    from dedup.files.read import Source


T = TypeVar("T")


class Target(NamedTuple):
    """A file to write: where it is, and its kind."""

    path: Path
    kind: Kind


@contextmanager
def atomic(path: Path, name: Callable[[], Path] | None = None, *, sync: bool = True) -> Iterator[IO[bytes]]:
    """A file to write to that takes the name `path` only when all of it is on the disk; after an error nothing of it is left.

    Folders above it are made. Rights are those that the umask leaves, as for any new file. `name` is asked at the end
    for another name. Without `sync` a loss of power, and nothing else, can leave a file that is not whole.
    A pipe, a character device or a descriptor (`/dev/stdout`) is written into as it stands; ConfigError for sockets and disks.
    """
    if is_stream(path):
        with writer(opened(path), path) as stream:
            yield stream
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary, descriptor = _begun(path)
    try:
        with writer(descriptor, path) as file:
            yield file
            if sync:
                settle(file, path)
        temporary.replace(path if name is None else name())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _begun(path: Path) -> tuple[Path, int]:
    """A new file beside `path`, open and locked as long as it is, in place of what a run that was killed left of one."""
    # Always the same name for the same target, so that nothing gathers; short, as the target's own may be as long as the
    # file system allows. A run that is still writing it holds the lock, and the file of this one has another name.
    usual = path.parent / f".{hashlib.blake2b(os.fsencode(path.name), digest_size=8).hexdigest()}.part"
    _remove_stale(usual)
    for temporary in (usual, path.parent / f".{secrets.token_hex(8)}.part"):
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        except FileExistsError:
            continue
        _lock(descriptor)
        return temporary, descriptor
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def _remove_stale(temporary: Path) -> None:
    """The file is gone, unless a run that still writes it holds it."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # mostly: there is none
        descriptor = os.open(temporary, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            if _lock(descriptor):
                temporary.unlink()
        finally:
            os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """True when the file is locked now, until it is closed or the process ends, however that ends."""
    if os.name != "posix":
        return False
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def write_text(path: Path, text: str) -> None:
    r"""The text stands at `path` in UTF-8, with `\n` between lines."""
    with atomic(path) as file:
        file.write(text.encode())


class Plan(Sequence[Target]):
    """A target for each source, made when it is asked for: those of 100,000 files take 90 MB."""

    def __init__(self, size: int, target: Callable[[int], Target]) -> None:
        """So many targets, each given by its number."""
        self._size, self._target = size, target

    def __len__(self) -> int:
        """The number of sources."""
        return self._size

    @overload
    def __getitem__(self, place: int) -> Target: ...
    @overload
    def __getitem__(self, place: slice) -> list[Target]: ...
    def __getitem__(self, place: int | slice) -> Target | list[Target]:
        """The target of a source, or of some."""
        number = range(self._size)[place]
        return self._target(number) if isinstance(number, int) else list(map(self._target, number))


def all_in_one(plan: Sequence[Target | None]) -> bool:
    """Whether several results go into one file."""
    first = plan[0] if plan else None
    return len(plan) > 1 and first is not None and all(target is not None and target.path == first.path for target in plan)


def targets(sources: Sequence[Source], inputs: Sequence[Path], out: Path, to: str | None = None) -> tuple[list[Source], Plan]:
    """The sources, and where each is written to under `out`, name by name as it was read.

    A single file goes to `out` itself when that has a suffix and is no folder; so do all sources together when the
    suffix is that of rows. Elsewhere the suffix changes with the format; a source whose result would take the name of
    another's has a problem then. Raises ConfigError, before anything is written, when an input would be overwritten, or
    when `out` lies inside an input folder (the next run would read what this one wrote); MissingExtraError for a format
    whose package is not installed.
    """
    chosen, together = _chosen(sources, inputs, out, to)
    real_out = _real(out)
    for path in inputs:
        if isdir(path) and (real_out == _real(path) or _real(path) in real_out.parents):
            same = "is" if real_out == _real(path) else "lies inside"
            message = f"the output {shown(out)} {same} the input folder {shown(path)}: choose a folder elsewhere"
            raise ConfigError(message)
    real_of = _reals()
    read = {real_of(source.path) for source in sources}
    taken: dict[str, int] = {}
    told: list[Source] = []
    for number, (source, target) in enumerate(zip(sources, chosen, strict=True)):
        told.append(source)
        if source.problem:
            continue
        if target.kind.name:
            require(target.kind)
        real = real_of(target.path)
        if real in read:
            message = f"{shown(target.path)} is an input and would be overwritten: choose another output"
            raise ConfigError(message)
        other = taken.setdefault(real, number)
        if other != number and not together:
            reason = f"it would be written to {shown(target.path)}, as {shown(sources[other].path)} is: clean it by itself"
            told[-1] = source._replace(problem=InputError(reason, path=shown(source.path)))
    return told, chosen


def _chosen(sources: Sequence[Source], inputs: Sequence[Path], out: Path, to: str | None) -> tuple[Plan, bool]:
    """A target for each source, and whether they all go into one file."""
    kind = kind_of(out, to)
    single = len(sources) == 1 and not any(map(isdir, inputs)) and (bool(out.suffix) or is_stream(out))
    together = bool(kind_of(out).name) and kind.format.rows
    if not isdir(out) and (single or together):
        if to and (named := kind_of(out).name) not in {"", kind.name}:
            message = f"{shown(out)} is named like {named}, but --to says {kind.name}: leave out --to, or name the file so"
            raise ConfigError(message)
        for source in sources:
            written_as(source.kind, kind.name or to)
        one = Target(out, kind if kind.name else Kind(written_as(sources[0].kind, to), kind.compression))
        return Plan(len(sources), lambda _: one), together
    if out.exists() and not isdir(out):
        message = f"{shown(out)} is a file; -o names a folder"
        raise ConfigError(message)
    for own in dict.fromkeys(source.kind for source in sources):
        written_as(own, to)
    return Plan(len(sources), lambda number: _inside(sources[number], out, to)), False


def _inside(source: Source, out: Path, to: str | None) -> Target:
    """The target of a source in a folder: its own name, with another suffix where the format is another."""
    name = written_as(source.kind, to)
    kind = Kind(name, source.kind.compression)
    if name == source.kind.name or not name:
        return Target(out / source.relative, kind)
    return Target(out / f"{without_suffix(source.relative)}{kind.suffix}", kind)


def written_as(kind: Kind, to: str | None) -> str:
    """The format that the results of a source have; empty where that is known only when it is read.

    Raises ConfigError when the format that is asked for cannot hold them.
    """
    name = checked(to) if to else kind.format.out if kind.name else ""
    if name and FORMATS[name].write is None:
        message = f"{name} is read, not written: choose another format, such as jsonl"
        raise ConfigError(message)
    if name and kind.name and kind.format.rows and not FORMATS[name].rows:
        message = f"the rows of a {kind.name} file are no single article: {name} cannot hold them"
        raise ConfigError(message)
    return name


@contextmanager
def interruptible(items: Iterable[T], path: Path) -> Iterator[tuple[Iterator[T], Callable[[], Path]]]:
    """The items, which end early when the run is interrupted while it waits for the next one, and the name for what is whole then.

    The rows that were done are so written to the end and kept, under a name that nobody takes for the result.
    """
    stopped: list[BaseException] = []

    def until() -> Iterator[T]:
        """The items before the interruption, which is noted in `stopped`."""
        iterator = iter(items)
        while True:
            try:
                item = next(iterator)
            except StopIteration:
                return
            except (KeyboardInterrupt, SystemExit) as stop:
                stopped.append(stop)
                return
            yield item

    yield until(), lambda: path.with_name(f"{path.name}.part") if stopped else path
    if stopped:
        stopped[0].add_note(f"the rows that are done are kept in {shown(path)}.part")
        raise stopped[0]


def write_rows(target: Target, items: Iterable[Head | Row], *, safe: bool = False) -> None:
    """The rows stand in the target's file, all of them or none; after an interruption those that were done stand in `NAME.part`.

    With `safe` no cell of a CSV or TSV file is a formula.
    """
    write = writer_of(target.kind, safe=safe)
    if write is None:
        message = f"{target.kind.name} is read, not written"
        raise ConfigError(message)
    with (
        interruptible(items, target.path) as (until, name),
        # Waiting for the disk takes 3 ms a file, four fifths of the time of a folder of short articles.
        atomic(target.path, name, sync=target.kind.format.rows) as file,
        compressed(file, target.kind.compression) as plain,
    ):
        write(plain, until)


def refuse_input(path: Path, sources: Sequence[Source]) -> None:
    """Raise ConfigError when `path`, which is about to be written, is an input."""
    real, real_of = os.fspath(_real(path)), _reals()
    if any(real_of(source.path) == real for source in sources):
        message = f"{shown(path)} is an input and would be overwritten: choose another output"
        raise ConfigError(message)


def _reals() -> Callable[[Path], str]:
    """What tells the path without links and dots as `realpath` does; a folder is looked at once for all that is in it, 8 times faster."""
    folders: dict[str, str] = {}

    def real(path: Path) -> str:
        folder, name = os.path.split(path)
        if name in {"", os.curdir, os.pardir} or path.is_symlink():
            return realpath(path)
        if folder not in folders:
            folders[folder] = realpath(folder)
        return os.path.join(folders[folder], name)  # noqa: PTH118 - a string is what is kept of 100,000 of them

    return real


def _real(path: Path) -> Path:
    """The path without links and dots, whether it exists or not."""
    return Path(realpath(path))
