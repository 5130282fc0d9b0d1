"""Rivals, each imported in its own function: from the file to a list of bool, True for each row that stays.

Settings are those of the rival's README where the name says so; else 5-character shingles, which its authors recommend for
edited texts, at a Jaccard of 0.7, and 32 bands of four at 0.3, the loosest that does not drown in pairs.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import orjson
from pipelines import datatrove, semhash_hashed, semhash_readme, text_dedup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

Kept = list[bool]


def bodies(path: Path) -> list[str]:
    """The texts of a file."""
    with path.open("rb") as file:
        return [orjson.loads(line)["body"] for line in file]


def characters(text: str, size: int = 5) -> list[str]:
    """Runs of `size` characters without white space, in lower case."""
    text = "".join(text.lower().split())
    return [text[i : i + size] for i in range(max(len(text) - size + 1, 1))]


def ours(path: Path) -> Kept:
    """This package at its defaults."""
    import dedup

    with path.open("rb") as file:
        return dedup.deduplicate([orjson.loads(line)["body"] for line in file]).keep.tolist()


def duckdb_exact(path: Path) -> Kept:
    """Equal bodies by DuckDB."""
    import duckdb

    rows = "select body, row_number() over () as n from read_json(?, columns={body: 'varchar'}, maximum_object_size=67108864)"
    query = f"select min(n) from ({rows}) group by body"  # noqa: S608 - nothing in it comes from outside
    stay = {row[0] for row in duckdb.execute(query, [str(path)]).fetchall()}
    with path.open("rb") as file:
        return [number in stay for number, _ in enumerate(file, 1)]


def rensa_readme(path: Path) -> Kept:
    """Rensa as its README shows it: words, 0.8, LSH."""
    from rensa import RMinHashDeduplicator

    deduplicator = RMinHashDeduplicator(threshold=0.8, num_perm=128, use_lsh=True)
    return list(deduplicator.add_pairs((str(number), text.split()) for number, text in enumerate(bodies(path))))


def rensa_characters(path: Path) -> Kept:
    """Rensa on 5-character shingles at 0.7."""
    from rensa import RMinHashDeduplicator

    deduplicator = RMinHashDeduplicator(threshold=0.7, num_perm=128, use_lsh=True)
    return list(deduplicator.add_pairs((str(number), characters(text)) for number, text in enumerate(bodies(path))))


def gaoya_characters(path: Path) -> Kept:
    """Gaoya on 5-character shingles at 0.7."""
    return _gaoya(path, 0.7, 16, 8)


def gaoya_loose(path: Path) -> Kept:
    """Gaoya on 5-character shingles, 32 bands of four, 0.3."""
    return _gaoya(path, 0.3, 32, 4)


def _gaoya(path: Path, threshold: float, bands: int, size: int) -> Kept:
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(32, threshold, bands, size, None, "char", True, (5, 5))
    texts = bodies(path)
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    return _first_of([[other for other in found if other < number] for number, found in enumerate(index.par_bulk_query(texts))])


def _first_of(earlier: Iterable[Iterable[int]]) -> Kept:
    """A row stays when none of the earlier rows it is like has stayed."""
    kept: Kept = []
    for others in earlier:
        kept.append(not any(kept[other] for other in others))
    return kept


def fastsketchlsh_readme(path: Path) -> Kept:
    """FastSketchLSH as its README shows it: sets of words, 16 bands of eight."""
    from FastSketchLSH import LSH, FastSimilaritySketch

    sketches = FastSimilaritySketch(size=128, seed=42).batch([sorted(set(text.lower().split())) for text in bodies(path)])
    return [not flag for flag in LSH(num_perm=128, num_bands=16).insert_and_query_duplicates(sketches).tolist()]


def fastsketchlsh_loose(path: Path) -> Kept:
    """FastSketchLSH on hashed 5-character shingles made by NumPy, 32 bands of four, pairs checked at 0.3 on the sketches."""
    from FastSketchLSH import LSH, FastSimilaritySketch

    data, indptr = numpy_shingles(bodies(path))
    sketches = np.asarray(FastSimilaritySketch(size=128, seed=42).batch_csr(data, indptr, prehashed=True, num_threads=2))
    index = LSH(num_perm=128, num_bands=32)
    index.insert(sketches)
    earlier = []
    for number in range(len(sketches)):
        others = np.array(sorted(other for other in index.query(sketches[number]) if other < number), np.int64)
        earlier.append(others[(sketches[others] == sketches[number]).mean(axis=1) >= 0.3].tolist() if others.size else [])
    return _first_of(earlier)


def numpy_shingles(texts: list[str], size: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Hashed shingles of characters without white space end to end (uint64), and the offsets of each text in them."""
    parts = ["".join(text.lower().split()).ljust(size) for text in texts]
    lengths = np.fromiter(map(len, parts), np.int64, len(parts))
    codes = np.frombuffer("".join(parts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    hashes = np.zeros(codes.size - size + 1, np.uint64)
    for place in range(size):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + codes[place : place + hashes.size]
    hashes ^= hashes >> np.uint64(29)
    ends = np.cumsum(lengths)
    inside = np.ones(codes.size, bool)
    for place in range(1, size):
        inside[ends - place] = False
    indptr = np.concatenate(([0], np.cumsum(lengths - size + 1)))
    return hashes[inside[: hashes.size]], indptr.astype(np.uint64)


def datasketch_characters(path: Path) -> Kept:
    """Datasketch: bulk with xxh32 on 5-character shingles, LSH at 0.7."""
    import xxhash
    from datasketch import MinHash, MinHashLSH

    texts = bodies(path)
    index = MinHashLSH(threshold=0.7, num_perm=128)
    kept: Kept = []
    shingled = ([shingle.encode() for shingle in characters(text)] for text in texts)
    for number, signature in enumerate(MinHash.generator(shingled, num_perm=128, hashfunc=xxhash.xxh32_intdigest)):
        kept.append(not index.query(signature))
        if kept[-1]:
            index.insert(number, signature)
    return kept


RIVALS: dict[str, tuple[str, Callable[[Path], Kept]]] = {
    "ours": ("article-dedup", ours),
    "DuckDB, equal bodies": ("duckdb", duckdb_exact),
    "rensa, README": ("rensa", rensa_readme),
    "rensa, 5 characters, 0.7": ("rensa", rensa_characters),
    "gaoya, 5 characters, 0.7": ("gaoya", gaoya_characters),
    "gaoya, 32 bands of 4, 0.3": ("gaoya", gaoya_loose),
    "fastsketchlsh, README": ("fastsketchlsh", fastsketchlsh_readme),
    "fastsketchlsh, 32 bands of 4, 0.3": ("fastsketchlsh", fastsketchlsh_loose),
    "datasketch bulk, 5 characters, 0.7": ("datasketch", datasketch_characters),
    "text-dedup, defaults": ("text-dedup", text_dedup),
    "datatrove, defaults": ("datatrove", datatrove),
    "semhash, README": ("semhash", semhash_readme),
    "semhash, hashed characters": ("semhash", semhash_hashed),
}


def named(distribution: str) -> str:
    """The distribution and its version."""
    if distribution == "article-dedup":
        import dedup

        return f"article-dedup {dedup.__version__}"
    return f"{distribution} {version(distribution)}"
