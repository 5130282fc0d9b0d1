"""Time and memory of `dedup.clean` by the size of the text, on kind and on hostile texts: `python -m benchmarks.quality.cost`."""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.quality import articles

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
_MOST_RUNS = 5
_ALPHABET = "abcdefghijklmnopqrstuvwxyz      天地人和山水风云日月"


def _words(rng: Random, size: int) -> str:
    return "".join(rng.choices(_ALPHABET, k=size))


def _news(size: int) -> str:
    """News that repeats nothing: the project's articles with their letters shuffled inside each paragraph but the first time."""
    rng = Random("news")
    paragraphs = [p for a in articles.read_articles() for p in a.paragraphs]
    parts, length = list(paragraphs), sum(map(len, paragraphs)) + len(paragraphs)
    while length < size:
        words = rng.choice(paragraphs).split(" ")
        words = words if len(words) > 1 else list(words[0])
        rng.shuffle(words)
        parts.append((" " if len(words[0]) > 1 else "").join(words))
        length += len(parts[-1]) + 1
    return "\n".join(parts)[:size]


def _block(size: int) -> str:
    body = _news(size // 2)
    return body.replace("\n", "") + "\n" + body


def _planted(size: int) -> str:
    rng = Random("planted")
    half = _words(rng, size // 2)
    passage = half[size // 8 : size // 8 + size // 10]
    rest = _words(rng, size - len(half) - len(passage))
    return "\n".join([half, rest[: len(rest) // 2], passage, rest[len(rest) // 2 :]])


def _twice(size: int) -> str:
    body = _news(size // 2)
    return body + "\n" + body


TEXTS: dict[str, Callable[[int], str]] = {
    "clean news": _news,
    "repeated block": _block,
    "body twice": _twice,
    "abab": lambda size: "ab" * (size // 2),
    "one character": lambda size: "a" * size,
    "one Han character": lambda size: "\u554a" * size,
    "equal short lines": lambda size: "ab\n" * (size // 3),
    "equal long lines": lambda size: "The same line of some forty letters is here.\n" * (size // 45),
    "planted copy": _planted,
    "one long line": lambda size: _words(Random("line"), size),
    "spaces": lambda size: "a" + " " * (size - 2) + "b",
    "blank lines": lambda size: "a" + "\n" * (size - 2) + "b",
    "opened tags": lambda size: "<!--" * (size // 4),
    "ampersands": lambda size: "&amp;" * (size // 5),
    "header lines": lambda size: "Title: a\n" * (size // 9),
}


def joined(path: Path, size: int) -> str:
    """The articles of a file one behind the other: what they share are phrases, dates and names, more of them the longer the text."""
    parts: list[str] = []
    length = 0
    for article in articles.read_articles(path):
        parts += article.paragraphs
        length += sum(map(len, article.paragraphs)) + len(article.paragraphs)
        if length >= size:
            break
    return "\n".join(parts)[:size]


def measure(text: str) -> dict[str, float]:
    """Processor seconds (the least of several runs, without imports) and peak bytes of one text, in this process."""
    import dedup

    for _ in range(2):  # what is read in full compiles on its first text, and what screens on a process's later ones
        dedup.clean(text[:5_000] + "\n" + text[:4_000].replace("\n", "") + "\nEnd.")
    before = _forget_peak()
    started, runs, best, peak = time.process_time(), 0, float("inf"), 0
    while runs == 0 or (runs < _MOST_RUNS and time.process_time() - started < 1.0):
        begun = time.process_time()
        dedup.clean(text)
        best = min(best, time.process_time() - begun)
        peak = peak or _peak() - before
        runs += 1
    return {"characters": len(text), "seconds": best, "bytes": max(0, peak)}


def _forget_peak() -> int:
    """The process's resident bytes now; its peak counts from here on where the system can do that."""
    with contextlib.suppress(OSError):  # the peak then counts from the start, and the figure is at most too small
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _peak()


def _peak() -> int:
    import resource

    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _apart(name: str, text: str, limit: float) -> dict[str, float] | None:
    """The measurement in a process of its own; None when it fails or takes longer than `limit` seconds."""
    command = [sys.executable, "-m", "benchmarks.quality.cost", "--one"]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=limit, check=True)  # noqa: S603 - our own
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        print(f"{name} at {len(text):,}: {(error.stderr or b'').decode().strip() or error}", file=sys.stderr)
        return None
    return dict(json.loads(done.stdout))


def table(found: dict[str, dict[int, dict[str, float] | None]]) -> str:
    """Microseconds a character at each size, the largest over the smallest, and the bytes a character at the largest size."""
    sizes = sorted({size for row in found.values() for size in row})
    head = "microseconds a character".ljust(26) + "".join(f"{size:>12,}" for size in sizes) + "      ratio   bytes a char"
    body = []
    for name, row in found.items():
        each = {size: m["seconds"] / m["characters"] * 1e6 for size, m in row.items() if m}
        largest = max((size for size, m in row.items() if m), default=None)
        cells = "".join(f"{each[size]:>12.4f}" if size in each else "failed".rjust(12) for size in sizes)
        memory = f"{row[largest]['bytes'] / row[largest]['characters']:>15.1f}" if largest and row[largest] else ""  # type: ignore[index]
        ratio = f"{max(each.values()) / min(each.values()):>11.2f}" if each else ""
        body.append(name.ljust(26) + cells + ratio + memory)
    return "\n".join([head, "-" * len(head), *body])


def main() -> int:
    """Zero when the table was made."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.cost", description=__doc__)
    parser.add_argument("--one", action="store_true", help="measure the text on standard input in this process and print JSON")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--texts", default="", help="only texts whose name holds this")
    parser.add_argument("--articles", type=Path, nargs="*", default=[], help="JSON Lines whose articles are measured joined, too")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for one measurement")
    parser.add_argument("--line", action="store_true", help="measure one line of 20 million characters too")
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(sys.stdin.buffer.read().decode())))
        return 0
    found: dict[str, dict[int, Any]] = {}
    texts = TEXTS | {f"joined {path.name.split('.')[0]}": partial(joined, path) for path in options.articles}
    for name, make in texts.items():
        if options.texts in name:
            sizes = [*options.sizes, *([20_000_000] if options.line and name == "one long line" else [])]
            made = ((size, make(size)) for size in sizes)
            found[name] = {size: _apart(name, text, options.limit) for size, text in made if len(text) > size // 2}  # a file may hold less
    print(table(found))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
