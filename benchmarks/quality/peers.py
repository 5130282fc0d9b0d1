"""What a user would try today, on the same cases: `python -m benchmarks.quality.peers [--articles PATH] [--limit N]`.

Each rival gets the text of a case as it is and gives lines back. None of them knows of headers, so cases under
a header are left out. A rival that is not installed is skipped with a note.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
import time
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.quality import articles, report, run
from benchmarks.quality.metrics import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

_WINDOW = 50
"""Characters of a repeated substring, as in the published suffix-array removal (50 tokens there)."""
_GRAM = 13
_SEEN = 0.8
NO_HEADER = r"^(?!.*(header|title))"


def _answer(text: str, kept: list[str]) -> Answer:
    """The kept lines as an answer; an answer that keeps every line is the text itself."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = [line.strip() for line in kept if line.strip()]
    return Answer(tuple(found), text if found == lines else "\n".join(found), max(len(lines) - len(found), int(found != lines)))


def trafilatura(text: str) -> Answer:
    """Trafilatura's extraction with `deduplicate`, each line a paragraph of a page; its process-wide cache is emptied first."""
    import trafilatura as package
    from trafilatura.deduplication import LRU_TEST

    LRU_TEST.clear()
    body = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())
    page = f"<html><head><title>page</title></head><body><article>{body}</article></body></html>"
    return _answer(text, (package.extract(page, deduplicate=True, include_comments=False) or "").splitlines())


@cache
def _datatrove(language: str) -> tuple[Any, Any]:
    from datatrove.pipeline.dedup import sentence_dedup as stages
    from datatrove.utils.hashing import HashConfig

    hashes = HashConfig(hash_fc="sha1")  # its default, xxhash, refuses text from xxhash 4 on
    config = stages.SentDedupConfig(n_sentences=3, min_doc_words=0, min_num_sentences=0, hash_config=hashes)
    return (
        stages.SentenceDedupSignature("/tmp/unused", config=config, language=language),  # noqa: S108 - never written
        stages.SentenceDedupFilter("/tmp/unused", config=config, language=language),  # noqa: S108 - never written
    )


def datatrove(text: str) -> Answer:
    """Datatrove's sentence de-duplication, spans of three sentences, within the one document; English rules where it lacks a language."""
    import numpy as np
    from datatrove.data import Document

    codes = {"zh": "zho", "ja": "jpn", "ko": "kor", "ar": "arb", "hi": "hin", "th": "tha", "en": "eng"}
    try:
        signature, strike = _datatrove(codes[articles.detect_language([text])])
        hashes = signature.get_hashes(Document(text=text, id="0"), 0)
    except (ImportError, ValueError, OSError, LookupError):
        signature, strike = _datatrove("eng")
        hashes = signature.get_hashes(Document(text=text, id="0"), 0)
    seen: set[int] = set()
    again = []
    for value, _, sentence in hashes:
        if value in seen:
            again.append(sentence)
        seen.add(value)
    if not again:
        return Answer(tuple(line for line in text.splitlines() if line.strip()), text, 0)
    return _answer(text, strike.remove_dup_sentences(Document(text=text, id="0"), np.array(again))[0].splitlines())


def grams(text: str) -> Answer:
    """A line goes when four in five of its 13-grams (words; letters of unspaced scripts) were seen before."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for line in text.splitlines():
        tokens = re.findall("[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff]|\\w+", line.lower())
        own = [tuple(tokens[i : i + _GRAM]) for i in range(max(1, len(tokens) - _GRAM + 1))] if tokens else []
        if not own or sum(gram in seen for gram in own) < _SEEN * len(own):
            kept.append(line)
        seen.update(own)
    return _answer(text, kept)


def _repeated(text: str, *, keep_first: bool) -> Answer:
    """The text without every stretch of 50 characters or more that stands in it twice: what a suffix array finds, found by its windows."""
    first: dict[str, int] = {}
    struck = bytearray(len(text))
    for at in range(len(text) - _WINDOW + 1):
        window = text[at : at + _WINDOW]
        before = first.setdefault(window, at)
        if before != at:
            struck[at : at + _WINDOW] = b"\1" * _WINDOW
            if not keep_first:
                struck[before : before + _WINDOW] = b"\1" * _WINDOW
    return _answer(text, "".join(c for c, gone in zip(text, struck, strict=True) if not gone).splitlines())


def suffixes(text: str) -> Answer:
    """Suffix-array removal as published: every occurrence of a repeated substring goes."""
    return _repeated(text, keep_first=False)


def suffixes_but_first(text: str) -> Answer:
    """Suffix-array removal that spares the first occurrence."""
    return _repeated(text, keep_first=True)


RIVALS: dict[str, tuple[Callable[[str], Answer], str | None]] = {
    "dedup": (run.ours, "article-dedup"),
    "exact lines": (run.lines, None),
    "trafilatura": (trafilatura, "trafilatura"),
    "datatrove": (datatrove, "datatrove"),
    "13-grams": (grams, None),
    "suffix array": (suffixes, None),
    "suffix array, first kept": (suffixes_but_first, None),
}
run.SYSTEMS.update({name: system for name, (system, _) in RIVALS.items()})


def _version(package: str | None) -> str | None:
    """The installed version, an empty string for our own code, None where it is not installed."""
    try:
        return version(package) if package else ""
    except PackageNotFoundError:
        return "checkout" if package == "article-dedup" else None


def main() -> int:
    """Zero when the comparison was made with whatever is installed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.peers", description=__doc__)
    parser.add_argument("--articles", type=Path, default=articles.DEFAULT)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--operators", default=NO_HEADER)
    parser.add_argument("--rivals", default="", help="only rivals whose name holds this")
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    chosen, _ = articles.sample(articles.read_articles(options.articles), options.limit)
    print(f"{options.articles.name}: {len(chosen)} articles, {articles.digest(chosen)[:16]}")
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name, (_, package) in RIVALS.items():
        installed = _version(package)
        if options.rivals not in name:
            continue
        if installed is None:
            print(f"{name}: not installed here (pip install {package}); skipped", file=sys.stderr)
            continue
        started = time.perf_counter()
        outcomes = run.run(chosen, options.operators, name)
        print(f"{name} {installed}: {time.perf_counter() - started:.1f} s", file=sys.stderr)
        errors = [o.error for o in outcomes if o.error]
        if errors:
            print(f"{name}: raised in {len(errors)} of {len(outcomes)} cases, first: {errors[0]}", file=sys.stderr)
        if len(errors) == len(outcomes):
            continue
        for group, row in report.summarise(outcomes)["group"].items():
            found.setdefault(group, {})[f"{name} {installed}".strip()] = row
    print("\n\n".join(report.table(group, rows) for group, rows in found.items()))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
