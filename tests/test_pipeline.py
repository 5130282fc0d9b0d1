"""What the public functions refuse, and that settings are of the type they say."""

import numpy as np
import pytest
from texts import article

import dedup
from dedup.article import screening
from dedup.errors import ConfigError, InputError


@pytest.mark.parametrize("one", ["abc", b"abc", {"text": "abc"}, dedup.Document("abc"), 5, None])
def test_one_article_is_not_taken_for_many(one):
    for call in (
        dedup.clean_all,
        dedup.deduplicate,
        lambda it: dedup.deduplicate(["a"], against=it) if it is not None else dedup.clean_all(it),
    ):
        with pytest.raises(InputError, match="many articles are wanted, in a list or another iterable, not one"):
            call(one)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: dedup.Near(threshold="0.8"), "threshold = '0.8': it must be a number"),
        (lambda: dedup.Near(threshold=True), "threshold = True: it must be a number"),
        (lambda: dedup.Near(shingle=5.5), "shingle = 5.5: it must be a whole number"),
        (lambda: dedup.Near(enabled="no"), "enabled = 'no': it must be true or false"),
        (lambda: dedup.Near(measure=["letters"]), "measure must be one of letters, shingles"),
        (lambda: dedup.Repair(encoding=1), "encoding = 1: it must be true or false"),
        (lambda: dedup.Repeats(least_copy=None), "least_copy = None: it must be a whole number"),
        (lambda: dedup.Config(near={"threshold": 0.8}), "it must be a dedup.Near"),
        (lambda: dedup.Config(keep="longst"), "keep must be one of longest"),
    ],
)
def test_a_setting_of_the_wrong_type_is_a_config_error(make, said):
    with pytest.raises(ConfigError, match=said):
        make()


def test_numbers_of_numpy_are_numbers():
    near = dedup.Near(threshold=np.float32(0.75), seed=np.int64(3))
    assert (float(near.threshold), int(near.seed)) == (0.75, 3)
    assert dedup.Near(threshold=1) == dedup.Near(threshold=1.0)


def test_an_article_by_itself_says_the_same_however_many_came_before(monkeypatch):
    """After some articles what screens them is loaded, which clears what would be read in full."""
    lines = [article(1, 30), article(2, 30), article(3, 4)]
    texts = ["".join(lines) + "\n" + "\n".join(lines), "\n".join([*lines, lines[0]]), "\n".join(lines), lines[2] + "\n" + lines[2], ""]

    def said():
        return [(result.text, result.removed, result.kept) for result in map(dedup.clean, texts)]

    monkeypatch.setattr(screening, "_SEEN", {"articles": 0, "again": 0})
    before = said()
    monkeypatch.setattr(screening, "_SEEN", {"articles": screening._FEW, "again": screening._FEW_AGAIN})
    assert said() == before
    many = [(result.text, result.removed, result.kept) for result in dedup.clean_all(texts * 50)]
    assert many == before * 50


def test_many_texts_at_once_and_those_that_are_missing():
    double = "The council met on Tuesday.It voted for the bridge.\nThe council met on Tuesday.\nIt voted for the bridge."
    texts = [double, None, "", "Rain."] * 3
    assert dedup.clean_texts(iter(texts)) == ["The council met on Tuesday.\nIt voted for the bridge.", None, "", "Rain."] * 3
    assert dedup.clean_texts([double], dedup.Config(repeats=dedup.Repeats(enabled=False))) == [double]
    assert dedup.clean_texts([]) == []
    with pytest.raises(dedup.InputError, match=r"text 1 is float, not str \(field 'body'\)"):
        dedup.clean_texts(["a", float("nan")], field="body")
    with pytest.raises(dedup.InputError, match="many articles are wanted"):
        dedup.clean_texts("one text")


def test_what_goes_in_a_second_reading_names_all_that_says_it_again():
    first = "Shr 21 cts vs 18 cts\nNet 612,000 vs 540,400\nRevs 9,214,000 vs 8,100,500"
    second = "Year\nShr 80 cts vs 71 cts\nNet 2,310,000 vs 2,021,000\nRevs 35.1 mln vs 30.9 mln"
    result = dedup.clean("\n".join((first.replace("\n", " "), first, second.replace("\n", " "), second)))
    assert [result.repaired[slice(*removal.of)] for removal in result.removed] == [first, second]
