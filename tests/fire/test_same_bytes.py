"""The same rows give the same bytes: with any number of processes, hash seed, locale, chunk, and beside copies of themselves."""

import pytest
from corpora import lines, rows
from executable import run, tree

import dedup

ENVIRONMENTS = [
    ("2", {"PYTHONHASHSEED": "0", "LC_ALL": "C"}),
    ("4", {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"}),
    ("1", {"PYTHONHASHSEED": "random", "LC_ALL": "C"}),
]


@pytest.mark.parametrize("command", ["clean", "run"])
def test_processes_hash_seed_and_locale_change_nothing(tmp_path, command):
    (tmp_path / "in.jsonl").write_bytes(lines(rows(200)))
    found = []
    for number, (workers, env) in enumerate([("1", {}), *ENVIRONMENTS]):
        out = tmp_path / str(number)
        out.mkdir()
        code, _, error = run(command, tmp_path / "in.jsonl", "-o", out / "out.jsonl", "-q", "-j", workers, env=env)
        assert code == 0, error
        found.append(tree(out))
    assert all(one == found[0] for one in found)
    assert found[0]["out.jsonl"]


def test_how_many_articles_are_cleaned_together_changes_nothing():
    texts = [row["text"] for row in rows(300)]
    whole = [result.text for result in dedup.clean_all(texts)]
    for size in (1, 7):
        parts = [texts[at : at + size] for at in range(0, len(texts), size)]
        assert [result.text for part in parts for result in dedup.clean_all(part)] == whole


def test_a_corpus_appended_to_itself_and_against_itself():
    made = rows(300)
    kept = dedup.deduplicate(made, workers=1).kept
    assert 0 < len(kept) < len(made)
    assert dedup.deduplicate(made + made, workers=1).kept == kept
    assert not dedup.deduplicate(made, against=made, workers=1).kept
