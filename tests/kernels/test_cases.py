"""Cases judged later are the pairs that the one-machine kernel finds at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.kernels.cases import cases_by_bin, group_cases, judge_cases, rank_table
from dedup.kernels.groups import distinct, group_pairs


def judged(parts, signed, least, ranks=None):
    """The pairs of all cases, each once."""
    ranks = np.arange(len(signed)) if ranks is None else ranks
    return distinct(np.concatenate([judge_cases(cases, rank_table(ranks), ranks, signed, np.array(least)) for cases in parts]))


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=40),
    st.integers(1, 6),
    st.lists(st.integers(0, 3), min_size=40, max_size=40),
    st.integers(0, 45),
    st.integers(0, 5),
    st.integers(1, 9),
)
def test_cases_judged_are_the_pairs_of_groups(groups, most, least, old, seed, size):
    bits = len(groups).bit_length()
    keys = np.sort(np.array([(group << bits) | rank for rank, group in enumerate(groups)], np.uint64))
    signed = np.random.default_rng(seed).integers(0, 2, (len(groups), 4), dtype=np.uint8)
    parts = group_cases(keys, bits, most, old)
    wanted = np.unique(group_pairs(keys, bits, most, signed, np.arange(len(groups)), np.array(least), old))
    assert np.array_equal(judged(parts, signed, least), wanted)
    assert [cases.shape[1] for cases in parts] == [2, 4]
    assert all((cases[:, 0] >= old).all() for cases in parts)
    for cases in parts:
        binned, starts = cases_by_bin(cases, size)
        assert np.array_equal(binned, cases[np.argsort(cases[:, 0] // size, kind="stable")])
        assert np.array_equal(starts, np.searchsorted(binned[:, 0] // size, np.arange(starts.size)))
        assert starts[-1] == len(cases)


def test_ranks_are_found_wherever_they_stand():
    """In places of their own, far apart and all of one slot, on both sides of each size of the table."""
    for count in (1, 2, 3, 15, 16, 17, 1000):
        for step in (1, 7, 1 << 22):
            ranks = np.arange(count) * step + 5
            cases = np.stack((ranks, np.roll(ranks, 1)), axis=1).astype(np.uint32)
            first, second = np.roll(np.arange(count), 1), np.arange(count)
            wanted = (first.astype(np.uint64) << np.uint64(32) | second.astype(np.uint64))[first != second]
            assert np.array_equal(judged([cases], np.zeros((count, 4), np.uint8), np.full(count, 1), ranks), np.unique(wanted))
            with pytest.raises(KeyError):
                judged([np.array([[ranks[0], 4]], np.uint32)], np.zeros((count, 4), np.uint8), np.full(count, 1), ranks)


def test_the_array_of_pairs_grows():
    for most in (1, 64):
        keys = np.sort(
            np.concatenate([np.arange(start, start + 60, dtype=np.uint64) | np.uint64(start << 20) for start in range(0, 6000, 60)])
        )
        parts = group_cases(keys, 13, most, 0)
        assert [len(cases) for cases in parts] == ([0, 100 * 59] if most == 1 else [100 * 60 * 59 // 2, 0])
        paired = group_pairs(keys, 13, most, np.zeros((6000, 8), np.uint8), np.arange(6000), np.full(6000, 8), 0)
        assert np.array_equal(judged(parts, np.zeros((6000, 8), np.uint8), np.full(6000, 8)), np.unique(paired))


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 9)))
def test_distinct_is_unique(values):
    given_ = np.array(values, np.uint64)
    assert np.array_equal(distinct(given_), np.unique(given_))
