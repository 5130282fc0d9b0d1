"""Cleaning as a ratio to `ftfy.fix_text` and to parsing the same JSON, in one run: `python -m benchmarks.speed.clean --articles PATH ...`.

PATH is a JSON Lines file, gzipped or not, with `paragraphs`. Each is cleaned as it is and with its body glued into one line before
it. Processor seconds of one process, the best of a few rounds taken in turn, so that a busy machine slows all of them. `--stages`
measures what the stages cost, `--lengths` articles from 100 characters to a million, `--curly` the texts with printed quotation marks.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import ftfy
import numpy as np
import orjson

import dedup
from dedup.article.repair import repair_all
from dedup.article.runon import settle_at_sight
from dedup.article.screening import glance, limits_of, look_again
from dedup.config import Config
from dedup.kernels.points import points_of

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIG = Config()
_BATCH = 320  # articles that the stages are given at a time, as `clean_all` does
_OPENING = re.compile(r'(?:^|(?<=[\s(]))"')
_MOST = 400_000  # characters that ftfy is given


def read_paragraphs(path: Path, limit: int | None) -> list[list[str]]:
    """The paragraphs of the file's articles."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        return [json.loads(line)["paragraphs"] for _, line in zip(range(limit or 1 << 60), file, strict=False)]


def curly(text: str) -> str:
    """The text with “quotes” and ’ as most sites print them: ftfy reads ASCII, as old wire reports are, eight times as fast."""
    return _OPENING.sub("“", text).replace('"', "”").replace("'", "’")


def seconds(tasks: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The least processor time of each task; they take turns."""
    best = dict.fromkeys(tasks, float("inf"))
    gc.collect()
    gc.freeze()  # what is imported, as the command does it: a search for garbage in all of it falls into any task by chance
    for _ in range(rounds):
        for name, task in tasks.items():
            start = time.process_time()
            task()
            best[name] = min(best[name], time.process_time() - start)
    return best


def beginning(texts: list[str], most: int) -> list[str]:
    """The first texts, up to so many characters."""
    sizes = np.cumsum([len(text) for text in texts])
    return texts[: int(np.searchsorted(sizes, most)) + 1]


def compare(name: str, texts: list[str], rounds: int) -> None:
    """Prints a row: ns a character, and how many times faster than ftfy and slower than orjson."""
    few = beginning(texts, _MOST)
    lines = [orjson.dumps({"text": text}) for text in texts]
    sizes = {"ftfy": sum(map(len, few)), "orjson": sum(map(len, texts)), "clean": sum(map(len, texts))}
    best = seconds(
        {
            "ftfy": lambda: [ftfy.fix_text(text) for text in few],
            "orjson": lambda: [orjson.loads(line) for line in lines],
            "clean": lambda: sum(len(result.text) for result in dedup.clean_all(texts)),
        },
        rounds,
    )
    per = {task: taken / sizes[task] * 1e9 for task, taken in best.items()}
    print(
        f"{name:34} {len(texts):>8,} {per['ftfy']:>8.1f} {per['orjson']:>8.2f} {per['clean']:>8.1f} "
        f"{per['ftfy'] / per['clean']:>11.1f} {per['clean'] / per['orjson']:>13.1f}"
    )


def stages(name: str, texts: list[str], rounds: int) -> None:
    """Prints what each stage costs, in ns a character of all the texts, and how many articles go on to the next."""
    size = sum(map(len, texts))
    batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
    points = [points_of(batch) for batch in batches]
    flags = [glance(each) for each in points]
    rest = [each.some(np.flatnonzero(flag)) for each, flag in zip(points, flags, strict=True)]
    ends = [settle_at_sight(each, each.starts, batch, CONFIG.repeats) for each, batch in zip(points, batches, strict=True)]
    hard = [
        text
        for batch, (flag, settled) in zip(batches, ends, strict=True)
        for row, text in enumerate(batch)
        if flag[row] and row not in settled
    ]
    best = seconds(
        {
            "repair": lambda: [repair_all(batch, CONFIG.repair) for batch in batches],
            "code points": lambda: [points_of(batch) for batch in batches],
            "shapes": lambda: [each.shapes() for each in points],
            "a glance": lambda: [glance(each) for each in points],
            "another look": lambda: [look_again(each, limits_of(CONFIG.repeats)) for each in rest],
            "read in full": lambda: [dedup.clean(text) for text in hard],
            "all": lambda: list(dedup.clean_all(texts)),
        },
        rounds,
    )
    print(f"{name}: {len(texts):,} articles, {sum(int(flag.sum()) for flag in flags):,} looked at again, {len(hard):,} read in full")
    for stage, taken in best.items():
        print(f"  {stage:14} {taken / size * 1e9:>8.2f}")


def lengths(paragraphs: list[list[str]], rounds: int) -> None:
    """Prints ns a character of articles of each length, made of the given paragraphs."""
    flat = "\n".join(paragraph for article in paragraphs for paragraph in article)
    for size in (100, 300, 1_000, 10_000, 100_000, 1_000_000):
        texts = [flat[start : start + size] for start in range(0, min(len(flat) - size, max(300_000, size)) + 1, size)]
        best = seconds({"clean": lambda texts=texts: list(dedup.clean_all(texts))}, rounds)["clean"]
        print(f"  {size:>9,} characters, {len(texts):>5,} articles: {best / sum(map(len, texts)) * 1e9:>8.1f} ns a character")


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.clean", description=__doc__)
    parser.add_argument("--articles", type=Path, nargs="+", required=True, help="JSON Lines files")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=int, default=None, help="articles of each file")
    parser.add_argument("--stages", action="store_true")
    parser.add_argument("--lengths", action="store_true")
    parser.add_argument("--curly", action="store_true", help="typewriter's quotation marks turned into printed ones")
    options = parser.parse_args()
    print(f"{'':34} {'articles':>8} {'ftfy':>8} {'orjson':>8} {'clean':>8} {'ftfy/clean':>11} {'clean/orjson':>13}   (ns a character)")
    for path in options.articles:
        paragraphs = read_paragraphs(path, options.limit)
        if options.curly:
            paragraphs = [[curly(paragraph) for paragraph in article] for article in paragraphs]
        texts = ["\n".join(article) for article in paragraphs]
        blocks = ["".join(article) + "\n" + "\n".join(article) for article in paragraphs if len(article) > 1]
        for warm in (texts, blocks):
            list(dedup.clean_all(warm[:400]))
        compare(f"{path.name}, clean", texts, options.rounds)
        compare(f"{path.name}, a block in each", blocks[:1500], options.rounds)
        if options.stages:
            stages(path.name, texts, options.rounds)
        if options.lengths:
            lengths(paragraphs, options.rounds)


if __name__ == "__main__":
    main()
