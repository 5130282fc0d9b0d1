"""Web pages: the main text and what the page says of itself."""

from pages import PARAGRAPHS, html
from rowwise import read, rows, written

import dedup
from dedup.files import page
from dedup.files.columns import Row


def test_a_page_is_one_row():
    (row,) = rows(read(page.read, html(PARAGRAPHS))[0])
    assert tuple(row) == page.COLUMNS
    assert (row["title"], row["author"], row["date"], row["url"]) == ("Bridge opens", "Ann Lee", "2023-12-10", "http://x.org/bridge")
    assert row["text"].split("\n")[-8:] == PARAGRAPHS


def test_a_body_that_comes_twice_comes_out_once():
    (row,) = rows(read(page.read, html([" ".join(PARAGRAPHS), *PARAGRAPHS]))[0])
    assert row["text"].count(PARAGRAPHS[3]) == 2
    assert dedup.clean(row["text"]).text.count(PARAGRAPHS[3]) == 1


def test_a_page_without_a_text_has_an_empty_one():
    for data in (b"", b" \n", b"<html></html>", b"<p>"):
        (row,) = rows(read(page.read, data)[0])
        assert row["text"] == ""


def test_an_article_as_a_page_is_read_back():
    text = "\n".join(PARAGRAPHS)
    out = written(page.write, [Row({"title": "A & B <i>", "date": "2023-12-10", "url": "http://x.org/a", "text": text}, 1)])
    (row,) = rows(read(page.read, out)[0])
    assert (row["title"], row["date"], row["url"]) == ("A & B <i>", "2023-12-10", "http://x.org/a")
    assert row["text"].endswith(text)
