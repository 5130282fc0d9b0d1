"""The same rows give the same bytes: with any number of processes, hash seed, locale, chunk, and beside copies of themselves."""

import json
import random

import pytest
from corpora import lines, rows
from executable import run, tree

import dedup

ENVIRONMENTS = [
    ("2", {"PYTHONHASHSEED": "0", "LC_ALL": "C"}),
    ("4", {"PYTHONHASHSEED": "1", "LC_ALL": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8"}),  # where it is not installed, as on a user's machine
    ("1", {"PYTHONHASHSEED": "random", "LC_ALL": "C.UTF-8"}),
]
MANY = 500  # rows, more than the 341 below which one process does all


@pytest.mark.parametrize("command", ["clean", "run", "drop"])
def test_processes_hash_seed_and_locale_change_nothing(tmp_path, command):
    (tmp_path / "in.jsonl").write_bytes(lines(rows(MANY)))
    found = []
    for number, (workers, env) in enumerate([("1", {}), *ENVIRONMENTS]):
        out = tmp_path / str(number)
        out.mkdir()
        code, _, error = run(command, tmp_path / "in.jsonl", "-o", out / "out.jsonl", "-q", "-j", workers, env=env)
        assert code == 0, error
        found.append(tree(out))
    assert all(one == found[0] for one in found)
    assert found[0]["out.jsonl"]


@pytest.mark.fire_long
@pytest.mark.parametrize("command", ["run", "drop"])
def test_what_is_compiled_anew_changes_nothing(tmp_path, command):
    (tmp_path / "in.jsonl").write_bytes(lines(rows(MANY)))
    found = []
    for name, env in (
        ("usual", {}),
        ("fresh", {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}),
        ("again", {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}),
    ):
        (tmp_path / name).mkdir()
        code, _, error = run(command, tmp_path / "in.jsonl", "-o", tmp_path / name / "out.jsonl", "-q", "-j", "1", env=env)
        assert code == 0, error
        found.append(tree(tmp_path / name))
    assert any((tmp_path / "cache").rglob("*.nbc"))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_how_many_articles_are_cleaned_together_changes_nothing(size):
    texts = [row["text"] for row in rows(1_500)]
    whole = [(result.text, result.removed) for result in dedup.clean_all(texts)]
    parts = [texts[at : at + size] for at in range(0, len(texts), size)]
    assert [(result.text, result.removed) for part in parts for result in dedup.clean_all(part)] == whole


@pytest.mark.parametrize("keep", ["longest", "newest", "oldest"])
def test_shuffled_rows_leave_the_same_texts(keep):
    """Rows that are equal but for capitals, too: which of them stays is decided by what it says."""
    made = rows(MANY)
    kept = sorted(row["text"] for row in dedup.deduplicate(made, keep=keep, workers=1).kept)
    assert len({text.casefold() for text in kept} & {row["text"].casefold() for row in made if row["text"].isupper()}) > 20
    for seed in range(3):
        mixed = random.Random(seed).sample(made, len(made))
        assert sorted(row["text"] for row in dedup.deduplicate(mixed, keep=keep, workers=1).kept) == kept


@pytest.mark.parametrize("command", ["run", "drop"])
def test_shuffled_lines_leave_the_same_texts(tmp_path, command):
    made, left = rows(MANY), []
    for seed in range(3):
        mixed = random.Random(seed).sample(made, len(made))
        (tmp_path / "in.jsonl").write_bytes(lines(mixed))
        code, _, error = run(command, tmp_path / "in.jsonl", "-o", tmp_path / f"{seed}.jsonl", "-q", "-j", "1")
        assert code == 0, error
        left.append(sorted(json.loads(line)["text"] for line in (tmp_path / f"{seed}.jsonl").read_bytes().splitlines()))
    assert left[0] == left[1] == left[2]
    assert 0 < len(left[0]) < MANY


def test_one_run_or_two_with_against_leave_the_same_rows():
    made = rows(MANY)
    whole = dedup.deduplicate(made, keep="first", workers=1).kept
    for half in (1, 170, 400):
        old = dedup.deduplicate(made[:half], keep="first", workers=1).kept
        new = dedup.deduplicate(made[half:], keep="first", against=old, workers=1).kept
        assert old + new == whole


def test_a_corpus_appended_to_itself_and_against_itself():
    made = rows(300)
    kept = dedup.deduplicate(made, workers=1).kept
    assert 0 < len(kept) < len(made)
    assert dedup.deduplicate(made + made, workers=1).kept == kept
    assert not dedup.deduplicate(made, against=made, workers=1).kept
