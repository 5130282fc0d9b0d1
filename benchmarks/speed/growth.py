"""How time and memory of `dedup drop` grow with the rows of a corpus.

python benchmarks/speed/growth.py corpus.jsonl [--rows 10000 100000 1000000] [--plot growth.png]

The first rows of the corpus are a file of their own for each size. Processor time and peak memory are those of the command.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def measure(corpus: Path, rows: int) -> tuple[float, float, float]:
    """Seconds, processor seconds and peak GB of one run."""
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "part.jsonl"
        with corpus.open("rb") as file, part.open("wb") as out:
            out.writelines(islice(file, rows))
        command = [sys.executable, "-m", "dedup", "drop", "-q", "--text-field", "body", str(part), "-o", str(part.with_name("kept.jsonl"))]
        started = time.perf_counter()
        run = subprocess.Popen(command, cwd=ROOT)  # noqa: S603 - the command line of this package
        _, code, usage = os.wait4(run.pid, 0)
        assert code == 0
        return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6


def main() -> None:
    """Print the table, and draw it when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    print("| rows | seconds | CPU s | CPU µs a row | peak GB |\n|---|---|---|---|---|")
    figures = []
    for rows in given.rows:
        seconds, work, peak = measure(given.corpus, rows)
        figures.append((rows, 1e6 * work / rows, peak))
        print(f"| {rows:,} | {seconds:.1f} | {work:.1f} | {1e6 * work / rows:.0f} | {peak:.2f} |", flush=True)
    if given.plot:
        from matplotlib import pyplot as plt

        _, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5))
        for axis, column, name in ((left, 1, "CPU µs a row"), (right, 2, "peak GB")):
            axis.semilogx([row[0] for row in figures], [row[column] for row in figures], "o-")
            axis.set(xlabel="rows", ylabel=name, ylim=(0, None))
        plt.tight_layout()
        plt.savefig(given.plot)


if __name__ == "__main__":
    main()
