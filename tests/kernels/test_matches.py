"""Folding, winnowing and maximal matches against slow oracles; the hash never decides."""

from __future__ import annotations

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.article.repeats import PERMUTATION
from dedup.kernels.fold import fold
from dedup.kernels.matches import maximal_matches, shingle_hashes, window_minima
from tests.kernels import oracle_matches as oracle

# Letters that repeat soon, with some that fold away or to two.
TEXTS = st.text(st.sampled_from("aab b,。ＡÉ人國国ﬁ½ｶﾞ①٣\n"), max_size=200)
CODES = st.lists(st.integers(97, 99), max_size=300).map(lambda codes: np.array(codes, np.uint32))


@settings(deadline=None)  # the first call compiles
@given(st.text(max_size=60))
def test_folding_equals_the_oracle_on_any_text(text: str) -> None:
    folded = fold(text)
    # Traditional letters are the table's own knowledge: they are mapped here as it maps them.
    simplified = {
        ord(char): int(fold(char).codes[0]) for char in text if ("㐀" <= char <= "鿿" or char >= "𠀀") and fold(char).codes.size == 1
    }
    assert (folded.codes.tolist(), folded.at.tolist()) == oracle.fold(text, simplified)


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 1000])
def test_letters_that_become_eighteen_fit_at_every_size(size: int) -> None:
    text = "ﷺ" * size
    assert fold(text).codes.size == size * fold("ﷺ").codes.size
    assert fold(text).at.tolist() == [place for place in range(size) for _ in range(fold("ﷺ").codes.size)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｈｅｌｌｏ， Ｗｏｒｌｄ！", "hello world"),
        ("國家，臺灣", "国家台湾"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("…roads.Mayor…", "roads。Mayor"),
        ("٣٤", "34"),
        ("ﬁn", "fin"),
    ],
)
def test_what_says_the_same_folds_alike(one: str, other: str) -> None:
    assert fold(one).codes.tolist() == fold(other).codes.tolist()


def test_the_windows_are_ranked_by_the_first_permutation_of_datasketch() -> None:
    first = MinHash(num_perm=1, seed=1, scheme="affine32").permutations[:, 0]
    assert [int(value) for value in PERMUTATION] == first.tolist()


@settings(deadline=None)  # the first call compiles
@given(CODES, st.integers(1, 13), st.integers(1, 6))
def test_window_minima_equal_the_oracle(codes: np.ndarray, size: int, window: int) -> None:
    hashes = shingle_hashes(codes, size)
    assert hashes.size == max(codes.size - size + 1, 0)
    assert window_minima(hashes, window, *PERMUTATION).tolist() == oracle.window_minima(hashes.tolist(), window, *map(int, PERMUTATION))


@settings(deadline=None)  # the first call compiles
@given(CODES, st.integers(1, 12))
def test_equal_shingles_have_equal_hashes(codes: np.ndarray, size: int) -> None:
    hashes = shingle_hashes(codes, size)
    seen: dict[tuple[int, ...], int] = {}
    for place, value in enumerate(hashes.tolist()):
        assert seen.setdefault(tuple(codes[place : place + size].tolist()), value) == value


@settings(deadline=None)  # the first call compiles
@given(TEXTS, st.sampled_from([(3, 2), (4, 1), (6, 3), (12, 5)]))
def test_every_match_of_a_window_and_more_is_found_and_none_that_is_not_there(text: str, shape: tuple[int, int]) -> None:
    size, window = shape
    codes = fold(text).codes
    hashes = shingle_hashes(codes, size)
    places = window_minima(hashes, window, *PERMUTATION)
    least = size + window - 1
    rows = {tuple(row) for row in maximal_matches(codes, hashes, places, size, least, 250).tolist()}
    assert rows == oracle.maximal_matches(codes.tolist(), least)


def test_a_shingle_that_stands_too_often_is_no_seed() -> None:
    codes = fold("the same old line " * 9).codes
    hashes = shingle_hashes(codes, 12)
    places = window_minima(hashes, 5, *PERMUTATION)
    assert maximal_matches(codes, hashes, places, 12, 16, 4).size == 0
    assert maximal_matches(codes, hashes, places, 12, 16, 9).size > 0


def test_colliding_hashes_make_no_match() -> None:
    codes = np.arange(100, 160, dtype=np.uint32)
    hashes = np.zeros(49, np.uint32)
    assert maximal_matches(codes, hashes, np.arange(49, dtype=np.int32), 12, 12, 100).size == 0
