"""Two rows compared, against the slow twins."""

from itertools import pairwise

import numpy as np
import oracles
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.kernels.compare import compare_pairs, numbers_alone_differ, same_letters, screen_pairs
from dedup.kernels.rows import fold_rows

TEXTS = st.text(st.sampled_from("ab中文12"), max_size=60)


@settings(deadline=None, max_examples=300)
@given(TEXTS, TEXTS, st.integers(1, 6), st.integers(1, 12), st.integers(1, 3), st.floats(0, 1))
def test_shared_shingles_and_own_passages(first, second, weight, passage, in_a_row, most):
    codes, offsets, _ = fold_rows([first, second, first + second])
    rows = [codes[start:end].tolist() for start, end in pairwise(offsets)]
    pairs = [(0, 1), (0, 2), (2, 1), (2, 0), (0, 0)]
    one, two = np.array(pairs).T
    assert same_letters(codes, offsets, one, two).tolist() == [rows[i] == rows[j] for i, j in pairs]
    compared = compare_pairs(codes, offsets, one, two, weight).tolist()
    screened = screen_pairs(codes, offsets, one, two, weight, passage, in_a_row, most).tolist()
    for (i, j), numbers, more in zip(pairs, compared, screened, strict=True):
        assert tuple(numbers) == oracles.compare(rows[i], rows[j], weight)
        assert tuple(more) == oracles.screen(rows[i], rows[j], weight, passage, in_a_row, most)


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
