"""Workers: a function over many items in several processes, lazily, in order, with few of them in memory at a time."""

from __future__ import annotations

import os
import signal
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from dedup.errors import DedupError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future

T = TypeVar("T")
P = TypeVar("P")
R = TypeVar("R")

_ALONE = 256  # items after which other processes pay: each needs a second to begin
_MOST_ITEMS, _MOST_WEIGHT = 64, 400_000  # of one message to a process
_AHEAD = 3  # messages that wait for each process


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

    `workers` is the number of processes, 0 for one a processor; the first `alone` items are done in this one, so that a
    small run starts no other. Function, tasks and results must be picklable; items need not be.
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
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _prepare)
    waiting: deque[tuple[list[T], Future[list[R | None]]]] = deque()
    try:
        for items, tasks in messages:
            waiting.append((items, _submit(pool, function, tasks)))
            if len(waiting) >= _AHEAD * workers:
                yield from _finished(waiting)
        while waiting:
            yield from _finished(waiting)
    except BrokenProcessPool as error:
        message = "a process was ended from outside, perhaps for want of memory; with -j 1 there is only one"
        raise DedupError(message) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(pool: Executor, function: Callable[[P], R], tasks: list[P | None]) -> Future[list[R | None]]:
    return pool.submit(_each, function, tasks)


def _finished(waiting: deque[tuple[list[T], Future[list[R | None]]]]) -> Iterator[tuple[T, R | None]]:
    """The items of the oldest message with their results, when they are there."""
    items, future = waiting.popleft()
    yield from zip(items, future.result(), strict=True)


def _each(function: Callable[[P], R], tasks: list[P | None]) -> list[R | None]:
    """What the function makes of each task."""
    return [None if task is None else function(task) for task in tasks]


def _prepare() -> None:
    """Ctrl-C goes to the whole group of processes; the one that started the others decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
