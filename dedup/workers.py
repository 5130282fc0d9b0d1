"""Workers: a function over many items in several processes, lazily, in order, with few of them in memory at a time."""

from __future__ import annotations

import os
import signal
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

from dedup.errors import DedupError
from dedup.loading import load_compiler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future

T = TypeVar("T")
P = TypeVar("P")
R = TypeVar("R")

_ALONE = 256  # items after which other processes pay: each needs a second to begin
_MOST_ITEMS, _MOST_WEIGHT = 64, 400_000  # of one message to a process
_AHEAD = 3  # messages that wait for each process
_HANDED = 2  # messages that each other process has: one that it works on, and the next


def in_order(
    function: Callable[[P], R],
    items: Iterable[T],
    task: Callable[[T], P | None],
    weight: Callable[[P], int],
    workers: int,
    *,
    alone: int = _ALONE,
) -> Iterator[tuple[T, R | None]]:
    """Each item with what the function makes of its task, in the order of the items; None where an item has no task.

    `workers` is the number of processes with this one, 0 for one a processor; the first `alone` items are done in this one, so that
    a small run starts no other. Function, tasks and results must be picklable; items need not be.
    """
    rest = iter(items)
    for item in rest if (workers or _processors()) == 1 else islice(rest, alone):
        work = task(item)
        yield item, None if work is None else function(work)
    first = next(rest, None)
    if first is not None:
        yield from _in_processes(function, _messages(first, rest, task, weight), workers or _processors())


def _messages(
    first: T, rest: Iterator[T], task: Callable[[T], P | None], weight: Callable[[P], int]
) -> Iterator[tuple[list[T], list[P | None]]]:
    """Items and their tasks in groups of about equal weight."""
    items, tasks, total = [first], [task(first)], 0
    for item in rest:
        if len(items) >= _MOST_ITEMS or total >= _MOST_WEIGHT:
            yield items, tasks
            items, tasks, total = [], [], 0
        work = task(item)
        items.append(item)
        tasks.append(work)
        total += 0 if work is None else weight(work)
    yield items, tasks


def _in_processes(
    function: Callable[[P], R], messages: Iterable[tuple[list[T], list[P | None]]], workers: int
) -> Iterator[tuple[T, R | None]]:
    """The items with their results, from a pool of processes."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # A forked process would share the locks of compiled code that may be running.
    pool = ProcessPoolExecutor(workers - 1, multiprocessing.get_context("spawn"), _prepare)
    waiting: deque[_Message[T, P, R]] = deque()
    try:
        for items, tasks in messages:
            waiting.append(_Message(items, tasks))
            _hand_out(pool, function, waiting, _HANDED * (workers - 1))
            if len(waiting) >= _AHEAD * workers:
                yield from _finished(pool, function, waiting, _HANDED * (workers - 1))
        while waiting:
            yield from _finished(pool, function, waiting, _HANDED * (workers - 1))
    except BrokenProcessPool as error:
        message = "a process was ended from outside, perhaps for want of memory; with -j 1 there is only one"
        raise DedupError(message) from error
    finally:
        pool.shutdown(cancel_futures=True)


@dataclass(slots=True)
class _Message(Generic[T, P, R]):
    """Items and their tasks; `future` is another process's, `done` are results of this one."""

    items: list[T]
    tasks: list[P | None]
    future: Future[list[R | None]] | None = None
    done: list[R | None] | None = None

    @property
    def waits(self) -> bool:
        """True until a process is given the tasks."""
        return self.future is None and self.done is None


def _hand_out(pool: Executor, function: Callable[[P], R], waiting: deque[_Message[T, P, R]], most: int) -> None:
    """The other processes have `most` messages, if there are so many; none is taken back, as a pool that breaks fails on what it lacks."""
    free = most - sum(message.future is not None and not message.future.done() for message in waiting)
    for message in islice((message for message in waiting if message.waits), max(free, 0)):
        message.future = pool.submit(_each, function, message.tasks)


def _finished(pool: Executor, function: Callable[[P], R], waiting: deque[_Message[T, P, R]], most: int) -> Iterator[tuple[T, R | None]]:
    """The items of the oldest message with their results; while it is not there, this process does what no other has."""
    oldest = waiting[0]
    while oldest.done is None and not (oldest.future and oldest.future.done()):
        mine = next((message for message in waiting if message.waits), None)
        if mine is None:
            break
        mine.done = _each(function, mine.tasks)
        _hand_out(pool, function, waiting, most)
    waiting.popleft()
    results = oldest.future.result() if oldest.future else oldest.done
    yield from zip(oldest.items, results or (), strict=True)


def _each(function: Callable[[P], R], tasks: list[P | None]) -> list[R | None]:
    """What the function makes of each task."""
    return [None if task is None else function(task) for task in tasks]


def _prepare() -> None:
    """Ctrl-C goes to the whole group of processes; the one that started the others decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    load_compiler()


def _processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
