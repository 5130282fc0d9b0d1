"""Hugging Face datasets: mapped in one process and in two, streamed, found again in the cache; types stay."""

import subprocess
import sys

import datasets
import pytest
from datasets import Dataset, Features, IterableDataset, Value
from defect import CLEANED, STAY, TEXTS
from texts import article

import dedup
from dedup.integrations.datasets import Cleaner, clean, drop

datasets.disable_progress_bars()


@pytest.fixture
def rows():
    return {"n": list(range(6)), "text": TEXTS}


@pytest.mark.parametrize("kind", ["string", "large_string"])
@pytest.mark.parametrize("processes", [None, 2])
def test_map_cleans_the_column_and_nothing_else(rows, kind, processes):
    ds = Dataset.from_dict(rows, Features({"n": Value("int8"), "text": Value(kind)}))
    cleaned = ds.map(clean, batched=True, num_proc=processes)
    assert cleaned["text"][:] == CLEANED
    assert cleaned["n"][:] == rows["n"]
    assert cleaned.features == ds.features
    assert ds["text"][:] == TEXTS


@pytest.mark.parametrize("batch_size", [1, 2, 1000])
def test_batches_of_any_size_and_single_rows_say_the_same(rows, batch_size):
    ds = Dataset.from_dict(rows)
    assert ds.map(clean, batched=True, batch_size=batch_size)["text"][:] == CLEANED
    assert ds.map(clean)["text"][:] == CLEANED


def test_a_streaming_dataset_is_cleaned_as_it_is_read(rows):
    read = []

    def source():
        for number, text in zip(rows["n"], rows["text"], strict=True):
            read.append(number)
            yield {"n": number, "text": text}

    stream = IterableDataset.from_generator(source).map(clean, batched=True, batch_size=2)
    first = next(iter(stream))
    assert first == {"n": 0, "text": CLEANED[0]}
    assert len(read) < 6
    assert [row["text"] for row in stream] == CLEANED
    assert [row["text"] for row in Dataset.from_dict(rows).to_iterable_dataset(num_shards=2).map(clean, batched=True)] == CLEANED


CACHED = """
import sys
import datasets
from dedup import Config, Repeats
from dedup.integrations.datasets import Cleaner, clean
datasets.disable_progress_bars()
ds = datasets.load_dataset("json", data_files=sys.argv[1], split="train", cache_dir=sys.argv[2])
config = Config(repeats=Repeats(least_block=30))
steps = [clean, Cleaner(config=config), Cleaner(version="another"), Cleaner("body")]
for step in steps[: int(sys.argv[3])]:
    made = ds.add_column("body", ["x"] * len(ds)).map(step, batched=True) if step == Cleaner("body") else ds.map(step, batched=True)
    print(made._fingerprint)
"""


def test_the_second_run_finds_the_first_one_in_the_cache(tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"text": "a b c"}\n{"text": "d e f"}\n')

    def run(steps):
        code = [sys.executable, "-c", CACHED, tmp_path / "rows.jsonl", tmp_path / "cache", str(steps)]
        prints = subprocess.run(code, check=True, capture_output=True, text=True).stdout.split()
        return prints, {(file.name, file.stat().st_mtime_ns) for file in (tmp_path / "cache").rglob("cache-*.arrow")}

    prints, files = run(4)
    assert len(set(prints)) == 4, "another column, other settings or another version make another fingerprint"
    assert run(4) == (prints, files)
    assert files


def test_drop_selects_the_rows_that_stay(rows):
    ds = Dataset.from_dict(rows)
    dropped = drop(ds, "text", keep="first")
    assert isinstance(dropped, Dataset)
    assert dropped["n"][:] == STAY
    assert drop(ds, "text", keep="first")._fingerprint == dropped._fingerprint
    assert drop(dropped, "text")["n"][:] == STAY
    assert drop(ds.select([3, 2]), "text", keep="last")["n"][:] == [2]


def test_policies_look_at_the_other_columns():
    ds = Dataset.from_dict({"text": [article(1)] * 3, "date": ["2024-05-01", "2024-07-01", "2024-06-01"], "views": [3, 2, 9]})
    assert drop(ds, keep="newest")["date"][:] == ["2024-07-01"]
    assert drop(ds, keep=lambda row: row["views"])["views"][:] == [9]


def test_empty_datasets_stay_empty():
    ds = Dataset.from_dict({"text": []}, Features({"text": Value("string")}))
    assert len(ds.map(clean, batched=True)) == 0
    assert len(drop(ds)) == 0


def test_errors_name_what_is_wrong(rows):
    ds = Dataset.from_dict(rows)
    with pytest.raises(dedup.InputError, match="no such column, but n, text"):
        ds.map(Cleaner("body"), batched=True)
    with pytest.raises(dedup.InputError, match="text 0 is int"):
        ds.map(Cleaner("n"), batched=True)
    with pytest.raises(dedup.InputError, match="no such column"):
        drop(ds, "body")
    with pytest.raises(dedup.InputError, match="not IterableDataset"):
        drop(ds.to_iterable_dataset())
