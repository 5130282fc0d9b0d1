"""What a terminal shows: progress while it runs, a table at the end, colours only where they are wanted."""

import contextlib
import fcntl
import importlib.util
import json
import os
import pty
import re
import struct
import subprocess
import termios
import threading
from pathlib import Path

import pytest
from executable import DEDUP, SEED


def terminal(*arguments, columns=100, **env):
    """What the command writes to a terminal of this width on standard error, and its standard output."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        [DEDUP, *arguments],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**{key: value for key, value in os.environ.items() if key not in {"COLUMNS", "NO_COLOR"}}, "TERM": "xterm-256color", **env},
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            data = os.read(ours, 65_536)
        except OSError:  # the other end is closed
            break
        if not data:
            break
        said += data
    out = process.stdout.read()
    process.stdout.close()
    process.wait(timeout=60)
    os.close(ours)
    return process.returncode, out.decode(), said.decode()


@pytest.mark.parametrize("columns", [100, 40])
def test_a_table_with_the_signature_ends_a_run(tmp_path, columns):
    (tmp_path / "bad.txt").write_bytes(b"\0" * 50)
    code, out, said = terminal("clean", SEED, tmp_path / "bad.txt", "-o", tmp_path / "out", columns=columns)
    assert (code, out) == (3, "")
    for part in ("read", "changed", "removed inside", "unreadable", "time", "dedup:clean|repair:ftfy"):
        assert part in said, said
    assert f"dedup: {tmp_path}/bad.txt: not a text: it consists of NUL bytes" in said
    assert "MB/s" in said


def test_without_colours_there_are_none(tmp_path):
    said = terminal("clean", SEED, "-o", tmp_path / "out", NO_COLOR="1")[2]
    assert "\x1b[3" not in said
    assert "\x1b[9" not in said


def test_silence_is_silent(tmp_path):
    assert terminal("clean", SEED, "-o", tmp_path / "out", "-q") == (0, "", "")


def test_the_first_run_on_a_machine_says_that_it_compiles(tmp_path):
    env = {"NUMBA_CACHE_DIR": str(tmp_path / "kernels")}
    first = terminal("clean", SEED, "-o", tmp_path / "out", **env)[2]
    assert first.count("dedup: compiling for this machine, once") == 1, first
    assert "compiling" not in terminal("clean", SEED, "-o", tmp_path / "out", **env)[2]


def test_a_run_says_how_far_it_is_while_it_waits_for_more(tmp_path):
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    process = subprocess.Popen([DEDUP, "clean", "-", "--format", "jsonl", "-o", tmp_path / "o.jsonl"], stdin=subprocess.PIPE, stderr=theirs)
    os.close(theirs)

    def feed():  # rows and bytes go on until the line has shown what was read, removed and set aside
        with contextlib.suppress(OSError):
            while True:
                process.stdin.write(b'{"text": "Rain is expected on Wednesday."}\n' * 50 + b"5\n")
                process.stdin.flush()

    feeding = threading.Thread(target=feed)
    feeding.start()
    said = b""
    while b" unreadable" not in said:
        said += os.read(ours, 65_536)
    plain = re.sub(rb"\x1b\[[\d;?]*[A-Za-z]", b"", said)
    assert re.search(rb"[\d,]+ read, [\d,]+ removed, [\d,]+ unreadable", plain), plain[-2_000:]
    assert re.search(rb"[\d.,]+/\S+ (bytes|[kMG]B)", plain), plain[-2_000:]
    process.kill()
    process.wait(timeout=60)
    feeding.join()
    with contextlib.suppress(OSError):
        process.stdin.close()
    os.close(ours)


def test_the_table_of_a_run_has_every_count(tmp_path):
    text = "The council met on Tuesday evening and voted for the new bridge over the river, which will open in two years."
    rows = [text, text.upper(), text.replace("Tuesday", "Monday") + " It was late.", "Rain is expected on Wednesday."]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps({"text": row}) + "\n" for row in rows) + "5\n[1]\n{bad\n", encoding="utf-8")
    code, _, said = terminal("run", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", columns=120, NO_COLOR="1")
    assert code == 3
    plain = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", said).replace("\r", "")
    table = {line.strip().partition("  ")[0]: line.rsplit("  ", 1)[-1].strip() for line in plain.splitlines()}
    assert (table["read"], table["removed as equal"], table["removed as nearly equal"], table["unreadable"]) == ("4", "0", "2", "3")
    assert (table["changed"], table["removed inside articles"]) == ("0", "0 characters, 0 places")
    assert (table["not an object but a number"], table["not an object but an array"]) == ("1", "1")
    assert re.fullmatch(r"[\d.,]+ s, [\d.,]+ MB/s", table["time"])
    assert "dedup:run|repair:ftfy" in said
    assert "dedup:drop|keep:longest|" in said


@pytest.mark.parametrize("color", [True, False])
def test_two_texts_stand_side_by_side_with_what_only_one_has_marked(tmp_path, color):
    text = "The council met on Tuesday evening and voted for the new bridge over the river, which will open in two years."
    rows = [{"id": "a", "text": text}, {"id": "b", "text": text.replace("Tuesday", "Monday") + " It was late."}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    out = tmp_path / "removed.jsonl"
    assert subprocess.run([DEDUP, "drop", tmp_path / "in.jsonl", "-q", "--removed", out], check=True, capture_output=True).returncode == 0
    said = shown("explain", out, "a", **({} if color else {"NO_COLOR": "1"}))
    assert ("\x1b[" in said) == color
    plain = re.sub(r"\x1b\[[\d;]*m", "", said)
    assert any("removed" in line and "kept" in line for line in plain.splitlines()), said
    assert "Tuesday" in plain
    assert "Monday" in plain


def shown(*arguments, **env):
    """What the command writes to a terminal on standard output."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    kept = {key: value for key, value in os.environ.items() if key not in {"COLUMNS", "NO_COLOR"}}
    process = subprocess.Popen([DEDUP, *arguments], stdout=theirs, env={**kept, "TERM": "xterm-256color", **env})
    os.close(theirs)
    said = b""
    try:
        while data := os.read(ours, 65_536):
            said += data
    except OSError:  # the other end is closed
        pass
    assert process.wait(timeout=60) == 0
    os.close(ours)
    return said.decode().replace("\r", "")


def test_the_picture_of_the_readme_is_what_the_command_says_now(tmp_path, monkeypatch):
    script = Path(__file__).parents[2] / "benchmarks" / "terminal.py"
    if not script.exists():
        pytest.skip("the wheel has no benchmarks")
    spec = importlib.util.spec_from_file_location("terminal", script)
    drawing = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(drawing)
    before = drawing.PICTURE.read_text(encoding="utf-8")
    monkeypatch.setattr(drawing, "PICTURE", tmp_path / "terminal.svg")
    drawing.main()
    said = [re.findall(r"<text[^>]*>([^<]*)", svg) for svg in (before, (tmp_path / "terminal.svg").read_text(encoding="utf-8"))]
    assert [re.sub(r"ftfy[\d.]+", "ftfy", text) for text in said[0]] == [re.sub(r"ftfy[\d.]+", "ftfy", text) for text in said[1]]
