"""Near-duplicates in recombined news: time from the file to the rows that stay, and what of it is right, ours and rivals side by side.

    python benchmarks/quality/near.py corpus.jsonl... [--only ours rensa] [--repeat 2]

Corpora come from recombined.py. Each rival runs in a process of its own, one after another on the same file; one that is not
installed is skipped with a note.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import orjson

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "peers"), str(Path(__file__).resolve().parents[2])]
from recombined import quality  # noqa: E402 - scripts beside this one
from rivals import RIVALS, named  # noqa: E402

LIMIT = 170  # seconds after which a rival is given up


def measure(path: Path, name: str, repeat: int) -> None:
    """Run one rival and print its line as JSON: the best of the repeats, the first of which compiles and warms."""
    from resource import RUSAGE_SELF, getrusage

    seconds, work, kept = [], [], []
    for _ in range(repeat):
        started, before = time.perf_counter(), time.process_time()
        kept = RIVALS[name][1](path)
        seconds.append(time.perf_counter() - started)
        work.append(time.process_time() - before)
    with path.open("rb") as file:
        groups = [orjson.loads(line)["group"] for line in file]
    result = {"seconds": min(seconds), "cpu": min(work), "peak": getrusage(RUSAGE_SELF).ru_maxrss / 1e6, **quality(groups, kept)}
    print(orjson.dumps(result).decode())


def main() -> None:
    """Print a table for each corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path, nargs="+")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--measure")
    given = parser.parse_args()
    if given.measure:
        measure(given.corpora[0], given.measure, given.repeat)
        return
    for path in given.corpora:
        table(path, given.only, given.repeat)


def table(path: Path, only: list[str] | None, repeat: int) -> None:
    """Print the table of one corpus."""
    with path.open("rb") as file:
        rows = sum(1 for _ in file)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"\n{path.name}: {rows:,} rows, {path.stat().st_size / 1e6:.0f} MB; {machine}\n")
    print("| what | version | seconds | CPU s | peak GB | F1 | precision | recall | groups lost |\n|---|---|---|---|---|---|---|---|---|")
    for name, (distribution, _) in RIVALS.items():
        if not only or any(name.startswith(wanted) for wanted in only):
            print(line(path, name, distribution, repeat), flush=True)


def line(path: Path, name: str, distribution: str, repeat: int) -> str:
    """The line of one rival."""
    try:
        known = named(distribution)
    except PackageNotFoundError:
        return f"| {name} | not installed: skipped | | | | | | | |"
    command = [sys.executable, __file__, str(path), "--measure", name, "--repeat", str(repeat)]
    try:
        told = orjson.loads(subprocess.run(command, check=True, capture_output=True, timeout=LIMIT * repeat).stdout)  # noqa: S603 - itself
    except subprocess.TimeoutExpired:
        return f"| {name} | {known} | more than {LIMIT} | | | | | | |"
    except subprocess.CalledProcessError as error:
        return f"| {name} | {known} | failed: {error.stderr.decode().strip().splitlines()[-1][:90]} | | | | | | |"
    figures = [f"{told[key]:.1f}" for key in ("seconds", "cpu")] + [f"{told['peak']:.2f}"]
    figures += [f"{told[key]:.4f}" for key in ("F1", "precision", "recall")] + [str(told["lost"])]
    return f"| {name} | {known} | {' | '.join(figures)} |"


if __name__ == "__main__":
    main()
