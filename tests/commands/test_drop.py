"""`dedup drop` and `dedup check` on JSON Lines: what goes, what stays byte for byte, exit codes, and runs that are killed."""

import gzip
import io
import itertools
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import dedup
from dedup.cli import main as entry

WORDS = "council bridge river mayor vote budget school winter train station market farmer harvest doctor hospital engine report".split()
ROWS = 60


def main(arguments):
    """The exit code, whichever way it comes."""
    try:
        return entry(arguments)
    except SystemExit as end:
        return end.code


def article(seed):
    return " ".join(WORDS[(seed * seed + seed * place + place * place * 7) % len(WORDS)] + str((seed * place) % 13) for place in range(60))


def corpus(rows=ROWS):
    """Rows of which every third is the one before in capitals, and every sixth nearly so."""
    made = []
    for number in range(rows):
        text = article(number // 3)
        text = text.upper() if number % 3 == 1 else text.replace("mayor", "major") + " end" if number % 6 == 2 else text
        made.append({"id": f"r{number}", "body": text + ("" if number % 3 == 0 else "!"), "date": f"2020-01-{1 + number % 28:02}"})
    return made


def written(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return str(path)


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_the_rows_that_stay_are_those_of_the_library(tmp_path):
    rows = corpus()
    source, kept, removed = written(tmp_path / "a.jsonl", rows), tmp_path / "kept.jsonl", tmp_path / "removed.jsonl"
    for keep in ("longest", "first", "last", "newest", "oldest", "none"):
        assert main(["drop", source, "-o", str(kept), "--removed", str(removed), "--keep", keep, "-q"]) == 0
        result = dedup.deduplicate(rows, keep=keep)
        assert lines(kept) == result.kept
        assert [(gone["row"], gone["id"], gone["of"], gone["of_id"], gone["kind"]) for gone in lines(removed)] == [
            (gone.row, gone.id, gone.of, gone.of_id, gone.kind) for gone in result.removed
        ]
        assert len(result.removed) > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "kept.jsonl", "removed.jsonl"]


def test_lines_stay_byte_for_byte_and_bad_ones_are_named(tmp_path, capsys):
    good = ['{"text" :  "One é text" , "x":1e5}', '{"text":null}', '{"text":"last \\ud83d\\ude00"}']
    bad = ["{", "[1]", '{"x":1}', '{"text":5}']
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + "\n".join([good[0], "", bad[0], bad[1], good[1], bad[2], bad[3], good[2]]).encode())
    assert main(["drop", str(path), "-o", str(tmp_path / "kept.jsonl")]) == 3
    assert (tmp_path / "kept.jsonl").read_bytes() == "".join(f"{line}\n" for line in good).encode("utf-8-sig")  # the mark stays, too
    told = capsys.readouterr().err
    for line in (3, 4, 6, 7):
        assert f"a.jsonl:{line}: " in told
    assert "3 rows read, 0 removed (0 exact, 0 near), 3 kept, 1 empty, 4 unreadable" in told
    assert main(["drop", str(path), "--on-error", "fail", "-o", str(tmp_path / "again.jsonl")]) == 3
    assert not (tmp_path / "again.jsonl").exists()


def test_several_files_against_old_ones(tmp_path):
    rows = corpus()
    new, more, old = (
        written(tmp_path / "a.jsonl", rows[:20]),
        written(tmp_path / "b.jsonl", rows[20:40]),
        written(tmp_path / "old.jsonl", rows[9:12]),
    )
    kept, removed = tmp_path / "kept.jsonl", tmp_path / "removed.jsonl"
    assert main(["drop", new, more, "--against", old, "-o", str(kept), "--removed", str(removed), "-q"]) == 0
    result = dedup.deduplicate(rows[:40], against=rows[9:12])
    assert lines(kept) == result.kept
    assert [(gone["row"], gone["of"], gone["old"]) for gone in lines(removed)] == [(gone.row, gone.of, gone.old) for gone in result.removed]
    assert {(gone["of_path"], gone["of_line"]) for gone in lines(removed) if gone["old"]} == {(old, 1)} or any(
        gone["old"] for gone in lines(removed)
    )


def test_packed_files_and_standard_streams(tmp_path, monkeypatch, capsysbinary):
    data = "".join(json.dumps(row) + "\n" for row in corpus()).encode()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(data))
    assert main(["drop", str(tmp_path / "a.jsonl.gz"), "-q"]) == 0
    first = capsysbinary.readouterr().out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))
    assert main(["drop", "-", "--format", "jsonl", "-q"]) == 0
    assert capsysbinary.readouterr().out == first
    assert first != data


def test_check_says_by_its_exit_code(tmp_path, capsys):
    source = written(tmp_path / "a.jsonl", corpus())
    gone = len(dedup.deduplicate(corpus()).removed)
    assert main(["check", source, "-q"]) == 1
    assert f"{gone} duplicates in {ROWS} rows" in capsys.readouterr().out
    assert main(["check", source, "--max-duplicates", str(gone), "-q"]) == 0
    assert main(["check", source, "--max-duplicates", "99.5%", "-q"]) == 0
    assert main(["check", source, "--max-duplicates", "0.5%", "-q"]) == 1
    for wrong in ("half", "-1", "0.5", "200%"):
        assert main(["check", source, "--max-duplicates", wrong]) == 2
    written(tmp_path / "b.jsonl", [{"x": 1}])
    assert main(["check", str(tmp_path / "b.jsonl")]) == 3


def test_usage_errors(tmp_path, capsys):
    source = written(tmp_path / "a.jsonl", corpus(3))
    (tmp_path / "a.txt").write_text("x\n")
    assert main(["drop"]) == 2
    assert main(["drop", source, "-o", source]) == 2
    assert main(["drop", source, "-o", str(tmp_path / "x"), "--removed", str(tmp_path / "x")]) == 2
    assert main(["drop", source, "--keep", "shortest"]) == 2
    assert main(["drop", str(tmp_path / "a.txt")]) == 2
    assert main(["drop", str(tmp_path / "none.jsonl"), "-o", str(tmp_path / "x")]) == 3
    assert "would be overwritten" in capsys.readouterr().err
    assert lines(tmp_path / "a.jsonl") == corpus(3)


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr("dedup.commands.dropping.BLOCK", 1500)
    monkeypatch.setattr("dedup.commands.dropping._CHECKPOINT", 1)


@pytest.mark.usefixtures("small_blocks")
def test_a_run_that_ended_goes_on_and_ends_in_the_same_bytes(tmp_path, monkeypatch):
    source = written(tmp_path / "a.jsonl", [*corpus(), {"x": 1}])
    with (tmp_path / "a.jsonl").open("a") as file:
        file.write("{broken\n")
    outputs = [str(tmp_path / "kept.jsonl"), str(tmp_path / "removed.jsonl")]
    arguments = ["drop", source, "-o", outputs[0], "--removed", outputs[1], "-q", "-j", "1"]
    assert main(arguments) == 3
    expected = [Path(path).read_bytes() for path in outputs]
    for path in outputs:
        Path(path).unlink()
    from dedup.commands import dropping
    from dedup.corpus import duplicates

    for number, (module, name, calls) in enumerate(
        [
            (dropping, "sketch", 0),
            (dropping, "sketch", 3),
            (dropping, "sketch", 7),
            (duplicates, "candidates", 0),
            (duplicates, "verify", 0),
        ]
    ):
        function, counter = getattr(module, name), itertools.count()

        def failing(*given, function=function, counter=counter, calls=calls):
            if next(counter) == calls:
                raise KeyboardInterrupt
            return function(*given)

        with monkeypatch.context() as patched:
            patched.setattr(module, name, failing)
            assert main([*arguments, "--work", str(tmp_path / f"work{number}")]) == 130
            manifest = tmp_path / f"work{number}" / "manifest.json"
            assert manifest.exists() == (number > 0)
        asked = []
        with monkeypatch.context() as patched:
            patched.setattr(
                dropping, "sketch", lambda texts, near, asked=asked, sketch=dropping.sketch: asked.append(1) or sketch(texts, near)
            )
            assert main([*arguments, "--work", str(tmp_path / f"work{number}")]) == 3
        assert [Path(path).read_bytes() for path in outputs] == expected
        assert not manifest.parent.exists()
        if number >= 3:
            assert len(asked) <= 1


@pytest.mark.usefixtures("small_blocks")
def test_a_work_folder_of_another_run_is_refused(tmp_path, monkeypatch, capsys):
    source = written(tmp_path / "a.jsonl", corpus())
    work = ["--work", str(tmp_path / "work"), "-o", str(tmp_path / "kept.jsonl"), "-q"]
    with monkeypatch.context() as patched:
        patched.setattr("dedup.corpus.duplicates.verify", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            main(["drop", source, *work])
    assert main(["drop", source, *work, "--near.threshold", "0.9"]) == 2
    assert "belongs to another run (other settings)" in capsys.readouterr().err
    assert main(["drop", source, *work]) == 0
    assert main(["drop", source, *work]) == 0


_KILLED = """
import sys, time, dedup.commands.dropping as dropping
from dedup.cli import main
dropping.BLOCK, dropping._CHECKPOINT = 1500, 1
sketch, count = dropping.sketch, []
def slow(*given):
    count.append(1)
    if len(count) > 3:
        time.sleep(60)
    return sketch(*given)
dropping.sketch = slow
main(sys.argv[1:])
"""


def test_a_killed_run_goes_on(tmp_path):
    source, work = written(tmp_path / "a.jsonl", corpus()), tmp_path / "work"
    arguments = ["drop", source, "-q", "-j", "1", "--work", str(work)]
    assert main([*arguments[:-2], "-o", str(tmp_path / "expected.jsonl")]) == 0
    run = subprocess.Popen([sys.executable, "-c", _KILLED, *arguments, "-o", str(tmp_path / "kept.jsonl")])
    try:
        for _ in range(600):
            if (work / "manifest.json").exists() or run.poll() is not None:
                break
            time.sleep(0.05)
        assert main([*arguments, "-o", str(tmp_path / "other.jsonl")]) == 2  # the folder is in use
    finally:
        run.send_signal(signal.SIGKILL)
        run.wait()
    assert not (tmp_path / "kept.jsonl").exists()
    assert main([*arguments, "-o", str(tmp_path / "kept.jsonl")]) == 0
    assert (tmp_path / "kept.jsonl").read_bytes() == (tmp_path / "expected.jsonl").read_bytes()
