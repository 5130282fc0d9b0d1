"""One odd file in a folder costs itself and nothing else, and what an earlier run wrote beside its results is no article."""

import json
import os
import signal
import subprocess

import pyarrow.parquet as pq
import pytest
from executable import DEDUP, run, tree, wait_until_idle, wait_until_read

BODY = "The council met on Tuesday evening and voted for the new bridge over the river, which will open in two years."
OTHER = "Nobody was against it, the mayor said, and the works are to begin in the spring of next year already."
PAGE = f"<!DOCTYPE html><html><head><title>T</title></head><body><article><p>{BODY}</p><p>{OTHER}</p></article></body></html>"


@pytest.mark.parametrize("command", ["clean", "run"])
def test_two_results_of_one_name_cost_the_second_one(tmp_path, command):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "in" / "page.txt").write_text(OTHER, encoding="utf-8")
    (tmp_path / "in" / "z.txt").write_text(OTHER.upper(), encoding="utf-8")
    code, _, error = run(command, tmp_path / "in", "-o", tmp_path / "out")
    assert code == 3
    assert f"dedup: {tmp_path}/in/page.txt: it would be written to {tmp_path}/out/page.txt, as {tmp_path}/in/page.html is: " in error
    assert ", 1 unreadable (" in error
    assert tree(tmp_path / "out").keys() == {"page.txt", "z.txt"}
    assert BODY in (tmp_path / "out" / "page.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [["clean"], ["run"], ["check", "--max-duplicates", "9"]])
def test_a_package_that_is_missing_costs_the_files_that_need_it(tmp_path, command):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.parquet").write_bytes(b"x")
    (tmp_path / "in" / "b.jsonl").write_text(json.dumps({"text": BODY}) + "\n", encoding="utf-8")
    (tmp_path / "hidden" / "pyarrow").mkdir(parents=True)
    (tmp_path / "hidden" / "pyarrow" / "__init__.py").write_text("raise ImportError", encoding="utf-8")
    out = [] if command[0] == "check" else ["-o", tmp_path / "out"]
    path = os.pathsep.join([str(tmp_path / "hidden"), os.environ.get("PYTHONPATH", "")])
    code, _, error = run(*command, tmp_path / "in", *out, env={"PYTHONPATH": path})
    assert code == 3, error
    assert f"dedup: {tmp_path}/in/a.parquet: pyarrow is not installed: pip install 'article-dedup[parquet]'" in error
    assert not out or tree(tmp_path / "out").keys() == {"b.jsonl"}
    assert run(*command, tmp_path / "in" / "a.parquet", *out, env={"PYTHONPATH": path})[0] == 2
    if out:
        code, _, error = run(*command, tmp_path / "in" / "b.jsonl", "-o", tmp_path / "out.parquet", env={"PYTHONPATH": path})
        assert (code, "pip install 'article-dedup[parquet]'" in error) == (2, True)


@pytest.mark.parametrize("begin", ["", "\ufeff", " \n", '<?xml version="1.0"?>\n'])
def test_a_page_that_is_named_like_a_text_is_set_aside_unless_somebody_says_what_it_is(tmp_path, begin):
    (tmp_path / "page.txt").write_text(begin + PAGE, encoding="utf-8")
    code, out, error = run("clean", tmp_path / "page.txt")
    assert (code, out) == (3, b"")
    assert error.startswith(f"dedup: {tmp_path}/page.txt: named like a .txt file, but an HTML page (--format html, ")
    assert run("clean", tmp_path / "page.txt", "--format", "html")[1].decode().count("<") == 0
    assert run("clean", tmp_path / "page.txt", "--format", "txt")[1].decode().count("<html>") == 1


def test_what_a_run_tells_is_not_read_as_articles_by_the_next_one(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / "in" / f"{name}.txt").write_text(BODY, encoding="utf-8")
    assert run("run", tmp_path / "in", "-o", tmp_path / "all" / "corpus")[0] == 0
    code, _, error = run(
        "clean", tmp_path / "in", "-o", tmp_path / "all" / "cleaned", "--report", tmp_path / "all" / "cleaned" / "why.json"
    )
    assert (code, error.count("2 articles read")) == (0, 1)
    assert run("run", tmp_path / "in", "-o", tmp_path / "all" / "x.jsonl", "--removed", tmp_path / "all" / "gone.jsonl")[0] == 0
    rows = tmp_path / "all" / "x.jsonl"
    (tmp_path / "rows.jsonl").write_bytes(rows.read_bytes() * 2)
    assert run("drop", tmp_path / "rows.jsonl", "-o", tmp_path / "all" / "y.jsonl", "--removed", tmp_path / "all" / "dropped.jsonl")[0] == 0
    code, _, error = run("clean", tmp_path / "all", "-o", tmp_path / "again")
    assert code == 0, error
    assert tree(tmp_path / "again").keys() == {"corpus/a.txt", "cleaned/a.txt", "cleaned/b.txt", "x.jsonl", "y.jsonl"}


@pytest.mark.parametrize("name", ["out.parquet", "out.csv", "out.arrow"])
def test_the_columns_are_there_when_no_row_stays(tmp_path, name):
    rows = [{"id": 1, "text": BODY, "views": 1.5}, {"id": 2, "text": BODY, "views": 2.5}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run("drop", tmp_path / "in.jsonl", "-o", tmp_path / name, "--keep", "none", "-q") == (0, b"", "")
    if name == "out.parquet":
        table = pq.read_table(tmp_path / name)
        assert (table.num_rows, table.schema.names, str(table.schema.types[2])) == (0, ["id", "text", "views"], "double")
    elif name == "out.csv":
        assert (tmp_path / name).read_text(encoding="utf-8") == "id,text,views\n"
    assert run("clean", tmp_path / name, "-q")[0] == 0


@pytest.mark.parametrize(
    ("command", "said"), [("clean", "what of it is done is kept under"), ("run", "the output is not written"), ("drop", "nothing")]
)
def test_an_interruption_says_in_one_line_what_is_kept(tmp_path, command, said):
    process = subprocess.Popen(
        [DEDUP, command, "-", "--format", "jsonl", "-o", tmp_path / "out.jsonl"], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdin.write(json.dumps({"text": BODY}).encode() + b"\n")
    process.stdin.flush()
    wait_until_read(process)
    wait_until_idle(process)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert error.decode().splitlines()[-1].startswith("dedup: interrupted: no unfinished file is left; ")
    assert said in error.decode()
    assert not (tmp_path / "out.jsonl").exists()
