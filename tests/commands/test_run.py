"""`dedup run`: a folder is cleaned, duplicates go, and what went is told beside the output."""

import json

import pyarrow.parquet as pq
import pytest
from executable import SEED, run, tree
from pages import PARAGRAPHS

OTHER = "Nobody was against it, the mayor said, and the works are to begin in the spring of next year already, when the snow is gone."


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in" / "sub").mkdir(parents=True)
    body = "\n".join(PARAGRAPHS)
    (tmp_path / "in" / "a.txt").write_text(body + "\n", encoding="utf-8")
    (tmp_path / "in" / "seed.txt").write_bytes(SEED.read_bytes())
    (tmp_path / "in" / "sub" / "b.txt").write_text(f"Title: Again\n\n{' '.join(PARAGRAPHS)}\n{body}\nOne line more.\n", encoding="utf-8")
    rows = [{"id": "r1", "text": body.replace("evening", "night", 1)}, {"id": "r2", "text": OTHER}]
    (tmp_path / "in" / "sub" / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path


def test_a_folder_is_cleaned_and_duplicates_go(folder):
    code, out, error = run("run", folder / "in", "-o", folder / "corpus")
    assert (code, out) == (0, b"")
    assert "5 articles read" in error
    assert "2 duplicates dropped (0 exact, 2 near)" in error
    written = tree(folder / "corpus")
    assert written.keys() == {"seed.txt", "sub/b.txt", "sub/c.jsonl"}
    assert written["sub/c.jsonl"] == json.dumps({"id": "r2", "text": OTHER}).encode() + b"\n"
    assert written["sub/b.txt"].decode().count(PARAGRAPHS[3]) == 1
    gone = [json.loads(line) for line in (folder / "corpus.removed.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["of_id"], row["kind"]) for row in gone] == [("a.txt", "sub/b.txt", "near"), ("r1", "sub/b.txt", "near")]
    assert all(row["text"] and row["of_text"] and row["score"] >= 0.8 for row in gone)
    assert gone[1]["path"] == f"{folder}/in/sub/c.jsonl"
    assert gone[1]["line"] == 1
    counts = json.loads((folder / "corpus.report.json").read_bytes())["counts"]
    assert (counts["read"], counts["duplicates"]) == (5, {"exact": 0, "near": 2})
    assert [path.name for path in sorted(folder.iterdir())] == ["corpus", "corpus.removed.jsonl", "corpus.report.json", "in"]
    code, out, _ = run("explain", folder / "corpus.removed.jsonl", "r1", env={"COLUMNS": "100"})
    assert code == 0
    assert out.decode().startswith("near, score 0.9")
    assert "[night]" in out.decode()


def test_all_goes_to_one_file_and_a_dry_run_writes_nothing(folder):
    code, _, error = run("run", folder / "in", "-o", folder / "all.parquet", "--dry-run")
    assert (code, "2 duplicates dropped" in error) == (0, True)
    assert [path.name for path in folder.iterdir()] == ["in"]
    (folder / "in" / "sub" / "c.jsonl").unlink()
    code, _, error = run("run", folder / "in", "-o", folder / "all.parquet", "--keep", "first", "--removed", folder / "gone.jsonl", "-q")
    assert (code, error) == (0, "")
    assert [row["id"] for row in pq.read_table(folder / "all.parquet").to_pylist()] == ["a.txt", "seed.txt"]
    assert json.loads((folder / "gone.jsonl").read_bytes())["id"] == "sub/b.txt"


def test_an_output_has_to_be_named_and_inputs_are_never_overwritten(folder):
    assert run("run", folder / "in")[0] == 2
    assert run("run", folder / "in", "-o", folder / "in" / "x")[0] == 2
    code, _, error = run("run", folder / "in", "-o", folder / "out", "--removed", folder / "in" / "a.txt")
    assert code == 2
    assert "would be overwritten" in error
