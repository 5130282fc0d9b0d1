"""What a user would run instead, on the same rows: `python -m benchmarks.speed.peers --articles PATH [--python NAME=PYTHON ...]`.

Each tool repairs the texts of a JSON Lines file and takes sentences or lines that are said twice out of each row by itself, which is what
`dedup clean` does. It runs in a process of its own, under the Python given for it (this one otherwise): the whole process's seconds
are those of all processors together with its start, the inner ones those of the loop over the texts. A tool that is not installed there is
told and left out. What they take out is counted, not judged: `benchmarks.quality.peers` does that.
"""

from __future__ import annotations

import argparse
import html
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def ours() -> Callable[[list[str]], list[str]]:
    """`dedup.clean_all`."""
    import dedup

    list(dedup.clean_all(["a", "é"] * 40))  # loaded before the clock runs, as the others' are
    return lambda texts: [result.text for result in dedup.clean_all(texts)]


def ftfy_alone() -> Callable[[list[str]], list[str]]:
    """`ftfy.fix_text`, repair without anything taken out."""
    import ftfy

    return lambda texts: [ftfy.fix_text(text) for text in texts]


def datatrove() -> Callable[[list[str]], list[str]]:
    """Datatrove's FTFYFormatter, then its sentence de-duplication by spans of three within each document."""
    import numpy as np
    from datatrove.data import Document
    from datatrove.pipeline.dedup import sentence_dedup as stages
    from datatrove.pipeline.formatters.ftfy import FTFYFormatter
    from datatrove.utils.hashing import HashConfig

    mend = FTFYFormatter()
    hashes = HashConfig(hash_fc="sha1")  # its default, xxhash, refuses text from xxhash 4 on
    settings = stages.SentDedupConfig(n_sentences=3, min_doc_words=0, min_num_sentences=0, hash_config=hashes)
    language = os.environ.get("LANGUAGE_OF_ROWS", "eng")
    folder = tempfile.gettempdir()  # never written
    signature = stages.SentenceDedupSignature(folder, config=settings, language=language)
    strike = stages.SentenceDedupFilter(folder, config=settings, language=language)

    def clean(text: str) -> str:
        text = mend.format(text)
        seen: set[int] = set()
        again = []
        for value, _, sentence in signature.get_hashes(Document(text=text, id="0"), 0):
            if value in seen:
                again.append(sentence)
            seen.add(value)
        return strike.remove_dup_sentences(Document(text=text, id="0"), np.array(again))[0] if again else text

    clean("One. Two. Three. Four.")
    return lambda texts: [clean(text) for text in texts]


def data_juicer() -> Callable[[list[str]], list[str]]:
    """Data-Juicer's mappers `fix_unicode_mapper` and `remove_repeat_sentences_mapper`."""
    logging.disable()
    from data_juicer.ops.mapper.fix_unicode_mapper import FixUnicodeMapper
    from data_juicer.ops.mapper.remove_repeat_sentences_mapper import RemoveRepeatSentencesMapper

    mappers = FixUnicodeMapper(), RemoveRepeatSentencesMapper()

    def clean(texts: list[str]) -> list[str]:
        batch: dict[str, Any] = {"text": list(texts)}
        for mapper in mappers:
            batch = mapper.process_batched(batch)
        found: list[str] = batch["text"]
        return found

    return clean


def trafilatura() -> Callable[[list[str]], list[str]]:
    """Trafilatura's extraction with `deduplicate`, from a page that holds each line as a paragraph."""
    from trafilatura import extract
    from trafilatura.deduplication import LRU_TEST

    def clean(text: str) -> str:
        LRU_TEST.clear()
        body = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())
        page = f"<html><head><title>page</title></head><body><article>{body}</article></body></html>"
        return extract(page, deduplicate=True, include_comments=False) or ""

    return lambda texts: [clean(text) for text in texts]


TOOLS: dict[str, Callable[[], Callable[[list[str]], list[str]]]] = {
    "dedup": ours,
    "ftfy": ftfy_alone,
    "datatrove": datatrove,
    "data-juicer": data_juicer,
    "trafilatura": trafilatura,
}


def work(name: str, source: Path, target: Path) -> None:
    """What a tool's process does; it says its inner seconds and how many characters it left."""
    clean = TOOLS[name]()
    texts = [json.loads(line)["text"] for line in source.read_bytes().splitlines()]
    start = time.process_time()
    cleaned = clean(texts)
    seconds = time.process_time() - start
    target.write_text(
        "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in cleaned), encoding="utf-8", errors="replace"
    )
    print(json.dumps([seconds, sum(map(len, cleaned))]))


def run(name: str, python: str, source: Path, target: Path) -> tuple[float, float, int] | str:
    """Processor seconds of the whole process, those of its loop, characters left; or why there are none."""
    command = [python, __file__, "--work", name, str(source), str(target)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
    assert child.stdout is not None
    assert child.stderr is not None
    said = child.stdout.read()
    wrong = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        return wrong.strip().splitlines()[-1] if wrong.strip() else f"exit code {child.returncode}"
    seconds, left = json.loads(said.strip().splitlines()[-1])
    return used.ru_utime + used.ru_stime, seconds, left


def measure(title: str, texts: list[str], pythons: dict[str, str], rounds: int) -> None:
    """Prints a table of all tools on the texts."""
    size = sum(map(len, texts))
    best: dict[str, tuple[float, float, int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "rows.jsonl"), Path(folder, "cleaned.jsonl")
        source.write_text("".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts), encoding="utf-8")
        for _ in range(rounds):
            for name in [name for name in TOOLS if name not in pythons or pythons[name]]:
                found = run(name, pythons.get(name, sys.executable), source, target)
                if isinstance(found, str):
                    print(f"{name}: left out, {found}", file=sys.stderr)
                    pythons[name] = ""
                    continue
                held = best.get(name, found)
                best[name] = min(held[0], found[0]), min(held[1], found[1]), found[2]
    print(f"\n{title}: {len(texts):,} rows, {size / 1e6:.2f} M characters\n")
    print("| tool | whole process, CPU s | x dedup | loop, ns a character | x dedup | characters left |\n|---|---|---|---|---|---|")
    whole, inner, _ = best["dedup"]
    for name, (own_whole, own_inner, left) in best.items():
        share = f"{own_whole:.2f} | {own_whole / whole:.1f} | {own_inner / size * 1e9:.0f} | {own_inner / inner:.1f}"
        print(f"| {name} | {share} | {left / size:.1%} |", flush=True)


def main() -> None:
    """Prints the tables."""
    if sys.argv[1:2] == ["--work"]:
        work(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.peers", description=__doc__)
    parser.add_argument("--articles", type=Path, nargs="+", required=True, help="JSON Lines with `paragraphs`, gzipped or not")
    parser.add_argument("--python", action="append", default=[], metavar="NAME=PYTHON", help="the interpreter that has a tool")
    parser.add_argument("--limit", type=int, default=1_000, help="articles of each file")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    from benchmarks.speed.clean import read_paragraphs

    pythons = dict(pair.split("=", 1) for pair in options.python)
    for path in options.articles:
        bodies = read_paragraphs(path, options.limit)
        os.environ["LANGUAGE_OF_ROWS"] = "zho" if any("\u4e00" <= letter <= "\u9fff" for letter in bodies[0][0]) else "eng"
        measure(f"{path.name}, clean", ["\n".join(body) for body in bodies], pythons, options.rounds)
        blocks = ["".join(body) + "\n" + "\n".join(body) for body in bodies if len(body) > 1]
        measure(f"{path.name}, a block in each", blocks, pythons, options.rounds)


if __name__ == "__main__":
    main()
