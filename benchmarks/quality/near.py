"""Near-duplicates in recombined news: time from the file to the rows that stay, and what of it is right, ours and rivals side by side.

    python benchmarks/quality/near.py corpus.jsonl... [--only ours rensa] [--repeat 2] [--python venv/bin/python ...]

Corpora come from recombined.py. Each rival runs in a process of its own, one after another on the same file, by the first Python
that has it: those of `--python`, then this one; one that none has is skipped with a note.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import orjson

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "peers"), str(Path(__file__).resolve().parents[2])]
from recombined import quality  # noqa: E402 - scripts beside this one
from rivals import RIVALS, named  # noqa: E402

LIMIT = 170  # processor seconds after which a rival is given up; on a busy machine the clock says little
_TOLD = "told: "


def measure(path: Path, name: str, repeat: int) -> None:
    """Run one rival and print its line as JSON: the best of the repeats, the first of which compiles and warms."""
    from resource import RLIMIT_CPU, RUSAGE_CHILDREN, RUSAGE_SELF, getrusage, setrlimit

    setrlimit(RLIMIT_CPU, (LIMIT * repeat, LIMIT * repeat))
    seconds, work, kept = [], [], []
    for _ in range(repeat):
        started, before = time.perf_counter(), sum(os.times()[:4])  # processes that it starts count
        kept = RIVALS[name][1](path)
        seconds.append(time.perf_counter() - started)
        work.append(sum(os.times()[:4]) - before)
    with path.open("rb") as file:
        groups = [orjson.loads(line)["group"] for line in file]
    peak = max(getrusage(who).ru_maxrss for who in (RUSAGE_SELF, RUSAGE_CHILDREN)) / 1e6
    told = {"version": named(RIVALS[name][0]), "seconds": min(seconds), "cpu": min(work), "peak": peak, **quality(groups, kept)}
    print(_TOLD + orjson.dumps(told).decode())


def main() -> None:
    """Print a table for each corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path, nargs="+")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--python", nargs="*", default=[])
    parser.add_argument("--measure")
    given = parser.parse_args()
    if given.measure:
        measure(given.corpora[0], given.measure, given.repeat)
        return
    for path in given.corpora:
        table(path, given.only, given.repeat, [*given.python, sys.executable])


def table(path: Path, only: list[str] | None, repeat: int, pythons: list[str]) -> None:
    """Print the table of one corpus."""
    with path.open("rb") as file:
        rows = sum(1 for _ in file)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"\n{path.name}: {rows:,} rows, {path.stat().st_size / 1e6:.0f} MB; {machine}\n")
    print("| what | version | seconds | CPU s | peak GB | F1 | precision | recall | groups lost |\n|---|---|---|---|---|---|---|---|---|")
    for name, (distribution, _) in RIVALS.items():
        if not only or any(name.startswith(wanted) for wanted in only):
            python = next((python for python in pythons if has(python, distribution)), None)
            print(line(path, name, python, repeat) if python else f"| {name} | not installed: skipped | | | | | | | |", flush=True)


def has(python: str, distribution: str) -> bool:
    """True when this Python has the distribution."""
    if distribution == "article-dedup":
        return python == sys.executable
    asked = f"import importlib.metadata as known; known.version({distribution!r})"
    return subprocess.run([python, "-c", asked], capture_output=True, check=False).returncode == 0  # noqa: S603 - named by the caller


def line(path: Path, name: str, python: str, repeat: int) -> str:
    """The line of one rival."""
    command = [python, __file__, str(path), "--measure", name, "--repeat", str(repeat)]
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as error,
    ):  # no pipes: a process that a killed rival leaves would hold them
        done = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=error, start_new_session=True)  # noqa: S603 - itself
        code = done.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(done.pid, signal.SIGKILL)
        out.seek(0)
        error.seek(0)
        said, wrong = out.read().decode(errors="replace"), error.read().decode(errors="replace")
    found = [line for line in said.splitlines() if line.startswith(_TOLD)]
    if code < 0:
        return f"| {name} | | more than {LIMIT * repeat} CPU s | | | | | | |"
    if not found:
        reason = (wrong.strip().splitlines() or ["no reason given"])[-1]
        return f"| {name} | | failed: {reason[:90]} | | | | | | |"
    told = orjson.loads(found[-1].removeprefix(_TOLD))
    known = told["version"]
    figures = [f"{told[key]:.1f}" for key in ("seconds", "cpu")] + [f"{told['peak']:.2f}"]
    figures += [f"{told[key]:.4f}" for key in ("F1", "precision", "recall")] + [str(told["lost"])]
    return f"| {name} | {known} | {' | '.join(figures)} |"


if __name__ == "__main__":
    main()
