"""Reports of one form and copies with damage are told apart, as the slow twin tells them."""

import random
from itertools import pairwise

import numpy as np
import oracles
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import deduplicate
from dedup.kernels.figures import reports_differ
from dedup.kernels.rows import fold_rows

FORM = """The Bank of Hollin said it gave the money market help of {} mln crowns in the morning session. It bought bank bills of {} mln
at {} pct and of {} mln at {} pct. The shortage of the day was put at {} mln, of which bills that fall due take {} mln. The bank had
said yesterday that notes in circulation would fall by {} mln and that balances of banks stood {} mln above what was wanted."""
WORDS = st.lists(st.sampled_from(["report ", "bank ", "crowns ", "12 ", "13 ", "4711 ", "中文", "x", "7"]), max_size=60).map("".join)


def differ(first, second):
    codes, offsets, _ = fold_rows([first, second])
    found = bool(reports_differ(codes, offsets, np.array([0]), np.array([1]))[0])
    assert found == oracles.reports_differ(*(codes[start:end].tolist() for start, end in pairwise(offsets)))
    return found


@settings(deadline=None, max_examples=300)
@given(WORDS, st.data())
def test_as_the_slow_twin_says(text, data):
    second = list(text)
    for place in data.draw(st.lists(st.integers(0, max(len(text) - 1, 0)), max_size=12)):
        second[place : place + 1] = data.draw(st.sampled_from(["", "1", "29", "b", "文"]))
    codes, offsets, _ = fold_rows([text, "".join(second)])
    rows = [codes[start:end].tolist() for start, end in pairwise(offsets)]
    for one, two in ((0, 1), (1, 0), (0, 0)):
        assert reports_differ(codes, offsets, np.array([one]), np.array([two]))[0] == oracles.reports_differ(rows[one], rows[two])


def test_a_form_filled_in_again_is_another_report():
    rng = random.Random(5)
    one, two = (FORM.format(*(rng.randrange(10, 900) for _ in range(9))) for _ in range(2))
    assert differ(one, two)
    assert len(deduplicate([one, two]).kept) == 2
    corrected = one.replace(one.split(" mln")[0].split()[-1], "911", 1)
    assert not differ(one, corrected)
    assert len(deduplicate([one, corrected + " A correction."]).kept) == 1


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.1])
def test_damage_all_over_makes_no_other_report(rate):
    rng = random.Random(7)
    for _ in range(20):
        text = FORM.format(*(rng.randrange(10, 900) for _ in range(9)))
        damaged = "".join(rng.choice("etaoinshr0123456789 ") if rng.random() < rate else letter for letter in text)
        assert not differ(text, damaged)


def test_dates_about_a_long_article_are_no_report():
    body = "The council met in the old hall and voted for the bridge after the mayor had spoken of the ferry and of the winter. " * 6
    assert not differ(f"Posted 3 May 2021, 12:30. {body}", f"{body} 345 readers, page 17, updated 2022-11-04.")
