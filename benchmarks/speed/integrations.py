"""What each step of `dedup.integrations` costs above the bare loop over the public function, on the same texts, in one run.

    python -m benchmarks.speed.integrations [--articles FILE] [--rows 2000] [--only NAME]

FILE is a JSON Lines file, gzipped or not, whose rows hold `paragraphs`; without it the project's own articles, repeated. Every
other text has its body twice, in one piece and then in paragraphs. Step and bare loop are timed in turn, three times, in
seconds of processor time; the ratio is that of the sums.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import time
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import dedup
from benchmarks.quality.articles import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS = 3
Step = tuple[str, "Callable[[], object]", "Callable[[], object]"]


def frame_steps(texts: list[str]) -> list[Step]:
    """Frames of three kinds."""
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from dedup.integrations import frames

    made = {"pandas": pd.DataFrame({"text": texts}), "Polars": pl.DataFrame({"text": texts}), "PyArrow": pa.table({"text": texts})}
    steps: list[Step] = []
    for name, frame in made.items():
        steps += [
            (f"{name}, clean_column", lambda frame=frame: frames.clean_column(frame, "text"), lambda: bare_clean(texts)),
            (f"{name}, drop_duplicates", lambda frame=frame: frames.drop_duplicates(frame, "text"), lambda: dedup.deduplicate(texts)),
            (f"{name}, mark_duplicates", lambda frame=frame: frames.mark_duplicates(frame, "text"), lambda: dedup.deduplicate(texts)),
        ]
    return steps


def dataset_steps(texts: list[str]) -> list[Step]:
    """A dataset of Hugging Face in memory, written to nothing."""
    import datasets

    from dedup.integrations.datasets import clean, drop

    datasets.disable_progress_bars()
    datasets.disable_caching()
    ds = datasets.Dataset.from_dict({"text": texts})

    def mapped() -> object:
        return ds.map(clean, batched=True, keep_in_memory=True)

    def streamed() -> object:
        return sum(1 for _ in ds.to_iterable_dataset().map(clean, batched=True))

    return [
        ("datasets, map(clean)", mapped, lambda: bare_clean(texts)),
        ("datasets, streaming map(clean)", streamed, lambda: bare_clean(texts)),
        ("datasets, drop", lambda: drop(ds), lambda: dedup.deduplicate(texts)),
    ]


def datatrove_steps(texts: list[str]) -> list[Step]:
    """Steps of datatrove."""
    from datatrove.data import Document

    from dedup.integrations.datatrove import Clean, DropDuplicates

    documents = [Document(text, str(number)) for number, text in enumerate(texts)]

    def cleaned() -> None:
        for text, document in zip(texts, Clean().run(documents), strict=True):
            document.text = text  # for the next round

    return [
        ("datatrove, Clean", cleaned, lambda: bare_clean(texts)),
        ("datatrove, DropDuplicates", lambda: list(DropDuplicates().run(documents)), lambda: dedup.deduplicate(texts)),
    ]


def document_steps(texts: list[str]) -> list[Step]:
    """Documents of LangChain, LlamaIndex and Haystack, and scikit-learn."""
    from haystack import Document as HaystackDocument
    from langchain_core.documents import Document as LangChainDocument
    from llama_index.core.schema import TextNode

    from dedup.integrations import haystack, langchain, llamaindex, sklearn

    chained = [LangChainDocument(text) for text in texts]
    nodes = [TextNode(text=text) for text in texts]
    stacked = [HaystackDocument(content=text, id=str(number)) for number, text in enumerate(texts)]
    return [
        ("LangChain, Cleaner", lambda: langchain.Cleaner().transform_documents(chained), lambda: bare_clean(texts)),
        ("LlamaIndex, Cleaner", lambda: llamaindex.Cleaner()(nodes), lambda: bare_clean(texts)),
        ("Haystack, Cleaner", lambda: haystack.Cleaner().run(stacked), lambda: bare_clean(texts)),
        ("scikit-learn, Cleaner", lambda: sklearn.Cleaner().transform(texts), lambda: bare_clean(texts)),
    ]


def scrapy_steps(texts: list[str]) -> list[Step]:
    """Item by item, as a crawl brings them: against the loop that cleans all, and against one that cleans each."""
    from scrapy.exceptions import DropItem
    from scrapy.utils.test import get_crawler

    from dedup.integrations.scrapy import CleanPipeline, DropDuplicatesPipeline

    def cleaned() -> None:
        pipeline = CleanPipeline.from_crawler(get_crawler())
        for text in texts:
            pipeline.process_item({"text": text})

    def dropped() -> None:
        pipeline = DropDuplicatesPipeline.from_crawler(get_crawler())
        pipeline.open_spider()
        for number, text in enumerate(texts):
            with suppress(DropItem):
                pipeline.process_item({"url": str(number), "text": text})

    def looked_up() -> None:
        index = dedup.Index()
        for number, text in enumerate(texts):
            if not index.find(text):
                index.add(text, str(number))

    return [
        ("Scrapy, CleanPipeline, against clean_all", cleaned, lambda: bare_clean(texts)),
        ("Scrapy, CleanPipeline, against clean", cleaned, lambda: [dedup.clean(text).text for text in texts]),
        ("Scrapy, DropDuplicatesPipeline, against Index", dropped, looked_up),
    ]


def page_steps(texts: list[str]) -> list[Step]:
    """Pages, whose main text trafilatura finds first; a tenth of the rows, for that takes its time."""
    import trafilatura

    from dedup.integrations.trafilatura import extract_clean

    few = texts[::10]
    pages = ["<html><body><article>" + "".join(f"<p>{line}</p>" for line in text.split("\n")) + "</article></body></html>" for text in few]

    def bare() -> None:
        found = (trafilatura.bare_extraction(page, with_metadata=True, include_comments=False) for page in pages)
        bare_clean([one.text or "" if one else "" for one in found])

    return [("trafilatura, extract_clean, against bare_extraction and clean_all", lambda: [extract_clean(page) for page in pages], bare)]


def datasketch_steps(texts: list[str]) -> list[Step]:
    """Signatures as objects, and the signatures that datasketch makes of the same words."""
    from datasketch import MinHash

    from dedup.corpus.signatures import Signatures
    from dedup.integrations.datasketch import minhashes, minhashes_of_tokens

    words = [text.encode().split() for text in texts]
    return [
        ("datasketch, minhashes, against Signatures", lambda: minhashes(texts), lambda: Signatures.of(texts)),
        (
            "datasketch, minhashes_of_tokens, against MinHash.bulk",
            lambda: minhashes_of_tokens(words),
            lambda: MinHash.bulk(words, num_perm=128),
        ),
    ]


def bare_clean(texts: list[str]) -> list[str]:
    """The loop that every step is compared with."""
    return [result.text for result in dedup.clean_all(texts)]


def ratio(step: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor time of the bare loop, and the step's as a multiple of it."""
    for _ in range(2):  # what is compiled is compiled, some of it after a thousand articles one by one
        step(), bare()
    spent = [0.0, 0.0]
    for _ in range(_ROUNDS):
        for place, function in enumerate((step, bare)):
            started = time.process_time()
            function()
            spent[place] += time.process_time() - started
    return spent[1] / _ROUNDS, spent[0] / spent[1]


def read(path: Path, rows: int) -> list[str]:
    """Texts, every other one with its body twice."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        articles = list(islice(cycle([json.loads(line)["paragraphs"] for line in file]), rows))
    return [("".join(lines) + "\n" if number % 2 else "") + "\n".join(lines) for number, lines in enumerate(articles)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, default=DEFAULT)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--only", default="", help="steps whose name holds this")
    given = parser.parse_args()
    texts = read(given.articles, given.rows)
    print(f"{given.articles.name}: {len(texts):,} texts, {sum(map(len, texts)):,} characters, load {os.getloadavg()[0]:.1f}\n")
    print("| step | bare loop, CPU µs a text | step |\n|---|---|---|")
    for steps in (frame_steps, dataset_steps, datatrove_steps, document_steps, scrapy_steps, page_steps, datasketch_steps):
        for name, step, bare in steps(texts):
            if given.only not in name:
                continue
            seconds, times = ratio(step, bare)
            print(f"| {name} | {1e6 * seconds / len(texts):.0f} | x {times:.2f} |", flush=True)


if __name__ == "__main__":
    main()
