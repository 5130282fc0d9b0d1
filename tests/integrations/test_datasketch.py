"""Our signatures in datasketch's own indexes, and an index that datasketch filled, queried with ours."""

import pickle
import random

import pytest
from datasketch import LeanMinHash, MinHash, MinHashLSH, MinHashLSHBloom, MinHashLSHForest
from datasketch.hashfunc import sha1_hash64
from hypothesis import given, settings
from hypothesis import strategies as st
from texts import changed

import dedup
from dedup.integrations.datasketch import minhashes, minhashes_of_tokens

DRAW = random.Random(5)
TEXTS = [" ".join("".join(DRAW.choices("abcdefghijklmnopqrst", k=6)) for _ in range(80)) for _ in range(20)]
CHANGED = [changed(text, 0.01) for text in TEXTS]
TOKENS = st.lists(st.lists(st.binary(max_size=12), max_size=30), max_size=5)


def test_lsh_finds_the_changed_copies():
    lsh = MinHashLSH(threshold=0.5, num_perm=128)
    for name, minhash in zip(range(20), minhashes(TEXTS), strict=True):
        lsh.insert(name, minhash)
    assert [lsh.query(minhash) for minhash in minhashes(CHANGED)] == [[name] for name in range(20)]


def test_forest_finds_the_nearest():
    forest = MinHashLSHForest(num_perm=128)
    for name, minhash in zip(range(20), minhashes(TEXTS), strict=True):
        forest.add(name, minhash)
    forest.index()
    assert [forest.query(minhash, 1) for minhash in minhashes(CHANGED)] == [[name] for name in range(20)]


def test_bloom_filters_know_what_was_seen(tmp_path):
    bloom = MinHashLSHBloom(threshold=0.5, num_perm=128, n=1000, fp=0.001, save_dir=str(tmp_path))
    for minhash in minhashes(TEXTS[:10]):
        bloom.insert(minhash)
    assert [bloom.query(minhash) for minhash in minhashes(CHANGED)] == [True] * 10 + [False] * 10


def test_lean_signatures_are_stored_and_read():
    for minhash in minhashes(TEXTS[:3], dedup.Near(permutations=64, seed=7)):
        lean = LeanMinHash(minhash)
        buffer = bytearray(lean.bytesize())
        lean.serialize(buffer)
        assert LeanMinHash.deserialize(buffer) == lean == pickle.loads(pickle.dumps(lean))  # noqa: S301 - our own bytes
        assert (len(lean), lean.seed, lean.scheme) == (64, 7, "affine32")


def test_an_existing_index_of_datasketch_is_queried_with_our_signatures():
    words = [text.encode().split() for text in TEXTS]
    existing = MinHashLSH(threshold=0.5, num_perm=128)
    for name, minhash in zip(range(20), MinHash.bulk(words, num_perm=128), strict=True):
        existing.insert(name, minhash)
    existing = pickle.loads(pickle.dumps(existing))  # noqa: S301 - our own bytes
    ours = minhashes_of_tokens([text.encode().split() for text in CHANGED])
    theirs = MinHash.bulk([text.encode().split() for text in CHANGED], num_perm=128)
    assert [existing.query(minhash) for minhash in ours] == [existing.query(minhash) for minhash in theirs]
    assert [existing.query(minhash) for minhash in minhashes_of_tokens(words)] == [[name] for name in range(20)]


@settings(deadline=None, max_examples=60)
@given(TOKENS, st.sampled_from([1, 16, 128, 130]), st.integers(0, 2**32 - 1))
def test_tokens_have_the_signatures_that_datasketch_gives_them(rows, count, seed):
    ours = minhashes_of_tokens(rows, num_perm=count, seed=seed)
    assert ours == [MinHash(count, seed=seed, scheme="affine32"), *MinHash.bulk(rows, num_perm=count, seed=seed)][1:]
    for minhash in ours:
        minhash.update(b"one more")  # they are whole objects
        assert minhash.jaccard(minhash) == 1.0


def test_jaccard_is_estimated_on_the_same_shingles_on_both_sides():
    one, two = minhashes([TEXTS[0], CHANGED[0]])
    assert 0.7 < one.jaccard(two) < 1
    assert minhashes([]) == minhashes_of_tokens([]) == []


def test_wider_hashes_are_refused():
    with pytest.raises(dedup.ConfigError, match="32 bits"):
        minhashes_of_tokens([[b"a"]], hashfunc=sha1_hash64)
