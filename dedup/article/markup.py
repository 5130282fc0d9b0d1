"""Markup: HTML tags that a scraper left in the text. They are marks like punctuation: kept where they stand, never compared.

Tags that only arrange or emphasise are passed over. A tag that a text may be about, as in a lesson on HTML where two lines
differ in `<b>` and `<i>` alone, is text as any other.
"""

from __future__ import annotations

import re

import numpy as np

# Linear: a tag ends at the next angle bracket, and every match begins at one.
_TAG = re.compile(
    r"<(?:/?(?:p|br|div|span|strong|em|a|img|font|section|article|figure|figcaption|h[1-6]|ul|ol|li)(?=[\s/>])[^<>]{0,2000}|!--[^<>]{0,200}--)>",
    re.IGNORECASE,
)


def has_tags(text: str) -> bool:
    """True when a tag that is passed over stands in the text."""
    return "<" in text and _TAG.search(text) is not None


def without_tags(text: str) -> str:
    """The text without the tags that are passed over."""
    return _TAG.sub("", text) if "<" in text else text


def count_tags(text: str) -> int:
    """How many of the tags that are passed over stand in the text; `<AN>`, a company's sign, is none."""
    return len(_TAG.findall(text)) if "<" in text else 0


def inside_tags(text: str, at: np.ndarray) -> np.ndarray | None:
    """Which of the places (int, ascending) lie inside a tag (bool); None where the text has no tags."""
    if "<" not in text:
        return None
    spans = [found.span() for found in _TAG.finditer(text)]
    if not spans:
        return None
    bounds = np.array(spans, np.int64)
    inside: np.ndarray = np.searchsorted(bounds[:, 0], at, side="right") > np.searchsorted(bounds[:, 1], at, side="right")
    return inside
