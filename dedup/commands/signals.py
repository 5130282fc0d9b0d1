"""A request to end a run, raised where it is heard: Ctrl-C and SIGTERM."""

from __future__ import annotations

import signal
import sys
import time
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    Handler = Callable[[int, FrameType | None], object] | int | None

TERMINATED = 143  # the exit code after SIGTERM, 128 and its number

_AGAIN = 0.02  # seconds until a request that came at a bad moment is raised again
_MOST = 1.0  # seconds that it waits for a better one: both signals end a run within 2
# Modules in which an exception is lost or turned into another: numba's dispatcher answered SystemError when one was raised
# while it compiled, and an import made from compiled code may drop it.
_DEAF = ("numba", "llvmlite", "importlib._bootstrap", "importlib._bootstrap_external")

_asked: list[tuple[int, float]] = []  # the number of the signal, and when it came


def listen() -> None:
    """From now on SIGINT raises KeyboardInterrupt and SIGTERM SystemExit(143), neither while a kernel or a module is being loaded."""
    if not any(signal.getsignal(number) is _ask for number in (signal.SIGINT, signal.SIGTERM)):
        _asked.clear()  # what an earlier run in this process was asked
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # started by nohup, or behind an `&` of a script
            signal.signal(number, _ask)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _ask_again)
    sys.unraisablehook = _was_lost


def handlers() -> dict[int, Handler]:
    """What each of the two signals does now."""
    return {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}


def restore(before: dict[int, Handler]) -> None:
    """Each signal does again what it did: a process that calls the command line as a function goes on, and so do those that it starts."""
    for number, handler in before.items():
        signal.signal(number, handler)


def asked() -> int:
    """The number of the signal by which the run was asked to end, 0 when it was not."""
    return _asked[0][0] if _asked else 0


def hear() -> None:
    """A request that came while something was being loaded is raised: the run may be done before it comes again."""
    if _asked:
        _end(_asked[0][0])


def stop_listening() -> None:
    """The run is ending: another request would only cut off what it says."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ask(number: int, frame: FrameType | None) -> None:
    """The run is asked to end, now or at the next moment at which it hears."""
    if not _asked:
        _asked.append((number, time.monotonic()))
    _raise_where_heard(frame)


def _ask_again(_number: int, frame: FrameType | None) -> None:
    """A request that waited is raised, unless it has been heard already."""
    if _asked and not isinstance(sys.exception(), KeyboardInterrupt | SystemExit):
        _raise_where_heard(frame)


def _raise_where_heard(frame: FrameType | None) -> None:
    number, since = _asked[0]
    if hasattr(signal, "setitimer") and _is_deaf(frame):
        signal.setitimer(signal.ITIMER_REAL, _AGAIN)
        if time.monotonic() - since < _MOST:
            return
        signal.setitimer(signal.ITIMER_REAL, _MOST)  # should it be lost here
    _end(number)


def _is_deaf(frame: FrameType | None) -> bool:
    """True when the frame or one that it was called from belongs to a module that loses exceptions."""
    while frame is not None:
        name = frame.f_globals.get("__name__") or ""
        if name in _DEAF or name.partition(".")[0] in _DEAF:
            return True
        frame = frame.f_back
    return False


def _end(number: int) -> NoReturn:
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(TERMINATED)


def _was_lost(lost: sys.UnraisableHookArgs) -> None:
    """A request that came inside a callback, from which nothing can be raised, comes again a moment later."""
    if lost.exc_type in {KeyboardInterrupt, SystemExit} and hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, _AGAIN)
    elif not _asked:  # what was half made when the run was told to end cannot be closed in order
        sys.__unraisablehook__(lost)
