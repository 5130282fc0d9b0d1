"""The curve on the page is what happens: texts with changed letters are proposed as often as it says."""

import random
from itertools import pairwise

import numpy as np
import pytest

from dedup.config import Near
from dedup.corpus.near import candidates
from dedup.corpus.sketches import sketch_all
from dedup.report.page.detection import detection

PAIRS = 300
LATIN = "abcdefghijklmnopqrstuvwxyz"
HAN = "".join(map(chr, range(0x4E00, 0x4E00 + 900)))


def proposed(near, letters, length, share):
    """The share of pairs of texts, the second with each letter changed with the chance 1 - share, that are candidates."""
    draw = random.Random(length)
    rows = []
    for _ in range(PAIRS):
        text = "".join(draw.choice(letters) for _ in range(length))
        rows += [text, "".join(letter if draw.random() < share else draw.choice(letters) for letter in text)]
    pairs = candidates(sketch_all(rows, near, 1), np.arange(2 * PAIRS), 0, near, 1).tolist()
    return sum(pair >> 32 == (pair & 0xFFFFFFFF) - 1 and not (pair >> 32) % 2 for pair in pairs) / PAIRS


@pytest.mark.parametrize(
    ("near", "letters", "weight"),
    [
        (Near(), LATIN, 1),
        (Near(), HAN, 2),
        (Near(threshold=0.9, permutations=62, halves=8), LATIN, 1),
        (Near(threshold=0.6, shingle=3, long_shingle=9, halves=16), HAN, 2),
    ],
)
def test_as_often_as_it_says(near, letters, weight):
    seen = [(proposed(near, letters, 800, share), detection(share, near, weight)) for share in (0.65, 0.75, 0.8, 0.85, 0.9, 0.97)]
    assert all(abs(found - said) < 0.12 for found, said in seen), seen
    assert max(said for _, said in seen) > 0.9
    assert min(said for _, said in seen) < 0.3


@pytest.mark.parametrize("measure", ["letters", "shingles"])
@pytest.mark.parametrize("weight", [1, 2])
def test_it_rises_from_nothing_to_certainty(measure, weight):
    near = Near(measure=measure)
    curve = [detection(k / 50, near, weight) for k in range(51)]
    assert curve[0] < 1e-6
    assert curve[-1] == 1.0
    assert all(one <= two + 1e-12 for one, two in pairwise(curve))
    assert detection(0.9, Near(permutations=4096, measure=measure), weight) > 0.5
