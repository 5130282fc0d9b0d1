"""Web pages: what trafilatura finds, and nothing that is made up."""

import pytest

from dedup.files.page import columns_of

pytest.importorskip("trafilatura")

BODY = (
    "<p>The council met on Tuesday evening in the old town hall and listened to the engineers.</p>"
    "<p>Residents of the east bank, who have waited since the flood of 1998, called the vote a relief.</p>"
)


def page(head=""):
    return f"<html><head><title>Bridge approved</title>{head}</head><body><article>{BODY}</article></body></html>".encode()


def test_a_year_in_the_text_is_no_date_of_the_article():
    columns = columns_of(page())
    assert columns["date"] is None
    assert "the flood of 1998" in columns["text"]


def test_the_date_of_the_metadata_is_the_date_of_publication():
    published = '<meta property="article:published_time" content="2024-05-14T08:00:00Z">'
    modified = '<meta property="article:modified_time" content="2024-06-01T08:00:00Z">'
    assert columns_of(page(modified + published))["date"] == "2024-05-14"
