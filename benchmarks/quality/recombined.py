"""News recombined into a corpus whose duplicates are known.

    python benchmarks/quality/recombined.py --articles FILE --rows N -o corpus.jsonl

Each new row takes paragraphs of six articles. Of all rows 20 % are near-duplicates of another (1, 5 or 10 % of characters
substituted by characters of the same file; in one of four a paragraph dropped, in one of four a footer added) and 5 % are equal to
another. Rows are `{id, date, body, group}`, shuffled; rows of one group are copies of one text.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import json
from pathlib import Path

import numpy as np

NEAR, EXACT, ARTICLES = 0.20, 0.05, 6
SHORTEST, LONGEST = 20, 600  # characters of a paragraph: a table of 3,000 would be most of each row that takes it
RATES = (0.01, 0.05, 0.10)
FOOTERS = (
    "Copyright {year}. All rights reserved. Read more on our website and follow us.",
    "（责任编辑：{year}）本文来源于网络，转载请注明出处。",
)


def read(path: Path) -> list[list[str]]:
    """The paragraphs of each article."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        articles = [json.loads(line)["paragraphs"] for line in file]
    return [
        paragraphs
        for paragraphs in ([text for text in paragraphs if SHORTEST < len(text) <= LONGEST] for paragraphs in articles)
        if paragraphs
    ]


def recombine(articles: list[list[str]], rows: int, seed: int = 1) -> list[dict[str, object]]:
    """`rows` rows with the group each belongs to."""
    draw = np.random.default_rng(seed)
    wide = sum(any("\u4e00" <= letter < "\ua000" for letter in paragraphs[0]) for paragraphs in articles) * 2 > len(articles)
    alphabet = np.frombuffer("".join(text for paragraphs in articles for text in paragraphs).encode("utf-32-le"), np.uint32)
    bases = rows - int(rows * NEAR) - int(rows * EXACT)
    # One or two paragraphs of each article: 1,100 characters English, 700 Chinese.
    bodies: list[list[str]] = []
    for _ in range(bases):
        body: list[str] = []
        for article in draw.integers(0, len(articles), ARTICLES):
            paragraphs = articles[article]
            start = int(draw.integers(0, len(paragraphs)))
            body.extend(paragraphs[start : start + 1 + int(draw.random() < (0.15 if wide else 0.5))])
        bodies.append(body)
    groups = list(range(bases))
    for _ in range(int(rows * NEAR)):
        group = int(draw.integers(0, bases))
        body = list(bodies[group])
        rate = RATES[int(draw.integers(0, 3))]
        if draw.random() < 0.25 and len(body) > 1:
            body.pop(int(draw.integers(0, len(body))))
        if draw.random() < 0.25:
            body.append(FOOTERS[wide].format(year=int(draw.integers(1990, 2025))))
        raw = np.frombuffer("\n".join(body).encode("utf-32-le"), np.uint32).copy()
        hit = (draw.random(raw.size) < rate) & (raw != ord("\n"))
        raw[hit] = alphabet[draw.integers(0, alphabet.size, int(hit.sum()))]
        bodies.append(raw.tobytes().decode("utf-32-le").split("\n"))
        groups.append(group)
    for _ in range(int(rows * EXACT)):
        row = int(draw.integers(0, len(bodies)))
        bodies.append(bodies[row])
        groups.append(groups[row])
    day = datetime.date(2020, 1, 1)
    return [
        {
            "id": f"r{place}",
            "date": (day + datetime.timedelta(days=int(draw.integers(0, 1000)))).isoformat(),
            "body": "\n".join(bodies[row]),
            "group": groups[row],
        }
        for place, row in enumerate(draw.permutation(len(bodies)))
    ]


def quality(groups: list[int], kept: list[bool]) -> dict[str, float]:
    """Precision, recall and F1 of the removals, and the groups lost whole: of a group all rows but one should go."""
    size: dict[int, int] = {}
    stay: dict[int, int] = {}
    for group, keep in zip(groups, kept, strict=True):
        size[group] = size.get(group, 0) + 1
        stay[group] = stay.get(group, 0) + keep
    wanted = sum(count - 1 for count in size.values())
    removed = sum(size[group] - stay[group] for group in size)
    right = sum(min(size[group] - stay[group], size[group] - 1) for group in size)
    precision, recall = right / max(removed, 1), right / max(wanted, 1)
    lost = sum(stay[group] == 0 for group in size)
    return {"precision": precision, "recall": recall, "F1": 2 * precision * recall / max(precision + recall, 1e-9), "lost": lost}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    made = recombine(read(given.articles), given.rows, given.seed)
    with given.output.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in made)
