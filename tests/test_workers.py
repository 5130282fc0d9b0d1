"""Items and their results, in order, in one process or several."""

import multiprocessing
import os
import time

import pytest

from dedup.errors import DedupError
from dedup.workers import in_order


def square(number):
    return number * number


def die(_):
    if multiprocessing.parent_process():
        os._exit(9)
    time.sleep(0.01)


def slow_elsewhere(_):
    time.sleep(0.5 if multiprocessing.parent_process() else 0)
    return os.getpid()


def even(number):
    return None if number % 2 else number


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_with_their_items_in_order(processes):
    found = list(in_order(square, iter(range(1000)), even, lambda _: 1, processes, alone=5))
    assert found == [(number, None if number % 2 else number * number) for number in range(1000)]


def test_items_are_taken_as_they_are_needed():
    taken = []
    results = in_order(square, (taken.append(number) or number for number in range(10**9)), even, lambda _: 1, 1)
    assert [next(results) for _ in range(3)] == [(0, 0), (1, None), (2, 4)]
    assert taken == [0, 1, 2]


def test_a_process_that_is_killed_is_an_error_that_says_so():
    with pytest.raises(DedupError, match="a process was ended from outside"):
        list(in_order(die, range(10**9), lambda number: number, lambda _: 10**9, 2, alone=0))


def test_this_process_does_what_no_other_has_begun():
    found = [process for _, process in in_order(slow_elsewhere, range(40), lambda number: number, lambda _: 10**9, 2, alone=0)]
    assert os.getpid() in found
