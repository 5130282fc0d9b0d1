"""Two rows compared, against the slow twins."""

from itertools import pairwise

import numpy as np
import oracles
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import short_hash

from dedup.kernels.compare import apart, compare_pairs, numbers_alone_differ, same_letters, screen_pairs
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
    refused = apart(codes, offsets, one, two, weight, passage, in_a_row, most).tolist()
    for (i, j), numbers, more, far in zip(pairs, compared, screened, refused, strict=True):
        assert tuple(numbers) == oracles.compare(rows[i], rows[j], weight)
        assert tuple(more) == oracles.screen(rows[i], rows[j], weight, passage, in_a_row, most)
        assert far == oracles.apart(rows[i], rows[j], weight, passage, in_a_row, most)
        assert not far or more[2] > most * len(rows[j]) + 1e-6  # never where the screen lets a pair pass


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


def test_hashes_of_zero_and_one_are_one_hash_to_both_screens():
    factor = short_hash([1])
    zero, one = 0, pow(factor, -1, 1 << 32)
    assert (short_hash([zero]), short_hash([one])) == (0, 1)
    codes, offsets = np.array([zero, one], np.uint32), np.array([0, 1, 2])
    pair = np.array([0]), np.array([1])
    assert screen_pairs(codes, offsets, *pair, 1, 1, 1, 0.0).tolist() == [[1, 1, 0]]
    assert apart(codes, offsets, *pair, 1, 1, 1, 0.0).tolist() == [False]


def test_rows_longer_than_the_table_has_bytes_are_refused_only_where_the_screen_refuses_them():
    drawn = np.random.default_rng(1).integers(97, 123, 600_000).astype(np.uint32)
    codes = np.concatenate((drawn, drawn[:300_000], drawn[::-1], drawn[:1000]))
    offsets = np.array([0, 600_000, 900_000, 1_500_000, 1_501_000])
    one, two = np.array([0, 0, 0, 3]), np.array([1, 2, 3, 1])
    own = screen_pairs(codes, offsets, one, two, 5, 60, 3, 0.15)[:, 2]
    allowed = 0.15 * np.diff(offsets)[two]
    assert (own > allowed).tolist() == [False, True, False, True]
    refused = apart(codes, offsets, one, two, 5, 60, 3, 0.15)
    assert not (refused & (own <= allowed)).any()
    assert refused[3]
