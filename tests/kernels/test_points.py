"""What the shape of a text tells is what reading it tells."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.article.header import header_entries
from dedup.article.layout import lay_whole
from dedup.kernels.points import LAID_OUT, MAY_HAVE_HEADER, is_space, points_of

PIECES = st.lists(
    st.sampled_from(["a", "标题", "Title", ":", "：", " ", "\t", "\n", "\n", "\u3000", "\u2003", "\x1c", "\x85", "x y", ","]), max_size=24
)


@settings(deadline=None)
@given(st.lists(PIECES.map("".join), max_size=5))
def test_a_text_that_is_laid_out_comes_out_as_it_is(texts: list[str]) -> None:
    for text, shape in zip(texts, points_of(texts).shapes().tolist(), strict=True):
        if shape & LAID_OUT:
            assert lay_whole(text, 0).text == text


@settings(deadline=None)
@given(PIECES.map("".join), st.integers(0, 45))
def test_a_text_without_the_mark_has_no_header(tail: str, size: int) -> None:
    for text in (tail, "a" * size + tail, "Title" + " " * (size % 9) + tail, "Title: x\n" + tail):
        if not points_of([text]).shapes()[0] & MAY_HAVE_HEADER:
            assert not header_entries(text)


def test_usual_text_is_laid_out() -> None:
    assert points_of(["One line.\n\nAnother.\n  Indented.", "一行。\n　　另一行。"]).shapes().tolist() == [LAID_OUT, LAID_OUT]


def test_white_space_is_pythons() -> None:
    assert [code for code in range(0x11000) if is_space(code)] == [code for code in range(0x11000) if chr(code).isspace()]
