"""Outputs that are no files: pipes, devices, descriptors of this process. They are written into as they stand, never replaced."""

from __future__ import annotations

import errno
import os
import stat
from os.path import realpath
from typing import TYPE_CHECKING

from dedup.errors import ConfigError
from dedup.files.names import shown

if TYPE_CHECKING:
    from pathlib import Path

_MOST_LINKS = 40  # as the kernel follows


def is_stream(path: Path) -> bool:
    """True where something else than a file or a folder stands, or where a descriptor of this process is named."""
    if _own(path) is not None:
        return True
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def opened(path: Path) -> int:
    """A descriptor to write to a stream by; a pipe's is there when somebody reads it.

    Raises ConfigError for what takes no text in order: a socket, or a disk, which would be overwritten.
    """
    own = _own(path)
    if own is not None:
        try:
            return os.dup(own)
        except OSError as error:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF), str(path)) from error
    mode = path.stat().st_mode
    if not (stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)):
        what = "socket" if stat.S_ISSOCK(mode) else "disk" if stat.S_ISBLK(mode) else "file of a kind that cannot be written"
        message = f"{shown(path)} is a {what}: choose a file, a pipe or /dev/stdout for the output"
        raise ConfigError(message)
    return os.open(path, os.O_WRONLY)


def _own(path: Path) -> int | None:
    """The descriptor of this process that the path leads to: `/dev/stdout`, `/dev/fd/3`.

    To open such a name again would begin a file anew in which somebody before us has written.
    """
    if os.name != "posix":
        return None
    own = {f"/proc/{os.getpid()}/fd", "/dev/fd"}
    for _ in range(_MOST_LINKS):
        if realpath(path.parent) in own and path.name.isdecimal():
            return int(path.name)
        try:
            path = path.parent / path.readlink()
        except (OSError, ValueError):
            return None
    return None
