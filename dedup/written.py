"""Files that are written: an error of the disk names the file that it happened in, as an error of opening one does."""

from __future__ import annotations

import os
from io import BufferedRandom, BufferedWriter, FileIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed import ReadableBuffer


class _Named(FileIO):
    """A raw file whose errors bear a name: of a full disk the system says only that it is full."""

    def __init__(self, file: Path | int, mode: str, shown: Path) -> None:
        super().__init__(file, mode)
        self._shown = str(shown)

    def write(self, data: ReadableBuffer, /) -> int:
        """As of any raw file."""
        try:
            return super().write(data) or 0
        except OSError as error:
            error.filename = self._shown
            raise


def writer(file: Path | int, shown: Path, mode: str = "w") -> BufferedWriter:
    """The file, or that of a descriptor, open to be written (`w`, `x` or `a`); errors name `shown`."""
    return BufferedWriter(_Named(file, mode, shown))


def updater(path: Path) -> BufferedRandom:
    """The file that is there, open to be read and written."""
    return BufferedRandom(_Named(path, "r+", path))


def settle(file: BufferedWriter | BufferedRandom, shown: Path) -> None:
    """What was written is on the disk; errors name `shown`."""
    file.flush()
    try:
        os.fsync(file.fileno())
    except OSError as error:
        error.filename = str(shown)
        raise
