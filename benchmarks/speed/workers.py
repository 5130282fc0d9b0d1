"""Two workers against one: `python -m benchmarks.speed.workers --articles PATH [--copies N]`.

The articles of the file, a few times, as JSON Lines through `dedup clean -j 1` and `-j 2`, in turn, and the same texts in this process:
by one thread, by two threads over the same batches, and by two processes (`clean_all(workers=2)`). The best wall clock of a few rounds;
on a machine that others use it says little, so the processor seconds stand beside it: two workers cannot be faster than by
twice the seconds of one over the seconds of both. Outputs are held equal to the byte.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

import dedup
from benchmarks.speed.clean import read_paragraphs
from dedup import pipeline

if TYPE_CHECKING:
    from collections.abc import Callable


def command(source: Path, target: Path, jobs: int) -> Callable[[], bytes]:
    """`dedup clean` with so many workers."""

    def run() -> bytes:
        arguments = [sys.executable, "-m", "dedup", "clean", "-q", "-j", str(jobs), str(source), "-o", str(target)]
        subprocess.run(arguments, check=True)  # noqa: S603 - ourselves
        return target.read_bytes()

    return run


def threads(texts: list[str], count: int) -> list[str]:
    """The cleaned texts, by threads that take batch after batch."""
    work = partial(pipeline._clean_batch, config=dedup.Config(), sites=None, boilerplate=None)  # noqa: SLF001 - what is tried here
    with ThreadPoolExecutor(count) as pool:
        return [result.text for results in pool.map(work, pipeline._batches(texts)) for result in results]  # noqa: SLF001


def measure(tasks: dict[str, Callable[[], object]], rounds: int) -> dict[str, tuple[float, float]]:
    """The least wall clock of each task with the least processor time, children's too; all give the same."""
    best: dict[str, tuple[float, float]] = {}
    first: object = None
    for _ in range(rounds):
        for name, task in tasks.items():
            before, start = os.times(), time.perf_counter()
            found = task()
            wall, after = time.perf_counter() - start, os.times()
            assert first is None or found == first, f"{name} gives something else"
            first = found
            used = sum(after[:4]) - sum(before[:4])
            held = best.get(name, (wall, used))
            best[name] = min(held[0], wall), min(held[1], used)
    return best


def show(title: str, best: dict[str, tuple[float, float]]) -> None:
    """Prints each task beside the first."""
    (wall, used), *_ = best.values()
    print(title)
    for name, (own_wall, own_used) in best.items():
        print(
            f"  {name:28} x {wall / own_wall:.2f} by the clock, {own_used / used:.2f} of the processor time ({own_used:.1f} s)", flush=True
        )


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.workers", description=__doc__)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--copies", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--blocks", action="store_true", help="each body glued into one line before it")
    options = parser.parse_args()
    bodies = read_paragraphs(options.articles, None)
    texts = ["".join(body) + "\n" + "\n".join(body) if options.blocks else "\n".join(body) for body in bodies] * options.copies
    print(f"{options.articles.name}: {len(texts):,} articles, {sum(map(len, texts)) / 1e6:.1f} M characters; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "rows.jsonl")
        source.write_bytes(b"".join(orjson.dumps({"text": text}) + b"\n" for text in texts))
        show("dedup clean", measure({f"-j {jobs}": command(source, Path(folder, "out.jsonl"), jobs) for jobs in (1, 2)}, options.rounds))
    tasks: dict[str, Callable[[], object]] = {
        "one thread": lambda: [result.text for result in dedup.clean_all(texts)],
        "two threads": lambda: threads(texts, 2),
        "two processes, workers=2": lambda: [result.text for result in dedup.clean_all(texts, workers=2)],
    }
    show("dedup.clean_all", measure(tasks, options.rounds))


if __name__ == "__main__":
    main()
