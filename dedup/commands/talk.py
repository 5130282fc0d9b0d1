"""What a command says on standard error: a line a message, and a moving line of progress where a terminal shows it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dedup.commands.signals import hear
from dedup.loading import load_compiler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress

    from dedup.report.counts import Counts

_NARROW = 70  # columns of a terminal below which only the essential is shown
_EVERY = 0.1  # seconds between two updates


def say(message: str) -> None:
    """The message stands on standard error, on a line of its own."""
    line = f"dedup: {message}"
    if _SHOWN:  # above the moving line, and never broken where a terminal is narrow: it may hold a path
        from rich.text import Text

        _SHOWN[-1].console.print(Text(line), soft_wrap=True)
    else:
        print(line, file=sys.stderr)  # noqa: T201 - the command line speaks here


@contextmanager
def telling(what: Callable[[], str], *, instead: bool = False) -> Iterator[None]:
    """A run that is told to end meanwhile carries what it has done, for its last line; `instead` of what was noted further in."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit) as stop:
        if instead and hasattr(stop, "__notes__"):
            stop.__notes__ = []
        stop.add_note(what())
        raise


def load_kernels(*, quiet: bool) -> None:
    """Kernels can be called; the first that is compiled for want of a kept copy is told of where a terminal shows it: it takes seconds."""
    load_compiler()
    hear()
    if quiet or not sys.stderr.isatty():
        return
    from numba.core.event import Event, Listener, register, unregister

    class Told(Listener):
        def on_start(self, event: Event) -> None:  # noqa: ARG002 - numba's signature
            unregister(_COMPILING, self)  # type: ignore[no-untyped-call] # numba carries no types
            say("compiling for this machine, once: later runs begin at once")

        def on_end(self, event: Event) -> None:
            """Nothing is left to say."""

    register(_COMPILING, Told())  # type: ignore[no-untyped-call] # numba carries no types


_COMPILING = "numba:compile"
_SHOWN: list[Progress] = []  # what moves on the terminal, of which there is one


class Meter:
    """How far a run is, in bytes; nothing is shown where nobody looks."""

    def __init__(self, counts: Counts, progress: Progress | None, total: int | None) -> None:
        """Begin at nothing."""
        self._counts, self._progress, self._done, self._here, self._due = counts, progress, 0, 0, 0.0
        self._task = progress.add_task("", total=total, said="") if progress else None

    def at(self, position: int) -> None:
        """So many bytes of the present file are read."""
        self._here = position
        if self._progress is not None:
            self._show()

    def next(self, size: int) -> None:
        """A file is read to its end."""
        self._done, self._here = self._done + size, 0
        self._counts.bytes = self._done

    def _show(self) -> None:
        from time import monotonic

        if self._progress is None or self._task is None or (now := monotonic()) < self._due:
            return
        self._due = now + _EVERY
        counts = self._counts
        said = f"{counts.read:,} read, {counts.removals.total():,} removed" + (
            f", {len(counts.unreadable):,} unreadable" if counts.unreadable else ""
        )
        self._progress.update(self._task, completed=self._done + self._here, said=said)


@contextmanager
def metering(counts: Counts, total: int | None, *, quiet: bool) -> Iterator[Meter]:
    """A meter that is shown while it lasts, when standard error is a terminal and nobody asked for silence."""
    if quiet or not sys.stderr.isatty():
        yield Meter(counts, None, total)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    console = Console(stderr=True)
    narrow = console.width < _NARROW
    columns = [TextColumn("{task.fields[said]}")]
    wide = [BarColumn(None), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()]
    with Progress(*(columns if narrow else [*columns, *wide]), console=console, transient=True, redirect_stdout=False) as progress:
        _SHOWN.append(progress)
        try:
            yield Meter(counts, progress, total)
        finally:
            _SHOWN.pop()
