"""Repeated stretches equal what a dictionary of all windows says, and what stays is whole."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.config import Stretches
from dedup.corpus.runs import find_runs, ranks, stretches_of
from dedup.corpus.stretches import in_characters
from dedup.corpus.units import Spill, Units, mapped, units_of
from dedup.kernels.fold import fold
from dedup.kernels.stretches import GONE, LIKELY, SHARED, count_anchors, count_windows, find_owners, gather, keep_likely, mark_likely
from dedup.kernels.units import Vocabulary, token_spans
from dedup.kernels.wide import is_wide_letter


def windows(rows, least):
    """Each window -> the rows and places where it stands."""
    found = {}
    for row, units in enumerate(rows):
        for place in range(len(units) - least + 1):
            found.setdefault(tuple(units[place : place + least]), []).append((row, place))
    return found


def shared_by_all(rows, least):
    """For each row the units that lie in a window that stands twice: what deduplicate-text-datasets marks, with borders kept."""
    marks = [np.zeros(len(units), bool) for units in rows]
    for places in windows(rows, least).values():
        for row, place in places if len(places) > 1 else ():
            marks[row][place : place + least] = True
    return np.concatenate([*marks, np.zeros(0, bool)])


def joined(rows):
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(units) for units in rows], out=offsets[1:])
    return Units(np.array([unit for units in rows for unit in units], np.uint32), offsets, np.zeros(len(rows), np.uint64))


def flags_of(rows, least, slots, *, within, slack=1):
    units, size = joined(rows), (least + 1) // 2
    flags, counts = np.zeros(units.codes.size, np.uint8), np.zeros(slots, np.uint8)
    count_anchors(*units[:2], least, size, counts)
    mark_likely(*units[:2], least, size, counts, flags)
    counts = np.zeros(slots, np.uint8)
    count_windows(*units[:2], least, flags, counts)
    per_row = np.zeros(len(rows), np.int64)
    owners = np.zeros(keep_likely(*units[:2], least, flags, counts, per_row) // slack + 4, np.uint64)
    spans = units.offsets[:-1], units.offsets[1:]
    runs = find_owners(*units[:2], *spans, np.arange(len(rows)), len(rows), least, flags, owners, within, True)
    return flags, runs


CORPORA = st.lists(st.lists(st.integers(0, 3), max_size=40), min_size=1, max_size=6)
REPEATING = st.builds(
    lambda rows, cuts: [*rows, *(rows[row % len(rows)][start : start + size] + rows[0][:size] for row, start, size in cuts)],
    st.lists(st.lists(st.integers(0, 200), max_size=120), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 60), st.integers(1, 70)), max_size=4),
)


@settings(deadline=None, max_examples=1500)
@given(CORPORA | REPEATING, st.integers(1, 12), st.sampled_from([4, 64, 4096]), st.sampled_from([1, 9]))
@example([[0] * 50, [0] * 20], 7, 64, 1)
@example([[], [1, 2, 3] * 9], 3, 4, 1)
def test_what_stands_twice_is_what_all_windows_say(rows, least, slots, slack):
    flags, _ = flags_of(rows, least, slots, within=True, slack=slack)
    assert ((flags & SHARED) > 0).tolist() == shared_by_all(rows, least).tolist()


@settings(deadline=None, max_examples=1500)
@given(CORPORA | REPEATING, st.integers(1, 12), st.booleans(), st.randoms(use_true_random=False), st.sampled_from([1, 200, 1 << 30]))
def test_what_goes_stays_elsewhere_and_of_what_stays_nothing_repeats(rows, least, within, random, memory):
    units = joined(rows)
    order = list(range(len(rows)))
    random.shuffle(order)
    rank = {row: place for place, row in enumerate(order)}
    found = stretches_of(find_runs(units, np.array(order, np.int64), least, within=within, memory=memory), units)
    gone = [np.zeros(len(one), bool) for one in rows]
    for row, start, _, _, size in found:
        assert not gone[row][start : start + size].any()
        gone[row][start : start + size] = True
    for row, start, of, begin, size in found:
        assert rows[row][start : start + size] == rows[of][begin : begin + size]
        assert not gone[of][begin : begin + size].any()
        assert rank[of] < rank[row] or (within and of == row and begin + size <= start)
    for places in windows(rows, least).values():
        whole = [(row, place) for row, place in places if not gone[row][place : place + least].any()]
        assert len({row for row, _ in whole}) <= 1
        if within and whole:
            assert whole[-1][1] - whole[0][1] < least
    with TemporaryDirectory() as folder:
        spilled = on_disk(units, Path(folder), random.choice([1, 7, 60]))
        again = find_runs(spilled, np.array(order, np.int64), least, within=within, memory=memory)
    whole = find_runs(units, np.array(order, np.int64), least, within=within, memory=memory)
    assert again.table.tolist() == whole.table.tolist()
    assert again.shared == whole.shared
    one_part = stretches_of(find_runs(units, np.array(order, np.int64), least, within=within), units)
    assert marks(found) == marks(one_part)


def on_disk(units, folder, part):
    """The same numbers in a file, of which so many are read at a time."""
    units.codes.tofile(folder / "codes")
    return units._replace(codes=mapped(folder / "codes", "u4", units.codes.size), spill=Spill(folder, part))


def marks(found):
    return {(row, start + i) for row, start, _, _, size in found for i in range(size)}


def tokens(text):
    """The tokens of a text by the oracle of folding: a run of letters side by side is one, a wide letter is one by itself."""
    out, last, wide = [], -5, True
    codes, places = fold(text)
    for letter, at in zip(map(chr, codes.tolist()), places.tolist(), strict=True):
        this = is_wide_letter(letter)
        if at == last:
            out[-1] += letter
        elif this or wide or at != last + 1:
            out.append(letter)
        else:
            out[-1] += letter
        last, wide = at, this
    return out


@settings(deadline=None, max_examples=300)
@given(st.lists(st.lists(st.text("ab1 中文．ﬁ㌔É\n-", max_size=40), min_size=1, max_size=4), min_size=1, max_size=4))
def test_tokens_have_equal_numbers_where_they_are_equal(batches):
    vocabulary, numbers = Vocabulary(), {}
    for texts in batches:
        units, offsets = vocabulary.encode(texts)
        for text, start, end in zip(texts, offsets, offsets[1:], strict=False):
            said = tokens(text)
            assert units[start:end].tolist() == [numbers.setdefault(token, len(numbers)) for token in said]
            assert len(token_spans(text)) == len(said)
    assert len(vocabulary) == len(numbers)


def test_a_vocabulary_that_grows_keeps_its_numbers():
    vocabulary = Vocabulary()
    words = [f"w{number}" for number in range(20_000)]
    first, _ = vocabulary.encode([" ".join(words)])
    again, _ = vocabulary.encode([" ".join(reversed(words))])
    assert first.tolist() == list(range(20_000))
    assert again.tolist() == list(range(19_999, -1, -1))


@pytest.mark.parametrize("unit", ["tokens", "letters"])
def test_spans_are_characters_of_the_text(unit):
    rules = Stretches(least=4, unit=unit)
    texts = ["Ⅷ one, two three four “five”.\nSix", "zero; ONE two　Three four. Seven"]
    units = units_of(texts, rules)
    found = in_characters(stretches_of(find_runs(units, ranks(units, "first"), 4), units), enumerate(texts), rules)
    assert [texts[one.row][slice(*one.span)] for one in found] == ["ONE two　Three four. "]
    assert [texts[one.of][slice(*one.of_span)] for one in found] == ["one, two three four"]


def test_nothing_goes_of_hostile_texts_but_copies_and_the_cost_is_linear():
    rows = [[7] * 3000, [7] * 2000, [1, 2] * 1500, [1, 2] * 700]
    flags, runs = flags_of(rows, 50, 1 << 16, within=False)
    assert (flags & GONE).reshape(-1).sum() == 2000 + 1400
    assert len(runs) == 2


def test_where_nothing_repeats_the_table_of_owners_grows():
    draw = np.random.default_rng(1)
    units = Units(draw.integers(0, 1 << 31, 100_000).astype(np.uint32), np.arange(0, 100_001, 1_000), np.zeros(100, np.uint64))
    runs = find_runs(units, np.arange(100), 50)
    assert runs.shared == len(runs.table) == 0


def test_what_lies_in_likely_windows_is_gathered_and_nothing_else():
    flags = np.zeros(30, np.uint8)
    flags[[2, 4, 9, 20, 24]] = LIKELY  # the last two meet
    codes, marks, starts, sizes, rows = gather(np.arange(30, dtype=np.uint32), np.array([0, 15, 15, 30]), 4, flags)
    assert (starts.tolist(), sizes.tolist(), rows.tolist()) == ([2, 9, 20], [6, 4, 8], [0, 0, 2])
    places = [*range(2, 8), *range(9, 13), *range(20, 28)]
    assert codes.tolist() == places
    assert marks.tolist() == flags[places].tolist()


@pytest.mark.parametrize("unit", ["tokens", "letters"])
def test_texts_beyond_memory_have_the_same_numbers(unit, tmp_path):
    texts = [f"{'word ' * 40_000}{number} {'中文' * 3_000}" for number in range(12)]
    rules = Stretches(least=40, unit=unit, memory=1)
    units, spilled = units_of(texts, rules), units_of(texts, rules, tmp_path)
    assert spilled.spill is not None
    assert len(list(spilled.parts())) > 5
    assert spilled.codes.tolist() == units.codes.tolist()
    assert spilled.offsets.tolist() == units.offsets.tolist()
    assert spilled.digests.tolist() == units.digests.tolist()
    runs = [find_runs(some, ranks(some, "first"), 40) for some in (units, spilled)]
    assert runs[0].table.tolist() == runs[1].table.tolist()
    assert len(runs[0].table) == 11 + 11
