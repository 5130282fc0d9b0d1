"""Soundness: the table, proved against ftfy's pattern; the kernel, against a slow oracle."""

import re
import unicodedata

import ftfy
import numpy as np
import pytest
from ftfy.badness import BADNESS_RE
from hypothesis import assume, given
from hypothesis import strategies as st

from dedup.kernels import sound, sound_table
from dedup.kernels.sound import BREAKS, CLASSES, COMPOSES, DAMAGED, EDGE, ENTITY, LONGEST, LOOK, MOJIBAKE, flags, stretch_flags

ANCHORED = "^[ÃÂ][ ]"
ANYWHERE = re.compile(BADNESS_RE.pattern.replace(ANCHORED, ANCHORED[1:]), BADNESS_RE.flags)
LOUD, PAGES, BLOCKS, LOOKS, STEPS = sound._table()
LOOKS, STEPS = LOOKS.reshape(CLASSES, CLASSES), STEPS.reshape(-1, CLASSES)
CLASS_OF = BLOCKS.reshape(-1, 256)[PAGES >> 8].ravel()
KINDS = int(CLASS_OF.max()) + 1
FLAGS_OF = LOOKS[EDGE][CLASS_OF]
_, FIRST = np.unique(CLASS_OF, return_index=True)
NEW = np.flatnonzero(sound_table.flags_of_codes() != FLAGS_OF)
CHARACTERS = [chr(code) for code in FIRST]
ROWS = sound_table.alternatives(BADNESS_RE)
SETS = {name: sound_table.members(name) for name in sorted({one for row in ROWS for one in row})}
SAME_UNICODE = pytest.mark.skipif(unicodedata.unidata_version != "14.0.0", reason="the table was made with Unicode 14")


def words():
    """A shortest text, in classes, that leads to each state of the automaton but the last."""
    found = {1: ()}
    while len(found) < len(STEPS):
        for state, word in list(found.items()):
            for kind in range(KINDS):
                found.setdefault(int(STEPS[state, kind]), (*word, kind))
    del found[sound_table.FOUND]
    return list(found.values())


def text_of(word):
    return "".join(CHARACTERS[kind] for kind in word)


def test_every_set_of_the_pattern_is_a_union_of_classes():
    known = FLAGS_OF & DAMAGED == 0
    sizes = np.bincount(CLASS_OF[known], minlength=KINDS)
    for name, holds in SETS.items():
        inside = np.bincount(CLASS_OF[known & holds], minlength=KINDS)
        assert np.all((inside == 0) | (inside == sizes)), name


def test_every_character_has_its_flags():
    # In a later Unicode a character may have come to be; the table calls it damaged, so that its line is repaired in full.
    assert set(FLAGS_OF[NEW].tolist()) <= {DAMAGED}
    assert all(unicodedata.category(chr(code)) not in {"Cn", "Cc", "Cs"} for code in NEW.tolist())
    if unicodedata.unidata_version == "14.0.0":
        assert NEW.size == 0


def test_characters_without_a_flag_neither_reorder_nor_compose():
    seconds = set()
    for code in range(0x110000):
        apart = unicodedata.normalize("NFD", chr(code))
        if len(apart) > 1:
            seconds |= set(apart[1:])
    for code in np.flatnonzero(FLAGS_OF == 0).tolist():
        character = chr(code)
        assert not unicodedata.combining(character)
        assert unicodedata.normalize("NFC", character) == character
        assert character not in seconds


def test_the_automaton_is_the_pattern():
    """From every state, each next character and the one behind it: what a wrong or a missing step would change."""
    for word in words():
        for one in range(KINDS):
            after = int(STEPS[run(word), one])
            text = text_of((*word, one))
            assert (after == sound_table.FOUND) == bool(ANYWHERE.search(text)), ascii(text)
            if after != sound_table.FOUND:
                ends = {text + CHARACTERS[two]: int(STEPS[after, two]) == sound_table.FOUND for two in range(KINDS)}
                assert [bool(ANYWHERE.search(end)) for end in ends] == list(ends.values()), ascii(text)


def run(word):
    state = 1
    for kind in word:
        state = int(STEPS[state, kind])
    return state


def test_no_match_without_a_pair_that_is_looked_at():
    """All texts of any length: without such a pair, and without a damaged character, the automaton never reaches its last state."""
    quiet = [kind for kind in range(KINDS) if not LOOKS[EDGE, kind] & DAMAGED]
    todo = [(1, None)]
    reached = set(todo)
    while todo:
        state, before = todo.pop()
        for kind in quiet:
            if before is not None and LOOKS[before, kind] & LOOK:
                continue
            after = (int(STEPS[state, kind]), kind)
            assert after[0] != sound_table.FOUND
            if after not in reached:
                reached.add(after)
                todo.append(after)


def test_what_alternatives_match_fits_into_what_is_looked_at():
    assert max(map(len, ROWS)) == LONGEST
    assert all(FLAGS_OF[SETS[row[0]]].min() >= MOJIBAKE for row in ROWS if len(row) == 1)
    assert not any(char.isascii() for char in CHARACTERS if FLAGS_OF[ord(char)] & COMPOSES)


def test_every_match_holds_a_character_beyond_ascii():
    for row in ROWS:
        assert any(not SETS[one][:128].any() for one in row)


def test_quiet_characters_make_no_pair():
    quiet = np.flatnonzero(np.bincount(CLASS_OF[:0x10000], weights=LOUD, minlength=KINDS) == 0)
    assert not LOOKS[np.ix_([*quiet, EDGE], quiet)].any()
    assert all(LOUD[FIRST[kind]] == 0 for kind in quiet)
    assert not any(LOUD[ord(char)] for char in "a Z9,.中。，“”‘’—…·「」《》Жже한カ！Ａ\n")
    assert LOUD[0xFFFF]


def test_ftfy_leaves_every_row_of_characters_without_a_flag():
    texts = [text_of((*word, kind)) for word in words() for kind in range(KINDS)]
    texts += [one + two + three for one in CHARACTERS for two in CHARACTERS[::3] for three in CHARACTERS[::5]]
    found = flags(texts)
    for text, flag in zip(texts, found, strict=True):
        if not flag & (MOJIBAKE | DAMAGED):
            assert ftfy.fix_encoding(text) == text
        assert bool(flag & MOJIBAKE) == bool(ANYWHERE.search(text))


def test_punctuation_of_clean_text_is_sound():
    assert not flags(
        ["“高质量发展”是硬道理——‘不能动摇’……", "It’s “fine” – €5, £6 ¥7; 30 °C · a…", "été « à la mode » : œuvre", "Ёлка № 5 — «да»"]
    ).any()


@SAME_UNICODE
def test_the_table_is_what_its_maker_makes():
    holds = {name: rows[FIRST] for name, rows in SETS.items()}
    assert np.array_equal(sound_table.automaton(ROWS, holds, KINDS), STEPS)


def oracle(text):
    flag = MOJIBAKE if ANYWHERE.search(text) else 0
    for character in text:
        flag |= int(FLAGS_OF[ord(character)])
    return flag


ALPHABET = st.one_of(st.sampled_from(CHARACTERS), st.sampled_from("ab Z.中“”’—éàÃÂ€™œØ°ВГЂ\n&\x85e\u0301💩"), st.characters())
PARTS = st.one_of(
    st.text(ALPHABET, max_size=12),
    st.sampled_from(words()).map(text_of),
    st.sampled_from(["a" * 31, "中" * 32, "“中”" * 11, "plain, ", "ГўВЂВ.a", "Ã ", "Ø®Ø®", "\n"]),
)
TEXTS = st.lists(PARTS, max_size=8).map("".join)


@given(st.lists(TEXTS, max_size=8), st.sampled_from([1, 5, 8, 33, 1 << 18]))
def test_flags_are_those_of_the_oracle(texts, block):
    assume(not set(map(ord, "".join(texts))) & set(NEW.tolist()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sound, "_BLOCK", block)
        assert flags(texts).tolist() == [oracle(text) for text in texts]


@given(TEXTS, st.integers(0, 90), st.integers(0, 90))
def test_stretches_of_code_points_have_the_flags_of_their_texts(text, one, two):
    first, second = sorted((min(one, len(text)), min(two, len(text))))
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    parts = [text[:first], text[first:second], text[second:]]
    assert stretch_flags(codes, np.array([0, first, second, len(text)])).tolist() == flags(parts).tolist()


@given(TEXTS)
def test_the_flags_of_lines_are_flags_of_the_text(text):
    assert np.bitwise_or.reduce(flags(text.split("\n"))) | flags([text])[0] == flags([text])[0]


@given(TEXTS)
def test_without_a_flag_ftfy_changes_nothing(text):
    flag = flags([text])[0]
    if not flag & (MOJIBAKE | DAMAGED):
        assert ftfy.fix_encoding(text) == text
        assert ftfy.fixes.fix_c1_controls(text) == text
        assert ftfy.fixes.remove_control_chars(ftfy.fixes.fix_surrogates(text)) == text.replace("\v", "")
    if not flag & COMPOSES:
        assert unicodedata.is_normalized("NFC", text)
    if not flag & ENTITY:
        assert ftfy.fixes.unescape_html(text) == text
    if not flag & (BREAKS | DAMAGED):
        assert ftfy.fixes.fix_line_breaks(text) == text


def test_another_pattern_proves_nothing(monkeypatch):
    monkeypatch.setattr(ftfy.badness, "BADNESS_RE", re.compile("x"))
    sound._table.cache_clear()
    try:
        assert flags(["a", ""]).tolist() == [sound.ANY] * 2
        assert stretch_flags(np.zeros(3, np.uint32), np.array([0, 3])).tolist() == [sound.ANY]
    finally:
        sound._table.cache_clear()


def test_no_texts():
    assert flags([]).tolist() == []
    assert flags(["", "", "中", ""]).tolist() == [0] * 4
