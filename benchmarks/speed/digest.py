"""What cleaning says, as digests, so that two versions of the code can be held against each other to the byte.

`python -m benchmarks.speed.digest [--articles PATH ...] [--limit N]` prints a SHA-256 for each set: the cases of the quality family
made of the articles, the articles as they are, and each with its body glued into one line before it and behind it. Everything a
result tells goes in: text, paragraphs, spans, removals with their scores, header, document. Run it before a change that may only be
faster, run it after, and compare the lines; `--batches` asserts that batches of one give what batches of many do.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import dedup
from benchmarks.quality import articles, generate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from benchmarks.quality.articles import Article
    from dedup.model import Clean


def told(result: Clean) -> bytes:
    """Everything that a result tells, in one line."""
    return repr(result).encode("utf-8", "surrogatepass") + b"\n"


def digest(results: Iterable[Clean]) -> str:
    """The SHA-256 of results in their order."""
    found = hashlib.sha256()
    for result in results:
        found.update(told(result))
    return found.hexdigest()


def sets_of(chosen: list[Article], family: int) -> Iterator[tuple[str, list[str]]]:
    """The sets by their names; the family is made of the first `family` of the articles."""
    bodies = [list(article.paragraphs) for article in chosen]
    yield "as they are", ["\n".join(body) for body in bodies]
    yield "a block before", ["".join(body) + "\n" + "\n".join(body) for body in bodies]
    yield "a block behind", ["\n".join(body) + "\n" + " ".join(body) for body in bodies]
    yield "the family", [case.text for article in chosen[:family] for case in generate.cases(article)]


def main() -> None:
    """Prints a line for each set."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.digest", description=__doc__)
    parser.add_argument("--articles", type=Path, nargs="+", default=[articles.DEFAULT], help="JSON Lines with `paragraphs` (.gz too)")
    parser.add_argument("--limit", type=int, default=None, help="at most so many articles of each file, evenly spread")
    parser.add_argument("--family", type=int, default=30, help="of so many of them the family is made, some 120 cases each")
    parser.add_argument("--batches", action="store_true", help="also clean each article by itself, and assert that nothing differs")
    options = parser.parse_args()
    for path in options.articles:
        chosen, _ = articles.sample(articles.read_articles(path), options.limit)
        for name, texts in sets_of(list(chosen), options.family):
            found = digest(dedup.clean_all(texts))
            print(f"{path.name:20} {name:16} {len(texts):>7,} {found}", flush=True)
            if options.batches:
                assert found == digest(map(dedup.clean, texts)), f"{path.name}, {name}: a batch of one differs"


if __name__ == "__main__":
    main()
