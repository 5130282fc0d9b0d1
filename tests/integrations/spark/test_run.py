"""`dedup run --engine spark` writes what `dedup run` writes."""

import json
import os
import subprocess
import sys
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from clusters import sail_and_process, sail_process
from engine_rows import corpus
from executable import run
from texts import article


@pytest.fixture(scope="module")
def remote():
    """The address of a Sail of its own."""
    with sail_process() as address:
        yield address


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two files of rows sorted by id, some of them with their text twice."""
    path = tmp_path_factory.mktemp("in")
    rows = sorted(corpus(12), key=lambda row: row["id"])
    for number, row in enumerate(rows):
        row["title"] = f"News {number}"
        if number % 5 == 0 and row["text"]:
            row["text"] = f"{row['text']}.{article(number)}\n{row['text']}.\n{article(number)}"
    for number in range(2):
        part = rows[number * len(rows) // 2 : (number + 1) * len(rows) // 2]
        pq.write_table(pa.Table.from_pylist(part), path / f"{number}.parquet")
        (path / f"{number}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in part))
    return path


def rows(path, pattern):
    if pattern.endswith("parquet"):
        return sorted((row for file in path.glob(pattern) for row in pq.read_table(file).to_pylist()), key=lambda row: row["id"])
    return sorted((json.loads(line) for file in path.glob(pattern) for line in file.read_text().splitlines()), key=lambda row: row["id"])


@pytest.mark.parametrize("kind", ["parquet", "jsonl"])
def test_what_is_written_is_what_one_machine_writes(remote, folder, tmp_path, kind):
    inputs = sorted(map(str, folder.glob(f"*.{kind}")))
    assert run("run", "-q", *inputs, "-o", str(tmp_path / "one"), "--boilerplate", "off", cwd=tmp_path)[0] == 0
    code, _, said = run("run", *inputs, "--engine", "spark", "--remote", remote, "-o", str(tmp_path / "out"), cwd=tmp_path)
    assert code == 0, said
    end = "*.parquet" if kind == "parquet" else "*.json"
    wanted, told = rows(tmp_path / "one", f"*.{kind}"), rows(tmp_path / "out", end)
    assert told == wanted if kind == "parquet" else [{**row, "text": row.get("text")} for row in told] == wanted
    gone = rows(tmp_path, "one.removed.jsonl")
    names = ("id", "kind", "of_id", "text", "of_text")
    went = [(*(str(row[name]) for name in names), round(row["score"], 6)) for row in rows(tmp_path / "out.removed", end)]
    assert sorted(went) == sorted((*(str(row[name]) for name in names), row["score"]) for row in gone)
    report = json.loads((tmp_path / "one.report.json").read_text())
    repeats = {str(row["id"]): json.loads(row["removed"]) for row in rows(tmp_path / "out.repeats", end)}
    assert repeats == {row["path"]: row["removed"] for row in report["articles"] if row["removed"]}
    assert repeats
    assert f"{len(gone):,} duplicates dropped" in said
    assert report["signature"] in said
    if kind == "parquet":
        assert pq.read_schema(next((tmp_path / "out").glob(end))).equals(pq.read_schema(inputs[0]))


def test_what_sites_add_goes_as_the_file_says(remote, tmp_path):
    said = [{**row, "text": f"{row['text']}\nEditor: Lee"} for row in sorted(corpus(12), key=lambda row: row["id"]) if row["text"]]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in said))
    (tmp_path / "site.toml").write_text('["*"]\nlines = ["Editor: {}"]\n')
    wanted = ["run", "-q", str(tmp_path / "in.jsonl"), "--boilerplate", "site.toml"]
    assert run(*wanted, "-o", "one.jsonl", cwd=tmp_path)[0] == 0
    code, _, error = run(*wanted, "--engine", "spark", "--remote", remote, "-o", str(tmp_path / "out"), cwd=tmp_path)
    assert code == 0, error
    told = rows(tmp_path / "out", "*.json")
    assert told == rows(tmp_path, "one.jsonl")
    assert told
    assert not any("Editor" in row["text"] for row in told)
    removed = json.loads(rows(tmp_path / "out.repeats", "*.json")[0]["removed"])
    assert (removed[-1]["kind"], removed[-1]["shared"]["pattern"]) == ("boilerplate", "Editor: {}")


def test_a_boilerplate_file_is_honoured(remote, tmp_path):
    """What one machine takes out by a file, and no more; the file's other pattern is of another site."""
    news = [
        {"id": f"{number:02}", "url": f"https://{host}.example/{number}", "text": f"{article(number, 40)}\nEditor: Ann Lee\nMore news"}
        for number, host in enumerate(["town", "city"] * 6)
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in news))
    (tmp_path / "site.toml").write_text('["town.example"]\nlines = ["Editor: {}"]\n["city.example"]\nlines = ["More news"]\n')
    command = ["run", tmp_path / "a.jsonl", "--boilerplate", tmp_path / "site.toml"]
    assert run(*command, "-o", tmp_path / "one.jsonl", cwd=tmp_path)[0] == 0
    code, _, said = run(*command, "-o", tmp_path / "out", "--engine", "spark", "--remote", remote, cwd=tmp_path)
    assert code == 0, said
    told = rows(tmp_path / "out", "*.json")
    assert told == rows(tmp_path, "one.jsonl")
    assert all(("Editor" in row["text"], "More" in row["text"]) == ("city" in row["url"], "town" in row["url"]) for row in told)
    report = json.loads((tmp_path / "one.report.json").read_text())
    repeats = {row["id"]: json.loads(row["removed"]) for row in rows(tmp_path / "out.repeats", "*.json")}
    assert repeats == {row["path"]: row["removed"] for row in report["articles"] if row["removed"]}
    assert report["signature"] in said
    assert "|boilerplate:file|" in said
    for name, words in (("learn", "--engine learns nothing from its rows: dedup boilerplate"), ("no.toml", "no.toml: No such file")):
        code, _, said = run(*command[:3], name, "-o", "out", "--engine", "spark", "--remote", remote, cwd=tmp_path)
        assert code == 2
        assert words in said


def test_wrong_use_is_named(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": 1, "text": "a"}\n')
    for options, words in (
        (["--master", "local"], "are for --engine spark"),
        (["--engine", "spark", "--removed", "x"], "no --removed"),
        (["--engine", "spark", "--boilerplate", "learn"], "--engine learns nothing"),
        (["--engine", "spark", "--to", "csv"], "parquet and jsonl, not 'csv'"),
        (["--engine", "spark", "--remote", "localhost:1"], "a remote is sc://host:port"),
        (["--engine", "spark", "--master", "local", "--remote", "sc://x"], "a master or a remote, not both"),
    ):
        code, _, said = run("run", "a.jsonl", "-o", "out", *options, cwd=tmp_path)
        assert code == 2, options
        assert words in said


def test_a_run_whose_server_is_killed_says_so_and_goes_on(remote, folder, tmp_path):
    """In mid-run; started again with another server, it keeps the stages that are whole, and ends as one that was let alone."""
    command = ["run", "-q", *sorted(map(str, folder.glob("*.jsonl"))), "--engine", "spark"]
    code, _, said = run(*command, "-o", str(tmp_path / "wanted"), "--remote", remote, cwd=tmp_path)
    assert code == 0, said
    command += ["-o", str(tmp_path / "out"), "--work", str(tmp_path / "work")]
    with sail_and_process() as (gone, server):
        program = [sys.executable, "-W", "ignore", "-m", "dedup", *command, "--remote", gone]
        with subprocess.Popen(program, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
            while not list((tmp_path / "work").glob("cleaned.done/*.parquet")):
                assert process.poll() is None, process.stderr.read()
                time.sleep(0.01)
            os.kill(server.pid, 9)
            assert process.poll() is None
            said = process.communicate(timeout=300)[1]
    assert process.returncode == 2, said
    assert said.startswith("dedup: the master cannot be reached (")
    assert "work folder goes on after its last whole stage" in said
    assert len(said.splitlines()) == 1
    before = (tmp_path / "work" / "cleaned").stat().st_mtime_ns
    code, _, said = run(*command, "--remote", remote, cwd=tmp_path)
    assert code == 0, said
    assert (tmp_path / "work" / "cleaned").stat().st_mtime_ns == before
    for end in ("", ".removed", ".repeats"):
        told, wanted = (rows(tmp_path / f"{name}{end}", "*.json") for name in ("out", "wanted"))
        assert json.dumps(told) == json.dumps(wanted)
        assert told
