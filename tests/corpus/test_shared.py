"""The index in Redis, against a real server that the tests start on a free port."""

import contextlib

import pytest
import redis
from datasketch import MinHash, MinHashLSH
from texts import article, changed

import dedup
from dedup.config import Config, Near
from dedup.corpus.index import Match
from dedup.corpus.shared import SharedIndex
from dedup.corpus.signatures import Signatures


@pytest.fixture
def shared(redis_port):
    """The index of a name, closed at the end of the test."""
    with contextlib.ExitStack() as stack:
        yield lambda name, config=None: stack.enter_context(SharedIndex("127.0.0.1", redis_port, name=name, config=config or Config()))


def test_two_machines_see_the_same(shared):
    one = shared("two")
    two = shared("two")
    for seed in range(12):
        (one if seed % 2 else two).add(article(seed), f"a{seed}")
    two.add(dedup.Document("Short.", id="short"))
    assert len(one) == len(two) == 13
    assert two.find(article(3).upper()) == one.find(article(3)) == (Match("a3", 1.0, "exact"),)
    (match,) = two.find(changed(article(5), 0.1))
    assert (match.id, match.kind) == ("a5", "near")
    assert one.find("short!") == (Match("short", 1.0, "exact"),)
    assert one.find("") == one.find(article(99)) == ()
    one.remove("a5")
    assert "a5" not in two
    assert two.find(article(5)) == ()
    two.add(article(5), "a5")
    assert one.find(article(5))[0].id == "a5"


def test_what_is_new_is_added_by_several_machines_at_once(shared):
    one, two = shared("both"), shared("both")
    assert one.find_or_add(article(1), "u") == ()
    assert two.find_or_add(article(1).upper(), "v") == (Match("u", 1.0, "exact"),)
    assert two.find_or_add(article(2), "u") == ()  # the page says something else
    assert one.find(article(2))[0].id.startswith("u#")
    one.find = lambda _: two.add(article(3), "w") and ()  # the other machine adds between looking and adding
    assert one.find_or_add(article(3), "w") == ()
    assert [match.id.partition("#")[0] for match in two.find(article(3))] == ["w", "w"]
    assert len(one) == 4


def test_it_finds_what_the_index_of_a_file_finds(shared):
    texts = [changed(article(seed // 3), 0.04, seed) for seed in range(45)]
    far, own = shared("same"), dedup.Index()
    for number, text in enumerate(texts):
        far.add(text, f"t{number}")
        own.add(text, f"t{number}")
    for text in [*texts, article(77)]:
        assert far.find(text) == own.find(text)


def test_other_settings_and_ids_are_refused(shared):
    index = shared("mine")
    index.add("one", "x")
    with pytest.raises(dedup.IndexMismatchError, match="shingle 5, not 6"):
        shared("mine", Config(near=Near(shingle=6)))
    for wrong in (lambda: index.add("two", "x"), lambda: index.add("two"), lambda: index.remove("y")):
        with pytest.raises(dedup.InputError):
            wrong()


def test_signatures_go_to_datasketch_and_back(redis_port):
    texts = [article(seed) for seed in range(5)]
    signatures = Signatures.of(texts)
    rows = [signatures.to_datasketch(row) for row in range(5)]
    assert all(isinstance(row, MinHash) for row in rows)
    again = Signatures.from_datasketch(rows)
    assert (again.values == signatures.values).all()
    assert again.seed == signatures.seed
    pool = redis.ConnectionPool(host="127.0.0.1", port=redis_port)
    lsh = MinHashLSH(0.5, 128, storage_config={"type": "redis", "basename": b"plain", "redis": {"connection_pool": pool}})
    for number, row in enumerate(rows):
        lsh.insert(f"r{number}", row)
    assert lsh.query(Signatures.of([changed(article(2), 0.02)]).to_datasketch(0)) == ["r2"]
    pool.disconnect()
    with pytest.raises(dedup.ConfigError, match="affine32"):
        Signatures.from_datasketch([MinHash(scheme="legacy")])
    with pytest.raises(dedup.ConfigError):
        Signatures.from_datasketch([MinHash(seed=1), MinHash(seed=2)])


def test_signatures_are_those_of_datasketch_on_the_same_shingles():
    near = Near(permutations=32, seed=9)
    text = "The mayor said 市长表示工程造价"
    from oracles import shingles, short_hash

    from dedup.kernels.fold import fold

    minhash = MinHash(32, seed=9, scheme="affine32", hashfunc=short_hash)
    minhash.update_batch(shingles(fold(text).codes.tolist(), 5))
    assert Signatures.of([text], near).to_datasketch(0) == minhash
