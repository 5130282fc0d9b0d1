"""An account that does not balance ends the executable with 70 and a message that asks for a report; nothing stands under a final name."""

import os
from pathlib import Path

import pytest
from corpora import lines, rows
from executable import run, tree

_DEFECT = Path(__file__).with_name("defect")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in.jsonl").write_bytes(lines(rows(20)))
    return tmp_path


def broken(defect, *arguments):
    """Exit code and message of the executable with a defect."""
    place = os.pathsep.join(filter(None, [str(_DEFECT), os.environ.get("PYTHONPATH")]))
    code, out, error = run(*arguments, env={"DEDUP_DEFECT": defect, "PYTHONPATH": place})
    assert not out
    return code, error


@pytest.mark.parametrize(
    ("defect", "arguments", "said"),
    [
        ("article", ("clean", "in.jsonl", "-o", "out.jsonl", "-j", "1"), "neither kept nor removed"),
        ("article", ("run", "in.jsonl", "-o", "out.jsonl", "-j", "1"), "neither kept nor removed"),
        ("lost", ("run", "in.jsonl", "-o", "out.jsonl", "-j", "1"), "rows that were compared are not among the cleaned ones"),
        ("more", ("run", "in.jsonl", "-o", "out.jsonl", "-j", "1"), "there are more cleaned rows than were compared"),
        ("kept", ("drop", "in.jsonl", "-o", "out.jsonl", "-j", "1"), "the account of the rows does not balance: 20 read, but "),
        ("told", ("drop", "in.jsonl", "-o", "out.jsonl", "--removed", "gone.jsonl"), "the account of the rows that go does not balance: "),
    ],
)
def test_an_account_that_does_not_balance_ends_with_70(folder, monkeypatch, defect, arguments, said):
    monkeypatch.chdir(folder)
    before = tree(folder)
    code, error = broken(defect, *arguments)
    assert code == 70, error
    assert said in error
    assert "internal error, please report it: " in error
    after = tree(folder)
    told = {"out.report.json", "out.removed.jsonl"} if (defect, arguments[0]) == ("article", "run") else set()  # each article is set aside
    assert after.keys() == before.keys() | told
    assert "neither kept nor removed" in after["out.report.json"].decode() if told else after == before
