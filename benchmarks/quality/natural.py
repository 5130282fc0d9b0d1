"""Natural duplicates in a file of news, with the Jaccard of all pairs as the truth.

    python benchmarks/quality/natural.py --articles FILE [--threshold 0.8] [--rows 6000]
    python benchmarks/quality/natural.py --articles FILE --read 60

The truth is made with plain sets of strings and no hashes: two texts of a Jaccard of t or more share one of the first
n - ceil(t n) + 1 of their n shingles when all shingles are ordered from the rarest on (prefix filtering), so every such pair
is compared. A row should go when it is in such a pair with an earlier row that stays. `--read` prints that many pairs, drawn by
a seed, of what the defaults remove as near: what both say in short, `[-` what only the removed one says `-+` the kept one `+]`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from itertools import islice
from math import ceil
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]
from shingles import weighed  # noqa: E402 - scripts beside this one

import dedup  # noqa: E402
from dedup.config import Config, Near  # noqa: E402
from dedup.kernels.fold import fold  # noqa: E402
from dedup.kernels.wide import is_wide  # noqa: E402


def all_pairs(sets: list[set[str]], threshold: float) -> dict[tuple[int, int], float]:
    """Every pair of sets of this Jaccard or more, exactly."""
    frequency = Counter(shingle for one in sets for shingle in one)
    holders: dict[str, list[int]] = defaultdict(list)
    found = {}
    for row, one in enumerate(sets):
        ordered = sorted(one, key=lambda shingle: (frequency[shingle], shingle))
        prefix = ordered[: len(ordered) - ceil(threshold * len(ordered)) + 1]
        candidates = {other for shingle in prefix for other in holders[shingle]}
        for other in candidates:
            two = sets[other]
            if threshold * len(one) <= len(two) <= len(one) / threshold:
                common = len(one & two)
                score = common / (len(one) + len(two) - common)
                if score >= threshold:
                    found[other, row] = score
        for shingle in prefix:
            holders[shingle].append(row)
    return found


def read(texts: list[str], pairs: int) -> None:
    """Print pairs of a row that the defaults remove as near and of the row that stays."""
    near = [one for one in dedup.deduplicate(texts, workers=1).removed if one.kind == "near"]
    for one in sorted(random.Random(60).sample(near, min(pairs, len(near))), key=lambda one: one.row):
        gone, kept = texts[one.row].split(), texts[one.of].split()
        parts = []
        for deed, begin, end, first, last in SequenceMatcher(None, gone, kept, autojunk=False).get_opcodes():
            same = " ".join(gone[begin:end] if end - begin < 8 else [*gone[begin : begin + 4], "..", *gone[end - 3 : end]])
            parts.append(same if deed == "equal" else f"[-{' '.join(gone[begin:end])}-+{' '.join(kept[first:last])}+]")
        print(f"{one.row} -> {one.of}, {one.score:.2f}: {' '.join(parts)}")


def main() -> None:
    """Print the truth, what was found of it, and what the defaults remove."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--threshold", type=float, default=0.8)
    parser.add_argument("--rows", type=int, help="the first ones; the truth of all takes minutes")
    parser.add_argument("--read", type=int, help="print so many near pairs, and nothing else")
    given = parser.parse_args()
    with gzip.open(given.articles, "rt", encoding="utf-8") as file:
        texts = ["\n".join(json.loads(line)["paragraphs"]) for line in islice(file, given.rows)]
    if given.read:
        read(texts, given.read)
        return
    near = Near(measure="shingles", threshold=given.threshold, numbers=False)
    long = [text for text in texts if (is_wide(fold(text).codes) + 1).sum() >= near.least_weight]
    started = time.perf_counter()
    truth = all_pairs([weighed(text, near.shingle) for text in long], given.threshold)
    print(f"{given.articles.name}: {len(long):,} rows of weight {near.least_weight} or more")
    print(f"{len(truth):,} pairs of Jaccard {given.threshold} or more")
    print(f"truth: {time.perf_counter() - started:.0f} s")
    gone: dict[int, int] = {}
    for first, second in sorted(truth):
        if first not in gone and second not in gone:
            gone[second] = first
    result = dedup.deduplicate(long, keep="first", config=Config(near=near))
    false = [one for one in result.removed if truth.get((one.of, one.row), 0.0) < given.threshold]
    wrong = [one for one in result.removed if abs(truth.get((one.of, one.row), 0.0) - one.score) > 1e-9]
    missed = set(gone) - {one.row for one in result.removed}
    print(f"removed {len(result.removed):,} of {len(gone):,}: precision {1 - len(false) / max(len(result.removed), 1):.4f}, ", end="")
    print(f"recall {1 - len(missed) / max(len(gone), 1):.4f}, scores that differ from the truth {len(wrong)}")
    usual = dedup.deduplicate(texts).report
    print(f"at the defaults, of {usual.rows:,} rows: {usual.exact:,} exact, {usual.near:,} near")


if __name__ == "__main__":
    main()
