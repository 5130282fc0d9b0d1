"""A header that stands behind a removed beginning is read as one, so that cleaning again changes nothing."""

import pytest
from executable import SEED

import dedup
from dedup.report.account import account

HEAD, BODY = SEED.read_bytes().decode().split("\n\n", 1)
RUN_ON, PARAGRAPHS = BODY.split("\n", 1)


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_copy_of_the_body_above_the_header_goes_and_the_header_is_read(between):
    usual = dedup.clean(f"{HEAD}\n\n{RUN_ON}\n{PARAGRAPHS}")
    result = dedup.clean(f"{RUN_ON}{between}{HEAD}\n\n{PARAGRAPHS.lstrip()}")
    assert result.text == usual.text
    assert result.fields == usual.fields
    assert result.removed
    for name in ("title", "site", "date", "url"):
        assert getattr(result.document, name) == getattr(usual.document, name)
    assert result.repaired[slice(*result.header)].split() == HEAD.split()
    assert sum(account(result)) == len(result.repaired)
    assert dedup.clean(result.text).text == result.text


def test_below_a_line_that_stays_there_is_no_header():
    own = "A line of its own stands above all."
    result = dedup.clean(f"{own}\n{RUN_ON}\n{HEAD}\n\n{PARAGRAPHS.lstrip()}")
    assert result.removed
    assert not result.fields
    assert result.text.startswith(f"{own}\n{HEAD}")
    assert dedup.clean(result.text).text == result.text
