import json

import pytest

import dedup
from dedup.article.code import is_code

ARTICLE = """The function below reads a feed and stops at the first entry that it has seen before.
def fresh(feed, seen):
    for entry in feed["entries"]:
        if entry["id"] in seen:
            return
        yield {**entry, "text": entry.get("text", "")}
It is called once an hour, and what it yields goes to the index."""


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"a": [1, 2, {"b": None}]}, indent=1),
        "for (i = 0; i < n; i++) { total += row[i]; }",
        "Map<String, List<Integer>> byName = new HashMap<>();",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "$ dedup clean seeds -o cleaned && ls cleaned | wc -l > count.txt",
        '"name": "north-basin",\n"state": "open",\n"keeper": "pilotage",\n"season": "winter"',
        "gatectl level --basin inner --keeper pilotage -q --wait",
    ],
)
def test_code_is_told_by_its_marks(text):
    assert is_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "He said (in 1987) that the price [of cocoa] had risen by 3.4 % & would rise again.",
        "<p>The council met.</p><p>It voted for the bridge.</p>",
        "&#8220;Rain&#8221; &amp; more rain &mdash; and &quot;wind&quot;",
        "会议指出，《条例》第三条（草案）；代表们表示：“同意。”",
        "* * *",
        'The winners:\n-the ferry crew\n-the choir of the upper school\n-"the gate": a film by two sisters\n-and nobody else this year.',
        "Hollin Ports Plc <HOLP.L> sells its <Western Cranes Corp> unit to <Globe Cranes Co> for 16 million.",
    ],
)
def test_prose_is_none_nor_are_tags_and_entities(text):
    assert not is_code(text)


def test_two_examples_that_are_nearly_one_are_both_there():
    """A copy that lacks an option is another command, wherever the page repeats itself for the rest."""
    answer = '{"gates": [{"name": "north-basin", "state": "open", "keeper": "pilotage"}], "next": null}'
    one = f"The example below lists the gates of a harbour with their keepers.\n$ gatectl list --harbour north --all\n{answer}"
    text = f"{one}\n{one.replace(' --all', '')}"
    assert dedup.clean(text).text == text


def test_an_article_with_code_that_a_scraper_saved_twice_is_there_once():
    assert dedup.clean(f"{ARTICLE}\n{ARTICLE}").text == ARTICLE
