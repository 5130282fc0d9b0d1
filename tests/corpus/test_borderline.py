"""What lies about the threshold: kept as evidence, the same in every run, and without influence on what goes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from texts import article, changed

from dedup.config import Config, Near
from dedup.corpus.borderline import STEP, borderline
from dedup.corpus.duplicates import find_duplicates
from dedup.corpus.sketches import sketch_all

ROWS = [text for seed in range(120) for text in (article(seed), changed(article(seed), 0.1 + 0.002 * seed, seed))]


def found(rows, threshold, kept=0, workers=1):
    config = Config(near=Near(threshold=threshold))
    sketches = sketch_all(rows, config.near, workers)
    return find_duplicates(sketches, lambda some: [rows[row] for row in some], 0, config, workers, borderline=kept)


@pytest.mark.parametrize("threshold", [0.7, 0.8, 0.855, 0.99, 1.0])
def test_it_changes_nothing_that_goes_and_agrees_with_runs_under_other_thresholds(threshold):
    plain, told = found(ROWS, threshold), found(ROWS, threshold, 40)
    assert all(np.array_equal(one, two) for one, two in zip(plain.stars, told.stars, strict=True))
    about = told.borderline
    assert plain.borderline is None
    at = dict(zip(about.thresholds.tolist(), about.removed.tolist(), strict=True))
    assert at[threshold] == (plain.stars.of >= 0).sum()
    higher = round(threshold + 3 * STEP, 6)
    assert higher > 1 or at[higher] <= at[threshold]
    if higher <= 1:  # a higher threshold has fewer pairs compared: what it says is what these comparisons say
        assert at[higher] >= (found(ROWS, higher).stars.of >= 0).sum()


def test_pairs_of_both_sides_from_every_stratum_the_nearest_first():
    about = found(ROWS, 0.8, 30).borderline
    score = about.score
    assert score.size == 30
    assert (score < 0.8).any()
    assert (score >= 0.8).any()
    strata = [about.stratum(value) for value in score.tolist()]
    assert len(set(strata[:5])) == 5
    assert all(low - 1e-9 <= value < high + 1e-9 for value, (low, high, _) in zip(score.tolist(), strata, strict=True))
    every = {about.stratum(0.7 + k * STEP) for k in range(31)}
    assert about.histogram.sum() == sum(number for _, _, number in every)
    assert [tuple(row) for row in found(ROWS, 0.8, 30, 2).borderline[:3]] == [tuple(row) for row in about[:3]]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.floats(0.7, 1.0)), max_size=200), st.integers(1, 50))
@settings(deadline=None)
def test_no_row_is_twice_in_a_stratum_and_no_pair_twice(drawn, most):
    pairs = {(min(one, two) << 32 | max(one, two)): score for one, two, score in drawn if one != two}
    ranks, scores = np.array(sorted(pairs), np.uint64), np.array([pairs[pair] for pair in sorted(pairs)])
    about = borderline(ranks, scores, np.arange(31), 0.8, most, lambda scores: int((scores > 0).sum()))
    assert about.score.size <= min(most, len(pairs))
    assert about.histogram.sum() == len(pairs)
    assert about.removed.tolist() == [(scores >= value).sum() for value in about.thresholds.tolist()]
    kept = list(zip(about.first.tolist(), about.second.tolist(), about.score.tolist(), strict=True))
    assert all(pairs[one << 32 | two] == score for one, two, score in kept)
    places = [(about.stratum(score), row) for one, two, score in kept for row in (one, two)]
    assert len(places) == len(set(places))
    assert len(kept) == most or {about.stratum(score) for score in pairs.values()} == {about.stratum(score) for *_, score in kept}
