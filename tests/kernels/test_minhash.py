"""Signatures are those of datasketch, bit for bit; shingles, weights and digests those of their slow twins."""

import datasketch
import numpy as np
import oracles
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.kernels.fold import fold
from dedup.kernels.minhash import agreement, bin_minima, permutations, signatures
from dedup.kernels.rows import characters_of, digests, fold_rows, letter_weight, letters_beside, row_shingles, row_weights, spellings
from dedup.kernels.wide import is_wide

TEXTS = st.text(st.sampled_from("abcdefgh 0123中文字标题カナ한글กขЖ𠀀é\n。，"), max_size=80)
HASHES = st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=60), min_size=1, max_size=5)


def end_to_end(rows):
    offsets = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    return np.array([value for row in rows for value in row], np.uint32), offsets


def of_datasketch(hashes, count, seed):
    minhash = datasketch.MinHash(count, seed=seed, scheme="affine32", hashfunc=int)
    minhash.update_batch(hashes)
    return minhash


@settings(deadline=None, max_examples=150)
@given(HASHES, st.integers(1, 200), st.integers(0, 2**32 - 1))
def test_signatures_are_those_of_datasketch(rows, count, seed):
    hashes, offsets = end_to_end(rows)
    signed = signatures(hashes, offsets, *permutations(count, seed))
    for row, own in zip(signed, rows, strict=True):
        assert (row == of_datasketch(own, count, seed).hashvalues).all()


@pytest.mark.parametrize("length", [0, 1, 2, 7, 8, 15, 16, 17, 4095, 4096, 4097, 9000])
def test_lengths_across_the_tile(length):
    hashes = np.random.default_rng(length).integers(0, 1 << 32, length, dtype=np.uint32)
    signed = signatures(hashes, np.array([0, length]), *permutations(128, 1))
    assert (signed[0] == of_datasketch(hashes.tolist(), 128, 1).hashvalues).all()


def test_permutations_are_drawn_as_datasketch_draws_them():
    for seed in (0, 1, 7, 2**32 - 1):
        assert (np.array(permutations(256, seed)) == datasketch.MinHash(256, seed=seed, scheme="affine32").permutations).all()


@pytest.mark.parametrize("width", [1, 3, 63, 64, 65, 127, 128, 129, 200])
def test_agreement_counts_equal_places(width):
    draw = np.random.default_rng(width)
    one, two = draw.integers(0, 3, (5, width), dtype=np.uint8), draw.integers(0, 3, (4, width), dtype=np.uint8)
    for i in range(5):
        assert [agreement(one.reshape(-1), i, two.reshape(-1), j, width) for j in range(4)] == [
            int((one[i] == two[j]).sum()) for j in range(4)
        ]


@settings(deadline=None, max_examples=200)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.integers(1, 12))
def test_shingles_weights_and_folding_of_rows(texts, weight):
    codes, offsets, lines = fold_rows(texts)
    hashes, ends = row_shingles(codes, offsets, weight)
    for row, text in enumerate(texts):
        own = codes[offsets[row] : offsets[row + 1]]
        assert (own == fold(text).codes).all()
        expected = [oracles.short_hash(shingle) for shingle in oracles.shingles(own.tolist(), weight)]
        assert hashes[ends[row] : ends[row + 1]].tolist() == expected
        assert row_weights(codes, offsets)[row] == sum(map(oracles.letter_weight, own.tolist()))
        assert lines[row] == sum(fold(line).codes.size > 0 for line in text.split("\n"))


@pytest.mark.parametrize("length", [2046, 2047, 2048, 2049, 2052, 2053, 4095, 4096, 4097, 5000])
@pytest.mark.parametrize("letters", ["abcdefgh01", "ab0中文字カナ한글กขЖ𠀀", "中文字标题"])
def test_long_rows_across_the_tile(length, letters):
    drawn = np.random.default_rng(length).integers(0, len(letters), length)
    codes, offsets, _ = fold_rows(["x", "".join(letters[place] for place in drawn), "ab中"])
    for weight in (5, 7, 32):
        hashes, ends = row_shingles(codes, offsets, weight)
        for row in range(3):
            own = codes[offsets[row] : offsets[row + 1]].tolist()
            assert hashes[ends[row] : ends[row + 1]].tolist() == [oracles.short_hash(part) for part in oracles.shingles(own, weight)]


@settings(deadline=None, max_examples=150)
@given(HASHES, st.integers(1, 80))
def test_bin_minima(rows, bins):
    hashes, offsets = end_to_end(rows)
    assert bin_minima(hashes, offsets, bins).tolist() == [oracles.bin_minima(row, bins) for row in rows]


@pytest.mark.parametrize("length", [4095, 4096, 4097, 9000])
def test_bin_minima_across_the_tile(length):
    hashes = np.random.default_rng(length).integers(0, 1 << 32, length, dtype=np.uint32)
    assert bin_minima(hashes, np.array([0, length]), 64).tolist() == [oracles.bin_minima(hashes.tolist(), 64)]


def test_a_bin_agrees_as_often_as_the_jaccard_says():
    draw = np.random.default_rng(1)
    for size in (20, 60, 1000):  # of fewer shingles than bins, too
        pairs = []
        for _ in range(200):
            shared, one, two = np.split(draw.integers(0, 1 << 32, 2 * size, dtype=np.uint32), [size, size + size // 2])
            pairs += [np.concatenate((shared, one)), np.concatenate((shared, two))]  # Jaccard 0.5
        made = bin_minima(*end_to_end(pairs), 64)
        assert abs((made[::2] == made[1::2]).mean() - 0.5) < 0.04


def test_weights_are_those_of_wide_letters():
    codes = np.arange(0x110000, dtype=np.uint32)[::7]
    assert [letter_weight(code) == 2 for code in codes[:30000]] == is_wide(codes[:30000]).tolist()
    assert [oracles.letter_weight(int(code)) == 2 for code in codes] == is_wide(codes).tolist()


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=8))
def test_digests_are_equal_where_letters_are(texts):
    codes, offsets, _ = fold_rows(texts)
    made = [tuple(row) for row in digests(codes, offsets).tolist()]
    letters = [fold(text).codes.tobytes() for text in texts]
    assert [[one == two for two in made] for one in made] == [[one == two for two in letters] for one in letters]


def test_digests_of_many_near_texts_differ():
    texts = [f"{'a' * before}{letter}{'a' * after}" for before in range(30) for after in range(30) for letter in "bcd"]
    codes, offsets, _ = fold_rows(texts)
    made = digests(codes, offsets)
    assert len({tuple(row) for row in made.tolist()}) == len(texts)
    assert len(set(made[:, 0].tolist())) == len(set(made[:, 1].tolist())) == len(texts)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(["\x7f", "\xff", "\uffff", "\U0010ffff"]), st.data())
def test_rows_of_every_width_fold_as_one_text_does(highest, data):
    texts = data.draw(st.lists(st.text(st.characters(max_codepoint=ord(highest), categories=None), max_size=9), max_size=5))
    texts += data.draw(st.sampled_from([[], ["\ud800"], ["\ud83d\ude00"], ["\U0001f600", "ﬁ 名"]]))
    codes, offsets, lines = fold_rows(texts)
    assert np.diff(offsets).tolist() == [fold(text).codes.size for text in texts]
    assert codes.tolist() == [code for text in texts for code in fold(text).codes.tolist()]
    assert lines.tolist() == [sum(fold(line).codes.size > 0 for line in text.split("\n")) for text in texts]


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(["\x7f", "\xff", "\uffff", "\U0010ffff"]), st.data())
def test_spellings_are_of_the_text_whatever_bytes_hold_it(highest, data):
    texts = data.draw(st.lists(st.text(st.characters(max_codepoint=ord(highest), categories=None), max_size=40), max_size=5))
    texts += data.draw(st.sampled_from([[], ["\ud800"], ["\U0001f600", "ﬁ 名"]]))
    assert spellings(*characters_of(texts)).tolist() == [oracles.spelling(text) for text in texts]


def test_spellings_of_many_near_texts_differ():
    texts = [f"{'a' * before}{letter}{'a' * after}" for before in range(30) for after in range(30) for letter in "AbB"]
    assert len(set(spellings(*characters_of(texts)).tolist())) == len(texts)


UTF8 = st.lists(st.text(st.characters(codec="utf-8") | st.sampled_from("ab中é𠀋\U0010ffff"), max_size=20), max_size=5)


@settings(deadline=None, max_examples=300)
@given(UTF8, UTF8, st.data())
def test_letters_of_some_texts_beside_those_of_rows_in_utf8(queries, texts, data):
    codes = np.array([ord(letter) for letter in "".join(queries)], np.uint32)
    offsets = np.cumsum([0, *map(len, queries)])
    begin = data.draw(st.integers(0, len(queries)))
    end = data.draw(st.integers(begin, len(queries)))
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=6) if texts else st.just([]))
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)])
    joined = np.frombuffer(b"".join(encoded), np.uint8)
    letters, bounds = letters_beside(codes, offsets, begin, end, joined, ends, np.array(rows, np.int64))
    expected = queries[begin:end] + [texts[row] for row in rows]
    assert bounds.tolist() == np.cumsum([0, *map(len, expected)]).tolist()
    assert letters.tolist() == [ord(letter) for letter in "".join(expected)]


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=40) | st.binary(max_size=40).map(lambda data: bytes(byte | 0x80 for byte in data)), st.data())
def test_bytes_that_are_no_utf8_and_offsets_that_lie_stay_within_their_arrays(texts, data):
    ends = np.array(data.draw(st.lists(st.integers(-50, 90), min_size=2, max_size=6)), np.int64)
    rows = np.arange(ends.size - 1)
    letters, bounds = letters_beside(np.array([7], np.uint32), np.array([0, 1]), 0, 1, np.frombuffer(texts, np.uint8), ends, rows)
    assert bounds[:2].tolist() == [0, 1]
    assert letters.size == bounds[-1]
    sizes = np.diff(bounds[1:])
    assert (sizes >= 0).all()
    assert (sizes <= np.maximum(np.diff(ends), 0)).all()
    assert (letters < 1 << 21).all()
