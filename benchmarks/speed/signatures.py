"""Signatures of 128 permutations from raw text, on one core, ours and rivals on the same rows: shingling included for all.

    python benchmarks/speed/signatures.py corpus.jsonl [--rows 20000]

Rates are 128-permutation shingles a second of processor time, in millions, best of three; the shingles counted are ours.
Beside the time of all there is the time without making shingles, where a rival takes them ready made.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import TYPE_CHECKING

for variable in ("OMP_NUM_THREADS", "RAYON_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "peers"), str(Path(__file__).resolve().parents[2])]
import orjson  # noqa: E402
from rivals import characters, named, numpy_shingles  # noqa: E402 - a script beside this one

if TYPE_CHECKING:
    from collections.abc import Callable


def ours(texts: list[str]) -> object:
    """This package: fold, shingle, hash, sign."""
    from dedup.corpus.signatures import Signatures

    return Signatures.of(texts)


def datasketch_bulk(texts: list[str]) -> object:
    """Datasketch's bulk with xxh32 on shingles made in Python."""
    import xxhash
    from datasketch import MinHash

    return MinHash.bulk([[part.encode() for part in characters(text)] for text in texts], num_perm=128, hashfunc=xxhash.xxh32_intdigest)


def rensa_python(texts: list[str]) -> object:
    """Rensa's compact matrix on shingles made in Python."""
    from rensa import RMinHash

    return RMinHash.digest_matrix_from_token_sets([characters(text) for text in texts], num_perm=128, seed=1)


def rensa_flat(texts: list[str]) -> object:
    """Rensa's path of flat hashes on shingles made by NumPy."""
    from rensa import RMinHash

    data, offsets = numpy_shingles(texts)
    return RMinHash.digest_matrix_from_flat_token_hashes(data, offsets, num_perm=128, seed=1)


def fastsketchlsh_flat(texts: list[str]) -> object:
    """FastSketchLSH's path of flat hashes on shingles made by NumPy."""
    from FastSketchLSH import FastSimilaritySketch

    data, offsets = numpy_shingles(texts)
    return FastSimilaritySketch(size=128, seed=42).batch_csr(data, offsets, prehashed=True, num_threads=1)


RIVALS: list[tuple[str, str, Callable[[list[str]], object], Callable[[list[str]], object] | None]] = [
    ("ours, from raw text", "article-dedup", ours, None),
    ("rensa, flat hashes by NumPy", "rensa", rensa_flat, numpy_shingles),
    ("fastsketchlsh, flat hashes by NumPy", "fastsketchlsh", fastsketchlsh_flat, numpy_shingles),
    ("rensa, shingles in Python", "rensa", rensa_python, lambda texts: [characters(text) for text in texts]),
    ("datasketch bulk, xxh32, shingles in Python", "datasketch", datasketch_bulk, lambda texts: [characters(text) for text in texts]),
]


def best(function: Callable[[list[str]], object], texts: list[str]) -> float:
    """Seconds of processor time, the best of three."""
    times = []
    for _ in range(3):
        started = time.process_time()
        function(texts)
        times.append(time.process_time() - started)
    return min(times)


def main() -> None:
    """Print the table."""
    from dedup.kernels.rows import fold_rows, row_shingles

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--rows", type=int, default=20_000)
    given = parser.parse_args()
    with given.corpus.open("rb") as file:
        texts = [orjson.loads(line)["body"] for line, _ in zip(file, range(given.rows), strict=False)]
    codes, offsets, _ = fold_rows(texts)
    count = row_shingles(codes, offsets, 5)[0].size / 1e6
    print(f"{given.corpus.name}: {len(texts):,} rows, {count:.1f} M shingles, one core, load {os.getloadavg()[0]:.1f}\n")
    print("| what | version | CPU s | M shingles/s | without shingling | ours is faster by |\n|---|---|---|---|---|---|")
    first = 0.0
    for name, distribution, function, shingling in RIVALS:
        try:
            known = named(distribution)
        except PackageNotFoundError:
            print(f"| {name} | not installed: skipped | | | | |")
            continue
        seconds = best(function, texts)
        first = first or seconds
        alone = "" if shingling is None else f"{count / max(seconds - best(shingling, texts), 1e-9):.1f}"
        print(f"| {name} | {known} | {seconds:.2f} | {count / seconds:.1f} | {alone} | {seconds / first:.1f} |", flush=True)


if __name__ == "__main__":
    main()
