"""Rows across a corpus: what goes, because of what, and what never does."""

import datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import numbers_alone_differ
from texts import article, changed, chinese

import dedup
from dedup.config import Config, Exact, Near
from dedup.corpus.verify import score_pairs
from dedup.kernels.common import common_letters
from dedup.kernels.rows import fold_rows


def removed(result):
    return {gone.row: (gone.of, gone.kind) for gone in result.removed}


def test_list_of_strings_in_list_of_strings_out():
    rows = [article(1), article(2), article(1).upper(), changed(article(2), 0.05) + " More."]
    result = dedup.deduplicate(rows)
    assert result.kept == [rows[0], rows[3]]
    assert result.keep.tolist() == [True, False, False, True]
    assert removed(result) == {2: (0, "exact"), 1: (3, "near")}
    assert result.clusters == (dedup.Cluster(0, None, (2,)), dedup.Cluster(3, None, (1,)))
    assert result.report[:7] == (4, 2, 1, 1, 0, 0, result.report.compared)


@pytest.mark.parametrize("make", [article, chinese])
@pytest.mark.parametrize("rate", [0.01, 0.05, 0.10])
def test_changed_characters(make, rate):
    rows = [text for seed in range(40) for text in (make(seed), changed(make(seed), rate, seed))]
    result = dedup.deduplicate(rows)
    missed = len(result.kept) - 40
    assert missed <= (rate == 0.10)  # 6 of 1,000 such English texts share no name of halves
    assert len({min(gone.row, gone.of) // 2 for gone in result.removed}) == 40 - missed
    assert all(abs(gone.row - gone.of) == 1 and 1 - 2 * rate - 0.03 <= gone.score <= 1 for gone in result.removed)


def test_a_dropped_paragraph_and_a_footer():
    parts = [article(seed, 40) for seed in range(6)]
    rows = ["\n".join(parts), "\n".join(parts[:2] + parts[3:]), "\n".join([*parts, "Copyright 2020. All rights reserved."])]
    assert removed(dedup.deduplicate(rows)) == {0: (2, "near"), 1: (2, "near")}


def test_half_of_an_article_and_a_shared_paragraph_are_no_duplicates():
    parts = [article(seed, 40) for seed in range(16)]
    rows = ["\n".join(parts[:6]), "\n".join(parts[:3]), "\n".join([parts[0], *parts[6:11]]), "\n".join([*parts[11:], parts[5]])]
    assert not dedup.deduplicate(rows).removed


def test_stars_never_chains():
    far = changed(article(1, 300), 0.13, 1)
    rows = [changed(far, 0.13, 2), far, article(1, 300)]
    result = dedup.deduplicate(rows, keep="first")
    assert removed(result) == {1: (0, "near")}
    assert set(removed(dedup.deduplicate([rows[1], rows[0], rows[2]], keep="first"))) == {1, 2}


def test_empty_and_short_texts():
    rows = ["", " ", "。", "", "Yes.", "yes", "Yes!!", "No", "A short note of June", "A short note of July"]
    assert removed(dedup.deduplicate(rows, keep="first")) == {5: (4, "exact"), 6: (4, "exact")}


def test_numbers_are_a_difference_unless_they_are_not():
    rows = [f"Market report for {day} May. " + article(3) for day in (3, 14)]
    assert not dedup.deduplicate(rows).removed
    assert len(dedup.deduplicate(rows, config=Config(near=Near(numbers=False))).removed) == 1


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 2)), min_size=2, max_size=14),
    st.sampled_from(dedup.config.Keep.__args__),
    st.integers(0, 3),
)
def test_a_removed_row_and_its_kept_row_satisfy_the_rules(kinds, keep, old):
    def text(kind):
        base, day, typing_errors = kind
        words = article(base).split()
        for error in range(typing_errors):
            words[10 * error + base] = "misprint"
        return f"Market report for {day} May. {' '.join(words)} Closed at {10 * day}."

    rows = [{"text": text(kind), "date": f"2020-01-0{1 + place % 7}"} for place, kind in enumerate(kinds)]
    result = dedup.deduplicate(rows[old:], against=rows[:old], keep=keep)
    near = Near()
    for gone in result.removed:
        pair = [rows[gone.row + old]["text"], rows[gone.of if gone.old else gone.of + old]["text"]]
        codes, offsets, _ = fold_rows(pair)
        score = score_pairs(codes, offsets, np.array([0]), np.array([1]), near)[0]
        assert gone.score == score >= near.threshold or (pair[0] == pair[1] and gone.score == 1.0)
        assert not numbers_alone_differ(*[codes[start:end].tolist() for start, end in pairwise(offsets)])


def test_a_row_with_a_paragraph_of_its_own_stays():
    parts = [chinese(seed, 60) for seed in range(8)]
    rows = ["\n".join(parts[:6]), "\n".join([*parts[:5], parts[6][:58]])]  # 58 of 358 letters are its own: 0.162
    assert not dedup.deduplicate(rows).removed
    assert len(dedup.deduplicate(rows, config=Config(near=Near(most_own=0.2))).removed) == 1


def test_rows_that_share_a_paragraph_and_have_short_lines_of_their_own_stay():
    # 0.8 of the shorter row's letters stand in the longer one in their order, and no passage of its own weighs 60 without a common run.
    shared = article(3, 70)
    ours = ["Net 10.9 mln vs 12.0 mln", "Revs 13.0 mln vs 9,767,000", "Terms were not disclosed.", "The wells are to be drilled in Ohio."]
    theirs = ["Qtly div 27 cts vs 25 cts prior", "Avg shrs 2,855,966 vs 2,033,881", "It gave no reason for the sales at all."]
    rows = ["\n".join([*theirs, shared, *theirs[::-1], article(5, 25)]), "\n".join([*ours[:2], shared, *ours[2:]])]
    codes, offsets, _ = fold_rows(rows)
    one, two = np.array([0]), np.array([1])
    common = common_letters(codes, offsets, one, two, np.array([0]))[0]
    assert common >= 0.8 * np.diff(offsets)[1]
    assert score_pairs(codes, offsets, one, two, Near(least_common=0.01, numbers=False))[0] == 0.0
    assert score_pairs(codes, offsets, one, two, Near(least_common=0.01, most_own=0.2, threshold=0.7, numbers=False))[0] >= 0.7


def test_own_passages_of_just_what_the_threshold_allows():
    text = article(1, 400).replace(" ", "").replace(".", "")
    shared, own = text[:800], text[800:1001]
    codes, offsets, _ = fold_rows([shared + chinese(1, 300), shared + own[:200], shared + own[:201]])
    near = Near(most_own=0.2, least_common=0.01)
    assert score_pairs(codes, offsets, np.array([0]), np.array([1]), near)[0] == 0.8
    assert score_pairs(codes, offsets, np.array([0]), np.array([2]), near)[0] < 0.8


def test_policies():
    texts = [article(1), article(1).replace(".", "\nSource: agency"), article(1)]
    rows = [
        {"id": 7, "text": text, "date": f"2020-01-0{day}", "rank": rank}
        for text, day, rank in zip(texts, (2, 1, 3), (5, 9, 1), strict=True)
    ]
    stays = {keep: np.flatnonzero(dedup.deduplicate(rows, keep=keep).keep).tolist() for keep in dedup.config.Keep.__args__}
    assert stays == {"longest": [1], "first": [0], "last": [2], "newest": [2], "oldest": [1], "none": []}
    assert dedup.deduplicate(rows, keep=lambda row: row["rank"]).kept == [rows[1]]
    assert dedup.deduplicate(rows, keep=lambda row: -row["rank"]).kept == [rows[2]]
    gone = dedup.deduplicate(rows, keep="oldest").removed
    assert {(one.id, one.of_id) for one in gone} == {("7", "7")}


def test_the_copy_in_paragraphs_is_kept_and_a_dated_row_before_an_undated_one():
    run_on = article(1) + article(2)
    assert dedup.deduplicate([run_on, article(1) + "\n" + article(2)]).kept == [article(1) + "\n" + article(2)]
    rows = [{"text": run_on}, {"text": run_on, "date": "1999-01-01"}]
    for keep in ("newest", "oldest"):
        assert dedup.deduplicate(rows, keep=keep).kept == [rows[1]]
    assert dedup.deduplicate([dedup.Document("x", date=datetime.date(2020, 1, 1)), dedup.Document("x")], keep="last").keep.tolist() == [
        False,
        True,
    ]


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(14)), st.sampled_from(["longest", "newest", "oldest"]))
def test_the_same_set_for_every_order(order, keep):
    texts = [changed(article(seed // 4), 0.05 * (seed % 4), seed) for seed in range(12)] + [article(0), article(1).upper()]
    rows = [{"text": text, "date": f"2020-01-{1 + place % 5:02}"} for place, text in enumerate(texts)]
    usual = sorted(row["text"].lower() for row in dedup.deduplicate(rows, keep=keep).kept)
    mixed = dedup.deduplicate([rows[place] for place in order], keep=keep)
    assert sorted(row["text"].lower() for row in mixed.kept) == usual


def test_workers_and_blocks_make_no_difference(monkeypatch):
    rows = [changed(article(seed // 3), 0.04, seed) for seed in range(90)]
    usual = dedup.deduplicate(rows, workers=1)
    monkeypatch.setattr("dedup.corpus.sketches.BLOCK", 2000)
    monkeypatch.setattr("dedup.corpus.verify._CHARACTERS", 4000)
    for workers in (1, 3):
        again = dedup.deduplicate(rows, workers=workers)
        assert (again.removed, again.clusters, again.kept, again.report) == (usual.removed, usual.clusters, usual.kept, usual.report)


def test_old_rows_never_go():
    old = [article(1), article(1), article(2)]
    new = [article(2), changed(article(1), 0.05) + " And much more than there was before.", article(3), article(3)]
    result = dedup.deduplicate(new, against=old)
    assert [(gone.row, gone.of, gone.old, gone.kind) for gone in result.removed] == [
        (0, 2, True, "exact"),
        (1, 0, True, "near"),
        (3, 2, False, "exact"),
    ]
    assert result.kept == [article(3)]
    assert result.clusters == (dedup.Cluster(0, None, (1,), old=True), dedup.Cluster(2, None, (0,), old=True), dedup.Cluster(2, None, (3,)))
    assert dedup.deduplicate(new, against=old, keep="none").keep.tolist() == [False, False, False, False]


def test_marks_say_the_same_as_columns():
    old = [article(1), article(1), article(2)]
    new = [article(2), article(3), changed(article(1), 0.05) + " And much more than there was before.", article(3), article(4)]
    result = dedup.deduplicate(new, against=old)
    marks = result.marks()
    assert [column.dtype.name for column in marks] == ["int64", "bool", "int64", "float64", "bool"]
    assert marks.cluster.tolist() == [1, 2, 0, 2, 3]
    assert marks.kept.tolist() == result.keep.tolist() == [False, True, False, False, True]
    assert marks.of.tolist() == [2, 1, 0, 1, 4]
    assert marks.old.tolist() == [True, False, True, False, False]
    assert marks.score.tolist() == [1.0, 1.0, result.removed[1].score, 1.0, 1.0]
    assert [column.tolist() for column in dedup.deduplicate([]).marks()] == [[]] * 5
    assert [column.size for column in dedup.deduplicate([], against=old).marks()] == [0] * 5


@pytest.mark.parametrize("keep", ["longest", "first", "last", "none"])
def test_marks_agree_with_the_evidence(keep):
    old = [article(seed) for seed in (1, 2)]
    new = [changed(article(seed % 7), 0.02, seed) for seed in range(20)] + ["", "?", ""]
    result = dedup.deduplicate(new, against=old, keep=keep)
    marks = result.marks()
    assert {row for row, stays in enumerate(marks.kept.tolist()) if not stays} == {gone.row for gone in result.removed}
    for gone in result.removed:
        assert (marks.of[gone.row], marks.score[gone.row], marks.old[gone.row]) == (gone.of, gone.score, gone.old)
    groups = {}
    for row, cluster in enumerate(marks.cluster.tolist()):
        groups.setdefault(cluster, []).append(row)
    wanted = [
        sorted([cluster.of, *cluster.rows] if not cluster.old and cluster.of not in cluster.rows else cluster.rows)
        for cluster in dedup.deduplicate(new, against=old, keep="longest" if keep == "none" else keep).clusters
    ]
    alone = [[row] for row in range(len(new)) if row not in {row for group in wanted for row in group}]
    assert sorted(groups.values()) == sorted([*wanted, *alone])
    assert sorted(groups) == list(range(len(groups)))


def test_rows_without_the_field_are_named():
    with pytest.raises(dedup.InputError, match=r"row 1 has no such field.*body"):
        dedup.deduplicate([{"body": "x"}, {"text": "x"}], text="body")
    with pytest.raises(dedup.InputError, match="text of row 0 is int"):
        dedup.deduplicate([{"body": 3}], text="body")
    with pytest.raises(dedup.InputError, match="row 0: the row has no text"):
        dedup.deduplicate([{"x": 3}])
    with pytest.raises(dedup.InputError, match="cannot be compared"):
        dedup.deduplicate(["a", "b"], keep=lambda row: 1 if row == "a" else "x")
    with pytest.raises(dedup.ConfigError, match="keep must be one of"):
        dedup.deduplicate(["a"], keep="shortest")
    assert dedup.deduplicate([{"body": None}, {"body": None}], text="body").report.empty == 2


def test_identity_is_row_and_never_value():
    row = {"id": "same", "text": article(1)}
    result = dedup.deduplicate([row, row, row], keep="last")
    assert [gone.row for gone in result.removed] == [0, 1]
    assert result.kept == [row]
    assert not dedup.deduplicate([]).removed


def test_exact_and_near_can_be_off():
    rows = [article(1), article(1), changed(article(1), 0.05)]
    assert len(dedup.deduplicate(rows, config=Config(near=Near(enabled=False))).kept) == 2
    assert removed(dedup.deduplicate(rows, keep="first", config=Config(exact=Exact(enabled=False)))) == {1: (0, "near"), 2: (0, "near")}
    assert len(dedup.deduplicate(rows, config=Config(near=Near(measure="shingles", threshold=0.95))).kept) == 2
    for wrong in ({"threshold": 0.0}, {"measure": "words"}, {"shingle": 33}, {"seed": -1}, {"halves": 0}, {"most_own": 1.5}):
        with pytest.raises(dedup.ConfigError):
            Near(**wrong)


def test_surrogates_and_marks_do_no_harm():
    assert dedup.deduplicate(["\ud800" + article(1), article(1), "\0", "\0"]).report.kept == 3


def test_a_large_family_and_many_equal_rows():
    rows = [article(1)] * 3000 + [f"{article(2, 30)} {chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(600)]
    result = dedup.deduplicate(rows, keep="first")
    assert result.report.kept == 2
    assert {gone.of for gone in result.removed} == {0, 3000}


def test_of_rows_that_differ_in_capitals_one_in_sentences_stays_whatever_the_order():
    said = "The council met in the town hall on Monday. It voted for the new bridge, and Mayor Ilse Brandt opened it."
    rows = [said.upper(), said.title(), said.lower(), said, said.swapcase()]
    for left in range(len(rows)):
        turned = rows[left:] + rows[:left]
        assert dedup.deduplicate(turned).kept == [said]
    for some, stays in (([0, 1], 1), ([0, 2], 2), ([1, 2], 1), ([0, 4], None), ([2, 4], 2)):
        kept = [dedup.deduplicate([rows[place] for place in order]).kept for order in (some, some[::-1])]
        assert kept[0] == kept[1]
        assert stays is None or kept[0] == [rows[stays]]
    cyrillic = "Совет собрался в понедельник. Он решил построить новый мост через реку."
    assert dedup.deduplicate([cyrillic.upper(), cyrillic]).kept == [cyrillic]
