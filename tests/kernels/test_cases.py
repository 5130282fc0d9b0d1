"""Cases judged later are the pairs that the one-machine kernel finds at once."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.kernels.cases import group_cases, judge_cases
from dedup.kernels.groups import group_pairs


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=40),
    st.integers(1, 6),
    st.lists(st.integers(0, 3), min_size=40, max_size=40),
    st.integers(0, 45),
    st.integers(0, 5),
)
def test_cases_judged_are_the_pairs_of_groups(groups, most, least, old, seed):
    bits = len(groups).bit_length()
    keys = np.sort(np.array([(group << bits) | rank for rank, group in enumerate(groups)], np.uint64))
    signed = np.random.default_rng(seed).integers(0, 2, (len(groups), 4), dtype=np.uint8)
    cases = group_cases(keys, bits, most, old)
    judged = judge_cases(cases.astype(np.int64), signed, np.array(least))
    assert np.array_equal(np.unique(judged), np.unique(group_pairs(keys, bits, most, signed, np.arange(len(groups)), np.array(least), old)))
    assert (cases[:, 0] >= old).all()


def test_the_array_of_cases_grows():
    for most in (1, 64):
        keys = np.sort(
            np.concatenate([np.arange(start, start + 60, dtype=np.uint64) | np.uint64(start << 20) for start in range(0, 6000, 60)])
        )
        cases = group_cases(keys, 13, most, 0)
        assert len(cases) == (100 * 59 if most == 1 else 100 * 60 * 59 // 2)
        judged = judge_cases(cases.astype(np.int64), np.zeros((6000, 8), np.uint8), np.full(6000, 8))
        paired = group_pairs(keys, 13, most, np.zeros((6000, 8), np.uint8), np.arange(6000), np.full(6000, 8), 0)
        assert np.array_equal(np.unique(judged), np.unique(paired))
