"""Stretches in Python, and the texts without them."""

import pytest

import dedup
from dedup.corpus.stretches import without
from dedup.model import Span

SAID = " ".join(f"w{number}" for number in range(50))


def test_the_fullest_rows_copy_stays():
    result = dedup.find_stretches([f"Short. {SAID}", f"A longer one. {SAID} More of it."])
    assert result.texts == ["Short.", f"A longer one. {SAID} More of it."]
    (one,) = result.removed
    assert (one.row, one.of, one.units) == (0, 1, 50)
    assert not dedup.find_stretches(result.texts).removed


@pytest.mark.parametrize("keep", ["longest", "newest", "oldest"])
def test_of_rows_that_tie_the_same_texts_stay_in_any_order(keep):
    rows = [{"text": f"{name} {SAID} {name}.", "date": "2024-05-14"} for name in ("one", "two", "three", "four", "five")]
    left = {row["text"]: text for row, text in zip(rows, dedup.find_stretches(rows, keep=keep).texts, strict=True)}
    assert sorted(said == text for said, text in left.items()) == [False, False, False, False, True]
    for order in ([4, 3, 2, 1, 0], [2, 0, 4, 1, 3]):
        turned = [rows[place] for place in order]
        assert dedup.find_stretches(turned, keep=keep).texts == [left[row["text"]] for row in turned]


@pytest.mark.parametrize("keep", ["newest", "oldest"])
def test_an_undated_rows_copy_goes_before_a_dated_ones(keep):
    rows = [{"text": f"One. {SAID}"}, {"text": f"Two. {SAID}", "date": "2024-05-14"}]
    for turned in (rows, rows[::-1]):
        result = dedup.find_stretches(turned, keep=keep)
        assert [turned[one.row]["text"] for one in result.removed] == [f"One. {SAID}"]


def test_one_token_less_is_no_stretch():
    assert not dedup.find_stretches([f"a. {SAID[3:]}", f"b. {SAID[3:]}"]).removed


def test_chinese_counts_letters_as_tokens():
    said = "".join(chr(0x4E00 + number * 7) for number in range(50))
    result = dedup.find_stretches([f"一。{said}。", f"二二。\n“{said}。”\n三三。"], keep="first")
    assert result.texts == [f"一。{said}。", "二二。\n三三。"]


def test_a_policy_under_which_no_copy_stays_is_refused():
    with pytest.raises(dedup.ConfigError, match="one copy stays"):
        dedup.find_stretches([SAID, SAID], keep="none")


@pytest.mark.parametrize(
    ("text", "spans", "left"),
    [
        ("abc def", [(0, 4)], "def"),
        ("one two", [(3, 4)], "one two"),
        ("a\nb\nc\n", [(2, 4)], "a\nc\n"),
        ("a\nb", [(2, 3)], "a"),
        ("a", [(0, 1)], ""),
    ],
)
def test_words_never_run_together(text, spans, left):
    assert without(text, [Span(*span) for span in spans]) == left


def test_who_copies_whom_is_told_by_the_days():
    from datetime import date

    from dedup.report.copying import Side, as_rows, as_text, copying

    early, late = Side("a.example", date(2024, 1, 1)), Side("b.example", date(2024, 2, 1))
    pairs = [(early, late, 10), (late, early, 5), (Side("b.example", None), Side("c.example", None), 3), (early, early, 99)]
    found = copying(pairs)
    assert as_rows(found) == [
        {"source": "a.example", "copier": "b.example", "times": 2, "characters": 15, "dated": 2, "months": {"2024-02": 2}},
        {"source": "c.example", "copier": "b.example", "times": 1, "characters": 3, "dated": 0, "months": {}},
    ]
    assert as_text(found).splitlines()[1].split() == ["b.example", "a.example", "2", "15", "2024-02", "to", "2024-02"]
