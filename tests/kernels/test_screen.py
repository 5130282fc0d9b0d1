"""The screens let nothing through that could be a repeat: against oracles, and against what the rules take out."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

import dedup
from dedup.article import calls, edges
from dedup.article.canonical import choose
from dedup.article.evidence import Lines
from dedup.article.paragraphs import split_paragraphs
from dedup.article.removals import KEPT
from dedup.article.repeats import ALPHABET, WIDE, find_repeats
from dedup.article.screening import glance, is_title, limits_of, screen
from dedup.config import Repeats
from dedup.kernels.fold import fold
from dedup.kernels.nearness import distance, near_end
from dedup.kernels.points import points_of
from dedup.model import Span
from tests.kernels import oracle_matches as oracle

CASES = Path(__file__).parents[1] / "cases"
USUAL = Repeats()
SENTENCES = [
    "The council met on Tuesday.",
    "The council met on Tuesday, she said.",
    "Nobody had expected that vote, she said.",
    "Read more",
    "Summary: nobody had expected that vote...",
    "它从来不生气。",
    "市议会通过了跨江新桥的建设方案。",
    "市议会通过了跨江新桥的建设方案，预计明年开工，工期三年。",
    "Yes.",
]


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("abcde \n"), max_size=120) | st.text(st.sampled_from("天地人和\n，"), max_size=60), max_size=6))
def test_a_glance_sees_whatever_the_slow_way_sees(texts: list[str]) -> None:
    seen = glance(points_of(texts))
    assert all(flag or not _may_repeat(text) for text, flag in zip(texts, seen.tolist(), strict=True))


@settings(deadline=None)
@given(st.integers(2_000, 2_200), st.integers(14, 18))
def test_a_copy_is_seen_across_the_blocks_that_are_hashed_at_a_time(start: int, size: int) -> None:
    rng = np.random.default_rng(start)
    letters = rng.permutation(np.arange(0x1000, 0x1000 + 4_200)).tolist()  # none twice, so that only the copy is one
    letters[4_150 : 4_150 + size] = letters[start : start + size]
    text = "".join(map(chr, letters[:4_150])) + "\n" + "".join(map(chr, letters[4_150 : 4_150 + size]))
    fits = fold(text).codes.size == len(text) - 1
    assert not fits or glance(points_of([text]))[0] == (size >= sum(ALPHABET) - 1)


def _may_repeat(text: str) -> bool:
    """Whether lines are equal or matches cover a third of one, by the slow ways."""
    lines = [fold(line).codes.tolist() for line in text.split("\n")]
    full = [tuple(line) for line in lines if line]
    codes = [code for line in lines for code in line]
    wide = bool(codes) and sum(code >= 0x2E80 for code in codes) >= 0.3 * len(codes)
    ends = np.cumsum([0, *map(len, lines)]).tolist()
    rows = oracle.maximal_matches(codes, sum(WIDE if wide else ALPHABET) - 1)
    return len(set(full)) < len(full) or oracle.line_coverage(rows, list(pairwise(ends))) >= 0.35


def _flagged(text: str) -> bool:
    """Whether the screen lets a text through, among so many that it is looked at again."""
    some = [text] * 16
    return bool(screen(points_of(some), some, limits_of(USUAL))[0])


def _takes_out(text: str) -> bool:
    """Whether the rules take anything out of a text that no screen has seen."""
    paragraphs = split_paragraphs(text)
    choice = choose(text, paragraphs, find_repeats(text, paragraphs, USUAL), None, USUAL)
    return bool((choice.target != KEPT).any())


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.sampled_from(SENTENCES), max_size=14), st.lists(st.sampled_from(["", " ", "\n", "\n", "\n\n"]), min_size=14, max_size=14)
)
def test_a_text_that_is_not_flagged_keeps_every_letter(sentences: list[str], glue: list[str]) -> None:
    text = "".join(part for pair in zip(sentences, glue, strict=False) for part in pair)
    if not _flagged(text):
        assert not _takes_out(text)


WORDS = st.lists(st.sampled_from("the council met on a new bridge and said no plan was made yet in this old town".split()), min_size=1)


@settings(deadline=None, max_examples=300)
@given(st.lists(WORDS, min_size=1, max_size=6), st.lists(st.integers(0, 5), max_size=8), st.lists(st.integers(0, 400), max_size=6))
def test_nor_does_a_damaged_copy_pass(lines: list[list[str]], again: list[int], hurt: list[int]) -> None:
    made = [" ".join(line * 4) for line in lines]
    text = list("\n".join([*made, *(made[index % len(made)] for index in again)]))
    for place in hurt:
        if place < len(text) and text[place] != "\n":
            text[place] = "x"
    whole = "".join(text)
    if not _flagged(whole):
        assert not _takes_out(whole)


@pytest.mark.parametrize("case", json.loads((CASES / "repeats.json").read_text(encoding="utf-8")), ids=lambda case: case["label"])
def test_every_text_with_a_removal_is_flagged(case: dict[str, str]) -> None:
    result = dedup.clean(case["original"])
    if any(repeat.kind != "title" for repeat in result.removed):
        body = result.repaired[result.header.end :]
        assert _flagged(body)


def test_the_title_is_known_by_its_letters() -> None:
    assert is_title("The Bridge – Opens", "THE BRIDGE, OPENS!")
    assert not is_title("The Bridge", "The Bridges")
    assert not is_title(None, "")


@settings(deadline=None)
@given(st.text("ab", max_size=40), st.text("ab", max_size=40), st.integers(0, 40))
def test_the_distance_is_rapidfuzzs(one: str, other: str, most: int) -> None:
    codes = np.frombuffer((one + other).encode("utf-32-le"), np.uint32)
    wanted = Levenshtein.distance(one, other)
    found = distance(codes, 0, len(one), len(one), len(one) + len(other), most)
    assert found == wanted or (found > most and wanted > most)


@settings(deadline=None)
@given(st.lists(st.text("abc", min_size=1, max_size=30), min_size=1, max_size=5), st.data())
def test_what_is_nearly_equal_beside_two_stretches_is_what_the_edges_take(parts: list[str], data: st.DataObject) -> None:
    letters = "".join(parts)
    ends = np.cumsum([len(part) for part in parts]).astype(np.int32)
    lines = Lines([0, *ends[:-1].tolist()], ends.tolist())
    codes = np.frombuffer(letters.encode("utf-32-le"), np.uint32)
    first = data.draw(st.integers(0, len(letters)))
    second = data.draw(st.integers(first, len(letters)))
    assert near_end(codes, ends, first, second, -1) == (edges._head(first, second, letters, lines) or (0, 0))
    assert near_end(codes, ends, first, second, 1) == (edges._tail(first, second, letters, lines) or (0, 0))


CALLS = [
    *("Read more", "see full story", "Continue reading", "view full article", "阅读全文", "点击查看", "展开全文", "繼續閱讀"),
    *("続きを読む", "もっと見る", "और पढ़ें", "더보기", "اقرأ المزيد", "leer más", "lire la suite", "weiterlesen", "mehr"),
]
LABELS = [
    "内容摘要：",
    "【导语】",
    "核心提示:",
    "要約：",
    "요약: ",
    "Summary: ",
    "In brief: ",
    "Key points: ",
    "TL;DR ",
    "résumé : ",
    "สรุป ",
]


@pytest.mark.parametrize("call", CALLS)
def test_a_call_of_each_kind_ends_in_a_word_that_the_screen_knows(call: str) -> None:
    folded = fold(call).codes.tobytes()
    assert not calls.is_call(call) or any(folded.endswith(fold(word).codes.tobytes()) for word in calls.CALL_WORDS.split())


@pytest.mark.parametrize("label", LABELS)
def test_a_label_of_each_kind_begins_with_a_word_that_the_screen_knows(label: str) -> None:
    folded = fold(label).codes.tobytes()
    assert calls.summary_label(label, Span(0, len(label)))
    assert any(folded.startswith(fold(word).codes.tobytes()) for word in calls.LABEL_WORDS.split())
