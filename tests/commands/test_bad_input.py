"""Bad input through the real executable: named with path and line, set aside, counted; the rest is done."""

import gzip
import json
import os
import signal
import subprocess
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from executable import DEDUP, run, tree, wait_until_idle

BODY = "The council met on Tuesday evening and voted for the new bridge over the river, which will open in two years."


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    return tmp_path


def test_each_bad_input_is_named_and_the_rest_is_done(folder):
    source = folder / "in"
    pq.write_table(pa.table({"text": [BODY] * 9}), source / "whole.parquet")
    data = (source / "whole.parquet").read_bytes()
    lines = "".join(json.dumps({"text": f"{number} {BODY}"}) + "\n" for number in range(2_000)).encode()
    files = {
        "cut.parquet": data[:-20],
        "lies.txt": data,
        "lies.gz.txt": gzip.compress(b"x"),
        "plain.txt.gz": b"plain",
        "cut.txt.gz": gzip.compress(BODY.encode())[:-9],
        "cut.jsonl.gz": gzip.compress(lines, mtime=0)[:-5000],
        "number.jsonl": b'{"text": "a"}\n5\n{"text": "b"}\n{"text": 7}\n{"body": "x"}\n{"text": null}\n',
        "mixed.jsonl": json.dumps({"text": "文" * 30}, ensure_ascii=False).encode()
        + b"\n"
        + '{"text": "国家统计局发布数据，新华社北京电"}\n'.encode("gb18030"),
        "quotes.csv": b'id,text\n1,a\n2,"b\n3,c\n4,d,e\n',
        "broken.json": b'[{"text": "a"}, {"text": ',
        "no text.csv": b"a,b\n1,2\n",
        "large.jsonl": b'{"text": "' + b"x" * 50_000 + b'"}\n{"text": "small"}\n',
    }
    for name, content in files.items():
        (source / name).write_bytes(content)
    code, out, error = run("clean", source, "-o", folder / "out", "--files.largest", "40000", "--report", folder / "r.json")
    assert (code, out) == (3, b"")
    said = [line.removeprefix(f"dedup: {source}/") for line in error.splitlines() if line.startswith(f"dedup: {source}/")]
    expected = [
        "broken.json:1: broken JSON, or cut off",
        "cut.jsonl.gz:",
        "cut.parquet: not Parquet, or damaged",
        "cut.txt.gz: the gzip data ends too early",
        "large.jsonl:1: larger than 40,000 bytes",
        "lies.gz.txt: named like a .txt file, but gzip data",
        "lies.txt: named like a .txt file, but Parquet data",
        "no text.csv: no column is named like a text (has: a, b)",
        "number.jsonl:2: not an object but a number",
        "number.jsonl:4: the text is int, not a string (field 'text')",
        "number.jsonl:5: the row has no such field (field 'text')",
        "plain.txt.gz: named like a gzip file, but not gzip data",
        "quotes.csv:3: broken quoting: a quote is not closed",
        "quotes.csv:5: the row has 3 cells, the header 2",
    ]
    problems = [line for line in said if "guessed from" not in line]
    assert [line[: len(start)] for line, start in zip(problems, expected, strict=True)] == expected
    assert ", 14 unreadable (" in error
    written = tree(folder / "out")
    assert written.keys() == {"broken.json", "cut.jsonl.gz", "large.jsonl", "mixed.jsonl", "number.jsonl", "quotes.csv", "whole.parquet"}
    assert written["quotes.csv"] == b"id,text\n1,a\n3,c\n"
    assert written["number.jsonl"] == b'{"text": "a"}\n{"text": "b"}\n{"text": null}\n'
    assert "国家统计局" in written["mixed.jsonl"].decode()
    kept = gzip.decompress(written["cut.jsonl.gz"])
    assert lines.startswith(kept)
    assert kept.endswith(b"}\n")
    report = json.loads((folder / "r.json").read_bytes())
    assert {"path": f"{source}/quotes.csv", "line": 3, "reason": "broken quoting: a quote is not closed"} in report["unreadable"]


def test_with_on_error_fail_the_first_one_ends_the_run_and_what_was_done_stays(folder):
    (folder / "in" / "a.txt").write_text(BODY, encoding="utf-8")
    (folder / "in" / "b.jsonl").write_text('{"text": "a"}\n5\n', encoding="utf-8")
    (folder / "in" / "c.txt").write_text(BODY, encoding="utf-8")
    code, _, error = run("clean", folder / "in", "-o", folder / "out", "--on-error", "fail", "-q")
    assert (code, error) == (3, f"dedup: {folder}/in/b.jsonl:2: not an object but a number\n")
    assert tree(folder / "out").keys() == {"a.txt"}


def test_odd_names_and_loops_go_through(folder):
    names = ["with space.jsonl", "new\nline.jsonl", "📰.jsonl", "..jsonl", "a..b.jsonl", "-dash.jsonl"]
    for name in names:
        (folder / "in" / name).write_text(json.dumps({"text": BODY}), encoding="utf-8")
    (folder / "in" / "loop").symlink_to(folder / "in")
    (folder / "in" / "self.jsonl").symlink_to("self.jsonl")
    code, _, error = run("clean", folder / "in", "-o", folder / "out")
    assert code == 3
    assert {*tree(folder / "out")} == {*names}
    assert f"{folder}/in/loop: a link to a folder is not followed" in error
    assert f"{folder}/in/self.jsonl: a link that leads nowhere" in error


def test_a_row_that_is_too_large_is_never_held_whole(folder):
    limit = ["bash", "-c", 'ulimit -v 3000000; exec "$0" "$@"', DEDUP]
    with (folder / "in" / "a.jsonl").open("wb") as file:
        file.write(b'{"text": "first"}\n{"text": "')
        for _ in range(200):
            file.write(b"x" * (1 << 20))
        file.write(b'"}\n{"text": "last"}\n')
    done = subprocess.run([*limit, "clean", folder / "in" / "a.jsonl", "-q"], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (3, b'{"text": "first"}\n{"text": "last"}\n')
    assert done.stderr.decode() == f"dedup: {folder}/in/a.jsonl:2: larger than 134,217,728 bytes (--files.largest)\n"


def test_ctrl_c_keeps_the_rows_that_were_done_under_another_name(folder):
    out = folder / "out.jsonl"
    process = subprocess.Popen([DEDUP, "clean", "-", "-o", out, "--format", "jsonl"], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(b'{"text": "first"}\n{"text": "second"}\n' + b'{"text": "' + b"x" * 200_000)
    process.stdin.flush()
    while not [path for path in folder.iterdir() if path.name.endswith(".part")]:  # the file that is being written
        assert process.poll() is None
        time.sleep(0.01)
    wait_until_idle(process)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in error
    assert not out.exists()
    assert (folder / "out.jsonl.part").read_bytes().startswith(b'{"text": "first"}\n')


def test_a_closed_pipe_ends_rows_quietly():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([DEDUP, "clean", "-"], input=b'{"text": "a"}\n' * 9, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr.count(b"\n")) in {(141, 0), (141, 1)}
