"""Web archives: pages and plain texts are rows, everything else is passed over."""

import gzip
import io

import pytest
from pages import PARAGRAPHS, html
from rowwise import read, rows

from dedup.errors import InputError
from dedup.files import warc
from dedup.files.compression import decompressed


def record(kind, url, content_type, payload, http=b""):
    http = http or (b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n" % content_type.encode() if kind == "response" else b"")
    outer = "application/http; msgtype=response" if kind == "response" else content_type
    body = http + payload
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:{url}>\r\nWARC-Target-URI: {url}\r\nContent-Type: {outer}\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body + b"\r\n\r\n"


ARCHIVE = [
    record("warcinfo", "http://x.org/", "application/warc-fields", b"software: x\r\n"),
    record("response", "http://x.org/a", "text/html; charset=utf-8", html(PARAGRAPHS)),
    record("response", "http://x.org/b.png", "image/png", b"\x89PNG"),
    record("conversion", "http://x.org/c", "text/plain", "短文".encode()),
    record(
        "response",
        "http://x.org/d",
        "",
        gzip.compress(html(PARAGRAPHS)),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n",
    ),
]


def test_pages_and_texts_are_rows_with_their_addresses():
    contents, errors = read(warc.read, b"".join(ARCHIVE))
    assert errors == []
    page, text, encoded = rows(contents)
    assert (page["id"], page["title"], page["text"].split("\n")[-8:]) == ("urn:http://x.org/a", "Bridge opens", PARAGRAPHS)
    assert (text["url"], text["text"]) == ("http://x.org/c", "短文")
    assert encoded["text"] == page["text"]
    assert [content.line for content in contents[1:]] == [2, 4, 5]


def test_records_packed_one_by_one_are_read_as_they_come():
    data = b"".join(gzip.compress(part) for part in ARCHIVE)
    contents = list(warc.read(decompressed(io.BytesIO(data), "gzip"), 1 << 20))
    assert len(contents) == 4


def test_a_record_that_is_cut_off_is_an_error_and_those_before_it_are_read():
    data = ARCHIVE[3] + ARCHIVE[1]
    contents, errors = read(warc.read, data[:-400])
    assert [row["text"] for row in rows(contents)] == ["短文"]
    assert errors == [(2, "the record is cut off")]


@pytest.mark.parametrize("data", [b"", b"garbage", b"<html>"])
def test_what_is_no_archive_is_an_error(data):
    with pytest.raises(InputError, match="not a WARC archive"):
        read(warc.read, data)


def test_a_record_that_is_too_large_is_an_error():
    contents, errors = read(warc.read, b"".join(ARCHIVE), largest=100)
    assert len(rows(contents)) == 1
    assert [line for line, _ in errors] == [2, 5]
