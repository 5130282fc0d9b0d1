"""Pairs that sorted keys propose, and stars, against their slow twins."""

import numpy as np
import oracles
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.kernels.groups import NO_RANK, band_keys, group_pairs, half_names, name_keys, stars, wide_names


def shuffled(signed):
    """The signatures of ranks as those of rows in another order, and the row of each rank."""
    rows = np.random.default_rng(7).permutation(len(signed))
    by_row = np.empty_like(signed)
    by_row[rows] = signed
    return by_row, rows


@settings(deadline=None, max_examples=500)
@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=30),
    st.integers(1, 6),
    st.lists(st.integers(1, 3), min_size=30, max_size=30),
    st.integers(0, 10),
)
def test_pairs_of_groups(groups, most, least, old):
    bits = len(groups).bit_length()
    keys = np.sort(np.array([(group << bits) | rank for rank, group in enumerate(groups)], np.uint64))
    signed = np.random.default_rng(1).integers(0, 2, (len(groups), 4), dtype=np.uint8)
    pairs = group_pairs(keys, bits, most, *shuffled(signed), np.array(least), old)
    expected = oracles.group_pairs(keys.tolist(), bits, most, signed.tolist(), least, old)
    assert [(int(pair) >> 32, int(pair) & oracles.MASK32) for pair in pairs] == expected


def test_groups_across_the_blocks_of_pairs():
    draw = np.random.default_rng(3)
    groups = np.sort(np.concatenate((np.repeat(np.arange(400), 12), np.repeat(500, 9000), np.repeat(np.arange(600, 700), 16))))
    bits = int(groups.size).bit_length()
    keys = (groups.astype(np.uint64) << np.uint64(bits)) | np.arange(groups.size, dtype=np.uint64)
    signed = draw.integers(0, 2, (groups.size, 4), dtype=np.uint8)
    least = draw.integers(1, 4, groups.size)
    for old in (0, 2000, 6000):
        pairs = group_pairs(keys, bits, 16, *shuffled(signed), least, old)
        expected = oracles.group_pairs(keys.tolist(), bits, 16, signed.tolist(), least.tolist(), old)
        assert [(int(pair) >> 32, int(pair) & oracles.MASK32) for pair in pairs] == expected


def test_a_large_group_costs_a_few_pairs_a_row():
    keys = np.arange(100_000, dtype=np.uint64)
    pairs = group_pairs(keys, 17, 64, np.zeros((100_000, 8), np.uint8), np.arange(100_000), np.full(100_000, 8), 0)
    assert pairs.size <= 300_000
    assert np.unique(pairs[pairs >> np.uint64(32) == 0]).size == 99_999


@settings(deadline=None)
@given(st.lists(st.tuples(st.lists(st.integers(0, 3), min_size=4, max_size=4), st.booleans()), min_size=1, max_size=20))
def test_keys_are_equal_where_bands_and_names_are(rows):
    signed = np.array([row for row, _ in rows], np.uint8)
    bits = len(rows).bit_length()
    ranked = [place for place, (_, chosen) in enumerate(rows) if chosen]
    ranks = np.full(len(rows), NO_RANK, np.uint32)
    ranks[ranked] = np.arange(len(ranked))[::-1]
    for made, width in ((band_keys(signed, 1, 2, ranks, bits), slice(1, 3)), (name_keys(signed[:, 1:], 0, ranks, bits), slice(1, 4))):
        held = {int(key) & (1 << bits) - 1: int(key) >> bits for key in made}
        keys = [held.pop(rank) for rank in ranks[ranked].tolist()]
        assert not held
        assert [[one == two for two in keys] for one in keys] == [[rows[i][0][width] == rows[j][0][width] for j in ranked] for i in ranked]


def test_names_of_halves_depend_on_both():
    signed = np.array([[1, 9], [2, 9], [1, 9], [2, 9], [2, 9], [1, 9], [1, 9], [3, 9]], np.uint32)
    names = wide_names(half_names(signed))
    assert names.shape == (4, 2)
    first, second = names.T.tolist()
    assert first[0] == first[1]
    assert len(set(first)) == 3
    assert len(set(second)) == 1
    assert all(name & 0xFF == 0 and name > 0 for name in first)


@settings(deadline=None, max_examples=200)
@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1])), st.integers(0, 5), st.data())
def test_stars(pairs, old, data):
    pairs = sorted(pairs)
    good = data.draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))
    packed = np.array([(first << 32) | second for first, second in pairs], np.uint64)
    because = stars(packed, np.array(good, bool), 10, old).tolist()
    assert because == oracles.stars(pairs, good, 10, old)
    for rank, place in enumerate(because):
        assert place < 0 or (pairs[place][1] == rank and good[place] and because[pairs[place][0]] < 0)
