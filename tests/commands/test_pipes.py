"""A pipe needs no hyphen, and nothing that is piped in is lost."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [{"id": str(number), "text": f"Row number {number} says something of its own."} for number in range(3_000)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
CLEAN = [sys.executable, "-m", "dedup", "clean", "--format", "jsonl", "-q"]


def test_every_piped_row_comes_out_without_a_hyphen() -> None:
    done = subprocess.run(CLEAN, input=LINES, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, LINES)


def test_a_redirected_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(LINES)
    with path.open("rb") as file:
        done = subprocess.run(CLEAN, stdin=file, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, LINES)


@pytest.mark.parametrize("command", ["clean", "drop"])
def test_an_empty_pipe_is_no_input(command: str) -> None:
    done = subprocess.run([sys.executable, "-m", "dedup", command], input=b"", capture_output=True, check=False)
    assert done.returncode == 2
    assert b"nothing to" in done.stderr


def test_a_bad_line_of_a_packed_file_is_named_by_the_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(LINES + b"5\n{bad\n"))
    command = [sys.executable, "-m", "dedup", "drop", str(path), "-o", str(tmp_path / "kept.jsonl")]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 3
    for line in (3_001, 3_002):
        assert f"{path}:{line}: ".encode() in done.stderr
