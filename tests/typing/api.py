"""The public names as a typed program uses them. test_api.py runs it, and has mypy (strict) and pyright (strict) read it."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, assert_type

import polars as pl

import dedup
from dedup.integrations.frames import clean_column, drop_duplicates, mark_duplicates
from dedup.integrations.trafilatura import extract_clean

TEXT = "The council met on Tuesday evening.It voted for the bridge.\nThe council met on Tuesday evening.\nIt voted for the bridge."


def cleaning() -> None:
    row: dict[str, object] = {"id": 1, "body": TEXT}
    for article in (TEXT, TEXT.encode(), row, dedup.Document(TEXT)):
        assert_type(dedup.clean(article), dedup.Clean)
    result = dedup.clean(TEXT, dedup.Config(repeats=dedup.Repeats(least_score=0.9)))
    assert_type(result.text, str)
    assert_type(result.paragraphs, tuple[str, ...])
    assert_type(result.changed, bool)
    assert_type(result.explain(), str)
    assert_type(result.document.date, datetime.date | None)
    assert_type(result.document.extra, Mapping[str, Any])
    for removed in result.removed:
        assert_type(removed, dedup.Repeat)
        assert_type(removed.span, dedup.Span)
        assert_type(removed.score, float)
    assert_type(dedup.clean_all(iter([TEXT, TEXT])), Iterator[dedup.Clean])
    assert_type(list(dedup.clean_all([row], workers=1)), list[dedup.Clean])
    assert_type(dedup.clean_texts([TEXT], workers=1), list[str])
    missing: list[str | None] = [TEXT, None]
    assert_type(dedup.clean_texts(missing), list[str | None])
    assert_type(extract_clean("<p>A page.</p>"), dedup.Clean)


def dropping() -> None:
    texts = dedup.deduplicate([TEXT, TEXT], keep="first", against=["old"], config=dedup.Config(), workers=1)
    assert_type(texts, dedup.Deduplicated[str])
    assert_type(texts.kept, list[str])
    assert_type(bool(texts.keep[0]), bool)
    rows: list[dict[str, int | str]] = [{"body": TEXT, "views": 3}, {"body": TEXT, "views": 4}]
    best = dedup.deduplicate(rows, text="body", keep=lambda row: row["views"])
    assert_type(best.kept, list[dict[str, int | str]])
    documents = dedup.deduplicate([dedup.Document(TEXT)])
    assert_type(documents.kept, list[dedup.Document])
    assert_type(documents.clusters, tuple[dedup.Cluster, ...])
    assert_type(documents.marks(), dedup.Marks)
    assert documents.marks().of.tolist() == [0]
    for duplicate in best.removed:
        assert_type(duplicate, dedup.Duplicate)
        assert_type((duplicate.row, duplicate.of_id), tuple[int, str | None])


def remembering() -> None:
    index = dedup.Index(dedup.Config(near=dedup.Near(threshold=0.9), exact=dedup.Exact(), repair=dedup.Repair()))
    assert_type(index.add(TEXT, "a"), str)
    found = index.find(dedup.Document(TEXT))
    assert_type(found, tuple[dedup.Match, ...])
    assert_type(found[0].id, str)
    assert_type(index.find_or_add(TEXT, "b"), tuple[dedup.Match, ...])
    assert_type(index.find_all([TEXT]), list[tuple[dedup.Match, ...]])
    assert_type((len(index), "a" in index), tuple[int, bool])
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder, "seen.index"))
        assert_type(dedup.Index.load(Path(folder, "seen.index"), index.config), dedup.Index)


def refusing() -> None:
    try:
        dedup.Config.load("no such file.toml")
    except dedup.ConfigError as error:
        whole: dedup.DedupError = error
        assert str(whole)
    try:
        dedup.deduplicate([{"x": "y"}], text="body")
    except dedup.InputError as error:
        assert_type(error.line, int | None)
        assert_type(error.field, str | None)
    for kind in (dedup.IndexMismatchError, dedup.MissingExtraError):
        assert issubclass(kind, dedup.DedupError)


def integrating() -> None:
    frame = pl.DataFrame({"text": [TEXT]})
    assert_type(clean_column(frame, "text"), pl.DataFrame)
    assert_type(drop_duplicates(frame, "text", keep="first"), pl.DataFrame)
    assert_type(mark_duplicates(frame.lazy(), "text"), pl.LazyFrame)


def main() -> None:
    cleaning()
    dropping()
    remembering()
    refusing()
    integrating()


if __name__ == "__main__":
    main()
