"""Throughput of cleaning against the length of an article, drawn: `python -m benchmarks.speed.lengths --articles PATH ... [-o PNG]`.

Articles of 100 characters to a million are cut from the texts of each file (JSON Lines with `paragraphs`, gzipped or not), as they are
and with each article's body glued into one line before it. Processor time of one process, the best of a few rounds.
"""

from __future__ import annotations

import argparse
import gc
import time
from pathlib import Path
from typing import TYPE_CHECKING

import dedup
from benchmarks.speed.clean import read_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
_MOST = 300_000  # characters that are cleaned of each size, or one article
_RESULT = Path(__file__).parent.parent / "results" / "lengths.png"


def articles_of(size: int, paragraphs: list[list[str]], *, doubled: bool) -> Iterator[list[str]]:
    """Articles of about `size` characters, each a list of paragraphs, one behind the other in the given ones."""
    wanted = size // 2 if doubled else size
    held: list[str] = []
    length = 0
    for paragraph in (paragraph for article in paragraphs for paragraph in article):
        rest = paragraph
        while rest:
            part, rest = rest[: wanted - length], rest[wanted - length :]
            held.append(part)
            length += len(part) + 1
            if length >= wanted:
                yield held
                held, length = [], 0


def texts_of(size: int, paragraphs: list[list[str]], *, doubled: bool) -> list[str]:
    """Texts of about `size` characters, as many as `_MOST` characters hold."""
    texts = []
    for article in articles_of(size, paragraphs, doubled=doubled):
        body = "\n".join(article)
        texts.append("".join(article) + "\n" + body if doubled else body)
        if sum(map(len, texts)) >= _MOST:
            break
    return texts


def throughput(texts: list[str], rounds: int) -> float:
    """Characters a second of processor time."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for _ in dedup.clean_all(texts):
            pass
        best = min(best, time.process_time() - start)
    return sum(map(len, texts)) / best


def main() -> None:
    """Prints the figures and draws them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.lengths", description=__doc__)
    parser.add_argument("--articles", type=Path, nargs="+", required=True, help="JSON Lines files")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=int, default=3_000, help="articles of each file")
    parser.add_argument("-o", "--output", type=Path, default=_RESULT)
    options = parser.parse_args()
    from matplotlib.figure import Figure  # the extra `bench`

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.add_subplot()
    gc.freeze()
    for path in options.articles:
        paragraphs = read_paragraphs(path, options.limit)
        for doubled in (False, True):
            name = f"{path.name.partition('.')[0]}, {'a block in each' if doubled else 'clean'}"
            throughput(texts_of(1_000, paragraphs, doubled=doubled), 1)  # what is compiled is compiled
            found = [throughput(texts_of(size, paragraphs, doubled=doubled), options.rounds) for size in SIZES]
            print(f"{name:32}", *(f"{size:,}: {speed / 1e6:.2f}" for size, speed in zip(SIZES, found, strict=True)), sep="  ")
            axes.loglog(SIZES, [speed / 1e6 for speed in found], marker="o", linestyle="--" if doubled else "-", label=name)
    axes.set(xlabel="characters of an article", ylabel="million characters a second of one processor", title="dedup.clean_all")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    options.output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(options.output, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
