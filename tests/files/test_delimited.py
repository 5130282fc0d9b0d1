"""CSV and TSV: cells that did not change stay byte for byte; broken quoting costs its own line only."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rowwise import read, rows, written

from dedup.errors import ConfigError
from dedup.files import delimited
from dedup.files.columns import Row

GOOD = b'\xef\xbb\xbfid,"text",zip\r\n1,"a ""b"" c\r\nline 2",007\r\n2,plain,"08"\r\n"3","x, y",\r\n4,last,9'


def test_rows_that_did_not_change_are_the_same_bytes():
    contents, errors = read(delimited.read, GOOD)
    assert errors == []
    assert rows(contents)[0] == {"id": "1", "text": 'a "b" c\r\nline 2', "zip": "007"}
    assert written(delimited.write, contents) == GOOD


def test_a_new_text_leaves_the_other_cells_as_they_are():
    contents, _ = read(delimited.read, GOOD)
    assert written(delimited.write, contents, {"text": 'n,"q"'}) == (
        b'\xef\xbb\xbfid,"text",zip\r\n1,"n,""q""",007\r\n2,"n,""q""","08"\r\n"3","n,""q""",\r\n4,"n,""q""",9'
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'3,"bad"x,1', "broken quoting"),
        (b'3,"open,1', "broken quoting: a quote is not closed"),
        (b"3,too,many,1", "the row has 4 cells, the header 3"),
        (b"3", "the row has 1 cell, the header 3"),
        (b'3,a"b,1', "broken quoting"),
    ],
)
def test_a_broken_line_is_an_error_and_those_around_it_are_read(line, reason):
    contents, errors = read(delimited.read, b"id,text,n\n1,a,1\n" + line + b"\n4,b,1\n5,c,1\n")
    assert [row["text"] for row in rows(contents)] == ["a", "b", "c"]
    assert [number for number, _ in errors] == [3]
    assert errors[0][1].startswith(reason)


def test_a_quote_that_is_closed_far_away_by_chance_costs_two_lines_only():
    lines = [
        b"id,text",
        b'0,"open',
        *(b"%d,row" % number for number in range(1, 500)),
        b'500,"open again',
        *(b"%d,row" % n for n in range(501, 1000)),
    ]
    contents, errors = read(delimited.read, b"\n".join(lines))
    assert len(rows(contents)) == 998
    assert [number for number, _ in errors] == [2, 502]


@pytest.mark.parametrize(("data", "columns"), [(b"id;text\n1;a, b\n", {"id": "1", "text": "a, b"}), (b"text\na\n", {"text": "a"})])
def test_semicolons_and_single_columns_are_told_by_the_header(data, columns):
    contents, _ = read(delimited.read, data)
    assert rows(contents) == [columns]
    assert written(delimited.write, contents) == data


def test_a_header_alone_and_nothing_at_all_stay_what_they_are():
    for data in (b"id,text\n", b""):
        assert written(delimited.write, read(delimited.read, data)[0]) == data


def test_two_columns_of_one_name_are_an_error():
    assert read(delimited.read, b"a,a\n1,2\n")[1] == [(1, "two columns have the same name")]


def test_a_column_that_the_first_row_does_not_have_is_refused_by_name():
    with pytest.raises(ConfigError, match="'b' is not one of the output's"):
        written(delimited.write, [Row({"a": 1}, 1), Row({"a": None, "b": 2}, 2)])


CELLS = st.text(st.sampled_from('ab "\n,;\té'), max_size=6)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=6), CELLS, st.sampled_from([",", "\t"]))
def test_it_reads_and_writes_what_the_standard_library_does(table, new, delimiter):
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows([["id", "text"], *table])
    contents, errors = read(lambda stream, largest: delimited.read(stream, largest, delimiter), file.getvalue().encode())
    assert errors == []
    assert [list(row.values()) for row in rows(contents)] == table
    out = written(lambda stream, items: delimited.write(stream, items, delimiter), contents, {"text": new}).decode()
    assert list(csv.reader(io.StringIO(out), delimiter=delimiter, strict=True))[1:] == [[row[0], new] for row in table]
