"""Limits: a run in an address space that is limited, watched by another process, so that its end is told whatever ends it.

LLVM aborts the process when it finds no memory for what it compiles (600 MB and no kernels kept from earlier runs): nothing in
that process can tell it. Where nobody set a limit there is no other process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_FAILED = 2  # the exit code of a run that cannot be done here
_CRASHES = frozenset({signal.SIGABRT, signal.SIGSEGV, signal.SIGILL} | ({signal.SIGBUS} if hasattr(signal, "SIGBUS") else set()))


def address_space() -> int | None:
    """Bytes that the process may address; None where there is no limit."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit


def watched(run: Callable[[], int]) -> int:
    """The exit code of the run, done here, or where the address space is limited in a process that is watched."""
    limit = address_space()
    if limit is None or not hasattr(signal, "sigwaitinfo"):
        return run()
    heard = {signal.SIGINT, signal.SIGTERM, signal.SIGCHLD}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, heard)
    child = os.fork()
    if not child:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        try:
            return run()
        except (MemoryError, ImportError, OSError, SystemError) as error:  # a library that finds no room when it is loaded
            return _told(limit, type(error).__name__)
    code = _waited(child, heard)
    if -code in _CRASHES:
        return _told(limit, signal.Signals(-code).name)
    return code if code >= 0 else 128 - code


def _told(limit: int, how: str) -> int:
    """The exit code of a run that ended so, of which is told."""
    why = f"the address space is limited to {limit >> 20} MB (ulimit -v)"
    print(f"dedup: not enough memory ({how}): {why}; what is unfinished has no output's name", file=sys.stderr)  # noqa: T201 - the command line speaks here
    return _FAILED


def _waited(child: int, heard: set[signal.Signals]) -> int:
    """The exit code of the child, which is sent what this process alone is sent: Ctrl-C at a terminal goes to both."""
    while True:
        found = signal.sigwaitinfo(heard)
        if found.si_signo == signal.SIGCHLD:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
        elif found.si_pid:  # from a process, not from the terminal
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, found.si_signo)
