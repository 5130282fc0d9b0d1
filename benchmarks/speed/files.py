"""Peak memory of `dedup clean` and `dedup run` over folders of short articles, a file each, and what a file adds to it.

python -m benchmarks.speed.files --files 1000 100000
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

SAID = "The council met on Tuesday evening and voted for the new bridge over the river, which will open in two years. "


def fill(folder: Path, files: int) -> None:
    """So many articles of 50 hosts stand in the folder."""
    folder.mkdir()
    for number in range(files):
        head = f"Title: Article {number}\nURL: http://www.example{number % 50}.com/news/{number}.html\n\n"
        (folder / f"article-{number:07}.txt").write_text(f"{head}Number {number} of {files - number}. {SAID * 3}\n", encoding="utf-8")


def peak(*arguments: str) -> float:
    """The most memory, in MB, that the command's process held; with -j 1 there is no other."""
    process = os.posix_spawn(sys.executable, [sys.executable, "-m", "dedup", *arguments], os.environ)
    _, status, used = os.wait4(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0, arguments
    return used.ru_maxrss / 1024


def main() -> None:
    """Print a line for each command and number of files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--commands", nargs="+", default=["clean", "run"])
    asked = parser.parse_args()
    print("command    files   MB at most   kB for each file more")
    for command in asked.commands:
        before: tuple[int, float] | None = None
        for files in asked.files:
            with tempfile.TemporaryDirectory() as place:
                fill(Path(place) / "in", files)
                most = peak(command, f"{place}/in", "-o", f"{place}/out", "-q", "-j", "1")
            more = "" if before is None else f"{1024 * (most - before[1]) / (files - before[0]):.2f}"
            print(f"{command:7}{files:>9,}{most:>13,.0f}{more:>24}", flush=True)
            before = files, most


if __name__ == "__main__":
    main()
