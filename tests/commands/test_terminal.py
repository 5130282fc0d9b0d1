"""What a terminal shows: progress while it runs, a table at the end, colours only where they are wanted."""

import fcntl
import os
import pty
import struct
import subprocess
import termios

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
