"""JSON arrays: read and written element by element, with the white space between."""

import json

import pytest
from rowwise import read, rows, written

from dedup.errors import InputError
from dedup.files import json_array
from dedup.files.columns import Row

ARRAYS = [
    b"[]\n",
    b'[{"text":"a"}]',
    b'\xef\xbb\xbf[ {"text" : "a"} ,\r\n\t{"text":"b", "n":[1,{"x":2}]}\r\n]\r\n',
    json.dumps([{"text": "文" * 300, "n": i} for i in range(2_000)], ensure_ascii=False, indent=1).encode(),
    b'{"text":"alone"}\n',
    b'{"text":"one"}\n{"text":"after the other"}\n',
]


@pytest.mark.parametrize("data", ARRAYS)
def test_arrays_that_did_not_change_are_the_same_bytes(data):
    contents, errors = read(json_array.read, data)
    assert errors == []
    assert written(json_array.write, contents) == data


@pytest.mark.parametrize("data", ARRAYS[1:4])
def test_changed_arrays_are_arrays_of_the_same_shape(data):
    contents, _ = read(json_array.read, data)
    out = written(json_array.write, contents, {"text": "new"})
    assert json.loads(out.decode("utf-8-sig")) == [{**row, "text": "new"} for row in rows(contents)]
    assert out.count(b"\n") == data.count(b"\n")


@pytest.mark.parametrize("keep", [0, 1, 2])
def test_what_is_left_of_an_array_is_an_array(keep):
    contents, _ = read(json_array.read, b'[\n  {"text":"a"},\n  {"text":"b"}\n]\n')
    out = written(json_array.write, contents, keep=lambda row: row.line - 2 < keep)
    assert [row["text"] for row in json.loads(out)] == ["a", "b"][:keep]


@pytest.mark.parametrize(
    ("data", "texts", "line", "reason"),
    [
        (b'[\n{"text":"a"},\n5,\n{"text":"b"}]', ["a", "b"], 3, "not an object but a number"),
        (b'[{"text":"a"},\n{"text":', ["a"], 2, "broken JSON, or cut off"),
        (b'[{"text":"a"}', ["a"], 1, "the array has no end"),
        (b'[{"text":"a"} {"text":"b"}]', ["a"], 1, "the array has no end"),
        (b'[{"text":"a"},]', ["a"], 1, "broken JSON"),
        (b"[", [], 1, "broken JSON"),
        (b"<html>", [], 1, "broken JSON"),
        (b"[" * 200_000, [], 1, "broken JSON"),
    ],
)
def test_what_is_broken_is_an_error_with_its_line(data, texts, line, reason):
    contents, errors = read(json_array.read, data)
    assert [row["text"] for row in rows(contents)] == texts
    assert errors[0][0] == line
    assert errors[0][1].startswith(reason)


def test_rows_of_other_formats_become_an_array():
    assert json.loads(written(json_array.write, [Row({"text": "a"}, 1), Row({"text": "b"}, 2)])) == [{"text": "a"}, {"text": "b"}]
    assert written(json_array.write, []) == b"[]\n"


def test_an_element_that_is_too_large_ends_the_file():
    with pytest.raises(InputError, match=r"^2: larger than 1,048,576 bytes"):
        read(json_array.read, b'[{"text":"a"},\n{"text":"' + b"x" * (3 << 20))
