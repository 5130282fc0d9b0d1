"""A run-on line that is settled at sight is settled as the search would have settled it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.article.paragraphs import split_paragraphs
from dedup.article.rounds import settle_repeats
from dedup.article.runon import settle_at_sight
from dedup.config import Repeats
from dedup.kernels.points import points_of

USUAL = Repeats()
SENTENCES = st.sampled_from(
    [
        "The council met on Tuesday, and 12 members voted.",
        "Nobody had expected that vote, she said",
        "“A new bridge will be built across the river,” the mayor said, “and it will be open within three years from now.”",
        "-3 degrees were measured in the old town that night.",
        "市议会星期二通过了跨江新桥的建设方案",
        "新桥预计明年开工，工期三年，总投资12.5亿元，其中三分之一由省里承担。",
        "记者问：为什么？",
        "*** * ***",
        "Yes.",
        "A line of some seventy letters that is broken where the column ends at",
        "its edge, as mail and old pages have them, goes on here and is broken",
    ]
)


@settings(deadline=None, max_examples=400)
@given(
    paragraphs=st.lists(st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=6),
    glue=st.sampled_from(["", " ", "  ", "\u3000"]),
    separator=st.sampled_from(["\n", "\n\n", "\n  "]),
    before=st.booleans(),
    many=st.sampled_from([1, 16]),  # so many are looked at again
)
def test_what_is_settled_at_sight_is_what_the_search_settles(
    paragraphs: list[str], glue: str, separator: str, many: int, *, before: bool
) -> None:
    block, lines = glue.join(paragraphs), separator.join(paragraphs)
    text = f"{block}\n{lines}" if before else f"{lines}\n{block}"
    some = [text] * many
    points = points_of(some)
    _, settled = settle_at_sight(points, points.starts.copy(), some, USUAL)
    if 0 in settled:
        assert settled[0] == settle_repeats(text, split_paragraphs(text), None, None, USUAL)


@pytest.mark.parametrize("before", [True, False])
def test_the_usual_run_on_line_is_settled_at_sight(*, before: bool) -> None:
    paragraphs = [
        "The council met on Tuesday and voted for a new bridge across the river, to be open in three years from now.",
        "Nobody had expected that result.",
        "The old bridge will be taken down as soon as the new one stands; until then, lorries must go round by the motorway.",
    ]
    block, lines = "".join(paragraphs), "\n".join(paragraphs)
    text = f"{block}\n{lines}" if before else f"{lines}\n{block}"
    points = points_of([text])
    assert settle_at_sight(points, points.starts.copy(), [text], USUAL)[1]
