"""A result as a file: the header in its own words, and what was found out."""

import datetime

import pytest

import dedup
from dedup.files.txt import render
from dedup.model import Clean, Document, HeaderField, Span

DAY = datetime.date(2023, 12, 10)


def clean(fields, text="one\ntwo", **known):
    return Clean(
        Document("", **known), text, tuple(text.split("\n")), "", Span(0, 0), tuple(HeaderField(*field) for field in fields), (), ()
    )


def test_without_a_header_there_is_the_body_alone():
    assert render(clean([], title="T", site="S", date=DAY)) == "one\ntwo\n"


def test_nothing_gives_an_empty_file():
    assert render(clean([], text="")) == ""


def test_a_header_without_a_body_has_no_empty_line():
    assert render(clean([("title", "Title", ": ", "T")], text="", title="T")) == "Title: T\n"


def test_lines_keep_their_words_order_and_separators():
    fields = [
        ("date", "日期", "：", "2023年12月10日 08:30"),
        ("title", "标题", "：", "T_网"),
        ("", "Tags", " : ", "a, b"),
        ("source", "来源", "：", "X"),
        ("author", "AUTHOR", ":", "A"),
    ]
    text = render(clean(fields, title="T", site="网", date=DAY, author="A"))
    assert text.split("\n\n")[0].split("\n") == ["日期：2023年12月10日 08:30", "标题：T", "网站：网", "Tags : a, b", "来源：X", "AUTHOR:A"]


def test_what_was_found_stands_where_the_header_said_nothing():
    fields = [("title", "Title", ": ", None), ("date", "Date", ": ", None), ("url", "URL", ":", None), ("author", "Author", ":", None)]
    assert render(clean(fields, date=DAY, url="http://x/")).startswith("Title: None\nDate: 2023-12-10\nURL:http://x/\nAuthor: None\n\n")


def test_a_date_that_could_not_be_read_stays_as_it_was():
    assert render(clean([("date", "Date", ": ", "03/04/2023")], date=DAY)).startswith("Date: 03/04/2023\n")


@pytest.mark.parametrize(
    ("label", "site"),
    [
        ("Title", "Site"),
        ("TITLE", "SITE"),
        ("title", "site"),
        ("標題", "網站"),
        ("タイトル", "サイト"),
        ("제목", "사이트"),
        ("Titre", "Site"),
    ],
)
def test_the_site_gets_a_line_in_the_language_of_the_title(label, site):
    assert render(clean([("title", label, ": ", "T - S")], title="T", site="S")).startswith(f"{label}: T\n{site}: S\n\n")


def test_a_site_that_has_a_line_gets_no_second_one():
    fields = [("title", "Title", ": ", "T"), ("site", "Website", ": ", None)]
    assert render(clean(fields, title="T", site="S")).startswith("Title: T\nWebsite: S\n\n")


@pytest.mark.parametrize(
    "raw",
    [
        "Title: T\n_网\nDate: None\nURL: http://www.x.com/2023-12/10/c_1.htm\n\nBody one.\nBody two.",
        "标题：题\n_深思网\n日期：\n链接：http://www.x.com/content/2023-12/10/c.htm\n\n正文一。\n正文二。",
        "TITLE:A\nDATE:N/A\nURL:null\n\nBody.",
        "Title: A - B\nAuthor: X\n\n\n\nBody.\n\nOther body.\n\n",
        "Title: only a header",
        "Site: S\nTitle: A | S\n\nBody",
        "no header at all\n\n  indented",
        " \n\t\n",
        "",
        "Title:\nover two\n_lines\nDate:\n2023-12-10\n\nBody",
    ],
)
def test_cleaning_what_was_written_changes_nothing(raw):
    once = render(dedup.clean(raw))
    assert render(dedup.clean(once)) == once
