"""Frames on an engine give what one machine gives for the rows sorted by id: evidence, kept rows, report."""

import random

import pytest
from engine_rows import corpus, evidence, expected, frame
from texts import article, changed

import dedup
from dedup.config import Config, Exact, Near
from dedup.integrations.spark import clean, deduplicate, find_duplicates, gathered, mark_duplicates, proposing, ranking, stars

NUMBERED = "id bigint, text string, date string, rank int"


def named(rows):
    return sorted(({**row, "id": f"r{row['id']}"} for row in rows), key=lambda row: row["id"])


@pytest.mark.parametrize("partitions", [1, 2, 7, 200])
@pytest.mark.usefixtures("way")
def test_whatever_the_partitions(sail, partitions):
    rows = named(corpus())
    one = dedup.deduplicate(rows, text="text")
    found = find_duplicates(frame(sail, rows[::-1], partitions), "text")
    assert evidence(found) == expected(one)
    assert found.report == one.report
    assert [row.asDict() for row in found.kept.orderBy("id").collect()] == one.kept
    assert {gone.kind for gone in one.removed} == {"exact", "near"}


@pytest.mark.usefixtures("way")
def test_rows_that_differ_in_capitals_alone(sail):
    """Which stays is decided by its text, as on one machine, whatever the order and the batches."""
    texts = [article(number, 12) for number in range(12)]
    rows = [{"text": said, "date": "", "rank": 0} for text in texts for said in (text, text.upper(), text.title(), text.swapcase())]
    found = []
    for seed in range(3):
        mixed = [{**row, "id": f"r{place:02}"} for place, row in enumerate(random.Random(seed).sample(rows, len(rows)))]
        one = dedup.deduplicate(mixed, text="text")
        two = find_duplicates(frame(sail, mixed, 1 + 3 * seed), "text")
        assert evidence(two) == expected(one)
        found.append(sorted(row["text"] for row in one.kept))
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == len(texts)


@pytest.mark.parametrize("keep", ["first", "last", "newest", "oldest", "none"])
@pytest.mark.usefixtures("way")
def test_every_policy(sail, keep):
    rows = sorted(corpus(25), key=lambda row: row["id"])
    old = [{**row, "id": 10 * row["id"] + 200_000} for row in rows[::9]]
    for against in (None, old):
        one = dedup.deduplicate(rows, text="text", keep=keep, against=against)
        before = None if against is None else frame(sail, old, 2, NUMBERED)
        found = find_duplicates(frame(sail, rows, 3, NUMBERED), "text", keep=keep, against=before)
        told = [(str(gone), str(of), *rest) for gone, of, *rest in evidence(found)]
        assert told == expected(one)
        assert found.report == one.report


@pytest.mark.usefixtures("way")
def test_a_column_as_policy(sail):
    from pyspark.sql import functions as F  # noqa: N812 - its usual name

    rows = named(corpus(15))
    one = dedup.deduplicate(rows, text="text", keep=lambda row: row["rank"])
    found = find_duplicates(frame(sail, rows, 3), "text", keep=F.col("rank"))
    assert evidence(found) == expected(one)
    assert found.report == one.report


@pytest.mark.parametrize(
    "config",
    [
        Config(near=Near(enabled=False)),
        Config(exact=Exact(enabled=False)),
        Config(near=Near(measure="shingles", threshold=0.6, permutations=30, halves=7)),
        Config(near=Near(most_rows=1, least_weight=10, numbers=False)),
    ],
    ids=["equal rows alone", "near alone", "shingles", "no pairs of all"],
)
@pytest.mark.usefixtures("way")
def test_settings(sail, config):
    rows = named(corpus(20))
    one = dedup.deduplicate(rows, text="text", config=config)
    found = find_duplicates(frame(sail, rows, 3), "text", config=config)
    assert evidence(found) == expected(one)
    assert found.report == one.report


def test_bins_parts_and_rounds_make_no_difference(sail, monkeypatch):
    """What is one task here is many on a cluster: small bins of ranks, parts of bands, stars in rounds."""
    monkeypatch.setattr(gathered, "ROWS", 0)
    monkeypatch.setattr(ranking, "_BIN", 64)
    monkeypatch.setattr(ranking, "_SAMPLE", 16)
    monkeypatch.setattr(proposing, "BIN", 32)
    monkeypatch.setattr(proposing, "_KEYS", 64)
    rows = named(corpus(40))
    for at_once in (0, 20, 1 << 20):
        monkeypatch.setattr(stars, "_AT_ONCE", at_once)
        found = find_duplicates(frame(sail, rows, 5), "text", keep="first")
        one = dedup.deduplicate(rows, text="text", keep="first")
        assert evidence(found) == expected(one)
        assert found.report == one.report


def test_chains_end_in_one_task(sail, monkeypatch):
    """A row far from the first but near to the second, many times over: more rounds than are made."""
    monkeypatch.setattr(gathered, "ROWS", 0)
    monkeypatch.setattr(stars, "_AT_ONCE", 0)
    monkeypatch.setattr(stars, "_ROUNDS", 1)
    text, rows = article(1, 120), []
    for number in range(24):
        rows.append({"id": f"{number:03}", "text": text, "date": "", "rank": 0})
        text = changed(text, 0.07, number)
    one = dedup.deduplicate(rows, text="text", keep="first")
    assert 1 < len(one.kept) < 23
    assert evidence(find_duplicates(frame(sail, rows, 2), "text", keep="first")) == expected(one)


@pytest.mark.usefixtures("way")
def test_a_hub_of_nearly_equal_rows(sail):
    """A bucket that all rows share costs a few pairs a row, and its first row is no burden to one task."""
    rows = [
        {
            "id": f"{number:05}",
            "text": f"{article(2, 40)} {chr(97 + number % 26)}{chr(97 + number // 26 % 26)}{number // 676}",
            "date": "",
            "rank": 0,
        }
        for number in range(2000)
    ]
    one = dedup.deduplicate(rows, text="text", keep="first")
    found = find_duplicates(frame(sail, rows, 3), "text", keep="first")
    assert evidence(found) == expected(one)
    assert one.report.kept < 20
    assert found.report.compared == one.report.compared < 40_000


def test_a_hub_of_equal_rows(sail, way):
    """A million equal rows are settled batch by batch: no pair is compared, and all but one name the same row."""
    from pyspark.sql import functions as F  # noqa: N812 - its usual name

    rows = 100_000 if way == "one task" else 1_000_000
    df = sail.range(rows).withColumn("text", F.lit(article(1, 60)))
    found = find_duplicates(df, "text", keep="first")
    assert found.report[:7] == (rows, 1, rows - 1, 0, 0, 0, 0)
    assert [row["of"] for row in found.removed.select("of").distinct().collect()] == [0]


def test_marks(sail):
    rows = named(corpus(5))
    one = {gone.id: gone for gone in dedup.deduplicate(rows, text="text").removed}
    marked = mark_duplicates(frame(sail, rows, 2), "text").collect()
    assert len(marked) == len(rows)
    for row in marked:
        gone = one.get(row["id"])
        told = (row["dedup_kept"], row["dedup_of"], row["dedup_score"], row["dedup_kind"], row["dedup_old"])
        assert told == ((True, row["id"], 1.0, None, False) if gone is None else (False, gone.of_id, gone.score, gone.kind, gone.old))
    with pytest.raises(dedup.ConfigError, match="another prefix"):
        mark_duplicates(frame(sail, rows, 2).withColumnRenamed("rank", "kept"), "text", prefix="")


def test_rows_without_ids_are_named_by_content(sail):
    rows = [(row["text"], row["date"]) for row in corpus(8)] + [("", "x"), ("", "x"), (article(1), "y"), (article(1), "y")]
    told = []
    for partitions in (1, 4):
        df = sail.createDataFrame(rows, "text string, date string").repartition(partitions)
        found = find_duplicates(df, "text")
        assert deduplicate(df, "text").columns == ["text", "date"]
        told.append((evidence(found), sorted((row["text"] or "", row["date"]) for row in found.kept.collect()), found.report))
    assert told[0] == told[1]
    ids = sorted(row["dedup_id"] for row in found.rows.collect())
    assert len(set(ids)) == len(rows)
    one = dedup.deduplicate([{"id": row["dedup_id"], "text": row["text"]} for row in found.rows.orderBy("dedup_id").collect()], text="text")
    assert told[0][0] == expected(one)
    assert told[0][2] == one.report


def test_cleaning_is_that_of_one_machine(sail):
    doubled = "\n".join([article(1).replace("\n", " "), *[article(1, 40)] * 2, "It was cold."])
    texts = [doubled, None, "", "Title: A\nDate: None\n\nRain fell.It was cold.\nRain fell.\nIt was cold."]
    df = sail.createDataFrame(list(enumerate(texts)), "id int, text string").repartition(2)
    cleaned = [row["text"] for row in clean(df, "text").orderBy("id").collect()]
    assert cleaned == [None if text is None else dedup.clean(text).text for text in texts]
    assert cleaned[3] != texts[3]


@pytest.mark.usefixtures("way")
def test_what_is_wrong_with_rows_is_named(sail):
    df = sail.createDataFrame([(1, "a"), (1, "b"), (2, "c")], "id int, text string")
    with pytest.raises(dedup.InputError, match="the id 1 stands more than once"):
        deduplicate(df, "text")
    with pytest.raises(dedup.InputError, match="no id"):
        deduplicate(sail.createDataFrame([(None, "a")], "id int, text string"), "text")
    with pytest.raises(dedup.InputError, match="no such column, but id, text"):
        deduplicate(df, "body")
    with pytest.raises(dedup.InputError, match="int, not string"):
        clean(df, "id")
    with pytest.raises(dedup.ConfigError, match="whole numbers or strings, not double"):
        deduplicate(df.selectExpr("cast(id as double) as id", "text"), "text")
    with pytest.raises(dedup.ConfigError, match="keep must be one of"):
        deduplicate(df, "text", keep="shortest")
