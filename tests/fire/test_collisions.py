"""Texts whose hashes are equal on purpose: what is removed was compared letter for letter, and a full bucket costs what its rows cost."""

import json
import random
import string
import time

import numpy as np
import pytest
from engine_rows import evidence, expected, frame
from hostile import thue_morse
from rapidfuzz.distance import LCSseq

import dedup
from dedup.article.repeats import ALPHABET
from dedup.cli import main
from dedup.config import Config, Near
from dedup.corpus import sketches
from dedup.corpus.index import Index, Match
from dedup.corpus.sketches import sketch
from dedup.kernels import rows as row_kernels
from dedup.kernels.matches import shingle_hashes
from dedup.kernels.screen import digest_lines

_LETTERS = np.frombuffer(string.ascii_lowercase.encode(), np.uint8).astype(np.uint32)
_LONG = 32  # letters of the longest shingle: a text of so many is one shingle, and its signature is that shingle's hash
_TARGET = 0x5EED1234


def _sums(places):
    """Every word of so many letters at these places (codes, words x places) and what it adds to a shingle's 32-bit hash."""
    words = np.stack([grid.ravel() for grid in np.meshgrid(*[_LETTERS] * len(places), indexing="ij")], 1)
    return words, (words * row_kernels._FACTORS[places]).sum(1, dtype=np.uint32)


def one_hash(count):
    """Texts of 32 letters drawn by chance but for the last seven, which are chosen so that all have one 32-bit hash.

    Four and three letters meet in the middle: of 8 billion words of seven letters two have the sum that is wanted.
    """
    chance = np.random.default_rng(7)
    three, of_three = _sums(range(_LONG - 7, _LONG - 4))
    four, of_four = _sums(range(_LONG - 4, _LONG))
    order = np.argsort(of_four)
    sorted_sums, made = of_four[order], []
    while len(made) < count:
        begin = chance.choice(_LETTERS, _LONG - 7)
        held = int((begin * row_kernels._FACTORS[: _LONG - 7]).sum(dtype=np.uint32))
        wanted = ((_TARGET - held - of_three.astype(np.int64)) & 0xFFFFFFFF).astype(np.uint32)
        at = np.searchsorted(sorted_sums, wanted).clip(max=sorted_sums.size - 1)
        for found in np.flatnonzero(sorted_sums[at] == wanted)[:1]:
            letters = np.concatenate((begin, three[found], four[order[at[found]]]))
            made.append("".join(map(chr, letters)))
    return made


def same_shingles(count):
    """Texts of the same shingles of five and of six letters in another order each: words with the same five letters between them."""
    chance = random.Random(3)
    words = ["".join(chance.choices(string.ascii_lowercase, k=8)) for _ in range(12)]
    made = set()
    while len(made) < count:
        made.add("qzxjk".join(["", *chance.sample(words, len(words)), ""]))
    return sorted(made)


def spent(texts):
    """The processor time of a run, and its result."""
    start = time.process_time()
    result = dedup.deduplicate(texts, workers=1)
    return time.process_time() - start, result


@pytest.mark.parametrize("measure", ["letters", "shingles"])
def test_rows_of_one_hash_stay(measure):
    near = Near(shingle=_LONG, long_shingle=_LONG, least_weight=1, measure=measure)
    texts = one_hash(100)
    made = sketch(texts, near)
    assert len(set(texts)) == 100
    assert (made.agreements == made.agreements[0]).all()  # one signature
    result = dedup.deduplicate(texts, config=Config(near=near), workers=1)
    assert result.report.compared >= 99, "they were not even proposed"
    assert result.kept == texts


def test_shingles_of_one_hash_in_an_article_are_no_repeat():
    size = ALPHABET[0]
    chance = np.random.default_rng(11)
    letters = chance.choice(_LETTERS, (600_000, size))
    codes = letters.ravel()
    hashes = shingle_hashes(codes, size)[::size]
    order = np.argsort(hashes, kind="stable")
    same = np.flatnonzero(hashes[order][1:] == hashes[order][:-1])
    pairs = [tuple("".join(map(chr, letters[order[at + side]])) for side in (0, 1)) for at in same]
    pairs = [pair for pair in pairs if pair[0] != pair[1]]
    assert len(pairs) >= 20, len(pairs)  # 42 are what chance has
    # Of each pair one stands in the first and the other in the second half, on a line of its own and within lines.
    halves = [[pair[side] for pair in pairs] for side in (0, 1)]
    for between in ("\n", ". ", " "):
        text = "\n\n".join(between.join(half) for half in halves)
        assert dedup.clean(text).removed == ()


def test_thue_morse_words_of_one_polynomial_hash_stay():
    """Any polynomial modulo 2**64, whatever its base, has one value on such a word and on the one with its letters exchanged."""
    word = thue_morse(1 << 11)
    other = word.translate(str.maketrans("ab", "ba"))
    for base in (0x9E3779B97F4A7C15, 31, 6364136223846793005):
        values = [0, 0]
        for place, text in enumerate((word, other)):
            for letter in text:
                values[place] = (values[place] * base + ord(letter)) & 0xFFFFFFFFFFFFFFFF
        assert values[0] == values[1]
    kept = dedup.deduplicate([word, other], config=Config(near=Near(enabled=False)), workers=1)
    assert kept.kept == [word, other]
    result = dedup.clean(f"{word}\n\n{other}")
    whole = result.repaired
    for repeat in result.removed:  # what goes stands elsewhere, letter for letter
        assert whole[slice(*repeat.span)] in whole[: repeat.span[0]] + "\0" + whole[repeat.span[1] :]


def test_lines_of_one_digest_are_no_repeat():
    """A line's 32-bit digest: of 400,000 lines of chance some twenty pairs have one, and no line goes."""
    chance = np.random.default_rng(5)
    letters = chance.choice(_LETTERS, (400_000, 30))
    digests = np.empty(len(letters), np.uint32)
    ends = np.arange(30, letters.size + 1, 30)
    assert digest_lines(letters.ravel(), ends, letters.size, digests) == len(letters)
    order = np.argsort(digests, kind="stable")
    same = np.flatnonzero(digests[order][1:] == digests[order][:-1])
    assert same.size >= 8
    lines = ["".join(map(chr, letters[order[at + side]])) for side in (0, 1) for at in same]
    assert len(set(lines)) == len(lines)
    assert dedup.clean("\n".join(lines)).removed == ()


def test_a_full_bucket_costs_what_its_rows_cost():
    texts = same_shingles(20_000)
    made = sketch(texts[:1_000], Near())
    assert (made.agreements == made.agreements[0]).all()
    dedup.deduplicate(texts[:100], workers=1)
    for _ in range(3):  # what a loaded machine adds is not there each time
        before, half = spent(texts[:10_000])
        after, result = spent(texts)
        if after <= 4 * max(before, 0.05):
            break
    assert after <= 4 * max(before, 0.05), (before, after)
    assert result.report.compared <= 2.5 * half.report.compared, (half.report.compared, result.report.compared)
    assert result.report.compared <= 70 * len(texts)  # 16 bands and 52 names, each of which pairs a row once
    assert len(result.kept) > 0.9 * len(texts)
    for row in result.removed:  # a hash did not decide: so many letters of them stand in the same order
        assert LCSseq.normalized_similarity(texts[row.row], texts[row.of]) >= 0.8


@pytest.fixture
def one_bit(monkeypatch):
    """All digests are one of two; the number of rows at each call."""
    digests, rows = sketches.digests, []

    def forced(codes, offsets):
        rows.append(offsets.size - 1)
        return digests(codes, offsets) & np.array([1, 0], np.uint64)

    monkeypatch.setattr(sketches, "digests", forced)
    return rows


def _colliding():
    """200 texts, 40 of which say what another one says, in capitals; and which row each says again."""
    chance = random.Random(9)
    texts = ["".join(chance.choices(string.ascii_lowercase, k=300)) for _ in range(160)]
    said = chance.sample(range(160), 40)
    return texts + [texts[row].upper() for row in said], {160 + place: row for place, row in enumerate(said)}


@pytest.mark.usefixtures("one_bit")
@pytest.mark.parametrize("near", [True, False])
@pytest.mark.parametrize("workers", [1, 2])
def test_rows_of_one_digest_stay(near, workers):
    texts, copies = _colliding()
    config = Config(near=Near(enabled=near))
    assert len(np.unique(sketch(texts, config.near).digests, axis=0)) == 2
    result = dedup.deduplicate(texts, keep="first", config=config, workers=workers)
    assert {row.row: row.of for row in result.removed} == copies
    assert {row.kind for row in result.removed} == {"exact"}
    against = dedup.deduplicate(texts[160:], against=texts[:160], config=config, workers=workers)
    assert {160 + row.row: row.of for row in against.removed} == copies


@pytest.mark.usefixtures("one_bit")
def test_rows_of_one_digest_stay_in_files(tmp_path):
    texts, copies = _colliding()
    (tmp_path / "in.jsonl").write_text("".join(json.dumps({"id": str(row), "text": text}) + "\n" for row, text in enumerate(texts)))
    for command, keep in (("drop", ["--keep", "first"]), ("run", ["--keep", "first"])):
        out, gone = tmp_path / f"{command}.jsonl", tmp_path / f"{command}-gone.jsonl"
        code = main([command, str(tmp_path / "in.jsonl"), "-o", str(out), "--removed", str(gone), "-q", "-j", "1", *keep])
        assert code == 0
        assert [json.loads(line)["text"] for line in out.read_text().splitlines()] == texts[:160]
        assert len(gone.read_text().splitlines()) == len(copies)


@pytest.mark.usefixtures("one_bit")
def test_an_index_does_not_take_one_digest_for_one_text():
    texts, copies = _colliding()
    index = Index()
    index.add_all(texts[:160], [str(row) for row in range(160)])
    assert index.find_all(texts[160:]) == [(Match(str(row), 1.0, "exact"),) for row in copies.values()]
    assert index.find("".join(random.Random(1).choices(string.ascii_lowercase, k=300))) == ()
    for _ in range(4):  # short texts go by their digest alone
        index.add("".join(random.Random(len(index)).choices(string.ascii_lowercase, k=12)))
    assert index.find("abcdefghijkl") == ()


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("near", [True, False])
@pytest.mark.parametrize("partitions", [1, 3])
def test_rows_of_one_digest_stay_on_a_cluster(sail, one_bit, near, partitions):
    """Sail runs Python's part in this process: its digests, too, are the forced ones, and what it says is what one machine says."""
    from dedup.integrations.spark import find_duplicates

    texts, copies = _colliding()
    rows = [{"id": f"{row:03}", "text": text, "date": "", "rank": 0} for row, text in enumerate(texts)]
    for keep in ("longest", "first"):
        config = Config(near=Near(enabled=near), keep=keep)
        one = dedup.deduplicate(rows, text="text", config=config, workers=1)
        one_bit.clear()
        found = find_duplicates(frame(sail, rows[::-1], partitions), "text", config=config)
        assert sum(one_bit) == len(rows), "the digests were not the forced ones"
        assert evidence(found) == expected(one)
        assert {row.kind for row in one.removed} == {"exact"}
    assert {row.row: row.of for row in one.removed} == copies
    old = find_duplicates(
        frame(sail, rows[160:], partitions), "text", against=frame(sail, rows[:160], partitions), keep="first", config=config
    )
    assert {int(gone): int(of) for gone, of, *_ in evidence(old)} == copies
