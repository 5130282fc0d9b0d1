"""Removals in words."""

import dedup
from dedup.report.explain import differences, explain, side_by_side

A = "The council met on Tuesday evening and voted for the new bridge.\nNobody was against it, the mayor said, and works begin in spring.\n"
TWICE = A.replace("bridge", "bridgge").replace("\n", " ") + "\n" + A


def test_a_result_explains_itself():
    told = dedup.clean(TWICE).explain()
    assert told.splitlines()[0].startswith("the article: ")
    assert "1. block (several paragraphs on one line), score 0.9" in told
    assert "removed  line 1 (" in told
    assert "kept     lines 2 to 3 (" in told
    assert "differs  bridgge → bridge\n" in told
    assert "\x1b" not in told


def test_nothing_removed_is_said():
    assert dedup.clean("One line.").explain() == "the article: nothing was removed\n"


def test_colours_come_when_they_are_asked_for_and_the_width_is_kept():
    result = dedup.clean(TWICE)
    assert "\x1b[31m" in explain(result, color=True)
    assert max(map(len, explain(result, width=50).splitlines())) <= 50


def test_texts_stand_side_by_side():
    text = side_by_side(("one two three", "one four three four"), ("left", "right"), said="near", width=60)
    assert text.splitlines()[0] == "near · [in brackets]: words that only one has"
    assert "one [two] three" in text
    assert "one [four] three [four]" in text


def test_differences_are_words_whatever_their_case_and_signs():
    assert differences("One, two!", "one two") == []
    (change,) = differences("他在上海说", "他在北京说")
    assert (change.before, change.after) == ((2, 4), (2, 4))
    assert differences("", "a b")[0].after == (0, 3)
