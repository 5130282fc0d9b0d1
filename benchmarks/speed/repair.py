"""Speed of repair as a ratio to plain ftfy on the same texts, in one run: `python -m benchmarks.speed.repair [--articles PATH ...]`.

PATH is a JSON Lines file, gzipped or not, whose rows hold `paragraphs` or `text`; each is measured as paragraphs and
as one line a text. Without it small texts made here are measured. The best of a few rounds counts, taken in turn.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import ftfy
import numpy as np

from dedup.article import repair as module
from dedup.article.repair import repair_all
from dedup.config import Repair
from dedup.kernels.sound import ANY, BREAKS, ENTITY, flags

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIG = Repair()
PIECES = {
    "Chinese": ("“高质量发展”是硬道理", "各地扎实推进", "——记者了解到，", "预计增长５％；", "会议指出：《规划》", "……", "。"),
    "Japanese": ("市内を走る路面電車が", "「廃止」される。", "テストの結果、", "約１２０人が集まった。"),
    "English, ASCII": ("The council met on Tuesday. ", "It's a plan, he said, ", "worth 5.5 mln dlrs, ", "for the years to come. "),
    "English, typographic": (
        "The council met on Tuesday. ",
        "“It’s a plan,” he said — ",
        "worth £5.5m … ",
        "at AT&T, for the years to come. ",
    ),
    "French": ("L’été à la mode : ", "« une façade », dit-elle, ", "près de la forêt, ", "où l’on a vécu. "),
    "Russian": ("Привет, мир — ", "«Ёлка» стоит № 5, ", "В городе Грозном, ", "сказал он. "),
    "Thai": ("สวัสดีครับ ", "น้ำท่วมใหญ่", "กรุงเทพมหานคร "),
}


def made_sets() -> dict[str, list[str]]:
    """Some 300 articles a language, and Chinese ones with CRLF and with every tenth in mojibake."""
    sets = {}
    for name, pieces in PIECES.items():
        rng = Random(name)
        sets[name] = ["\n".join("".join(rng.choices(pieces, k=20)) for _ in range(8)) for _ in range(300)]
    sets["Chinese, CRLF"] = [text.replace("\n", "\r\n") for text in sets["Chinese"]]
    sets["Chinese, a line of ten articles damaged"] = [
        text if row % 10 else text.replace("\n", "\nâ€œå¥½â€\x9d", 1) for row, text in enumerate(sets["Chinese"])
    ]
    return sets


def read_sets(path: Path) -> dict[str, list[str]]:
    """The file's texts as paragraphs and as one line each."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    texts = ["\n".join(row["paragraphs"]) if "paragraphs" in row else str(row["text"]) for row in rows]
    return {f"{path.name}, paragraphs": texts, f"{path.name}, one line": [text.replace("\n", " ") for text in texts]}


def seconds(tasks: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The least time of each task; they take turns, so that a busy machine slows all of them."""
    best = dict.fromkeys(tasks, float("inf"))
    for _ in range(rounds):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def lines_in_full(texts: list[str]) -> tuple[int, int]:
    """How many lines go through all steps of repair, and how many there are."""
    full = total = 0
    for text in texts:
        lines = text.replace("\r\n", "\n").split("\n")
        total += len(lines)
        drop = BREAKS | (ENTITY if module.has_markup(text) else 0)
        found = flags(lines) & (ANY & ~drop)
        full += sum(not module._is_sound(lines[row], int(found[row])) for row in np.flatnonzero(found).tolist())  # noqa: SLF001
    return full, total


def measure(name: str, texts: list[str], rounds: int, most: int) -> None:
    """Prints a row: all texts for repair, the first ones, up to `most` characters, for ftfy, per character each."""
    size, few, held = sum(map(len, texts)), [], 0
    for text in texts:
        if held < most:
            few.append(text)
            held += len(text)
    coded = [text.encode("utf-8", "surrogatepass") for text in texts]
    best = seconds(
        {
            "repair": lambda: repair_all(texts, CONFIG),
            "flags": lambda: flags(texts),
            "ftfy": lambda: [ftfy.fix_text(text) for text in few],
            "decode": lambda: [one.decode("utf-8", "surrogatepass") for one in coded],
        },
        rounds,
    )
    per = {task: taken / (held if task == "ftfy" else size) * 1e9 for task, taken in best.items()}
    flagged = int(np.count_nonzero(flags(texts) & (ANY & ~BREAKS)))
    full, total = lines_in_full(texts)
    print(
        f"{name:42} {size / 1e6:8.2f} {per['repair']:8.2f} {per['flags']:7.2f} {per['decode']:7.2f} {per['ftfy']:8.1f}"
        f" {per['ftfy'] / per['repair']:8.0f}x {flagged / len(texts):9.3%} {full / total:9.3%}",
    )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, nargs="+", default=[], help="JSON Lines files")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--most", type=int, default=2_000_000, help="characters that ftfy is given")
    options = parser.parse_args()
    sets: dict[str, list[str]] = {}
    for path in options.articles:
        sets |= read_sets(path)
    repair_all(["a", "é"], CONFIG)  # compiled, or read from the cache, before the clock runs
    print(f"{'':42} {'M chars':>8} {'repair':>8} {'flags':>7} {'decode':>7} {'ftfy':>8} {'':9} {'texts':>9} {'lines':>9}")
    print(f"{'':42} {'':8} {'ns a character':>33} {'ftfy/repair':>9} {'flagged':>9} {'in full':>9}")
    for name, texts in (sets or made_sets()).items():
        measure(name, texts, options.rounds, options.most)


if __name__ == "__main__":
    main()
