"""A work folder: columns of rows and the results of stages on disk, so that a run that was killed goes on where it stopped.

A column is a file that grows; a stage is a file that is there or not. `manifest.json` says how long each column is that is
finished, and which stages are. It is written last, by temporary name, fsync and rename, so that it is never ahead of the files.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.errors import ConfigError
from dedup.written import settle, updater, writer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from io import BufferedRandom
    from pathlib import Path

_MANIFEST = "manifest.json"


class Work:
    """The columns and stages of one run in a folder that nobody else uses meanwhile."""

    def __init__(self, folder: Path, fingerprint: Mapping[str, Any], *, discard: bool = False) -> None:
        """Begin in the folder, or go on from its manifest; ConfigError when that belongs to another run, unless it may be discarded."""
        self.folder = folder
        self._lock: int | None = lock(folder)
        self._files: dict[str, BufferedRandom] = {}
        self.state: dict[str, Any] = {"of": json.loads(json.dumps(fingerprint)), "sizes": {}, "stages": [], "progress": None}
        saved = _loaded(folder / _MANIFEST, discard=discard)
        if discard and (saved is None or saved["of"] != self.state["of"]):
            empty(folder)
        elif saved is not None:
            if saved["of"] != self.state["of"]:
                other = sorted(key for key, value in self.state["of"].items() if saved["of"].get(key) != value)
                self.close()
                message = (
                    f"the work folder {folder} belongs to another run (other {', '.join(other) or 'format'}); delete it or name another"
                )
                raise ConfigError(message)
            self.state = saved

    @property
    def progress(self) -> Any:  # noqa: ANN401 - what the caller gave to `checkpoint`
        """What the last checkpoint said of the caller's progress; None before the first one."""
        return self.state["progress"]

    def extend(self, name: str, data: np.ndarray | bytes) -> None:
        """The column has the data at its end; kept after a crash from the next checkpoint on."""
        if name not in self._files:
            path = self.folder / f"{name}.column"
            path.touch()
            file = self._files[name] = updater(path)
            file.truncate(self.state["sizes"].get(name, 0))
            file.seek(0, os.SEEK_END)
        self._files[name].write(data if isinstance(data, bytes) else np.ascontiguousarray(data).tobytes())

    def checkpoint(self, progress: object) -> None:
        """The columns are on the disk as they are now, and `progress` with them."""
        for name, file in self._files.items():
            settle(file, self.folder / f"{name}.column")
            self.state["sizes"][name] = file.tell()
        self.state["progress"] = progress
        self._save()

    def column(self, name: str, kind: str, width: int = 0) -> np.ndarray:
        """The column as a memory-mapped array, of rows of `width` values when that is given."""
        size = self.state["sizes"].get(name, 0) // np.dtype(kind).itemsize
        shape = (size // width, width) if width else (size,)
        if not size:
            return np.zeros((0, width) if width else 0, kind)
        # A plain array that could be written to, so that the kernels that were compiled for arrays in memory take it, too.
        return np.asarray(np.memmap(self.folder / f"{name}.column", kind, "c", shape=shape))

    def raw(self, name: str) -> bytes:
        """The column's bytes."""
        size = self.state["sizes"].get(name, 0)
        if not size:
            return b""
        with (self.folder / f"{name}.column").open("rb") as file:
            return file.read(size)

    def stage(self, name: str, make: Callable[[], np.ndarray]) -> np.ndarray:
        """The array of a stage: what an earlier run saved, else what `make` gives, saved."""
        path = self.folder / f"{name}.npy"
        if name not in self.state["stages"]:
            with _replacing(path) as file:
                made = np.ascontiguousarray(make())
                header = np.lib.format.header_data_from_array_1_0(made)
                np.lib.format.write_array_header_1_0(file, header)
                file.write(made.data)  # of a full disk `np.save` says how many items it wrote
            self.state["stages"].append(name)
            self._save()
        loaded: np.ndarray = np.load(path, mmap_mode="r")
        return loaded

    def close(self) -> None:
        """The files are closed; the folder can be used by the next run."""
        with contextlib.ExitStack() as stack:  # one that cannot be written keeps none open
            if self._lock is not None:
                stack.callback(os.close, self._lock)
            for file in self._files.values():
                stack.callback(file.close)
            self._files, self._lock = {}, None

    def remove(self) -> None:
        """Nothing is left of what the run wrote into the folder, nor of the folder when it held nothing else."""
        self.close()
        (self.folder / _MANIFEST).unlink(missing_ok=True)  # first: without it the rest means nothing
        for path in [*self.folder.glob("*.column"), *self.folder.glob("*.npy"), *self.folder.glob("*.part"), self.folder / "lock"]:
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def _save(self) -> None:
        with _replacing(self.folder / _MANIFEST) as file:
            file.write(json.dumps(self.state).encode())


@contextlib.contextmanager
def _replacing(path: Path) -> Any:  # noqa: ANN401 - an iterator of a binary file
    """A file that takes the name `path` when all of it is on the disk."""
    temporary = path.with_suffix(".part")
    with writer(temporary, path) as file:
        yield file
        settle(file, path)
    temporary.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _loaded(path: Path, *, discard: bool) -> dict[str, Any] | None:
    """The manifest; None for none, and for a broken one that may be discarded. Raises ConfigError for any other broken one."""
    try:
        saved: Any = json.loads(path.read_bytes())
        whole = isinstance(saved, dict) and saved.keys() >= {"of", "sizes", "stages", "progress"}
    except FileNotFoundError:
        return None
    except ValueError:
        whole = False
    if not whole:
        if discard:
            return None
        message = f"the work folder {path.parent} is damaged; delete it or name another"
        raise ConfigError(message)
    known: dict[str, Any] = saved
    return known


def empty(folder: Path) -> None:
    """Nothing is in the folder but the lock; the manifest goes first: without it the rest means nothing."""
    (folder / _MANIFEST).unlink(missing_ok=True)
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()


def lock(folder: Path) -> int:
    """The descriptor of a lock that lasts as long as the process; ConfigError when another run holds it."""
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o666)
        if os.name != "posix":
            return descriptor
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            message = f"the work folder {folder} is in use by another run"
            raise ConfigError(message) from error
        with contextlib.suppress(FileNotFoundError):
            if os.fstat(descriptor).st_ino == (folder / "lock").stat().st_ino:
                return descriptor
        os.close(descriptor)  # the run that held it has removed it meanwhile
