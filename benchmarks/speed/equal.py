"""A million rows that are equal, or equal but for a word: one star, in time and memory that grow with the rows.

python benchmarks/speed/equal.py [--rows 1000000]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]
import numpy as np  # noqa: E402

import dedup  # noqa: E402
from dedup.kernels.groups import group_pairs  # noqa: E402

TEXT = "The council said on Tuesday that the bridge over the river will open in two years, at a cost that nobody would name. " * 3


def told(what: str, rows: int, edges: int, started: float, before: float) -> None:
    """Print one line."""
    wall, work = time.perf_counter() - started, time.process_time() - before
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{what}: {rows:,} rows, {edges:,} edges, {wall:.1f} s, {work:.1f} CPU s, peak {peak:.2f} GB, load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    dedup.deduplicate([TEXT, TEXT + "a", "b"])  # compiles
    started, before = time.perf_counter(), time.process_time()
    signed = np.zeros((rows, 128), np.uint8)
    pairs = group_pairs(np.arange(rows, dtype=np.uint64), 21, 16, signed, np.arange(rows), np.full(rows, 24), 0)
    told("one bucket", rows, pairs.size, started, before)
    del signed, pairs
    started, before = time.perf_counter(), time.process_time()
    told("equal rows", rows, len(dedup.deduplicate([TEXT] * rows).removed), started, before)
    few = rows // 10
    near = [f"{TEXT} {chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676 % 26)}{chr(97 + n // 17576)}" for n in range(few)]
    started, before = time.perf_counter(), time.process_time()
    told("rows equal but for a word", few, len(dedup.deduplicate(near).removed), started, before)


if __name__ == "__main__":
    main()
