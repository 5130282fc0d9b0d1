"""Calls to read on: told from the ends of sentences that have the same words and marks."""

from __future__ import annotations

import pytest

from dedup.article.calls import closing_call
from dedup.model import Span


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("The bridge will be closed until …more", "…more"),
        ("The bridge will be closed until More", " More"),
        ("The bridge will be closed. more", " more"),
        ("The bridge will be closed until [more]", " [more]"),
        ("The bridge will be closed until..", ".."),
        ("大桥将封闭至[详细]", "[详细]"),
        ("The centre is in Baltimore.", ""),
        ("It took an option to buy two more.", ""),
        ("The bridge will be closed.… [Read more]", "… [Read more]"),
        ("They may invest in the U.S..", ""),
        ("نريد المزيد.", ""),
    ],
)
def test_a_call_is_told_from_a_sentence_that_ends(line: str, call: str) -> None:
    assert closing_call(line, Span(0, len(line))) == call
