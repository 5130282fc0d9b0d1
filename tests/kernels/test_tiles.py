"""Tiles of a row that stand nowhere in another one, against the slow twin."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.kernels.rows import fold_rows
from dedup.kernels.tiles import FAR, TILE, own_letters
from tests import oracles


def both(rows, pairs):
    codes, offsets, _ = fold_rows(rows)
    letters = [codes[start:end].tolist() for start, end in pairwise(offsets)]
    one, two = np.array(pairs).T
    found = own_letters(codes, offsets, one, two)
    return found.tolist(), [oracles.own_letters(letters[i], letters[j], TILE, FAR) for i, j in pairs]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(st.sampled_from("abc中文字標1"), max_size=100), min_size=2, max_size=3))
def test_as_the_table_of_edit_distances_counts(rows):
    found, expected = both(rows, [(one, two) for one in range(len(rows)) for two in range(len(rows))])
    assert found == expected


@pytest.mark.parametrize("length", [1, 31, 32, 33, 63, 64, 65, 200])
@pytest.mark.parametrize("letters", ["abcdefgh", "".join(map(chr, range(0x4E00, 0x5200)))])
@pytest.mark.parametrize("share", [0.1, 0.35, 0.4, 0.45, 0.9])
def test_changed_letters_across_the_tiles(length, letters, share):
    draw = random.Random(length)
    row = [draw.choice(letters) for _ in range(length)]
    copy = "".join(draw.choice(letters) if draw.random() < share else letter for letter in row)
    rows = ["".join(row), copy, copy + "".join(row[:50]), "".join(row[: length // 2]) + copy[: length // 3]]
    found, expected = both(rows, [(one, two) for one in range(4) for two in range(4)])
    assert found == expected
    assert found[0] == 0


def test_a_row_of_many_pairs_keeps_nothing_of_the_pair_before():
    rows = ["x" * 40 + "abcdefghij" * 3, "abcdefghij" * 3, "", "z" * 70, "abcdefghij" * 20]
    pairs = [(one, two) for one in range(5) for two in range(5)]
    found, expected = both(rows, pairs)
    assert found == expected
    assert found == [both(rows, [pair])[0][0] for pair in pairs]


@pytest.mark.parametrize("seed", range(6))
def test_letters_put_in_left_out_and_paragraphs_moved(seed):
    draw = random.Random(seed)
    letters = "abcdefghijklmnop" if seed % 2 else "".join(map(chr, range(0x4E00, 0x5200)))
    row = "".join(draw.choices(letters, k=330))
    moved = "".join(letter + "q" * draw.randrange(7) * (draw.random() < 0.03) for letter in row if draw.random() > 0.02)
    own = "".join(draw.choices(letters, k=90))
    rows = [row, moved, row[100:] + row[:100], row[:120] + own + row[120:], own + row[:200]]
    found, expected = both(rows, [(one, two) for one in range(5) for two in range(5)])
    assert found == expected
    assert any(0 < count < len(row) for count in found)
