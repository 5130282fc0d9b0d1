"""Rows a second, memory and shuffled bytes of one machine, Sail and Spark on the same rows, and that all give the same answer.

    python benchmarks/speed/engines.py corpus.jsonl [--rows 200000 1000000] [--engines one sail local worker1 worker2] [--hub]

Each engine is a process of its own that reads Parquet (`id`, `body`) and writes the rows that stay as Parquet. `seconds` begin when
the session is there (`start` is what that took) and one small run has been made, so that kernels are compiled and loaded; on a busy
machine compare `CPU s`, those of the whole process tree. Memory is the sum over the tree of what the processes hold alone or in
shares (PSS), sampled once a second. `worker1` and `worker2` are standalone clusters on the loopback, each worker a process with one
core. Shuffled bytes are Spark's own count. `--hub`: all rows have the text of the first. `--bins`: eight stages, as many rows have them.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
FILES = 4
WARM = 2_000  # rows of the run that is not counted
ENGINES = ("one", "sail", "local", "worker1", "worker2")


def parquet(corpus: Path, rows: int, folder: Path, *, hub: bool = False) -> None:
    """The first rows of a corpus as Parquet files of one size; as a `hub`, so many rows of the first one's text."""
    folder.mkdir(parents=True)
    with corpus.open("rb") as file:
        table = [json.loads(line) for line in islice(file, 1 if hub else rows)]
    if hub:
        table = [{**table[0], "id": f"r{number}"} for number in range(rows)]
    for number in range(FILES):
        part = table[number::FILES]
        columns = {"id": [row["id"] for row in part], "body": [row["body"] for row in part]}
        pq.write_table(pa.table(columns), folder / f"{number}.parquet", compression="zstd", row_group_size=1 << 14)


def family(root: int) -> set[int]:
    """The process and all that it started."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            text = path.read_text()
            parents.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(path.parent.name))
    found, left = set(), [root]
    while left:
        one = left.pop()
        found.add(one)
        left += parents.get(one, [])
    return found


def memory(processes: set[int]) -> int:
    """Bytes that the processes hold together."""
    total = 0
    for process in processes:
        with contextlib.suppress(OSError, ValueError, IndexError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += 1024 * int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return total


def cpu() -> float:
    """Processor seconds of this process, of all that it started, and of those that have ended and were waited for."""
    total = 0
    for process in family(os.getpid()):
        with contextlib.suppress(OSError, ValueError):
            parts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, parts[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def run(engine: str, source: Path, folder: Path, *, bins: bool) -> dict[str, Any]:
    """What one process says of its run, and the most memory of its tree."""
    out = folder / f"{engine}-out"
    command = [sys.executable, __file__, "--child", engine, str(source), str(out), *["--bins"] * bins]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    log = (folder / f"{engine}.log").open("w+b")
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment)  # noqa: S603 - this file
    peak = [0]

    def watch() -> None:
        while child.poll() is None:
            peak[0] = max(peak[0], memory(family(child.pid)))
            time.sleep(1)  # a look at 6 GB takes 50 ms

    watcher = threading.Thread(target=watch)
    watcher.start()
    told, _ = child.communicate()
    watcher.join()
    log.seek(0)
    assert child.returncode == 0, f"{engine}: {log.read()[-3000:].decode(errors='replace')}"
    log.close()
    return {**json.loads(told.splitlines()[-1]), "peak": peak[0]}


@contextlib.contextmanager
def session(engine: str, events: Path) -> Iterator[Any]:
    """A session on an engine that is started for it."""
    from dedup.integrations.spark.session import connect

    if engine == "sail":
        from pysail.spark import SparkConnectServer

        server = SparkConnectServer()
        server.start(background=True)
        spark = connect(remote=f"sc://localhost:{server.listening_address[1]}")
        try:
            yield spark
        finally:
            spark.stop()  # first: a session whose server is gone asks for it again and again
            server.stop()
        return
    sys.path.insert(0, str(ROOT / "tests"))
    from clusters import builder, standalone

    from dedup.integrations.spark.session import LOCAL

    workers = int(engine[-1]) if engine.startswith("worker") else 0
    with standalone(workers) if workers else contextlib.nullcontext(None) as cluster:
        made = builder(cluster.url if cluster else "local[2]", events)
        for name, value in {} if cluster else LOCAL.items():
            made = made.config(name, value)
        spark = made.getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        try:
            yield spark
        finally:
            spark.stop()


def shuffled(events: Path) -> list[tuple[float, int]]:
    """When each task ended (seconds) and how many bytes it shuffled, from Spark's log of events."""
    told = []
    for path in sorted(events.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            for line in path.read_text().splitlines():
                event = json.loads(line)
                if event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
                    written = event["Task Metrics"]["Shuffle Write Metrics"]["Shuffle Bytes Written"]
                    told.append((event["Task Info"]["Finish Time"] / 1000, written))
    return told


def answer(evidence: list[tuple[Any, ...]]) -> str:
    """A digest of the evidence for all rows that went."""
    return hashlib.sha256(json.dumps(sorted(evidence)).encode()).hexdigest()[:16]


def one_machine(source: Path, out: Path) -> list[tuple[Any, ...]]:
    """The evidence of the one-machine run, from Parquet to Parquet."""
    import dedup

    table = pq.read_table(source).sort_by("id")
    result = dedup.deduplicate(table.to_pylist(), text="body")
    out.mkdir(parents=True)
    pq.write_table(table.filter(pa.array(result.keep)), out / "0.parquet", compression="zstd")
    return [(gone.id, gone.of_id, gone.kind, gone.score) for gone in result.removed]


def child(engine: str, source: Path, out: Path, *, bins: bool) -> None:
    """Run one engine here, and print what it took."""
    import dedup

    began = time.time()
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("dedup").setLevel(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        warm, events = Path(folder) / "warm", Path(folder) / "events"
        events.mkdir()
        pq.write_table(pq.read_table(source).slice(0, WARM), warm)
        if engine == "one":
            one_machine(warm, Path(folder) / "out")
            started, used = time.time(), cpu()
            evidence = one_machine(source, out)
            print(json.dumps({"seconds": time.time() - started, "cpu": cpu() - used, "start": started - began, "answer": answer(evidence)}))
            return
        from dedup.integrations.spark import find_duplicates, gathered

        gathered.ROWS = 0 if bins else gathered.ROWS
        with session(engine, events) as spark:
            ready = time.time()
            find_duplicates(spark.read.parquet(str(warm)), "body").kept.count()
            started, used = time.time(), cpu()
            stages_in = Path(f"{out}-work")
            stages_in.mkdir()
            tempfile.tempdir = str(stages_in)  # where a run puts its stages that is given no folder
            found = find_duplicates(spark.read.parquet(str(source)), "body")
            found.kept.write.parquet(str(out))
            ended, used = time.time(), cpu() - used
            evidence = [(row["id"], row["of"], row["kind"], row["score"]) for row in found.removed.collect()]
        bytes_ = sum(size for at, size in shuffled(events) if started <= at <= ended)
        stages = {path.name: sum(file.stat().st_size for file in path.rglob("*")) for path in stages_in.glob("dedup-spark-*/*")}
        told = {
            "seconds": ended - started,
            "cpu": used,
            "start": ready - began,
            "answer": answer(evidence),
            "shuffled": bytes_,
            "stages": stages,
        }
        print(json.dumps({**told, "version": dedup.__version__}))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--rows", type=int, nargs="+", default=[200_000])
    parser.add_argument("--engines", nargs="+", default=ENGINES, choices=ENGINES)
    parser.add_argument("--hub", action="store_true")
    parser.add_argument("--bins", action="store_true")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child[0], Path(given.child[1]), Path(given.child[2]), bins=given.bins)
        return
    print(
        "| rows | engine | start s | seconds | CPU s | CPU of one machine | rows per CPU s | peak GB | shuffled B a row | stages B a row |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for rows in given.rows:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "in"
            parquet(given.corpus, rows, source, hub=given.hub)
            first: dict[str, Any] = {}
            for engine in given.engines:
                told = run(engine, source, Path(folder), bins=given.bins)
                first = first or told
                assert told["answer"] == first["answer"], f"{engine} gives another answer"
                moved, kept = told.get("shuffled", 0) / rows, sum(told.get("stages", {}).values()) / rows
                cells = [f"{rows:,}", engine, f"{told['start']:.1f}", f"{told['seconds']:.1f}", f"{told['cpu']:.1f}"]
                cells += [f"{told['cpu'] / first['cpu']:.1f}", f"{rows / told['cpu']:,.0f}", f"{told['peak'] / 1e9:.2f}"]
                cells += [f"{moved:,.0f}" if moved else "", f"{kept:,.0f}" if kept else ""]
                print("|", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
