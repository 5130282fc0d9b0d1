"""How time and memory grow with the rows: `dedup drop` from file to files, and the grouping of sketches that are made up.

    python benchmarks/speed/growth.py corpus.jsonl [--rows 10000 100000 1000000] [--sketches 10000 100000 1000000 10000000]

The first rows of the corpus are a file of their own for each size; processor time and peak memory are those of the command, start-up
included. Figures are kept in results/growth.json, size by size, so that one can be measured again; results/growth.png shows them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

import orjson
from synthetic import measured

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results"
DROP, SKETCHES = "dedup drop", "grouping of sketches"


def drop(corpus: Path, rows: int) -> dict[str, float]:
    """CPU µs a row and peak GB of one run."""
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "part.jsonl"
        with corpus.open("rb") as file, part.open("wb") as out:
            out.writelines(islice(file, rows))
        outputs = ["-o", str(part.with_name("kept.jsonl")), "--removed", str(part.with_name("removed.jsonl"))]
        command = [sys.executable, "-m", "dedup", "drop", "-q", "--text-field", "body", str(part), *outputs]
        run = subprocess.Popen(command, cwd=ROOT)  # noqa: S603 - the command line of this package
        _, code, usage = os.wait4(run.pid, 0)
        assert code == 0
        return {"each": 1e6 * (usage.ru_utime + usage.ru_stime) / rows, "peak": usage.ru_maxrss / 1e6}


def sketches(rows: int) -> dict[str, float]:
    """The same for sketches in mapped columns, at 1 GB of memory besides."""
    told = measured("ours", rows, 1.0)
    return {"each": 1e6 * told["cpu"] / rows, "peak": told["own"]}


def plot(figures: dict[str, dict[str, dict[str, float]]], path: Path) -> None:
    """The figures as two curves each."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(9, 6), sharex=True)
    for (name, sizes), row in zip(figures.items(), axes, strict=True):
        rows = sorted(map(int, sizes))
        memory = "peak GB" if name == DROP else "GB besides mapped columns"
        for axis, key, label in ((row[0], "each", "CPU µs a row"), (row[1], "peak", memory)):
            axis.semilogx(rows, [sizes[str(size)][key] for size in rows], "o-")
            axis.set(xlabel="rows", ylabel=label, title=name, ylim=(0, None))
            axis.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})


def main() -> None:
    """Measure what is asked for, print all that is known, draw it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--sketches", type=int, nargs="*", default=[10_000, 100_000, 1_000_000, 10_000_000])
    given = parser.parse_args()
    known = RESULTS / "growth.json"
    RESULTS.mkdir(exist_ok=True)
    figures: dict[str, dict[str, dict[str, float]]] = orjson.loads(known.read_bytes()) if known.exists() else {DROP: {}, SKETCHES: {}}
    if given.rows:
        drop(given.corpus, 1_000)  # compiles, 5 s on a machine that never ran it
    for name, sizes in ((DROP, given.rows), (SKETCHES, given.sketches)):
        for rows in sizes:
            told = drop(given.corpus, rows) if name == DROP else sketches(rows)
            figures[name][str(rows)] = {key: round(value, 2) for key, value in told.items()}
            known.write_bytes(orjson.dumps(figures, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    print("| what | rows | CPU µs a row | GB |\n|---|---|---|---|")
    for name, sizes in figures.items():
        for rows in sorted(map(int, sizes)):
            print(f"| {name} | {rows:,} | {sizes[str(rows)]['each']:.1f} | {sizes[str(rows)]['peak']:.2f} |")
    plot(figures, known.with_suffix(".png"))


if __name__ == "__main__":
    main()
