"""Hand-written cases: what is said twice goes, what an author repeats stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import dedup

CASES = Path(__file__).parents[1] / "cases"


def load(name: str, *, marked: bool = True) -> list[Any]:
    """The cases of one file as parameters, known failures marked as such unless what is tested holds for them too."""
    cases = json.loads((CASES / name).read_text(encoding="utf-8"))
    known = pytest.mark.xfail(strict=True, reason="a known failure")
    return [pytest.param(case, id=case["label"], marks=[known] if marked and case["expect"] == "fail" else []) for case in cases]


@pytest.mark.parametrize("case", load("repeats.json"))
def test_what_is_said_twice_is_said_once(case: dict[str, Any]) -> None:
    result = dedup.clean(case["original"])
    assert list(result.paragraphs) == case["expected"]
    assert result.removed


@pytest.mark.parametrize("case", load("repeats.json", marked=False))
def test_a_second_cleaning_changes_nothing(case: dict[str, Any]) -> None:
    once = dedup.clean(case["original"])
    assert dedup.clean(once.text).text == once.text


@pytest.mark.parametrize("case", load("untouched.json"))
def test_what_an_author_repeats_stays(case: dict[str, Any]) -> None:
    result = dedup.clean(case["original"])
    assert result.text == case["expected"]
    assert not result.removed


def test_at_least_as_many_texts_must_stay_as_change() -> None:
    counts = {name: len(load(name)) for name in ("repeats.json", "untouched.json")}
    assert counts["untouched.json"] >= counts["repeats.json"] >= 30
    labels = [case.values[0]["label"] for name in counts for case in load(name)]
    assert len(set(labels)) == len(labels)
