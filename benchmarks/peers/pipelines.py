"""Rivals that are whole pipelines or need a model: text-dedup, datatrove, SemHash; from the file to True for each row that stays.

They read and write files of their own and ask for versions of shared packages that exclude each other: each has an environment
of its own, whose Python `near.py --python` names.
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    import numpy as np

Kept = list[bool]


def ids(path: Path) -> list[str]:
    """The ids of a file's rows."""
    with path.open("rb") as file:
        return [orjson.loads(line)["id"] for line in file]


def text_dedup(path: Path) -> Kept:
    """text-dedup's MinHash at its defaults, a row to a cluster's least."""
    import datasets
    from text_dedup.minhash import main

    logging.disable(logging.INFO)
    datasets.disable_progress_bars()
    with tempfile.TemporaryDirectory() as folder:
        given = {
            "--path": "json",
            "--data_files": str(path),
            "--split": "train",
            "--cache_dir": f"{folder}/cache",
            "--output": f"{folder}/out",
            "--column": "body",
            "--num_proc": "2",
        }
        main.main([part for pair in given.items() for part in pair], standalone_mode=False)
        stay = set(datasets.load_from_disk(f"{folder}/out")["id"])
    return [name in stay for name in ids(path)]


def datatrove(path: Path) -> Kept:
    """The four MinHash steps of datatrove at their defaults, one task each but 14 for the buckets."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup.minhash import (
        MinhashConfig,
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
        MinhashDedupSignature,
    )
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    with path.open("rb") as file:
        wide = any("\u4e00" <= letter < "\ua000" for letter in orjson.loads(file.readline())["body"])
    language = "zho" if wide else "eng"
    config = MinhashConfig()

    def read() -> JsonlReader:
        return JsonlReader(str(path.parent), glob_pattern=path.name, text_key="body", compression=None)

    with tempfile.TemporaryDirectory() as folder:
        steps = [
            ([read(), MinhashDedupSignature(f"{folder}/signatures", config, language)], 1),
            ([MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/buckets", config=config)], config.num_buckets),
            ([MinhashDedupCluster(f"{folder}/buckets", f"{folder}/removed", config)], 1),
            ([read(), MinhashDedupFilter(f"{folder}/removed"), JsonlWriter(f"{folder}/kept", compression=None)], 1),
        ]
        for number, (pipeline, tasks) in enumerate(steps):
            LocalPipelineExecutor(pipeline=pipeline, tasks=tasks, workers=1, logging_dir=f"{folder}/logs{number}").run()
        stay = set()
        for kept in Path(f"{folder}/kept").glob("*.jsonl"):
            with kept.open("rb") as file:
                stay |= {orjson.loads(line)["id"] for line in file}
    return [name in stay for name in ids(path)]


def semhash_readme(path: Path) -> Kept:
    """SemHash as its README shows it; its model is downloaded."""
    return _semhash(path, None)


def semhash_hashed(path: Path) -> Kept:
    """SemHash without a model from elsewhere: its search over vectors of hashed runs of 5 characters, 256 wide, at its threshold."""
    return _semhash(path, Hashed())


class Hashed:
    """An encoder of texts as SemHash takes them."""

    def encode(self, sentences: list[str], **_: object) -> np.ndarray:
        """The vectors of texts (float32, texts x 256)."""
        from sklearn.feature_extraction.text import HashingVectorizer

        made = HashingVectorizer(analyzer="char", ngram_range=(5, 5), n_features=256).transform(sentences)
        vectors: np.ndarray = made.toarray().astype("float32")
        return vectors


def _semhash(path: Path, model: Hashed | None) -> Kept:
    from semhash import SemHash

    with path.open("rb") as file:
        records = [{"id": row["id"], "text": row["body"]} for row in map(orjson.loads, file)]
    found = SemHash.from_records(records, columns=["text"], model=model).self_deduplicate()
    stay = {record["id"] for record in found.selected}
    return [record["id"] in stay for record in records]
