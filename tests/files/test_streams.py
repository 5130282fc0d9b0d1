"""What is no file is written into as it stands, and never replaced."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import dedup
from dedup.errors import ConfigError, InputError
from dedup.files.streams import is_stream, opened
from dedup.files.write import atomic

ROWS = "".join(
    json.dumps({"id": str(n), "text": f"Row number {n % 3} of the corpus says what no other one says."}) + "\n" for n in range(9)
)
DROP = [sys.executable, "-m", "dedup", "drop", "-q"]


@pytest.fixture
def rows(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.fixture
def kept(rows):
    return subprocess.run([*DROP, str(rows)], capture_output=True, check=True).stdout


def test_a_device_stays_a_device(rows):
    before = Path("/dev/null").stat()
    done = subprocess.run([*DROP, str(rows), "-o", "/dev/null", "--removed", "/dev/zero"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    after = Path("/dev/null").stat()
    assert (after.st_ino, after.st_rdev) == (before.st_ino, before.st_rdev)
    assert Path("/dev/zero").is_char_device()


@pytest.mark.parametrize("command", ["clean", "drop"])
def test_a_full_device_is_named_and_stays(rows, command):
    done = subprocess.run([sys.executable, "-m", "dedup", command, str(rows), "-q", "-o", "/dev/full"], capture_output=True, check=False)
    assert done.returncode not in {0, 70}
    assert b"space" in done.stderr
    assert b"Traceback" not in done.stderr
    assert Path("/dev/full").is_char_device()


def test_a_pipe_gets_the_rows_and_stays_a_pipe(tmp_path, rows, kept):
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    subprocess.run([*DROP, str(rows), "-o", str(pipe)], check=True, timeout=300)
    reader.join(60)
    assert got == [kept]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_by_name_goes_on_where_it_stands(tmp_path, rows, kept, name):
    out = tmp_path / "out"
    with out.open("wb") as file:
        file.write(b"before\n")
        file.flush()
        subprocess.run([*DROP, str(rows), "-o", name], stdout=file, check=True)
    assert out.read_bytes() == b"before\n" + kept


def test_a_link_to_a_device_leads_there(tmp_path):
    link = tmp_path / "link"
    link.symlink_to("/dev/null")
    with atomic(link) as file:
        file.write(b"x")
    assert link.is_symlink()
    assert is_stream(link)


def test_a_socket_is_refused_by_name(tmp_path, rows):
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        with pytest.raises(ConfigError, match="socket"):
            opened(path)
        done = subprocess.run([*DROP, str(rows), "-o", str(path)], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"is a socket" in done.stderr
    assert stat.S_ISSOCK(path.stat().st_mode)


def test_a_descriptor_that_is_not_open_is_an_error():
    for number in range(3, 10_000):
        try:
            os.fstat(number)
        except OSError:
            break
    with pytest.raises(OSError, match="fd"):
        opened(Path(f"/dev/fd/{number}"))


def test_files_and_what_is_not_there_are_no_streams(tmp_path, rows):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert not any(map(is_stream, (rows, tmp_path, tmp_path / "none", loop)))


def test_an_index_is_a_file(tmp_path):
    index = dedup.Index()
    index.add("A text that says something which can be found again.", "a")
    with pytest.raises(ConfigError, match="no file"):
        index.save("/dev/null")
    assert Path("/dev/null").is_char_device()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="no file"):
        dedup.Index.load(pipe)
