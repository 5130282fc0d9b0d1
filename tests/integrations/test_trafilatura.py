"""Pages whose body stands twice: trafilatura's text has it twice, `extract_clean` once."""

import pytest
import trafilatura
from texts import chinese

import dedup
from dedup.integrations.trafilatura import extract_clean

SAID = [f"The council met on evening number {day} in the old town hall and heard the engineers about street {day}." for day in range(4)]
HAN = [chinese(seed, 60) for seed in range(4)]
PARAGRAPHS = "<p>{0}</p><p>{1}</p><p>{2}</p><p>{3}</p>"
DOUBLE = {
    "a summary holds the body in one piece": f"<article><div class='summary'>{{0}}{{1}}{{2}}{{3}}</div><div>{PARAGRAPHS}</div></article>",
    "a second article for a small screen": "<div class='post-content'><article><div class='entry-content'>"
    f"{PARAGRAPHS}</div></article><article class='amp'>{PARAGRAPHS}</article></div>",
}
LONG = "Line that has to have at least 125 characters for the body to be found twice, so here is some filler text text text text text."
KNOWN = {  # that some releases of trafilatura print twice, by its issues
    "768, main and article, a line break in front": (f"<main><article><div><br>{LONG}</div></article></main>", [LONG]),
    "768, an article in an article": (f"<article><article><br>{LONG}</article></article>", [LONG]),
    "817, a long paragraph beside": (f"<div id='content'><p>{SAID[0]}</p></div><p>{LONG}</p>", [SAID[0], LONG]),
    "879, a small article": (f"<nav>menu</nav><article><h1>The Chronicle</h1><p>{SAID[0]}</p><p>{SAID[1]}</p></article>", SAID[:2]),
}


@pytest.mark.parametrize("said", [SAID, HAN], ids=["english", "chinese"])
@pytest.mark.parametrize("page", DOUBLE)
def test_a_body_that_stands_twice_comes_out_once(page, said):
    html = f"<html><head><title>Streets</title></head><body>{DOUBLE[page].format(*said)}</body></html>"
    assert trafilatura.extract(html).count(said[2]) == 2
    result = extract_clean(html)
    assert result.paragraphs == tuple(said)
    assert result.document.title == "Streets"
    assert result.removed


@pytest.mark.parametrize("page", KNOWN)
def test_the_pages_of_its_issues_come_out_once(page):
    html, said = KNOWN[page]
    assert [text for text in extract_clean(f"<html><body>{html}</body></html>").paragraphs if text != "The Chronicle"] == said
    twice = "\n".join([*said, *said])  # what a release with the fault prints
    if len(said) > 1:
        assert dedup.clean(twice).paragraphs == tuple(said)


def test_bytes_tell_their_encoding_and_an_address_is_kept():
    html = f"<html><head><meta charset='gb18030'></head><body><article>{PARAGRAPHS.format(*HAN)}</article></body></html>"
    result = extract_clean(html.encode("gb18030"), "https://example.org/2024/05/14/a.html")
    assert result.paragraphs == tuple(HAN)
    assert result.document.url == "https://example.org/2024/05/14/a.html"


@pytest.mark.parametrize("html", ["", "   ", b"", "no page at all", "<html></html>", "\udc80"])
def test_what_holds_no_text_gives_an_empty_one(html):
    assert isinstance(extract_clean(html), dedup.Clean)
