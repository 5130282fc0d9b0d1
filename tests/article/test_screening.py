"""What a process has seen so far decides how fast it goes on, never what comes out."""

import json
from pathlib import Path

import pytest
from executable import SEED

import dedup
from dedup.article import screening

CASES = Path(__file__).parents[1] / "cases"
TEXTS = [
    case["original"]
    for name in ("header", "repeats", "untouched")
    for case in json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("config", [dedup.Config(), dedup.Config(repeats=dedup.Repeats(enabled=False))], ids=["usual", "no repeats"])
def test_the_first_articles_of_a_process_come_out_as_the_later_ones(config, monkeypatch):
    texts = [SEED.read_text(encoding="utf-8"), *TEXTS]
    rows = [*texts, *({"text": text, "title": text.partition("\n")[0][:60], "url": "http://a.example/x"} for text in texts)]
    monkeypatch.setattr(screening, "_FEW", 1 << 60)
    first = [repr(result) for result in dedup.clean_all(rows, config)]
    monkeypatch.setattr(screening, "_FEW", 0)
    monkeypatch.setattr(screening, "_FEW_AGAIN", 0)
    assert [repr(result) for result in dedup.clean_all(rows, config)] == first
    assert [repr(dedup.clean(row, config)) for row in rows] == first


def test_screens_are_loaded_when_they_pay(monkeypatch):
    monkeypatch.setattr(screening, "_SEEN", {"articles": 0, "again": 0})
    assert not screening.pays(screening._FEW - 1)
    assert not screening.pays()
    assert screening.pays(1)
    assert screening.pays()
