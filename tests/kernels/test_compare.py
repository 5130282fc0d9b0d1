"""Two rows compared, against the slow twins."""

from itertools import pairwise

import numpy as np
import oracles
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.kernels.compare import compare_pairs, numbers_alone_differ
from dedup.kernels.rows import fold_rows

TEXTS = st.text(st.sampled_from("ab中文12"), max_size=60)


@settings(deadline=None, max_examples=300)
@given(TEXTS, TEXTS, st.integers(1, 6), st.integers(1, 12), st.integers(1, 3))
def test_shared_shingles_and_own_passages(first, second, weight, passage, in_a_row):
    codes, offsets, _ = fold_rows([first, second, first + second])
    found = compare_pairs(codes, offsets, np.array([0, 2, 0]), np.array([1, 1, 0]), weight, passage, in_a_row)
    rows = [codes[start:end].tolist() for start, end in pairwise(offsets)]
    for (one, two), numbers in zip(((0, 1), (2, 1), (0, 0)), found.tolist(), strict=True):
        assert tuple(numbers) == oracles.compare(rows[one], rows[two], weight, passage, in_a_row)


@settings(deadline=None, max_examples=300)
@given(TEXTS, TEXTS)
def test_numbers_alone(first, second):
    codes, offsets, _ = fold_rows([first, second])
    rows = [codes[start:end].tolist() for start, end in pairwise(offsets)]
    assert numbers_alone_differ(codes, offsets, np.array([0]), np.array([1]))[0] == oracles.numbers_alone_differ(*rows)


def test_numbers_alone_by_example():
    cases = [("report for 3 May", "Report for 4 May", True), ("report 3", "report 3", False), ("rate 12", "rate 12.5", True)]
    cases += [("a1b", "a1c", False), ("1 a", "a 1", True), ("", "1", True)]
    for first, second, expected in cases:
        codes, offsets, _ = fold_rows([first, second])
        assert numbers_alone_differ(codes, offsets, np.array([0]), np.array([1]))[0] == expected, (first, second)
