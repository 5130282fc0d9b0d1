"""The account is balanced, or an error says where it is not."""

import pytest

from dedup.model import Clean, Document, Repeat, Span
from dedup.report.account import Account, AccountError, account

TEXT = "Title: T\n\none two\none\ntwo\n"
GOOD = {
    "document": Document("one\ntwo"),
    "text": "one\ntwo",
    "paragraphs": ("one", "two"),
    "repaired": TEXT,
    "header": Span(0, 8),
    "fields": (),
    "kept": (Span(18, 21), Span(22, 25)),
    "removed": (Repeat(Span(10, 17), Span(18, 25), 1.0, "block"),),
}


def test_the_parts_add_up_to_the_text():
    assert account(Clean(**GOOD)) == Account(header=8, kept=6, removed=7, white=5)
    assert sum(account(Clean(**GOOD))) == len(TEXT)


def test_merged_spans_may_stand_in_another_order():
    assert account(Clean(**{**GOOD, "text": "two\none", "kept": GOOD["kept"][::-1]})).kept == 6


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"removed": ()}, "characters 8 to 18 are neither"),
        ({"kept": (Span(18, 21),)}, "characters 21 to 26 are neither"),
        ({"kept": (Span(16, 21), Span(22, 25))}, "overlap"),
        ({"kept": (Span(18, 21), Span(22, 99))}, "overlap"),
        ({"text": "one\ntoo"}, "differs from what its kept spans hold"),
    ],
)
def test_an_imbalance_is_an_error_that_says_where(change, reason):
    with pytest.raises(AccountError, match=reason):
        account(Clean(**{**GOOD, **change}))
