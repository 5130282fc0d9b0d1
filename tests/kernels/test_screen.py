"""The screen lets nothing through that could be a repeat: against an oracle, and against what is removed."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dedup
from dedup.article.paragraphs import split_paragraphs
from dedup.article.repeats import ALPHABET, MOST_SEEDS, PERMUTATION, find_repeats
from dedup.article.screening import is_title, screen
from dedup.config import Repeats
from dedup.kernels.fold import fold
from dedup.kernels.matches import maximal_matches, shingle_hashes, window_minima
from tests.kernels import oracle_matches as oracle

CASES = Path(__file__).parents[1] / "cases"
SENTENCES = [
    "The council met on Tuesday.",
    "Nobody had expected that vote, she said.",
    "它从来不生气。",
    "市议会通过了跨江新桥的建设方案。",
    "Yes.",
]


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("abcde \n"), max_size=120), max_size=6))
def test_flags_equal_the_oracle_for_every_text_of_a_batch(texts: list[str]) -> None:
    assert screen(texts).tolist() == [_may_repeat(text) for text in texts]


def _may_repeat(text: str) -> bool:
    """Whether lines are equal or matches cover a third of one, by the slow ways (texts in an alphabet)."""
    lines = [fold(line).codes.tolist() for line in text.split("\n")]
    full = [tuple(line) for line in lines if line]
    if len(set(full)) < len(full):
        return True
    codes = fold(text).codes
    hashes = shingle_hashes(codes, ALPHABET[0])
    places = window_minima(hashes, ALPHABET[1], *PERMUTATION)
    rows = {tuple(row) for row in maximal_matches(codes, hashes, places, ALPHABET[0], sum(ALPHABET) - 1, MOST_SEEDS).tolist()}
    ends = np.cumsum([0, *map(len, lines)]).tolist()
    return oracle.line_coverage(rows, list(pairwise(ends))) >= 0.35


@settings(deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), max_size=12), st.lists(st.sampled_from(["", " ", "\n"]), min_size=12, max_size=12))
def test_a_text_that_is_not_flagged_keeps_every_letter(sentences: list[str], glue: list[str]) -> None:
    text = "".join(part for pair in zip(sentences, glue, strict=False) for part in pair)
    if not screen([text])[0]:
        evidence = find_repeats(text, split_paragraphs(text), Repeats())
        assert not any(match.second.end - match.second.start > 24 for match in evidence.matches)
        assert not dedup.clean(text).removed


@pytest.mark.parametrize("case", json.loads((CASES / "repeats.json").read_text(encoding="utf-8")), ids=lambda case: case["label"])
def test_every_text_with_a_removal_is_flagged(case: dict[str, str]) -> None:
    result = dedup.clean(case["original"])
    if any(repeat.kind != "title" for repeat in result.removed):
        assert screen([result.repaired[result.header.end :]])[0]


def test_the_title_is_known_by_its_letters() -> None:
    assert is_title("The Bridge – Opens", "THE BRIDGE, OPENS!")
    assert not is_title("The Bridge", "The Bridges")
    assert not is_title(None, "")
