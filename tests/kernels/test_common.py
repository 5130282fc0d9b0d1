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


def both(rows, pairs, share=0.0):
    codes, offsets, _ = fold_rows(rows)
    letters = [codes[start:end].tobytes().decode("utf-32-le") for start, end in pairwise(offsets)]
    one, two = np.array(pairs).T
    least = (share * np.minimum(np.diff(offsets)[one], np.diff(offsets)[two])).astype(np.int64)
    found = common_letters(codes, offsets, one, two, least)
    return found.tolist(), [
        LCSseq.similarity(letters[one], letters[two], score_cutoff=cutoff) for (one, two), cutoff in zip(pairs, least.tolist(), strict=True)
    ]


@settings(deadline=None, max_examples=300)
@given(st.lists(TEXTS, min_size=2, max_size=4), st.floats(0, 1))
def test_as_rapidfuzz_counts(rows, share):
    found, expected = both(rows, [(one, two) for one in range(len(rows)) for two in range(len(rows))], share)
    assert found == expected


@pytest.mark.parametrize("length", [1, 63, 64, 65, 127, 128, 129, 1000])
@pytest.mark.parametrize("letters", ["ab", "".join(map(chr, range(0x4E00, 0x5200)))])
def test_lengths_across_the_words(length, letters):
    draw = random.Random(length)
    rows = ["".join(draw.choice(letters) for _ in range(size)) for size in (length, length, length + 1, max(length - 1, 1), 300)]
    found, expected = both(rows, [(one, two) for one in range(5) for two in range(5)])
    assert found == expected


@pytest.mark.parametrize("letters", ["ab", "abcdefghijklmnopqrstuvwxyz", "".join(map(chr, range(0x4E00, 0x5200)))])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.8, 0.95])
def test_edits_across_the_band(letters, share):
    draw = random.Random(len(letters))
    rows = []
    for edits in (0, 1, 30, 63, 64, 65, 150, 300):
        row = [letters[k * k % 97 % len(letters)] for k in range(700)]
        for _ in range(edits):
            place = draw.randrange(len(row))
            row[place : place + draw.randrange(2)] = draw.choice(["", draw.choice(letters), draw.choice(letters) * 3])
        rows.append("".join(row))
    rows += [rows[0][100:], rows[0][:500], rows[0][:300] + rows[0][420:], rows[0] + rows[0][:200]]
    found, expected = both(rows, [(one, two) for one in range(len(rows)) for two in range(len(rows))], share)
    assert found == expected
