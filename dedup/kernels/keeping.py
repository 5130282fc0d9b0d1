"""Keeping: how kernels are compiled, and where they stay for the next run.

They stay in the user's cache folder, in a folder that is named by all of their sources: numba looks at the file of a kernel alone, and
would go on with what that had taken from another file that has changed since. NUMBA_CACHE_DIR, where it is set, is taken as it is.
Where the cache folder cannot be written, as in a container without a home, they stay in a folder of the user's own among temporary files.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import stat
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

import llvmlite
import numba as nb

_SOURCES = Path(__file__).parent
_MOST = 8  # folders of other sources that are left, 10 MB each
_DAY = 86_400  # seconds; a folder that was used since may be another process's


def kernel(function: Any = None, **options: Any) -> Any:
    """The function compiled by numba at its first call, or loaded from where an earlier process kept it; it holds no lock of Python's."""
    if function is None:
        return partial(kernel, **options)
    before = nb.config.CACHE_DIR  # type: ignore[attr-defined] # it is set as numba loads
    nb.config.CACHE_DIR = before or _folder()  # type: ignore[attr-defined] # asked for as a function is declared, and other packages' stay where they are
    try:
        return nb.njit(cache=True, nogil=True, **options)(function)
    finally:
        nb.config.CACHE_DIR = before  # type: ignore[attr-defined] # as above


@cache
def _folder() -> str:
    """Where the kernels of these sources are kept: a folder that can be written, and that nobody else may write into."""
    digest = hashlib.blake2b(f"{platform.python_version()} {nb.__version__} {llvmlite.__version__}".encode(), digest_size=8)
    for source in sorted(_SOURCES.glob("*.*")):
        digest.update(b"%s %d " % (source.name.encode(), source.stat().st_size) + source.read_bytes())
    folder = _users_folder() / digest.hexdigest()
    if not folder.is_absolute() or not _is_ours(folder):
        folder = _private_folder() / digest.hexdigest()
        folder.mkdir(exist_ok=True)
    _forget_old(folder)
    return str(folder)


def _users_folder() -> Path:
    """Kernels' place in the user's cache folder; not absolute where there is no home."""
    # Not by platformdirs, which takes 25 ms of a start to say the same.
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", ""), "dedup", "kernels")
    if sys.platform == "darwin":
        return Path(os.path.expanduser("~/Library/Caches/dedup/kernels"))  # noqa: PTH111 - Path.expanduser raises without a home
    caches = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (caches if caches.is_absolute() else Path(os.path.expanduser("~/.cache"))) / "dedup" / "kernels"  # noqa: PTH111 - as above


def _is_ours(folder: Path) -> bool:
    """Whether the folder is there, is the user's, and takes a file; it is marked as used."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
            return False
        os.utime(folder)
        if not any(folder.iterdir()):
            tempfile.TemporaryFile(dir=folder).close()
        return os.access(folder, os.W_OK)
    except OSError:
        return False


def _forget_old(folder: Path) -> None:
    """Of the folders of other sources only the last used are there."""
    with suppress(OSError):
        others = sorted(((other.stat().st_mtime, other) for other in folder.parent.iterdir() if other != folder), reverse=True)
        for used, other in others[_MOST:]:
            if used < time.time() - _DAY:
                shutil.rmtree(other, ignore_errors=True)


def _private_folder() -> Path:
    """A folder that nobody else may write into: what is kept there is loaded as code."""
    owner = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir(), f"dedup-kernels-{owner}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return Path(tempfile.mkdtemp(prefix="dedup-kernels-"))
    if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and (found.st_uid != owner or found.st_mode & 0o077)):
        return Path(tempfile.mkdtemp(prefix="dedup-kernels-"))
    return folder
