import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.article.markup import has_tags, inside_tags

PIECES = ["<p>", "</p>", "<br/>", "<b>", "<p", ">", "<", "a", "段", " ", "<!--x-->", "<img src='a'>", "<pre>"]


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_the_letters_inside_tags_are_those_that_striking_the_tags_takes_away(parts):
    text = "".join(parts)
    inside = inside_tags(text, np.arange(len(text)))
    if inside is None:
        assert not has_tags(text)
        return
    left = "".join(character for character, gone in zip(text, inside, strict=True) if not gone)
    tags = r"(?i)<(?:/?(?:p|br|img|a)(?=[\s/>])[^<>]*|!--[^<>]*--)>"
    assert left == re.sub(tags, "", text)
    assert has_tags(text)


@pytest.mark.parametrize("text", ["a < b and c > d", "<b>bold</b>", "<script>", "<param>", "List<p extends q", "p>"])
def test_what_is_no_tag_of_layout_is_text(text):
    assert not has_tags(text)


def test_no_tag_is_lost_where_nothing_is_removed():
    text = "<p>The council met on Tuesday.</p><p>It voted for the bridge.</p>"
    assert dedup.clean(text).text == text
