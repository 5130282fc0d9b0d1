"""`dedup explain`: what went inside an article, and a dropped row beside the kept one."""

import json

import pytest
from executable import SEED, run

A = "The council met on Tuesday evening and voted for the new bridge over the river, which will open in two years."
B = A.replace("Tuesday", "Monday")


@pytest.fixture
def folder(tmp_path):
    rows = [{"id": "a", "text": A}, {"id": "b", "text": B + " It was late."}, {"id": "c", "text": "Something else was said there."}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run("drop", "in.jsonl", "-o", "kept.jsonl", "--removed", "removed.jsonl", cwd=tmp_path)[0] == 0
    return tmp_path


def test_an_articles_removals_are_told():
    code, out, error = run("explain", SEED, env={"COLUMNS": "100"})
    assert (code, error) == (0, "")
    assert out.decode().startswith("在中国式现代化中走在前列: 1,163 of ")
    assert "\n1. block (several paragraphs on one line), score 1.00\n" in out.decode()
    assert "   differs  in no word\n" in out.decode()


def test_a_dropped_row_stands_beside_the_kept_one(folder):
    code, out, error = run("explain", "removed.jsonl", "a", cwd=folder, env={"COLUMNS": "120"})
    assert (code, error) == (0, "")
    text = out.decode()
    assert text.startswith("near, score 0.")
    assert "removed: a (in.jsonl:1)" in text
    assert "kept: b (in.jsonl:2)" in text
    assert "[Tuesday]" in text
    assert "[Monday]" in text
    assert "[It was" in text


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["removed.jsonl", "zzz"], 2, "no row 'zzz' went; those that did: a"),
        (["removed.jsonl"], 2, "which row? dedup explain removed.jsonl ID; those that did: a"),
        (["in.jsonl", "a"], 2, "in.jsonl does not say what was dropped"),
        (["missing.jsonl", "a"], 3, "missing.jsonl: No such file"),
        (["missing.txt"], 3, "missing.txt: No such file"),
    ],
)
def test_what_cannot_be_explained_is_told(folder, arguments, code, said):
    done, _, error = run("explain", *arguments, cwd=folder)
    assert (done, said in error) == (code, True), error


def test_a_text_that_is_not_there_any_more_is_named(folder):
    (folder / "in.jsonl").unlink()
    code, _, error = run("explain", "removed.jsonl", "a", cwd=folder)
    assert (code, error) == (3, "dedup: in.jsonl:1: the file with the text is not there any more\n")
