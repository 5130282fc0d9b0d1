"""Markup: HTML tags, the addresses of Markdown links, escaped line breaks and reference marks that a scraper left in the text.

They are marks like punctuation: kept where they stand, never compared. Tags that only arrange or emphasise are passed over. A
tag that a text may be about, as in a lesson on HTML where two lines differ in `<b>` and `<i>` alone, is text as any other.
"""

from __future__ import annotations

import re

import numpy as np

# Linear: each ends at its first bracket. Each begins with its sign and looks behind from there, so that the search goes from sign to
# sign: 15 ns a character of English news with `<GM>` in it otherwise, a third of what cleaning it takes.
_TAG = (
    r"<(?:/?(?:p|br|div|span|strong|em|a|img|font|section|article|figure|figcaption|h[1-6]|ul|ol|li)(?=[\s/>])[^<>]{0,2000}|!--[^<>]{0,200}--)>"
    r"|\\(?:(?<![\w:\\]\\)[nrt]|[nrt](?![a-z]))"  # `\n` in two characters, as a line break stands in JSON; not C:\new
)
_ADDRESS = r"\]\((?:https?:|mailto:|[/#.])(?:[^()\s]|\([^()\s]{0,200}\)){0,2000}\)"  # [text](https://example.com/a_(b))
# Wikipedia's [12], behind a sentence or, in Chinese, a word: `a[1]` and `a[2]` are different code.
_REFERENCE = r"\[(?:(?<=[.,;:!?。，、；：！？”’\u3400-\u9fff]\[)|(?<=[.,;!?][\"')]\[))\d{1,3}\](?:\[\d{1,3}\])*"
_DAMAGE = re.compile(_TAG, re.IGNORECASE)
_PASSED_OVER = re.compile(f"{_TAG}|{_ADDRESS}|{_REFERENCE}", re.IGNORECASE)
# How Markdown and mail set a quotation, a list, emphasis and a link: an author may have meant them.
_SETTING = re.compile(rf"^>+ |^[-*•·] |\*\*|{_ADDRESS}", re.IGNORECASE | re.MULTILINE)


def has_tags(text: str) -> bool:
    """True when something that is passed over stands in the text."""
    return _may_have(text) and _PASSED_OVER.search(text) is not None


def without_tags(text: str) -> str:
    """The text without what is passed over."""
    return _PASSED_OVER.sub("", text) if _may_have(text) else text


def count_tags(text: str) -> int:
    """How many tags and escaped line breaks stand in the text, which no author wrote; `<AN>`, a company's sign, is none."""
    return len(_DAMAGE.findall(text)) if _may_have(text) else 0


def count_settings(text: str) -> int:
    """How many marks of quotations, lists, emphasis and links stand in the text."""
    return len(_SETTING.findall(text))


def inside_tags(text: str, at: np.ndarray) -> np.ndarray | None:
    """Which of the places (int, ascending) lie inside something that is passed over (bool); None where the text has none."""
    spans = [found.span() for found in _PASSED_OVER.finditer(text)] if _may_have(text) else None
    if not spans:
        return None
    bounds = np.array(spans, np.int64)
    inside: np.ndarray = np.searchsorted(bounds[:, 0], at, side="right") > np.searchsorted(bounds[:, 1], at, side="right")
    return inside


def _may_have(text: str) -> bool:
    """True when a sign stands in the text with which something that is passed over begins."""
    return "<" in text or "[" in text or "\\" in text
