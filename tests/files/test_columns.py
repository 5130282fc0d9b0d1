"""Which column says what: named, or guessed from the usual names."""

import pytest

from dedup.config import Files
from dedup.errors import InputError
from dedup.files.columns import Fields, choose_fields, said


def test_the_usual_names_are_found_in_any_case():
    assert choose_fields(["ID", "Headline", "Body", "published", "Link", "x"], Files()) == Fields(
        "Body", "ID", "Headline", "published", "Link"
    )


def test_what_is_named_is_taken():
    given = Files(text_field="x", title_field="y")
    fields = choose_fields(["text", "x", "y", "id"], given)
    assert (fields.text, fields.title, fields.id) == ("x", "y", "id")
    assert said(fields, given) == "id from 'id'"


def test_no_column_says_two_things():
    assert choose_fields(["text", "time"], Files(title_field="time")).date is None


@pytest.mark.parametrize(
    ("columns", "given", "reason"),
    [
        (["bdoy"], Files(), "no column is named like a text (has: bdoy); name it with --text-field"),
        (["body"], Files(text_field="bdoy"), "no such column; did you mean 'body'?"),
        (["a"], Files(text_field="zzz"), "no such column (has: a)"),
    ],
)
def test_what_is_not_there_is_an_error_with_what_was_meant(columns, given, reason):
    with pytest.raises(InputError) as caught:
        choose_fields(columns, given)
    assert caught.value.reason == reason
