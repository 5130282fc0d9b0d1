"""Anything that holds an article to a Document."""

import datetime

import pytest

from dedup.errors import InputError
from dedup.files.rows import as_document
from dedup.model import Document


def test_a_string_is_the_text_and_a_document_is_itself():
    assert as_document("text").text == "text"
    document = Document("text")
    assert as_document(document) is document


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_are_decoded(kind):
    assert as_document(kind("文".encode())).text == "文"


@pytest.mark.parametrize("field", ["text", "body", "content"])
def test_a_row_gives_what_its_columns_say_and_keeps_the_others(field):
    row = {
        field: "body",
        "id": 7,
        "title": "T",
        "site": "S",
        "author": "A",
        "date": "2023-12-10T08:30:00",
        "url": "http://x/",
        "views": 3,
        "tags": ["a"],
    }
    document = as_document(row)
    assert (document.text, document.id, document.title, document.site, document.author) == ("body", "7", "T", "S", "A")
    assert (document.date, document.date_from, document.url) == (datetime.date(2023, 12, 10), "given", "http://x/")
    assert document.extra == {"views": 3, "tags": ["a"]}


def test_the_first_text_field_is_the_text_and_the_second_stays_a_column():
    assert as_document({"content": "long", "text": "short"}).extra == {"content": "long"}
    assert as_document({"content": "long", "text": None}).text == "long"


@pytest.mark.parametrize("day", [datetime.date(2023, 12, 10), datetime.datetime(2023, 12, 10, 8), "2023-12-10", "2023年12月10日 08:30"])
def test_a_date_may_be_a_date_or_what_a_header_could_hold(day):
    assert as_document({"text": "t", "date": day}).date == datetime.date(2023, 12, 10)


@pytest.mark.parametrize("column", [{"date": "yesterday"}, {"date": 20231210}, {"title": 5}, {"url": ["http://x/"]}, {"id": 1.5}])
def test_what_a_field_cannot_hold_stays_a_column(column):
    document = as_document({"text": "t", **column})
    assert document.extra == column
    assert (document.title, document.date, document.date_from, document.url, document.id) == (None, None, None, None, None)


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ({"title": "T"}, "text", "no text"),
        ({"body": None}, "body", "None"),
        ({"text": 5}, "text", "int, not str"),
        ({"content": ["a"]}, "content", "list, not str"),
    ],
)
def test_a_row_without_a_text_is_an_error_that_names_the_field(row, field, reason):
    with pytest.raises(InputError, match=reason) as caught:
        as_document(row)
    assert caught.value.field == field
    assert repr(field) in str(caught.value)


def test_anything_else_is_an_error_that_names_its_type():
    with pytest.raises(InputError, match="not list"):
        as_document(["text"])
