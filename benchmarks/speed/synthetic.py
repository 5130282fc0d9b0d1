"""Sketches made up without texts, in memory-mapped columns: what grouping ten million of them costs, by us and by DuckDB.

    python benchmarks/speed/synthetic.py --rows 10000 100000 1000000 10000000 [--limit 1.0] [--duckdb 1000000]

A fifth of the rows are near-copies of another: 40 % of the signature and 7 % of the names are the other's, what two texts have in
common of which a tenth of the letters differ. Each size is a process of its own. `--limit` are the GB that a process may
take besides what is mapped of files (RLIMIT_DATA; DuckDB's memory_limit); `--duckdb` are rows of which DuckDB groups the same keys.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]
import numpy as np  # noqa: E402
import orjson  # noqa: E402

from dedup.config import Near  # noqa: E402
from dedup.corpus.near import BAND, candidates  # noqa: E402
from dedup.corpus.sketches import Sketches  # noqa: E402
from dedup.kernels.groups import NAME, band_keys, name_keys, stars  # noqa: E402

NEAR = Near()
CHUNK = 1 << 17  # rows that are made at a time
COPIES, AGREE, SHARED = 0.2, 0.4, 0.07


def make(rows: int, folder: Path) -> Sketches:
    """The sketches, in files of the folder; the first of a chunk are copied by its last."""
    draw = np.random.default_rng(1)
    widths = {"agreements": NEAR.permutations, "names": NAME * NEAR.halves}
    columns = {name: np.memmap(folder / name, np.uint8, "w+", shape=(rows, width)) for name, width in widths.items()}
    columns["digests"] = np.memmap(folder / "digests", np.uint64, "w+", shape=(rows, 2))
    for start in range(0, rows, CHUNK):
        size = min(CHUNK, rows - start)
        copies = int(size * COPIES)
        for name, width in widths.items():
            made = np.frombuffer(draw.bytes(size * width), np.uint8).reshape(size, width).copy()
            kept, unit = (AGREE, 1) if name == "agreements" else (SHARED, NAME)
            if copies:
                same = np.repeat(draw.random((copies, width // unit)) < kept, unit, axis=1)
                made[-copies:] = np.where(same, made[:copies], made[-copies:])
            columns[name][start : start + size] = made
        columns["digests"][start : start + size] = np.frombuffer(draw.bytes(16 * size), np.uint64).reshape(size, 2)
    for column in columns.values():
        column.flush()
    lengths = np.full(rows, 1_000, np.int32)
    return Sketches(**columns, letters=lengths, lines=np.ones(rows, np.int32), weights=lengths, spellings=np.zeros(rows, np.uint32))


class Peak(threading.Thread):
    """The most memory of its own that the process had, and the most with what is mapped of files, in GB; asked 50 times a second."""

    def __init__(self) -> None:
        """Begin to ask."""
        super().__init__(daemon=True)
        self.own = self.all = 0.0
        self.start()

    def run(self) -> None:
        """Ask."""
        while True:
            lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
            self.own = max(self.own, int(lines["RssAnon"].split()[0]) / 1e6)
            self.all = max(self.all, int(lines["VmRSS"].split()[0]) / 1e6)
            time.sleep(0.02)


def ours(rows: int, folder: Path, limit: float) -> dict[str, float]:
    """Pairs that agree, and stars of them, by this package."""
    from resource import RLIMIT_DATA, setrlimit

    setrlimit(RLIMIT_DATA, (int(limit * 1e9), int(limit * 1e9)))
    sketches = make(rows, folder)
    candidates(make(1000, folder.parent), np.arange(1000), 0, NEAR, 1)  # compiles
    order = np.random.default_rng(2).permutation(rows)
    peak, started = Peak(), time.process_time()
    pairs = candidates(sketches, order, 0, NEAR, 1)
    gone = int((stars(pairs, np.ones(pairs.size, bool), rows, 0) >= 0).sum())
    mapped = sum(column.nbytes for column in sketches) / rows
    return {"cpu": time.process_time() - started, "own": peak.own, "all": peak.all, "found": gone / (rows * COPIES), "mapped": mapped}


def duckdb(rows: int, folder: Path, limit: float) -> dict[str, float]:
    """One star a bucket of the same keys by DuckDB: the least row of each key, with those that share it; nothing is compared."""
    import duckdb as database

    sketches = make(rows, folder)
    ranks = np.arange(rows, dtype=np.uint32)
    bits = int(rows).bit_length()
    connection = database.connect(str(folder / "keys.db"))
    connection.execute(
        f"set memory_limit='{limit}GB'; set threads=1; set temp_directory='{folder}/spilled'; set preserve_insertion_order=false"
    )
    connection.execute("create table keys (band utinyint, name ubigint, rank uinteger)")
    bands = [(band_keys, sketches.agreements, at) for at in range(0, NEAR.permutations, BAND)]
    bands += [(name_keys, sketches.names, number) for number in range(NEAR.halves)]
    mask = np.uint64((1 << bits) - 1)
    for number, (make_keys, column, at) in enumerate(bands):
        keys = make_keys(column, at, BAND, ranks, bits) if make_keys is band_keys else make_keys(column, at, ranks, bits)
        part = {"band": np.full(rows, number, np.uint8), "name": keys >> np.uint64(bits), "rank": (keys & mask).astype(np.uint32)}
        connection.register("part", part)
        connection.execute("insert into keys select * from part")
        connection.unregister("part")
    peak, started = Peak(), time.process_time()
    least = "select band, name, min(rank) as first from keys group by band, name having count(*) > 1"
    edges = "select distinct first, rank from keys join least using (band, name) where rank > first"
    count = connection.execute(f"with least as ({least}) select count(*) from ({edges})").fetchone()  # noqa: S608 - from above
    assert count is not None
    return {"cpu": time.process_time() - started, "own": peak.own, "all": peak.all, "found": count[0] / (rows * COPIES)}


def measured(what: str, rows: int, limit: float) -> dict[str, float]:
    """What a process of its own says; its own memory is limited."""
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "part"
        part.mkdir()
        command = [sys.executable, __file__, "--measure", what, "--rows", str(rows), "--folder", str(part), "--limit", str(limit)]
        out = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603 - itself
        told: dict[str, float] = orjson.loads(out)
        return told


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000, 1_000_000, 10_000_000])
    parser.add_argument("--duckdb", type=int, nargs="*", default=[])
    parser.add_argument("--limit", type=float, default=1.0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--measure")
    given = parser.parse_args()
    if given.measure:
        (rows,) = given.rows
        told = (ours if given.measure == "ours" else duckdb)(rows, given.folder, given.limit)
        print(orjson.dumps(told).decode())
        return
    print("| what | rows | CPU s | CPU µs a row | own memory, GB | with mapped columns, GB | found | bytes a row: columns, own |")
    print("|---|---|---|---|---|---|---|---|")
    for what, sizes in (("ours", given.rows), ("duckdb", given.duckdb)):
        for rows in sizes:
            told = measured(what, rows, given.limit)
            each = 1e6 * told["cpu"] / rows
            memory = f"{told['own']:.2f} | {told['all']:.2f}"
            held = f"{told.get('mapped', 0):.0f}, {1e9 * told['own'] / rows:.0f}"
            print(f"| {what} | {rows:,} | {told['cpu']:.2f} | {each:.1f} | {memory} | {told['found']:.3f} | {held} |", flush=True)


if __name__ == "__main__":
    main()
