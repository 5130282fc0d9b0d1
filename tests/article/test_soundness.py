"""Which side of a difference is the damaged one: by its script's n-grams, by the article's own pairs and runs."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.article.differences import Gap
from dedup.article.soundness import Witness, count_words, words


def equal(one, other):
    """How many letters at the beginning are equal."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def verdict(sound, damaged, about=""):
    """What is said of one difference between two copies, the sound one first; and that the order does not matter."""
    start = equal(sound, damaged)
    end = equal(sound[start:][::-1], damaged[start:][::-1])
    letters = sound + damaged + about
    gap = Gap(start, len(sound) - end, len(sound) + start, len(sound) + len(damaged) - end, "noise")
    witness = Witness(letters)
    odds = witness.prefers(letters, gap)
    assert witness.prefers(letters, Gap(gap.b0, gap.b1, gap.a0, gap.a1, "noise")) == pytest.approx(-odds)
    return odds


@pytest.mark.parametrize(
    ("sound", "damaged"),
    [
        ("推动经济高质量发展取得成效", "推动经济高质点发展取得成效"),
        ("推动经济高质量发展取得成效", "推动经济高质发展取得成效"),
        ("推动经济高质量发展取得成效", "推动经济高质量量发展取得成效"),
        ("theministersaidonmonday", "theminzstersaidonmonday"),
        ("theministersaidonmonday", "themiistersaidonmonday"),
        ("theministersaidonmonday", "theministersaidonmmonday"),
        ("правительствосообщило", "правихельствосообщило"),
        ("رئيسالحكومةالجديدة", "رئيسالحكوفةالجديدة"),
    ],
)
def test_the_sound_side_of_one_difference(sound, damaged):
    assert verdict(sound, damaged) > 0


def test_a_word_that_the_article_uses_elsewhere_is_sound_though_the_language_does_not_know_it():
    about = "xqvtaroseagain" * 3
    assert verdict("sharesofxqvtaroseby", "sharesofxqltaroseby", about) > 1


@pytest.mark.parametrize(("sound", "damaged"), [("सरकारनेकहा", "सरकचरनेकहा"), ("대한민국정부는", "대한가국정부는")])
def test_in_a_script_without_a_table_the_article_is_the_witness(sound, damaged):
    assert verdict(sound, damaged, sound * 2) > 0.5


def test_one_difference_says_no_more_than_four():
    assert verdict("thegovernmentsaid", "thegov□□□entsaid", "thegovernmentsaid" * 9) == 4


def test_longer_differences_are_edits_and_say_nothing():
    letters = "theministerofhealth" + "theministerofjustice"
    assert Witness(letters).prefers(letters, Gap(13, 19, 32, 39, "edit")) == 0


@given(st.text("ab\u4e00\u4e01\U00020000\ud800", max_size=300))
def test_a_witness_counts_runs_that_stand_twice(letters):
    witness = Witness(letters)
    counted = {1: witness._letters, 2: witness._pairs, **witness._runs}
    for size, found in counted.items():
        runs = Counter(letters[i : i + size] for i in range(len(letters) - size + 1))
        assert found == {run: count for run, count in runs.items() if count > 1}


@pytest.mark.parametrize("between", [" ", "", "1 "])
def test_words_are_counted_over_the_ends_of_blocks(between):
    text = between.join(["Word", "other", "\u4e00\u4e01"] * 20_000) + " end"
    assert count_words(text) == Counter(words(text))
