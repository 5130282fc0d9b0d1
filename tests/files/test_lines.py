"""Lines: their ends, their encodings, and none that is longer than allowed."""

import io

import pytest

from dedup.errors import InputError
from dedup.files.lines import read_lines

CHINESE = "新华社北京十二月十日电，国家统计局发布数据。"


def lines(data, largest=1000):
    return list(read_lines(io.BufferedReader(io.BytesIO(data)), largest))


def test_each_line_keeps_its_end():
    assert [(line.text, line.end, line.number) for line in lines(b"a\r\nb\n\nc")] == [
        ("a", "\r\n", 1),
        ("b", "\n", 2),
        ("", "\n", 3),
        ("c", "", 4),
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_the_encoding_of_the_beginning_is_that_of_the_lines(encoding):
    texts = [line.text.removeprefix("\ufeff") for line in lines(f"{CHINESE}\r\n短\r\n{CHINESE}".encode(encoding))]
    assert texts == [CHINESE, "短", CHINESE]


def test_mixed_encodings_are_told_line_by_line():
    first, second, third = lines(CHINESE.encode() + b"\n" + (CHINESE * 2).encode("gb18030") + b"\n" + b"plain")
    assert (first.text, first.guessed) == (CHINESE, False)
    assert (second.text, second.encoding, second.guessed) == (CHINESE * 2, "gb18030", True)
    assert (third.text, third.guessed) == ("plain", False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_that_is_too_long_is_an_error_and_the_next_one_is_read(encoding):
    found = lines(("short\n" + "long" * 5000 + "\nend").encode(encoding))
    assert [line.text.removeprefix("\ufeff") if not isinstance(line, InputError) else line.line for line in found] == ["short", 2, "end"]
    assert "larger than 1,000 bytes" in found[1].reason


def test_a_line_of_nul_bytes_is_an_error():
    _, error, _ = lines(b"a\n" + b"\0" * 50 + b"\xff\xfe\xff\nb")
    assert (error.line, error.reason.startswith("not a text")) == (2, True)
