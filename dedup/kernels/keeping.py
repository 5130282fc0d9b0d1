"""Keeping: where compiled kernels stay for the next run.

numba keeps them beside the source, or where that cannot be written in the user's cache folder (or in NUMBA_CACHE_DIR). Where none
of these can be written, as in a container with a read-only package and no home, it refuses to go on; there they stay in a
folder of the user's own among temporary files.
"""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import numba as nb


def find_room() -> None:
    """Compiled kernels have a place from here on, wherever the package and the user's home are."""
    try:
        nb.njit(cache=True)(_probe)
    except RuntimeError:  # "cannot cache function: no locator available"
        os.environ["NUMBA_CACHE_DIR"] = nb.config.CACHE_DIR = _private_folder()  # type: ignore[attr-defined] # here, and in processes that are started


def _probe() -> None:
    """Nothing: never compiled, only asked for its place."""


def _private_folder() -> str:
    """A folder that nobody else may write into: what is kept there is loaded as code."""
    owner = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir(), f"dedup-kernels-{owner}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return tempfile.mkdtemp(prefix="dedup-kernels-")
    if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and (found.st_uid != owner or found.st_mode & 0o077)):
        return tempfile.mkdtemp(prefix="dedup-kernels-")
    return str(folder)
