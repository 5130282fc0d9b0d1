"""Frames come back as they were: kind, index, order, types; what a cell may hold is tried in every kind of column."""

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from defect import BODY, CLEANED, STAY, TEXTS
from hypothesis import given, settings
from hypothesis import strategies as st
from texts import article, changed

import dedup
import dedup.integrations.polars
from dedup.integrations.frames import clean_column, drop_duplicates, mark_duplicates

MARKS = {
    "dedup_cluster": [0, 1, 2, 2, 3, 2],
    "dedup_kept": [True, True, True, False, True, False],
    "dedup_of": [0, 1, 2, 2, 4, 2],
}
INDEX = ["b", "a", "a", "c", "b", "z"]

PANDAS = {
    "str": "str",
    "object": object,
    "python": "string[python]",
    "arrow": "string[pyarrow]",
    "large": pd.ArrowDtype(pa.large_string()),
    "utf8": pd.ArrowDtype(pa.string()),
    "dictionary": pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string())),
    "nan": pd.StringDtype("python", na_value=float("nan")),
    "category": "category",
    "ordered": pd.CategoricalDtype([text for text in TEXTS if text is not None], ordered=True),
}
POLARS = {"string": pl.String, "categorical": pl.Categorical, "enum": pl.Enum([text for text in TEXTS if text is not None])}
POLARS["named"] = pl.Categorical(pl.Categories("of the test"))
ARROW = {
    "string": pa.string(),
    "large": pa.large_string(),
    "view": pa.string_view(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
    "ordered": pa.dictionary(pa.int8(), pa.large_string(), ordered=True),
}


def pandas_frame(kind, texts=TEXTS):
    other = {"n": range(len(texts)), "when": pd.to_datetime(["2024-01-01"] * len(texts), utc=True)}
    return pd.DataFrame({"n": other["n"], "text": pd.array(texts, dtype=PANDAS[kind]), "when": other["when"]}, index=INDEX[: len(texts)])


def arrow_table(kind, texts=TEXTS):
    halves = [pa.array(texts[:2], pa.string()), pa.array(texts[2:], pa.string())]
    column = pa.chunked_array(halves)
    return pa.table({"n": pa.array(range(len(texts)), pa.int16()), "text": column.cast(ARROW[kind])}).replace_schema_metadata({"of": "x"})


def texts_of(column):
    return [text if isinstance(text, str) else None for text in (column.to_pylist() if hasattr(column, "to_pylist") else column.to_list())]


@pytest.mark.parametrize("kind", PANDAS)
def test_pandas(kind):
    frame = pandas_frame(kind)
    before = frame.copy()
    cleaned = clean_column(frame, "text")
    assert texts_of(cleaned["text"]) == CLEANED
    assert list(cleaned.index) == INDEX
    if kind == "ordered":
        assert cleaned["text"].dtype.ordered
    elif kind != "category":
        assert cleaned["text"].dtype == frame["text"].dtype
    assert cleaned["text"].dtype.name == frame["text"].dtype.name
    pd.testing.assert_frame_equal(cleaned.drop(columns="text"), frame.drop(columns="text"))
    dropped = drop_duplicates(frame, "text", keep="first")
    pd.testing.assert_frame_equal(dropped, frame.iloc[STAY])
    marked = mark_duplicates(frame, "text", keep="first")
    pd.testing.assert_frame_equal(marked[list(frame.columns)], frame)
    assert {name: marked[name].to_list() for name in MARKS} == MARKS
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("lazy", [False, True], ids=["eager", "lazy"])
@pytest.mark.parametrize("kind", POLARS)
def test_polars(kind, lazy):
    frame = pl.DataFrame({"n": range(6), "text": pl.Series(TEXTS, dtype=POLARS[kind])})
    given = frame.lazy() if lazy else frame
    cleaned, dropped, marked = given.dedup.clean("text"), given.dedup.drop("text", keep="first"), given.dedup.mark("text", keep="first")
    assert {type(made) for made in (cleaned, dropped, marked)} == {type(given)}
    assert cleaned.lazy().collect()["text"].to_list() == CLEANED
    if kind != "enum":
        assert cleaned.lazy().collect().schema == frame.schema
    assert cleaned.lazy().collect()["text"].dtype.base_type() == frame["text"].dtype.base_type()
    assert dropped.lazy().collect().equals(frame[STAY])
    assert marked.lazy().collect().select(frame.columns).equals(frame)
    assert marked.lazy().collect().select(*MARKS).to_dict(as_series=False) == MARKS


def test_what_stands_behind_a_lazy_step_is_not_done_before_it():
    frame = pl.LazyFrame({"n": range(3), "text": [article(1), article(1), article(2)]})
    assert drop_duplicates(frame, "text", keep="first").filter(pl.col("n") > 0).collect()["n"].to_list() == [2]
    assert drop_duplicates(frame, "text", keep="last").head(1).select("n").collect()["n"].to_list() == [1]
    assert mark_duplicates(frame, "text").select("dedup_of").collect(engine="streaming")["dedup_of"].to_list() == [0, 0, 2]
    assert mark_duplicates(frame, "text").filter("dedup_kept").collect_schema().names()[-1] == "dedup_score"


@pytest.mark.parametrize("kind", ARROW)
def test_arrow(kind):
    table = arrow_table(kind)
    cleaned = clean_column(table, "text")
    assert texts_of(cleaned["text"]) == CLEANED
    assert cleaned.schema.equals(table.schema, check_metadata=True)
    assert [len(chunk) for chunk in cleaned["text"].chunks] == [2, 4]
    dropped = drop_duplicates(table, "text", keep="first")
    assert dropped.schema.equals(table.schema, check_metadata=True)
    assert dropped.to_pylist() == [table.to_pylist()[row] for row in STAY]
    marked = mark_duplicates(table, "text", keep="first")
    assert marked.select(["n", "text"]).equals(table)
    assert marked.select(list(MARKS)).to_pydict() == MARKS


@pytest.mark.parametrize(
    "frame", [pandas_frame("str", []), pandas_frame("object", []), pl.DataFrame({"text": []}), arrow_table("large", [])]
)
def test_an_empty_frame_stays_one(frame):
    assert list(clean_column(frame, "text").columns) == list(frame.columns)
    assert len(drop_duplicates(frame, "text")) == 0
    assert len(mark_duplicates(frame, "text")) == 0


def test_other_columns_of_views_come_through():
    text, data = pa.array(["Rain.", "RAIN", "Snow."], pa.string_view()), pa.array([b"1", None, b"3"], pa.binary_view())
    table = pa.table({"text": text, "data": data})
    dropped = drop_duplicates(table, "text", keep="first")
    assert dropped.schema == table.schema
    assert dropped.to_pydict() == {"text": ["Rain.", "Snow."], "data": [b"1", b"3"]}


WITHOUT = {
    "pandas": pd.DataFrame({"text": [None, None]}),
    "pandas, numbers": pd.DataFrame({"text": [float("nan"), float("nan")]}),
    "pandas, null of Arrow": pd.DataFrame({"text": pd.array([None, None], dtype=pd.ArrowDtype(pa.null()))}),
    "Polars": pl.DataFrame({"text": [None, None]}),
    "PyArrow": pa.table({"text": pa.nulls(2)}),
    "PyArrow, text": pa.table({"text": pa.nulls(2, pa.string_view())}),
    "PyArrow, no chunk": pa.table({"text": pa.chunked_array([], pa.large_string())}),
}


@pytest.mark.parametrize("kind", WITHOUT)
def test_rows_without_a_text_all_stay(kind):
    frame = WITHOUT[kind]
    assert clean_column(frame, "text") is frame or clean_column(frame, "text").equals(frame)
    assert drop_duplicates(frame, "text").equals(frame)
    assert nw.from_native(mark_duplicates(frame, "text")).get_column("dedup_kept").to_list() == [True] * len(frame)


def test_each_missing_cell_stays_the_object_that_it_was():
    missing = [None, float("nan"), pd.NA, pd.NaT]
    frame = pd.DataFrame({"text": pd.Series([*missing, TEXTS[0], "Rain.", "RAIN"], dtype=object, index=list("gfedcba"))})
    cleaned = clean_column(frame, "text")
    assert [one is other for one, other in zip(cleaned["text"], missing, strict=False)] == [True] * 4
    assert cleaned["text"].to_list()[4:] == [CLEANED[0], "Rain.", "RAIN"]
    assert cleaned["text"].dtype == object
    assert list(drop_duplicates(frame, "text", keep="first").index) == list("gfedcb")
    assert mark_duplicates(frame, "text")["dedup_score"].to_list() == [1.0] * 7


def test_odd_names_and_indexes():
    index = pd.MultiIndex.from_tuples([(1, "a"), (1, "a"), (2, "b")], names=["x", None])
    frame = pd.DataFrame({0: [TEXTS[0], "Rain.", "RAIN"], "n": [1, 2, 3]}, index=index)
    for made in (clean_column(frame, 0), mark_duplicates(frame, 0), drop_duplicates(frame, 0)):
        pd.testing.assert_index_equal(made.index, index[: len(made)])
    assert clean_column(frame[::-1], 0)[0].to_list() == ["RAIN", "Rain.", CLEANED[0]]
    table = pa.table({"text": pa.chunked_array([[], [TEXTS[0]], [], ["Rain."]], pa.string())})
    assert clean_column(table, "text")["text"].to_pylist() == [CLEANED[0], "Rain."]


def test_scores_are_the_verified_ones_and_ids_can_name_the_survivor():
    frame = pl.DataFrame({"id": ["x", "y"], "text": [changed(article(3), 0.02), article(3) + " And more."]})
    marked = frame.dedup.mark("text", id="id", prefix="d_")
    only = dedup.deduplicate(frame["text"].to_list()).removed[0]
    assert marked["d_of"].to_list() == ["y", "y"]
    assert marked["d_score"].to_list() == [only.score, 1.0]
    assert 0.8 < only.score < 1


@pytest.mark.parametrize("keep", ["longest", "first", "last", "none"])
def test_a_cluster_is_the_same_group_under_every_policy(keep):
    one, two = article(1), article(2)
    frame = pl.DataFrame({"text": [one + "!", two, one, "Rain.", two.upper(), "?" + one]})
    marked = frame.dedup.mark("text", keep=keep)
    groups = marked.with_row_index().group_by("dedup_cluster", maintain_order=True).agg("index")["index"].to_list()
    assert sorted(groups) == [[0, 2, 5], [1, 4], [3]]
    assert sorted(set(marked["dedup_cluster"])) == [0, 1, 2]
    assert marked["dedup_kept"].sum() == (1 if keep == "none" else 3)


def test_policies_look_at_the_other_columns():
    frame = pd.DataFrame({"text": [article(1)] * 3, "date": pd.to_datetime(["2024-05-01", "2024-07-01", "2024-06-01"]), "views": [3, 2, 9]})
    for keep, stays in [("first", 0), ("last", 2), ("newest", 1), ("oldest", 0), (lambda row: row["views"], 2)]:
        assert list(drop_duplicates(frame, "text", keep=keep).index) == [stays], keep
    assert len(drop_duplicates(frame, "text", config=dedup.Config(keep="newest")).index) == 1
    assert len(drop_duplicates(frame, "text", keep="none")) == 0


def test_errors_name_the_column_and_the_row():
    with pytest.raises(dedup.InputError, match=r"no such column, but n, text.*'body'"):
        clean_column(pl.DataFrame({"n": [1], "text": ["a"]}), "body")
    for step in (clean_column, mark_duplicates, drop_duplicates):
        with pytest.raises(dedup.InputError, match="the text of row 0 is int"):
            step(pd.DataFrame({"text": [1, "a"]}, dtype=object), "text")
    with pytest.raises(dedup.ConfigError, match="dedup_kept' already"):
        mark_duplicates(pl.DataFrame({"text": ["a"], "dedup_kept": [True]}), "text")
    with pytest.raises(dedup.ConfigError, match="keep must be one of"):
        drop_duplicates(pl.DataFrame({"text": ["a"]}), "text", keep="best")


def test_a_lazy_frame_of_another_engine_is_refused():
    with pytest.raises(dedup.InputError, match="duckdb has no order"):
        drop_duplicates(duckdb.sql("select 'a' as text"), "text")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.none(), st.sampled_from([*TEXTS, *BODY]), st.text(max_size=20)), max_size=12))
def test_every_frame_agrees_with_the_library(texts):
    frames = [pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)}), pd.DataFrame({"text": pd.array(texts, dtype=object)})]
    cleaned = [None if text is None else dedup.clean(text).text for text in texts]
    keep = [row for row, stays in enumerate(dedup.deduplicate([text or "" for text in texts]).keep.tolist()) if stays]
    for frame in frames:
        assert texts_of(clean_column(frame, "text")["text"]) == cleaned
        assert texts_of(drop_duplicates(frame, "text")["text"]) == [texts[row] for row in keep]
