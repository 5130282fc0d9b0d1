"""Jaccard of near-duplicates and of unrelated pairs under candidate shingle rules.

    python benchmarks/quality/shingles.py --articles FILE...

A near-duplicate has 1, 5 or 10 % of its characters substituted by characters drawn from the same file. Printed are the
median and the 5th percentile over the near-duplicates, and the median and the highest of the unrelated pairs, as a table.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from pathlib import Path

import numpy as np

from dedup.kernels.fold import fold
from dedup.kernels.wide import is_wide_letter

PAIRS = 600
RATES = (0.01, 0.05, 0.10)


def letters(text: str) -> str:
    """The folded letters as a string."""
    return fold(text).codes.tobytes().decode("utf-32-le")


def words(text: str, size: int, pattern: str = r"\s+") -> set[tuple[str, ...]]:
    """Runs of `size` words."""
    parts = [part for part in re.split(pattern, text.casefold()) if part]
    return {tuple(parts[i : i + size]) for i in range(max(len(parts) - size + 1, 1))}


def grams(text: str, size: int) -> set[str]:
    """Runs of `size` folded letters."""
    folded = letters(text)
    return {folded[i : i + size] for i in range(max(len(folded) - size + 1, 1))}


def weighed(text: str, weight: int) -> set[str]:
    """Runs of folded letters that weigh `weight` or just more, where a Han, Kana or Hangul letter weighs two."""
    folded = letters(text)
    ends = np.cumsum([0, *(2 if is_wide_letter(letter) else 1 for letter in folded)])
    found = {folded[i : int(np.searchsorted(ends, ends[i] + weight))] for i in range(len(folded)) if ends[-1] - ends[i] >= weight}
    return found or {folded}


RULES = {
    "words, 1": lambda text: words(text, 1),
    "words, 3": lambda text: words(text, 3),
    "words, 5": lambda text: words(text, 5),
    r"`\W` words, 5": lambda text: words(text, 5, r"\W+"),
    **{f"letters, {size}": lambda text, size=size: grams(text, size) for size in range(3, 9)},
    "letters, 12": lambda text: grams(text, 12),
    **{f"weight {weight}": lambda text, weight=weight: weighed(text, weight) for weight in (5, 6, 8, 10, 12)},
}


def jaccard(first: set[object], second: set[object]) -> float:
    """The share of the union that both hold."""
    return len(first & second) / max(len(first | second), 1)


def substituted(text: str, rate: float, alphabet: str, draw: random.Random) -> str:
    """The text with a share of its characters substituted."""
    return "".join(draw.choice(alphabet) if draw.random() < rate else letter for letter in text)


def measure(path: Path) -> None:
    """Print the table of one file."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        texts = ["\n".join(json.loads(line)["paragraphs"]) for line in file]
    draw = random.Random(1)
    texts = draw.sample([text for text in texts if len(text) > 200], 2 * PAIRS)
    alphabet = "".join(texts)
    print(f"\n{path.name}, {PAIRS} pairs each\n")
    print("| rule | 1 %: median, p5 | 5 %: median, p5 | 10 %: median, p5 | unrelated: median, highest |\n|---|---|---|---|---|")
    changed = {rate: [substituted(text, rate, alphabet, draw) for text in texts[:PAIRS]] for rate in RATES}
    for name, rule in RULES.items():
        sets = [rule(text) for text in texts]
        cells = []
        for rate in RATES:
            scores = [jaccard(sets[i], rule(text)) for i, text in enumerate(changed[rate])]
            cells.append(f"{np.median(scores):.2f}, {np.percentile(scores, 5):.2f}")
        unrelated = [jaccard(sets[i], sets[PAIRS + i]) for i in range(PAIRS)]
        print(f"| {name} | {' | '.join(cells)} | {np.median(unrelated):.4f}, {max(unrelated):.3f} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, nargs="+", required=True)
    for article_file in parser.parse_args().articles:
        measure(article_file)
