"""JSON Lines: what did not change is written byte for byte."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rowwise import read, rows, written

from dedup.files import jsonl
from dedup.files.columns import Row
from dedup.files.json_text import replaced

ODD = (
    b'\xef\xbb\xbf{"a" : 1.50,"text":"x\\u00e9", "n":1e400, "b":12345678901234567890123}\r\n\r\n'
    b'{"text":"\xe6\x96\x87","text2":NaN}\n{"text":"last"}'
)


def test_rows_that_did_not_change_are_the_same_bytes():
    contents, errors = read(jsonl.read, ODD)
    assert errors == []
    assert written(jsonl.write, contents) == ODD.replace(b"\r\n\r\n", b"\r\n")


def test_a_new_text_leaves_everything_else_as_it_is():
    contents, _ = read(jsonl.read, ODD)
    lines = written(jsonl.write, contents, {"text": "né"}).split(b"\n")
    assert lines[0] == b'\xef\xbb\xbf{"a" : 1.50,"text":"n\\u00e9", "n":1e400, "b":12345678901234567890123}\r'
    assert lines[1] == '{"text":"né","text2":NaN}'.encode()


def test_a_last_line_without_an_end_that_is_not_the_last_one_any_more_gets_one():
    first, _ = read(jsonl.read, b'{"text":"a"}')
    assert written(jsonl.write, [*first, *first]) == b'{"text":"a"}\n{"text":"a"}'


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("5", "not an object but a number"),
        ("true", "not an object but true or false"),
        ('["a"]', "not an object but an array"),
        ("null", "not an object but null"),
        ('{"text":', "not JSON"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_line_that_is_no_object_is_an_error_with_its_number(line, reason):
    contents, errors = read(jsonl.read, f'{{"text":"a"}}\n{line}\n{{"text":"b"}}\n'.encode())
    assert rows(contents) == [{"text": "a"}, {"text": "b"}]
    assert [number for number, _ in errors] == [2]
    assert errors[0][1].startswith(reason)


def test_rows_of_other_formats_become_lines():
    import datetime
    import decimal

    row = Row({"d": datetime.date(2023, 12, 10), "n": decimal.Decimal("1.50"), "b": b"x", "f": 1.5, "big": 1 << 80, "s": "\ud800"}, 1)
    assert json.loads(written(jsonl.write, [row])) == {"d": "2023-12-10", "n": "1.50", "b": "x", "f": 1.5, "big": 1 << 80, "s": "?"}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), VALUES, max_size=5), st.text(), st.booleans(), st.sampled_from([None, 2]))
def test_replacing_a_value_is_what_a_dictionary_would_do(row, new, ascii_only, indent):
    row = {**row, "text": 1}
    text = json.dumps(row, ensure_ascii=ascii_only, indent=indent)
    assert json.loads(replaced(text, {"text": new})) == {**row, "text": new}
    assert json.loads(replaced(text, {"new": new})) == {**row, "new": new}
    assert replaced(text, {"text": 1}) == text
