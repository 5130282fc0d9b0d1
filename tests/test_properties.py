"""What is true of every text: nothing is lost, and what was cleaned stays as it is."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

import dedup
from dedup.files.txt import render
from dedup.kernels.fold import fold
from dedup.report.account import account

SENTENCES = [
    "The council met on Tuesday evening and voted for the new bridge over the river, which will open in two years.",
    "Mayor Jane Smith said the cost would be 12.5 million dollars, of which the state pays half.",
    "“We have waited for this,” said one resident.",
    "市议会周二晚间投票通过了跨江新桥的建设方案，预计两年后通车。",
    "市长表示，工程造价约为一千二百五十万元，其中一半由省里承担。",
    "会議は10日に開かれ、今後の方針が決まった。",
    "Yes.",
    "好。",
]
HEADERS = [
    "",
    "Title: A bridge\n\n",
    "标题：新桥\n_江城网\n日期：\n链接：http://www.jiang.cn/2023-12/10/c_1.htm\n\n",
    "Title: A | B\nDate: None\n\n",
]


@st.composite
def bodies(draw):
    """Paragraphs of one or more sentences, each sentence once."""
    sentences = draw(st.permutations(SENTENCES))[: draw(st.integers(0, len(SENTENCES)))]
    ends = sorted(draw(st.sets(st.integers(1, max(len(sentences), 1)))) | {0, len(sentences)})
    return ["".join(sentences[start:end]) for start, end in pairwise(ends) if end > start]


@st.composite
def articles(draw):
    """A header, then copies of a body: in one piece or in paragraphs, whole or in part, with something between them."""
    body = draw(bodies())
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        start, end = draw(st.integers(0, len(body))), draw(st.integers(0, len(body)))
        copy = draw(st.sampled_from([body, body[start:end] or body]))
        parts.append(draw(st.sampled_from(["", " ", "\n", "\n\n", "\n　　"])).join(copy))
        parts.append(draw(st.sampled_from(["\n", "\n\n", "\nRead more…\n", " \t\n"])))
    return draw(st.sampled_from(HEADERS)) + "".join(parts)


@settings(deadline=None, max_examples=500)
@given(articles())
def test_an_article_said_several_times_loses_nothing_and_stays_clean(raw):
    result = dedup.clean(raw)
    assert sum(account(result)) == len(result.repaired)
    text = render(result)
    assert render(dedup.clean(text)) == text


@settings(deadline=None, max_examples=500)
@given(st.lists(articles(), min_size=1, max_size=3).map("".join))
def test_what_was_removed_names_what_stays_and_says_the_same(raw):
    result = dedup.clean(raw)
    stays = [set(range(*span)) for span in result.kept]
    for removal in result.removed:
        if removal.kind == "title":
            continue
        gone, kept = (fold(result.repaired[slice(*span)]).codes.tolist() for span in (removal.span, removal.of))
        assert any(not span.isdisjoint(range(*removal.of)) for span in stays)
        # What the kept copy has besides is no difference to the score.
        assert Levenshtein.distance(gone, kept) <= (1 - removal.score) * max(len(gone), len(kept)) + max(len(kept) - len(gone), 0) + 2


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("aAbB01 \n\t:：_-|.。，…“”中文的\u3000\0\r&lt;#x'\u00a0\u2028é"), max_size=200))
def test_any_text_loses_nothing(raw):
    result = dedup.clean(raw)
    assert sum(account(result)) == len(result.repaired)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_result_or_an_error_of_ours(data):
    try:
        result = dedup.clean(data)
    except dedup.InputError:
        return
    assert sum(account(result)) == len(result.repaired)
