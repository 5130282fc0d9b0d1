"""What is decided early is decided as the long way decides it."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from dedup.article import claims, edges, linking, repeats, soundness, structure
from dedup.article.body import Body
from dedup.article.evidence import Lines
from dedup.article.paragraphs import split_paragraphs
from dedup.config import Repeats
from dedup.kernels.fold import fold
from dedup.kernels.matches import maximal_matches, shingle_hashes, window_minima
from dedup.model import Span
from tests.article import oracle_linking

USUAL = Repeats()
WORDS = st.sampled_from("the council met on a new bridge and said no plan was made 12 yet 市议会 通过了 新桥 ，。 ... ? &amp;".split(" "))
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=30).map(" ".join), min_size=1, max_size=12).map("\n".join)


@st.composite
def doubled(draw: st.DrawFn) -> str:
    """A text, of which parts stand again, some of them changed."""
    text = draw(TEXTS)
    parts = [text]
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text)))
        part = text[start : start + draw(st.integers(0, 400))]
        at = draw(st.integers(0, max(len(part), 1)))
        parts.append(part[:at] + draw(st.sampled_from(["", "x", "\n", "new words"])) + part[at + draw(st.integers(0, 3)) :])
        parts.append(draw(st.sampled_from(["", "\n", " "])))
    return "".join(parts)


@settings(deadline=None, max_examples=200)
@given(doubled(), st.sampled_from([16, 32]))
def test_pieces_are_linked_as_the_slow_way_links_them(text: str, solid: int) -> None:
    codes, at = fold(text)
    hashes = shingle_hashes(codes, 6)
    rows = maximal_matches(codes, hashes, window_minima(hashes, 3, *repeats.PERMUTATION), 6, 8, 8)
    bounds = np.array(split_paragraphs(text), np.int64).reshape(-1, 2)
    lines = Lines(np.searchsorted(at, bounds[:, 0]).tolist(), np.searchsorted(at, bounds[:, 1]).tolist())
    letters = codes.tobytes().decode("utf-32-le")
    assert linking.link(rows, letters, lines, solid) == oracle_linking.link(rows, letters, lines, solid)


@settings(deadline=None, max_examples=400)
@given(st.text("ab市", max_size=90), st.text("ab市", max_size=90), st.integers(0, 80))
def test_what_is_nearly_equal_is_found_by_all_distances(one: str, other: str, size: int) -> None:
    size = min(size, len(one), len(other))
    one, other = one[: size + 8], other[: size + 8]
    assert edges._nearly_equal(one, other, size) == _nearly_equal(one, other, size)


def _nearly_equal(one: str, other: str, size: int) -> tuple[int, int] | None:
    if size == 0:
        return None
    slack = min(3 + size // 8, 8)
    whole, part = (one, other) if len(one) <= len(other) else (other, one)
    take = len(part)
    if len(part) > size + slack:
        lengths = range(max(1, size - slack), min(len(part), size + slack) + 1)
        take = min(lengths, key=lambda length: (Levenshtein.distance(whole[:size], part[:length]), abs(length - size)))
    distance = Levenshtein.distance(whole, part[:take])
    longer = max(len(whole), take)
    if distance * 4 > longer and (size > 8 or distance > 1 + size // 4 or distance * 2 > longer):
        return None
    return (len(whole), take) if whole is one else (take, len(whole))


@settings(deadline=None, max_examples=200)
@given(doubled())
def test_a_match_that_says_nothing_is_no_claim(text: str) -> None:
    paragraphs = split_paragraphs(text)
    body = Body(text, paragraphs, repeats.find_repeats(text, paragraphs, USUAL), USUAL)
    quick = claims.measure(body)
    says_nothing = claims._says_nothing
    claims._says_nothing = lambda *_: False
    try:
        assert claims.measure(body).claims == quick.claims
    finally:
        claims._says_nothing = says_nothing


@settings(deadline=None)
@given(st.text("a \n\t\u3000\x85\x1c\u2028市", max_size=60), st.integers(0, 70), st.none() | st.integers(0, 70))
def test_paragraphs_are_those_of_the_pattern(text: str, start: int, end: int | None) -> None:
    stop = len(text) if end is None else end
    assert split_paragraphs(text, start, end) == [Span(*m.span()) for m in re.compile(r"\S(?:[^\n]*\S)?").finditer(text, start, stop)]


@settings(deadline=None)
@given(st.text("a é市가ー，,\U0001f600\u2e7f\u2e80", max_size=150))
def test_columns_are_counted_character_by_character(line: str) -> None:
    assert structure._columns(line, Span(0, len(line))) == (
        len(line) if len(line) > structure.WIDEST_COLUMN else sum(1 + (char >= "⺀") for char in line)
    )


@given(st.lists(st.sampled_from(["a", "?", "&amp;", "<b>", " ", "&", "<p>", ";", "what", "市"]), max_size=20).map("".join))
def test_an_ascii_text_has_the_scars_of_any_text(text: str) -> None:
    assert soundness.scars(text) == soundness.scars(text + " é")
