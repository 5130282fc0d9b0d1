"""The real article: what a reader would make of it, to the character."""

import datetime
from pathlib import Path

import dedup
from dedup.files.txt import render
from dedup.report.account import account

RAW = (Path(__file__).parent.parent / "seeds" / "000_ea7a2108dfda12b4.txt").read_bytes()
LINES = RAW.decode().split("\n")
BLOCK, PARAGRAPHS = LINES[5], tuple(line for line in LINES[6:] if line)


def test_the_source_is_what_we_take_it_for():
    assert LINES[:5] == [
        "Title: 在中国式现代化中走在前列",
        "_深思网",
        "Date: None",
        "URL: http://www.szlilun.com/content/2023-12/10/content_30638992.htm",
        "",
    ]
    assert len(PARAGRAPHS) == 14
    assert len(BLOCK) == 1163
    assert "".join(PARAGRAPHS) == BLOCK


def test_the_copy_in_paragraphs_stays_and_the_block_goes():
    result = dedup.clean(RAW)
    assert result.paragraphs == PARAGRAPHS
    assert result.text == "\n".join(PARAGRAPHS)
    (removed,) = result.removed
    assert (removed.kind, removed.score) == ("block", 1.0)
    assert result.repaired[slice(*removed.span)] == BLOCK
    assert result.repaired[slice(*removed.of)] == "\n".join(PARAGRAPHS)
    assert account(result).removed == 1163


def test_the_header_says_what_was_found():
    document = dedup.clean(RAW).document
    assert document.title == "在中国式现代化中走在前列"
    assert document.site == "深思网"
    assert (document.date, document.date_from) == (datetime.date(2023, 12, 10), "url")
    assert document.url == "http://www.szlilun.com/content/2023-12/10/content_30638992.htm"


def test_the_file_is_this_and_stays_this():
    text = render(dedup.clean(RAW))
    header = [
        "Title: 在中国式现代化中走在前列",
        "Site: 深思网",
        "Date: 2023-12-10",
        "URL: http://www.szlilun.com/content/2023-12/10/content_30638992.htm",
    ]
    assert text == "\n".join([*header, "", *PARAGRAPHS, ""])
    assert render(dedup.clean(text)) == text
