"""The longest common subsequence, against rapidfuzz."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from dedup.kernels.common import common_letters
from dedup.kernels.rows import fold_rows

TEXTS = st.text(st.sampled_from("abc中文字標1"), max_size=200)


def both(rows, pairs):
    codes, offsets, _ = fold_rows(rows)
    letters = [codes[start:end].tobytes().decode("utf-32-le") for start, end in pairwise(offsets)]
    found = common_letters(codes, offsets, np.array([one for one, _ in pairs]), np.array([two for _, two in pairs]))
    return found.tolist(), [LCSseq.similarity(letters[one], letters[two]) for one, two in pairs]


@settings(deadline=None, max_examples=300)
@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_as_rapidfuzz_counts(rows):
    found, expected = both(rows, [(one, two) for one in range(len(rows)) for two in range(len(rows))])
    assert found == expected


@pytest.mark.parametrize("length", [1, 63, 64, 65, 127, 128, 129, 1000])
@pytest.mark.parametrize("letters", ["ab", "".join(map(chr, range(0x4E00, 0x5200)))])
def test_lengths_across_the_words(length, letters):
    draw = random.Random(length)
    rows = ["".join(draw.choice(letters) for _ in range(size)) for size in (length, length, length + 1, max(length - 1, 1), 300)]
    found, expected = both(rows, [(one, two) for one in range(5) for two in range(5)])
    assert found == expected
