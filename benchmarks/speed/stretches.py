"""How time and memory of `dedup stretches` grow with a corpus, and the most bytes that its search takes for a letter.

python benchmarks/speed/stretches.py corpus.jsonl [--megabytes 10 100 1000] [--memory 4000] [--unit letters]
python benchmarks/speed/stretches.py --held

The first rows of the corpus are a file of their own for each size. Processor time and peak memory are those of the command, from the file
to the file without what stands twice. `--held` searches letters of which every stretch stands twice, the most that the search can have to
remember, and prints the peak of the process above what it had before, for a letter (`--memory` 1: with parts on the disk).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]
LETTERS = 2_000  # of a text of `--held`


def grown(corpus: Path, megabytes: int, settings: list[str]) -> tuple[int, float, float]:
    """Rows, processor seconds and peak GB of one run over the first megabytes of a corpus."""
    with tempfile.TemporaryDirectory(dir=corpus.parent) as folder:
        part, rows, size = Path(folder) / "part.jsonl", 0, 0
        with corpus.open("rb") as file, part.open("wb") as out:
            for line in file:
                if size >= megabytes * 1_000_000:
                    break
                out.write(line)
                rows, size = rows + 1, size + len(line)
        command = [sys.executable, "-m", "dedup", "stretches", "-q", str(part), "-o", str(part.with_name("once.jsonl")), *settings]
        run = subprocess.Popen(command, cwd=ROOT)  # noqa: S603 - the command line of this package
        _, code, usage = os.wait4(run.pid, 0)
        assert code == 0
        return rows, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6


def held(letters: int, memory: int) -> float:
    """Bytes a letter at the peak of a search in which every letter stands twice."""
    from dedup.config import Stretches
    from dedup.corpus.runs import find_runs, ranks
    from dedup.corpus.units import units_of

    rules = Stretches(unit="letters", memory=memory)

    def texts(count: int) -> Iterator[str]:
        for number in range(count):
            draw = np.random.default_rng(number % (count // 2))
            yield bytes(draw.integers(97, 123, LETTERS, dtype=np.uint8)).decode()

    def searched(count: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            units = units_of(texts(count), rules, Path(folder))
            runs = find_runs(units, ranks(units, "first"), rules.least)
        assert runs.shared == count * LETTERS
        assert len(runs.table) == count // 2

    searched(2)  # compiles
    before = getrusage(RUSAGE_SELF).ru_maxrss
    searched(letters // LETTERS)
    return (getrusage(RUSAGE_SELF).ru_maxrss - before) * 1024 / letters


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--megabytes", type=int, nargs="+", default=[10, 100, 1_000])
    parser.add_argument("--memory", type=int, default=4_000)
    parser.add_argument("--unit", choices=["tokens", "letters"], default="tokens")
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--letters", type=int, default=100_000_000)
    given = parser.parse_args()
    if given.held:
        print(f"{given.letters:,} letters: {held(given.letters, given.memory):.2f} bytes a letter at the peak", flush=True)
        return
    settings = ["--stretches.memory", str(given.memory), "--stretches.unit", given.unit]
    print("| MB | rows | CPU s | CPU s a 100 MB | peak GB |\n|---|---|---|---|---|")
    for megabytes in given.megabytes:
        rows, work, peak = grown(given.corpus, megabytes, settings)
        print(f"| {megabytes:,} | {rows:,} | {work:.1f} | {100 * work / megabytes:.1f} | {peak:.2f} |", flush=True)


if __name__ == "__main__":
    main()
