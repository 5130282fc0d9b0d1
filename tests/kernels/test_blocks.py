"""Blocks and their sums: each is looked at once, before it is read, and damage is remembered."""

import numpy as np
import oracles
import pytest

from dedup.kernels.blocks import BLOCK, Guard, block_sums, guard_of, look_at_all, look_at_rows, look_at_texts

DRAW = np.random.default_rng(1)


def guarded(blocks):
    words = DRAW.integers(0, 1 << 64, blocks * BLOCK // 8, np.uint64)
    return Guard(words, block_sums(words), np.zeros(blocks + 1, np.uint8))


def test_sums_are_those_of_the_oracle():
    words = DRAW.integers(0, 1 << 64, 3 * BLOCK // 8, np.uint64)
    words[BLOCK // 8 : BLOCK // 4] = 0
    expected = [oracles.block_sum(block) for block in words.reshape(3, -1).tolist()]
    assert block_sums(words).tolist() == expected
    assert block_sums(words[:0]).size == 0


def test_no_bit_and_no_pair_of_bits_of_a_block_can_change_unseen():
    words = DRAW.integers(0, 1 << 64, BLOCK // 8, np.uint64)
    right = block_sums(words)[0]
    seen = {int(right)}
    for bit in range(8 * BLOCK):
        words[bit // 64] ^= np.uint64(1) << np.uint64(bit % 64)
        seen.add(int(block_sums(words)[0]))
        words[bit // 64] ^= np.uint64(1) << np.uint64(bit % 64)
    assert len(seen) == 8 * BLOCK + 1  # so no two flips in one block undo each other in the sum alone
    for first, second in DRAW.integers(0, 8 * BLOCK, (2000, 2)).tolist():
        if first != second:
            for bit in (first, second):
                words[bit // 64] ^= np.uint64(1) << np.uint64(bit % 64)
            assert block_sums(words)[0] != right
            for bit in (first, second):
                words[bit // 64] ^= np.uint64(1) << np.uint64(bit % 64)


def test_what_is_looked_at_is_seen_and_nothing_else():
    guard = guarded(5)
    look_at_rows(guard, 16, np.array([BLOCK // 16, BLOCK // 16 + 1, 3 * BLOCK // 16 - 1]))
    assert guard.seen.tolist() == [0, 1, 1, 0, 0, 0]
    look_at_rows(guard, 24, np.array([4 * BLOCK // 24]))  # over two blocks
    assert guard.seen.tolist() == [0, 1, 1, 1, 1, 0]
    look_at_all(guard)
    assert guard.seen.tolist() == [1] * 5 + [0]


@pytest.mark.parametrize("block", [0, 2, 4])
def test_damage_is_remembered(block):
    guard = guarded(5)
    guard.words[block * BLOCK // 8 + 7] ^= np.uint64(1 << 63)
    look_at_all(guard)
    assert guard.seen.tolist() == [int(number != block) for number in range(5)] + [1]


def test_texts_are_not_followed_where_their_offsets_are_damaged():
    offsets = np.zeros(BLOCK // 8, np.int64)
    offsets[:4] = [0, 10, 10, 2 * BLOCK]
    ends = Guard(offsets.view(np.uint64), block_sums(offsets.view(np.uint64)), np.zeros(2, np.uint8))
    guard = guarded(2)
    look_at_texts(guard, ends, offsets, np.array([1]))
    assert guard.seen.tolist() == [0, 0, 0]
    look_at_texts(guard, ends, offsets, np.array([0, 2]))
    assert (guard.seen.tolist(), ends.seen.tolist()) == ([1, 1, 0], [1, 0])
    offsets[3] = 1 << 60
    ends.seen[:] = 0
    guard.seen[:] = 0
    look_at_texts(guard, ends, offsets, np.array([0, 2]))
    assert (guard.seen.tolist(), ends.seen.tolist()) == ([0, 0, 0], [0, 1])


def test_an_array_in_memory_is_all_seen():
    for size in (0, 1, BLOCK, BLOCK + 1):
        guard = guard_of(np.zeros(size, np.uint8))
        look_at_all(guard)
        assert guard.seen.tolist() == [1] * -(-size // BLOCK) + [0]
