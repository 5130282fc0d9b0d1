"""Which format a file has: by its suffix, by what was said, by its first bytes."""

import gzip
import io
from pathlib import Path

import pytest

from dedup.errors import ConfigError, InputError
from dedup.files.columns import Row
from dedup.files.formats import FORMATS, Kind, checked, kind_of, opened, without_suffix


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", Kind("txt")),
        ("A.JSONL.GZ", Kind("jsonl", "gzip")),
        ("a.ndjson.zst", Kind("jsonl", "zstd")),
        ("a.b.csv.bz2", Kind("csv", "bzip2")),
        ("..txt", Kind("txt")),
        ("a.feather", Kind("arrow")),
        ("a.warc.xz", Kind("warc", "xz")),
        ("a.gz", Kind("", "gzip")),
        ("a.png", Kind("")),
        ("txt", Kind("")),
        (".txt", Kind("")),
    ],
)
def test_suffixes_in_any_case_say_the_kind(name, kind):
    assert kind_of(Path(name)) == kind


def test_what_is_said_goes_over_the_suffix():
    assert kind_of(Path("a.txt.gz"), "JSONL") == Kind("jsonl", "gzip", told=True)
    assert checked("ndjson") == "jsonl"
    with pytest.raises(ConfigError, match=r"did you mean parquet\?"):
        checked("parqet")


@pytest.mark.parametrize(("name", "rest"), [("a.jsonl.gz", "a"), ("a.b.csv", "a.b"), ("corpus", "corpus"), ("a.v2", "a.v2")])
def test_suffixes_come_off(name, rest):
    assert without_suffix(Path(name)) == Path(rest)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'{"text": 1}\n', "jsonl"),
        (b'\xef\xbb\xbf [ {"text": 1}]', "json"),
        (b"[1] A footnote begins the article.", "txt"),
        (b"{{template}} begins it.", "txt"),
        (b"<!DOCTYPE html><html>", "html"),
        (b"PAR1\x15...", "parquet"),
        (b"ARROW1\0\0", "arrow"),
        (b"PAR1 is a rating.", "txt"),
        (b"ARROW1 flies.", "txt"),
        (b"WARC/1.0 is how web archives begin.", "txt"),
        (b"BZh91 is how they begin.", "txt"),
        (b"WARC/1.0\r\n", "warc"),
        (b"", "txt"),
        ("文章".encode(), "txt"),
    ],
)
def test_first_bytes_tell_what_a_name_does_not(data, name):
    for packed in (data, gzip.compress(data)):
        stream, kind = opened(io.BufferedReader(io.BytesIO(packed)), Kind(""))
        assert (kind.name, stream.read()) == (name, data)


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (gzip.compress(b"x", mtime=0), Kind("txt"), "named like a .txt file, but gzip data"),
        (b"PAR1\x15...", Kind("jsonl"), "named like a .jsonl file, but Parquet data"),
        (b"%PDF-1.7", Kind("html"), "named like a .html file, but a PDF document"),
        (b"plain", Kind("txt", "gzip"), "named like a gzip file, but not gzip data"),
    ],
)
def test_a_suffix_that_lies_is_an_error(data, kind, reason):
    with pytest.raises(InputError) as caught:
        opened(io.BufferedReader(io.BytesIO(data)), kind)
    assert caught.value.reason == reason


@pytest.mark.parametrize("begin", ["PAR1", "ARROW1y", "WARC/1.0", "BZh9"])
def test_a_table_whose_first_column_is_called_like_another_format_is_read(begin):
    stream, kind = opened(io.BufferedReader(io.BytesIO(f"{begin},text\n1,a\n".encode())), Kind("csv"))
    assert [dict(row.columns) for row in kind.format.read(stream, 1 << 20) if isinstance(row, Row)] == [{begin: "1", "text": "a"}]


def test_every_suffix_belongs_to_one_format():
    suffixes = [suffix for form in FORMATS.values() for suffix in form.suffixes]
    assert len(suffixes) == len(set(suffixes))
