"""Peak memory of `dedup clean` over files of any size: `python -m benchmarks.speed.memory [--megabytes 100 1000] [--jobs 1]`.

A JSON Lines file of each size is made of the articles (every third with its body glued before it), cleaned to a file, and both are
deleted. The peak is that of the command's process, as the system counted it when it ended; `--most` makes a higher one an error.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from itertools import cycle
from pathlib import Path

import orjson

from benchmarks.quality.articles import DEFAULT
from benchmarks.speed.clean import read_paragraphs

_UNIT = 1024 if sys.platform == "linux" else 1  # of ru_maxrss, in bytes


def write_rows(path: Path, paragraphs: list[list[str]], size: int) -> int:
    """A file of `size` bytes or a row more; the number of its rows."""
    rows = written = 0
    with path.open("wb") as file:
        for body in cycle(paragraphs):
            text = "\n".join(body) if rows % 3 else "".join(body) + "\n" + "\n".join(body)
            written += file.write(orjson.dumps({"id": rows, "text": text}) + b"\n")
            rows += 1
            if written >= size:
                return rows
    return rows


def clean(source: Path, target: Path, jobs: int) -> tuple[float, float]:
    """The peak in megabytes and the processor seconds of cleaning a file in a process of its own."""
    command = [sys.executable, "-m", "dedup", "clean", "-q", "-j", str(jobs), str(source), "-o", str(target)]
    child = subprocess.Popen(command)  # noqa: S603 - ourselves
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, f"dedup clean ended with {child.returncode}"
    return used.ru_maxrss * _UNIT / 1e6, used.ru_utime + used.ru_stime


def main() -> None:
    """Prints a line for each size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.memory", description=__doc__)
    parser.add_argument("--articles", type=Path, default=DEFAULT, help="JSON Lines with `paragraphs`, gzipped or not")
    parser.add_argument("--megabytes", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=None, help="where the files are made; the usual temporary folder")
    parser.add_argument("--most", type=float, default=None, help="megabytes of memory that no run may take")
    options = parser.parse_args()
    paragraphs = read_paragraphs(options.articles, None)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        source, target = Path(folder, "rows.jsonl"), Path(folder, "cleaned.jsonl")
        for size in options.megabytes:
            rows = write_rows(source, paragraphs, size * 1_000_000)
            peak, seconds = clean(source, target, options.jobs)
            print(
                f"{source.stat().st_size / 1e6:>7,.0f} MB {rows:>9,} rows  -j {options.jobs}: peak {peak:,.0f} MB, {seconds:,.1f} CPU s",
                flush=True,
            )
            assert options.most is None or peak <= options.most, f"{peak:,.0f} MB are more than {options.most:,.0f}"


if __name__ == "__main__":
    main()
