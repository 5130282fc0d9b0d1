"""Repeated stretches of a file of rows: this package against a suffix array, and against the definition of deduplicate-text-datasets.

python benchmarks/peers/stretches.py rows.jsonl [--text body] [--least 200] [--unit letters] [--oracle]

The rival is pydivsufsort: a suffix array of the bytes of all texts in lower case, a NUL between two, Kasai's LCP, and from these
every byte that lies in a run of `least` bytes that stands twice and in no two texts. Times are of the processor, from texts in memory to
marks. `--oracle` marks what Lee et al. 2022 mark (every place of every run of `least` units that stands twice) with a dictionary of all
windows of the same units, and compares it unit for unit.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]
import numpy as np  # noqa: E402
import orjson  # noqa: E402

from dedup.config import Stretches  # noqa: E402
from dedup.corpus.runs import find_runs, ranks  # noqa: E402
from dedup.corpus.units import Units, units_of  # noqa: E402


def suffix_array(texts: list[str], least: int) -> tuple[int, int]:
    """Bytes in runs that stand twice, and all bytes, by pydivsufsort."""
    import pydivsufsort

    data = b"\0".join(text.lower().encode() for text in texts)
    places = pydivsufsort.divsufsort(data)
    common = pydivsufsort.kasai(data, places)
    letters = np.frombuffer(data, np.uint8)
    ends = np.append(np.flatnonzero(letters == 0), letters.size).astype(np.int32)
    border = np.repeat(ends, np.diff(ends, prepend=-1))[: letters.size]
    long = np.flatnonzero((common[:-1] >= least) & (border[places[:-1]] - places[:-1] >= least))
    starts = np.zeros(letters.size + least + 1, np.int32)
    starts[places[long]] = 1
    starts[places[long + 1]] = 1
    seen = np.cumsum(starts, dtype=np.int32)
    marked = seen[: letters.size].copy()
    marked[least:] -= seen[: letters.size - least]
    return int((marked > 0).sum()), letters.size


def marked_by_all_windows(units: Units, least: int) -> np.ndarray:
    """The units that lie in a window that stands twice: a dictionary of the bytes of all windows."""
    seen: dict[bytes, int] = {}
    marks = np.zeros(units.codes.size, bool)
    for begin, end in zip(units.offsets[:-1].tolist(), units.offsets[1:].tolist(), strict=True):
        data = units.codes[begin:end].tobytes()
        for place in range(begin, end - least + 1):
            window = data[4 * (place - begin) : 4 * (place - begin + least)]
            first = seen.setdefault(window, place)
            if first != place:
                marks[first : first + least] = True
                marks[place : place + least] = True
    return marks


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--text", default="body")
    parser.add_argument("--least", type=int, default=200)
    parser.add_argument("--unit", choices=["tokens", "letters"], default="letters")
    parser.add_argument("--rival", action="store_true")
    parser.add_argument("--oracle", action="store_true")
    options = parser.parse_args()
    with options.rows.open("rb") as file:
        texts = [orjson.loads(line)[options.text] for line in file]
    print(f"{len(texts):,} rows, {sum(map(len, texts)):,} characters", flush=True)
    if options.rival:
        before = time.process_time()
        marked, size = suffix_array(texts, options.least)
        told("suffix array", before, marked, size)
        return
    rules = Stretches(least=options.least, unit=options.unit)
    find_runs(units_of(texts[:50], rules), np.arange(min(50, len(texts))), rules.least)  # compiles
    before = time.process_time()
    units = units_of(texts, rules)
    runs = find_runs(units, ranks(units, "first"), rules.least, within=options.oracle)
    told(f"{options.unit}, {options.least} or more", before, runs.shared, units.codes.size)
    if options.oracle:
        wanted = int(marked_by_all_windows(units, rules.least).sum())
        print(f"all windows in a dictionary: {wanted:,} marked, {'the same' if wanted == runs.shared else 'ANOTHER NUMBER'}")


def told(what: str, before: float, marked: int, size: int) -> None:
    """Print one line."""
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{what}: {time.process_time() - before:.2f} s of the processor, {marked:,} of {size:,} marked, peak {peak:.2f} GB", flush=True)


if __name__ == "__main__":
    main()
