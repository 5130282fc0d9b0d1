"""Parquet and Arrow: every column goes out with its type, its place and its metadata."""

import datetime
import decimal
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rowwise import read, rows, written

from dedup.errors import ConfigError
from dedup.files import columnar
from dedup.files.columns import Head, Row


def table(text_type):
    texts = pa.array(["first", None, "third", "first", "fifth"], pa.string())
    columns = {f"c{number}": pa.array([1, None, 3, 4, 5], pa.int16()) for number in range(24)}
    columns |= {
        "text": texts.dictionary_encode() if pa.types.is_dictionary(text_type) else texts.cast(text_type),
        "price": pa.array([decimal.Decimal("1.50")] * 5, pa.decimal128(9, 2)),
        "at": pa.array([datetime.datetime(2020, 1, 1)] * 5, pa.timestamp("us", "UTC")),
        "kind": pa.array(["a", "b", "a", None, "a"]).dictionary_encode(),
        "nested": pa.array([[{"x": 1}], [], None, [], []], pa.list_(pa.field("element", pa.struct([("x", pa.int8())])))),
        "raw": pa.array([b"\xff"] * 5, pa.large_binary()),
    }
    return pa.table(columns).replace_schema_metadata({"made by": "a test"})


def parquet(data, **options):
    file = io.BytesIO()
    pq.write_table(data, file, **options)
    return file.getvalue()


TYPES = [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string()), pa.binary()]


@pytest.mark.parametrize("text_type", TYPES, ids=str)
def test_thirty_columns_go_out_as_thirty_columns_and_the_text_is_new(text_type):
    source = table(text_type)
    contents, errors = read(columnar.read_parquet, parquet(source, row_group_size=2, compression="zstd"))
    assert (errors, len(contents[0].columns)) == ([], 30)
    out = pq.ParquetFile(io.BytesIO(written(columnar.write_parquet, contents, {"text": "new"})))
    assert out.schema_arrow.equals(source.schema, check_metadata=True)
    assert out.num_row_groups == 3
    assert {out.metadata.row_group(0).column(place).compression for place in range(30)} == {"ZSTD"}
    result = out.read()
    for name in source.column_names:
        wanted = ["new"] * 5 if name == "text" else source[name].to_pylist()
        assert [value.decode() if name == "text" and isinstance(value, bytes) else value for value in result[name].to_pylist()] == wanted


def test_what_did_not_change_is_the_same_table_and_the_same_bytes_every_time():
    source = table(pa.string())
    contents, _ = read(columnar.read_parquet, parquet(source))
    out = written(columnar.write_parquet, contents)
    assert pq.read_table(io.BytesIO(out)).equals(source, check_metadata=True)
    assert written(columnar.write_parquet, read(columnar.read_parquet, out)[0]) == out


def test_rows_that_stay_stay_as_they_are():
    source = table(pa.string())
    contents, _ = read(columnar.read_parquet, parquet(source, row_group_size=2))
    out = pq.read_table(io.BytesIO(written(columnar.write_parquet, contents, keep=lambda row: row.line in {2, 5})))
    assert out.equals(source.take([1, 4]), check_metadata=True)


@pytest.mark.parametrize("begin", [pa.ipc.new_file, pa.ipc.new_stream])
def test_arrow_files_and_streams_stay_what_they_are(begin):
    source = table(pa.string())
    file = io.BytesIO()
    with begin(file, source.schema) as writer:
        writer.write_table(source, max_chunksize=2)
    contents, errors = read(columnar.read_arrow, file.getvalue())
    assert errors == []
    out = written(columnar.write_arrow, contents, {"text": "new"})
    opened = pa.ipc.open_file(out) if begin is pa.ipc.new_file else pa.ipc.open_stream(out)
    result = opened.read_all()
    assert result.schema.equals(source.schema, check_metadata=True)
    assert result.drop_columns("text").equals(source.drop_columns("text"))
    assert result["text"].to_pylist() == ["new"] * 5


def test_an_empty_file_keeps_its_columns():
    source = table(pa.string()).slice(0, 0)
    out = written(columnar.write_parquet, read(columnar.read_parquet, parquet(source))[0])
    assert pq.read_table(io.BytesIO(out)).equals(source, check_metadata=True)


@pytest.mark.parametrize("cut", [4, 100, -10])
def test_a_file_that_is_cut_off_is_an_error(cut):
    contents, errors = read(columnar.read_parquet, parquet(table(pa.string()))[:cut])
    assert contents == []
    assert errors[0][1].startswith("not Parquet, or damaged")


def test_a_damaged_group_of_rows_is_an_error_with_its_rows_and_the_others_are_read():
    data = bytearray(
        parquet(pa.table({"text": [f"a text of its own {number}" for number in range(300)]}), row_group_size=100, compression="zstd")
    )
    start = pq.ParquetFile(io.BytesIO(data)).metadata.row_group(1).column(0).dictionary_page_offset
    data[start : start + 60] = b"\xff" * 60
    contents, errors = read(columnar.read_parquet, bytes(data))
    assert [line for line, _ in errors] == [101]
    assert errors[0][1].startswith("rows 101 to 200 are damaged")
    assert len(rows(contents)) == 200


def test_rows_of_other_formats_become_a_table():
    out = pq.read_table(io.BytesIO(written(columnar.write_parquet, [Head(), Row({"a": 1, "text": "x"}, 1), Row({"a": 2, "text": "y"}, 2)])))
    assert out.to_pydict() == {"a": [1, 2], "text": ["x", "y"]}


def made(*values):
    """The type and the values of a column of rows without types, each value as often as makes a batch."""
    columns = [{"x": value} for value in values for _ in range(700)]
    out = pq.read_table(io.BytesIO(written(columnar.write_parquet, [Head(), *(Row(one, line) for line, one in enumerate(columns, 1))])))
    return str(out.schema.field("x").type), [out.column("x")[place].as_py() for place in range(0, out.num_rows, 700)]


def test_a_column_has_the_type_of_all_its_values_wherever_the_odd_one_stands():
    assert made(1, 2, 3) == ("int64", [1, 2, 3])
    assert made(1, 2, 2.5) == ("double", [1.0, 2.0, 2.5])
    assert made(None, None, True) == ("bool", [None, None, True])
    assert made(1, 2, "three") == ("string", ["1", "2", "three"])
    assert made("a", {"b": 1}, [1]) == ("string", ["a", '{"b": 1}', "[1]"])
    assert made({"b": 1}, {"b": 2.5, "c": "é"}) == ("struct<b: double, c: string>", [{"b": 1.0, "c": None}, {"b": 2.5, "c": "é"}])
    assert made([1], [], ["x"], "\ud83d\ude00") == ("string", ["[1]", "[]", '["x"]', "😀"])


def test_no_number_changes_on_its_way_into_a_column():
    large = 2**53 + 1
    assert made(large, 2) == ("int64", [large, 2])
    assert made(large, 2, 0.5) == ("string", [str(large), "2", "0.5"])
    assert made(0.5, 2, large) == ("string", ["0.5", "2", str(large)])
    assert made(1, 2, 10**30) == ("string", ["1", "2", str(10**30)])


def test_a_column_that_comes_late_is_there_and_rows_before_a_typed_file_go_under_its_columns():
    early = [Row({"text": "a"}, line) for line in range(1, 3_000)]
    out = pq.read_table(io.BytesIO(written(columnar.write_parquet, [Head(), *early, Row({"text": "b", "late": 1}, 3_000)])))
    assert out.column("late").to_pylist() == [None] * 2_999 + [1]
    contents, _ = read(
        columnar.read_parquet, parquet(pa.table({"text": pa.array(["a"], pa.large_string()), "n": pa.array([1], pa.int8())}))
    )
    out = pq.read_table(io.BytesIO(written(columnar.write_parquet, [Head(), *early[:2], Row({"text": "b", "more": [1]}, 3), *contents])))
    assert str(out.schema.field("n").type) == "int8"
    assert out.column("more").to_pylist() == [None, None, [1], None]


def test_a_column_that_the_table_does_not_have_is_refused_by_name():
    contents, _ = read(columnar.read_parquet, parquet(pa.table({"text": ["a"]})))
    with pytest.raises(ConfigError, match="'b' is not one of the output's"):
        written(columnar.write_parquet, [*contents, Row({"text": "a", "b": 2}, 2)])


@pytest.mark.parametrize(("value", "said"), [("x", "'x'"), (1 << 70, str(1 << 70)), ("y" * 99, "'" + "y" * 59 + "…")])
def test_a_value_that_a_typed_column_cannot_hold_is_refused_with_its_column_and_line(value, said):
    contents, _ = read(columnar.read_parquet, parquet(pa.table({"text": ["a"], "n": [1]})))
    with pytest.raises(ConfigError) as caught:
        written(columnar.write_parquet, [*contents, Row({"text": "a", "n": 2}, 2), Row({"text": "b", "n": value}, 3)])
    expected = f"the column 'n' is int64 in the output, and line 3 of an input says {said}: write .jsonl, or file by file"
    assert str(caught.value) == expected
