"""Labelled pairs: what each threshold makes of them, against plain counting; and what is no table of labels."""

import pytest
from executable import run
from hypothesis import given
from hypothesis import strategies as st

from dedup.report.labels import Label, best, measure, thresholds_of

HEAD = "label,score,from,to,pairs,id\n"


@given(st.lists(st.tuples(st.integers(70, 100), st.booleans(), st.integers(1, 4)), min_size=1, max_size=40), st.integers(60, 100))
def test_figures_are_those_of_plain_counting(drawn, now):
    labels = [Label(score / 100, same, weight) for score, same, weight in drawn]
    every = [(score, same) for score, same, weight in drawn for _ in range(weight)]
    measured = measure(labels, thresholds_of(labels, now / 100))
    assert [one.threshold for one in measured] == sorted(
        {score / 100 for score in range(min(drawn)[0], min(max(drawn)[0] + 1, 100) + 1)} | {now / 100}
    )
    for one in measured:
        taken = [same for score, same in every if score >= round(one.threshold * 100)]
        right, same = sum(taken), sum(same for _, same in every)
        precision, recall = (right / len(taken) if taken else 1.0), (right / same if same else 1.0)
        assert one.precision == pytest.approx(precision)
        assert one.recall == pytest.approx(recall)
        if taken and same and precision + recall:
            assert one.f1 == pytest.approx(2 * precision * recall / (precision + recall))
    chosen = best(measured)
    assert all(one.f1 <= chosen.f1 + 1e-9 for one in measured)
    assert all(one.f1 < chosen.f1 - 1e-10 for one in measured if one.threshold > chosen.threshold)


def test_a_label_stands_for_its_part_of_the_pairs_of_its_stratum(tmp_path):
    rows = ["same,0.90,0.9,1.0,90,a", "different,0.75,0.7,0.8,8,b", "Same ,0.76,0.7,0.8,8,c", ",0.77,0.7,0.8,8,d"]
    (tmp_path / "l.csv").write_text("\ufeff" + HEAD + "\r\n".join(rows) + "\r\n", encoding="utf-8")
    code, out, error = run("check", "--labels", tmp_path / "l.csv", "--near.threshold", "0.8")
    assert (code, error) == (0, "")
    lines = out.decode().splitlines()
    assert next(line for line in lines if line.split()[0] == "0.75").split() == ["0.75", "0.959", "1.000", "0.979", "3"]  # 94 of 98
    assert next(line for line in lines if line.split()[0] == "0.76").split()[:3] == ["0.76", "1.000", "1.000"]
    assert next(line for line in lines if line.split()[0] == "0.80").split() == ["0.80", "1.000", "0.957", "0.978", "1", "in", "force"]
    assert lines[-2:] == [
        "3 labelled pairs: 2 same, 1 different, 1 without a label; scores from 0.750 to 0.900",
        "best: --near.threshold 0.76",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", ":1: a table with the columns label and score is needed"),
        (b"id,score\na,0.8\n", ":1: a table with the columns label and score is needed"),
        (b"label,score\n\nsame,0.8\nperhaps,0.8\n", ":4: a label is same, different or nothing, not 'perhaps'"),
        (b'label,score,text\nsame,0.8,"two\nlines"\nsame,high,\n', ":4: a number is needed, not 'high'"),
        (b"label,score\nsame,nan\n", ":2: a number is needed, not 'nan'"),
        (b"label,score\n,0.8\n", ": no pair is labelled yet"),
        (b"label,score\nsame,0.8\xff\n", ": the file is not UTF-8"),
    ],
)
def test_what_is_no_table_of_labels_is_named(tmp_path, text, said):
    (tmp_path / "l.csv").write_bytes(text)
    code, out, error = run("check", "--labels", tmp_path / "l.csv")
    assert (code, out) == (3, b"")
    assert f"l.csv{said}" in error


def test_semicolons_and_commas_of_other_spreadsheets_are_read(tmp_path):
    (tmp_path / "l.csv").write_text("score;label\n0,75;different\n0,85;same\n", encoding="utf-8")
    code, out, _ = run("check", "--labels", tmp_path / "l.csv")
    assert code == 0
    assert out.decode().endswith("best: --near.threshold 0.85\n")


def test_labels_come_without_a_corpus_and_from_a_file_that_is_there(tmp_path):
    code, _, error = run("check", tmp_path, "--labels", tmp_path / "l.csv")
    assert (code, "leave out the corpus" in error) == (2, True)
    assert run("check", "--labels", tmp_path / "l.csv")[0] == 3
