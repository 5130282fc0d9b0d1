"""`dedup index`: what was added is found in a later run."""

import json

from executable import run

BODY = "The council met on Tuesday evening and voted for the new bridge over the river, which will open in two years."


def test_what_was_added_is_found_and_a_second_time_refused(tmp_path):
    index = tmp_path / "seen.index"
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": BODY}) + "\n5\n", encoding="utf-8")
    (tmp_path / "new.jsonl").write_text(
        "".join(json.dumps({"text": text}) + "\n" for text in (BODY.upper(), BODY.replace("Tuesday", "Monday"), "other")), encoding="utf-8"
    )
    code, out, error = run("index", "add", index, tmp_path / "a.jsonl", "--dry-run")
    assert (code, out, index.exists()) == (3, b"", False)
    code, out, error = run("index", "add", index, tmp_path / "a.jsonl")
    assert (code, out) == (3, b"")
    assert f"{tmp_path}/a.jsonl:2: not an object but a number" in error
    assert "dedup: 1 added, 1 in " in error
    before = index.read_bytes()
    code, _, error = run("index", "add", index, tmp_path / "a.jsonl", "-q")
    assert code == 3
    assert f"{tmp_path}/a.jsonl:1: the index holds the id 'a' already" in error
    assert index.read_bytes() == before
    code, out, error = run("index", "find", index, tmp_path / "new.jsonl")
    found = [json.loads(line) for line in out.splitlines()]
    assert (code, [[match["kind"] for match in line["found"]] for line in found]) == (0, [["exact"], ["near"], []])
    assert (found[0]["id"], found[0]["line"], found[0]["found"][0]["id"]) == ("new.jsonl:1", 1, "a")
    assert "3 looked up, 2 found" in error
    code, out, _ = run("index", "info", index)
    assert code == 0
    assert out.decode().startswith("texts         1\n")


def test_an_index_of_other_settings_or_none_is_a_usage_error(tmp_path):
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    assert run("index", "add", "i", "a.txt", cwd=tmp_path)[0] == 0
    code, _, error = run("index", "find", "i", "a.txt", "--near.seed", "4", cwd=tmp_path)
    assert (code, "seed 1, not 4" in error) == (2, True)
    assert run("index", "info", "missing", cwd=tmp_path)[0] in {2, 3}
    assert run("index", "info", "a.txt", cwd=tmp_path)[0] in {2, 3}
