import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.article.markup import count_settings, count_tags, has_tags, inside_tags, without_tags

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


@pytest.mark.parametrize(
    "text",
    [
        "[name](https://example.com/a_(b)?q=1)",
        "![a picture](/static/a.png)",
        "the end.[12] The next",
        'the end."[3][4]',
        "建成[1]，",
        "end.\\nNext",
        "段落\\n段落",
    ],
)
def test_addresses_references_and_escaped_breaks_are_passed_over(text):
    assert has_tags(text)
    left = without_tags(text)
    assert not {"example", "static", "1", "2", "3", "4"} & set(re.findall(r"[a-z]+|\d", left))
    assert "\\n" not in left


@pytest.mark.parametrize(
    "text", ["a[1]", "f(x)[2]", 'row["a"][1]', "rule [1]", "[1] A note", "C:\\new", "folder\\text", "[label](a, b)", "sum[1](2)"]
)
def test_code_paths_and_notes_are_text(text):
    assert not has_tags(text)


def test_a_setting_is_counted_apart_from_damage():
    text = "> quoted **twice**\n- a [link](/a)\n<br>"
    assert (count_tags(text), count_settings(text)) == (1, 5)
