"""An index: adding, saving, loading, looking up, on one core.

python benchmarks/speed/index.py corpus.jsonl [--rows 1000000] [--queries 20000]

Queries are rows that the index does not hold, and rows that it does, each verified on their letters when there is a candidate.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]
import orjson  # noqa: E402

from dedup.corpus.index import Index  # noqa: E402


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=20_000)
    given = parser.parse_args()
    with given.corpus.open("rb") as file:
        texts = [orjson.loads(line)["body"] for line, _ in zip(file, range(given.rows + given.queries), strict=False)]
    rows, fresh = texts[: given.rows], texts[given.rows :]
    started = time.process_time()
    index = Index()
    index.add_all(rows, map(str, range(len(rows))))
    rate = len(rows) / (time.process_time() - started)
    print(f"add: {len(rows):,} rows, {rate:,.0f} a CPU second; load of the machine {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        index.save(path)
        print(f"file: {path.stat().st_size / len(rows):,.0f} bytes a row")
        loads = []
        for _ in range(3):  # the first one may read from the disk
            started = time.perf_counter()
            index = Index.load(path)
            loads.append(f"{1000 * (time.perf_counter() - started):.0f}")
        print(f"load, one after another: {', '.join(loads)} ms", flush=True)
        for name, queries in (("rows it does not hold", fresh), ("rows it holds", rows[: given.queries])):
            index.find_all(queries[: len(queries) // 4])  # what is asked for is in memory then
            started = time.process_time()
            found = index.find_all(queries)
            seconds = time.process_time() - started
            print(
                f"find, {name}: {len(queries) / seconds:,.0f} a CPU second, {sum(map(bool, found)):,} of {len(queries):,} found", flush=True
            )


if __name__ == "__main__":
    main()
