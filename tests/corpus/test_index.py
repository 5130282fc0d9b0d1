"""The index: what was added is found again, verified; files that are damaged or of other settings are refused by name."""

import json
import random
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from texts import article, changed, chinese

import dedup
from dedup.config import Config, Near
from dedup.corpus.index import Index, Match
from dedup.corpus.segments import MAGIC
from dedup.errors import InputError
from dedup.kernels.blocks import BLOCK, guard_of
from dedup.kernels.lookup import _ROOM, sharing_rows, starts_of


def filled(rows=40):
    index = Index()
    index.add_all([article(seed) for seed in range(rows)], [f"a{seed}" for seed in range(rows)])
    return index


def test_equal_and_near_texts_are_found():
    index = filled()
    assert index.add(chinese(1), "zh") == "zh"
    assert index.find(article(3).upper()) == (Match("a3", 1.0, "exact"),)
    (match,) = index.find(changed(article(5), 0.1))
    assert (match.id, match.kind) == ("a5", "near")
    assert 0.8 <= match.score < 1
    assert [match.id for match in index.find(changed(chinese(1), 0.05))] == ["zh"]
    assert index.find(article(999)) == index.find("") == index.find("short") == ()
    assert len(index) == 41
    assert "a3" in index
    assert "b3" not in index


def test_the_score_is_the_one_of_deduplicate():
    texts = [article(1), changed(article(1), 0.06)]
    index = Index()
    index.add(texts[0])
    (match,) = index.find(texts[1])
    assert match.score == dedup.deduplicate(texts).removed[0].score


def test_ids_are_given_taken_or_counted_and_never_twice():
    index = Index()
    assert index.add(dedup.Document("one", id="x")) == "x"
    assert index.add("two") == "1"
    for wrong in (lambda: index.add("three", "x"), lambda: index.add_all(["a", "b"], ["y", "y"]), lambda: index.add_all(["a"], [])):
        with pytest.raises(dedup.InputError):
            wrong()
    assert len(index) == 2
    with pytest.raises(dedup.InputError, match="holds no id"):
        index.remove("z")


def test_what_is_new_is_added_and_what_is_known_is_found():
    index = Index()
    assert index.find_or_add("Rain.", "x") == index.find_or_add("Snow.", "x") == index.find_or_add("Hail.") == ()
    assert index.find_or_add(dedup.Document("Fog.", id="y")) == ()
    assert index.find_or_add("RAIN", "z") == (Match("x", 1.0, "exact"),)
    named = {text: index.find(text)[0].id for text in ("Snow.", "Hail.", "Fog.")}
    assert named["Fog."] == "y"
    assert named["Snow."].startswith("x#")
    assert named["Hail."].startswith("#")
    for _ in range(4):
        assert index.find_or_add("...", "v") == ()  # without a letter it is never found
    assert len(index) == 6
    with pytest.raises(dedup.InputError, match="a str or a Document, not int"):
        index.find_or_add(3, "a")


def test_what_was_removed_is_not_found_and_can_be_added_again(tmp_path):
    index = filled()
    index.remove("a3")
    assert index.find(article(3)) == ()
    assert len(index) == 39
    index.add(article(3), "a3")
    index.remove("a4")
    index.save(tmp_path / "index")
    again = Index.load(tmp_path / "index")
    assert len(again) == 39
    assert [match.id for match in again.find(article(3))] == ["a3"]
    assert again.find(article(4)) == ()
    again.remove("a5")
    assert again.find(article(5)) == ()
    assert Index.load(tmp_path / "index").find(article(5))


@pytest.mark.parametrize("part", [1, 3, 512])
def test_parts_segments_and_files_find_the_same(tmp_path, monkeypatch, part):
    monkeypatch.setattr("dedup.corpus.index._PART", part)
    monkeypatch.setattr("dedup.corpus.index._BATCH", 7)
    texts = [changed(article(seed // 2), 0.03, seed) for seed in range(60)]
    index = Index()
    for number, text in enumerate(texts):
        index.add(text, f"t{number:02}")
    queries = [*texts, article(99), ""]
    found = index.find_all(queries)
    assert all(f"t{number:02}" in {match.id for match in matches} for number, matches in enumerate(found[:60]))
    assert found[60:] == [(), ()]
    assert [index.find(query) for query in queries] == found
    index.save(tmp_path / "index")
    assert Index.load(tmp_path / "index").find_all(queries) == found
    one = Index()
    one.add_all(texts, [f"t{number:02}" for number in range(60)])
    assert one.find_all(queries) == found


def test_merge(tmp_path):
    one, two = filled(10), Index()
    two.add_all([article(50), article(51)], ["b0", "b1"])
    two.remove("b1")
    two.save(tmp_path / "two")
    one.merge(Index.load(tmp_path / "two"))
    assert len(one) == 11
    assert [match.id for match in one.find(article(50))] == ["b0"]
    assert one.find(article(51)) == ()
    with pytest.raises(dedup.InputError, match="both indexes hold"):
        one.merge(filled(1))
    with pytest.raises(dedup.IndexMismatchError, match="seed 2, not 1"):
        one.merge(Index(Config(near=Near(seed=2))))


def test_an_index_of_other_settings_is_refused_by_name(tmp_path):
    filled().save(tmp_path / "index")
    for setting, value in (("seed", 2), ("permutations", 32), ("shingle", 4), ("halves", 30), ("long_shingle", 9)):
        with pytest.raises(dedup.IndexMismatchError, match=f"index: .*{setting} [0-9]+, not {value}"):
            Index.load(tmp_path / "index", Config(near=Near(**{setting: value})))
    Index.load(tmp_path / "index", Config(near=Near(threshold=0.9)))
    with pytest.raises(dedup.ConfigError):
        Index(Config(near=Near(enabled=False)))


def test_damaged_files_are_refused(tmp_path):
    path = tmp_path / "index"
    filled().save(path)
    data = path.read_bytes()
    for damaged in (
        b"",
        b"no index",
        data[:20],
        data[:200],
        data[:-1],
        data + b"x",
        data[:40] + b"?" + data[41:],
        b"dedup index\nxxxxxxxx yyyyyyyy\n",
    ):
        path.write_bytes(damaged)
        with pytest.raises(dedup.InputError, match="damaged"):
            Index.load(path)
    keys, starts, shift = _noise()
    signed = np.zeros((1, 8), np.uint8)
    guards = tuple(map(guard_of, (keys, starts, signed)))
    assert sharing_rows(*_query(), keys, starts, shift, signed, 0, 64, guards).shape[1] == 2


def deeds(path, folder):
    """What is done with the index of a file, each by itself: its name, and what does it and says what came of it."""

    def saved(index):
        index.save(folder / "saved")
        return (folder / "saved").read_bytes()

    def merged(index):
        whole = filled(3)
        whole.remove("a0")
        whole.remove("a1")
        whole.remove("a2")
        whole.merge(index)
        whole.remove("a0")
        return saved(whole)

    def removed(index):
        index.remove("a7")
        return saved(index)

    def sampled(index):
        return index.sample.as_json()

    texts = [changed(article(seed), 0.03) for seed in range(40)]
    return {
        "find": lambda: Index.load(path).find_all(texts),
        "hold": lambda: "a7" in Index.load(path),
        "save": lambda: saved(Index.load(path)),
        "merge": lambda: merged(Index.load(path)),
        "remove": lambda: removed(Index.load(path)),
        "sample": lambda: sampled(Index.load(path)),
    }


def tried(do):
    """What came of it, or the error."""
    try:
        return do()
    except InputError as error:
        return error


def test_a_flipped_bit_of_any_array_is_told_when_it_is_read_or_changes_nothing(tmp_path):
    path = tmp_path / "index"
    index = filled()
    index.sample.add("a.example", "a text", ["a text"], "a3")
    index.save(path)
    data = path.read_bytes()
    begin = len(MAGIC) + 18
    table = json.loads(data[begin : begin + int(data[len(MAGIC) : len(MAGIC) + 8])])["arrays"]
    doing = deeds(path, tmp_path)
    right = {name: do() for name, do in doing.items()}
    draw = random.Random(3)
    told = dict.fromkeys(doing, 0)
    names = {"keys", "starts", "names", "agreements", "digests", "texts", "text_offsets", "ids", "id_offsets", "sample"}
    assert table.keys() == names
    for name, (place, kind, shape) in table.items():
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        assert place % BLOCK == 0
        for at in [0, size - 1, *(draw.randrange(size) for _ in range(6))]:
            damaged = bytearray(data)
            damaged[place + at] ^= 1 << draw.randrange(8)
            path.write_bytes(damaged)
            for deed, do in doing.items():
                done = tried(do)
                if isinstance(done, InputError):
                    assert f"{path}: the index is damaged: its {name.replace('_', ' ')} are not what was saved" in str(done)
                    told[deed] += 1
                else:
                    assert done == right[deed], (deed, name, at)
    path.write_bytes(data)
    assert {name: do() for name, do in doing.items()} == right
    assert told["save"] == 8 * len(names)
    assert told["remove"] == told["merge"] == 8 * len(names)
    assert told["sample"] == 8
    assert told["hold"] == 16
    assert told["find"] > 30


def test_what_is_damaged_is_told_each_time_and_the_sums_are_held_to_their_own(tmp_path):
    path = tmp_path / "index"
    filled().save(path)
    data = path.read_bytes()
    path.write_bytes(data[:-8] + bytes([data[-8] ^ 1]) + data[-7:])
    with pytest.raises(InputError, match="its sums are not what was saved"):
        Index.load(path)
    path.write_bytes(data[:BLOCK] + bytes([data[BLOCK] ^ 1]) + data[BLOCK + 1 :])
    index = Index.load(path)
    for _ in range(2):
        with pytest.raises(InputError, match="its names are not what was saved"):
            index.save(tmp_path / "other")
    assert not (tmp_path / "other").exists()


def _query():
    return np.zeros((1, 3), np.uint32), np.zeros((1, 8), np.uint8)


def _noise():
    keys = np.sort(np.random.default_rng(1).integers(0, 1 << 63, (3, 50)).astype(np.uint64), axis=1)
    keys[:, 0] = 7  # the name of the query, and a row that does not exist
    return keys, *starts_of(keys)


def test_saving_is_whole_or_not_at_all_and_readers_keep_what_they_have(tmp_path, monkeypatch):
    path = tmp_path / "index"
    filled(5).save(path)
    reader = Index.load(path)
    filled(9).save(path)
    assert len(reader) == 5
    assert reader.find(article(4))
    assert len(Index.load(path)) == 9
    before = path.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match=re.escape(f"No space left on device: '{path}'")):
            filled(12).save(path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["index"]


def test_the_same_bytes_in_every_process(tmp_path):
    code = (
        "import sys; from dedup.corpus.index import Index; index = Index()\n"
        "index.add_all([f'article number {n} ' * 20 for n in range(30)], map(str, range(30))); index.save(sys.argv[1])"
    )
    made = []
    for seed in ("1", "2"):
        path = tmp_path / seed
        subprocess.run([sys.executable, "-c", code, str(path)], check=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)})
        made.append(path.read_bytes())
    assert made[0] == made[1]


def test_empty_index(tmp_path):
    Index().save(tmp_path / "index")
    index = Index.load(tmp_path / "index")
    assert (len(index), index.find(article(1))) == (0, ())
    index.add(article(1), "x")
    assert index.find(article(1))[0].id == "x"


@settings(deadline=None, max_examples=100)
@given(st.lists(st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 5), min_size=2, max_size=2), max_size=60), st.integers(1, 5))
def test_rows_that_share_a_name(rows, most):
    names = np.array(rows, np.uint32).reshape(-1, 2)
    keys = np.sort(np.ascontiguousarray((names.T.astype(np.uint64) << np.uint64(32)) | np.arange(len(rows), dtype=np.uint64)), axis=1)
    signed = np.zeros((len(rows), 4), np.uint8)
    starts, shift = starts_of(keys)
    found = sharing_rows(names, signed, keys, starts, shift, signed, 4, most, tuple(map(guard_of, (keys, starts, signed))))
    expected = []
    for query, own in enumerate(rows):
        seen = []
        for band in range(2):
            sharing = [row for row, other in enumerate(rows) if other[band] == own[band]][:most]
            seen += [row for row in sharing if row not in seen]
        expected += [[query, row] for row in seen]
    assert found.tolist() == expected


def test_more_rows_that_share_names_than_are_held_at_a_time():
    drawn = np.random.default_rng(5)
    rows, most, least = 2000, 2000, 5
    names = drawn.integers(0, 900, (rows, 2)).astype(np.uint32) * np.uint32(4_700_000)
    signed = drawn.integers(0, 2, (rows, 8)).astype(np.uint8)
    assert names.shape[1] * most * rows > _ROOM
    keys = np.sort(np.ascontiguousarray((names.T.astype(np.uint64) << np.uint64(32)) | np.arange(rows, dtype=np.uint64)), axis=1)
    starts, shift = starts_of(keys)
    found = sharing_rows(names, signed, keys, starts, shift, signed, least, most, tuple(map(guard_of, (keys, starts, signed))))
    expected = []
    for query in range(rows):
        first, second = np.flatnonzero(names[:, 0] == names[query, 0]), np.flatnonzero(names[:, 1] == names[query, 1])
        agreeing = [row for row in second if (signed[row] == signed[query]).sum() >= least and row not in first]
        expected += [[query, row] for row in [*first, *agreeing]]
    assert found.tolist() == expected


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 1000))
def test_places_that_lie_stay_within_the_keys(seed):
    keys, starts, shift = _noise()
    starts = np.random.default_rng(seed).integers(0, 2 ** [6, 32][seed % 2], starts.shape).astype(np.uint32)
    guards = tuple(map(guard_of, (keys, starts, np.zeros((1, 8), np.uint8))))
    found = sharing_rows(*_query(), keys, starts, shift, np.zeros((1, 8), np.uint8), 0, 64, guards)
    assert (found[:, 1] == 0).all()


def test_texts_compared_a_few_at_a_time_score_the_same(monkeypatch):
    index = filled()
    index.add_all([changed(chinese(seed), 0.02) + "𠀋é" for seed in range(9)], [f"z{seed}" for seed in range(9)])
    queries = [changed(article(seed), 0.04) for seed in range(40)] + [chinese(seed) for seed in range(9)] + ["", article(2), "𠀋"]
    found = index.find_all(queries)
    assert sum(map(len, found)) >= 50
    for size in (1, 3000):
        monkeypatch.setattr("dedup.corpus.index._LETTERS", size)
        assert index.find_all(queries) == found


def test_random_texts_in_any_order_are_found():
    draw = random.Random(1)
    index = filled(200)
    for seed in draw.sample(range(200), 30):
        assert index.find(article(seed))[0] == Match(f"a{seed}", 1.0, "exact")


@pytest.mark.parametrize("wrong", [{"text": "a"}, None, 5, b"a"])
def test_what_is_no_text_is_refused_by_name(wrong):
    index = Index()
    for call in (index.add, index.find, lambda it: index.add_all([it], ["a"]), lambda it: index.find_all([it])):
        with pytest.raises(InputError, match=type(wrong).__name__):
            call(wrong)
    for call in (index.find_all, lambda it: index.add_all(it, ["a"])):
        with pytest.raises(InputError, match="many texts are wanted"):
            call("abc")
    with pytest.raises(InputError, match="an id is a str, not int"):
        index.add("a", id=5)


def told(number):
    own = " ".join(f"word{number}x{place}" for place in range(20))
    return dedup.Document(f"{own}\nEditor: Lee", id=f"n{number}", url=f"https://town.example/{number}")


def test_what_an_index_remembers_of_sites_is_saved_merged_and_forgotten(tmp_path):
    documents = [told(number) for number in range(14)]
    wanted = dedup.learn_boilerplate(documents[:12])
    assert len(wanted) == 1
    index, other = Index(), Index()
    for some, made in ((documents[:6], index), (documents[6:12], other)):
        assert not dedup.learn_boilerplate(some, index=made)
        made.add_all([document.text for document in some], [document.id for document in some])
    other.save(tmp_path / "other.index")
    index.merge(Index.load(tmp_path / "other.index"))
    index.save(tmp_path / "both.index")
    again = Index.load(tmp_path / "both.index")
    again.save(tmp_path / "again.index")  # what is not asked for goes back as it came
    assert (tmp_path / "again.index").read_bytes() == (tmp_path / "both.index").read_bytes()
    assert dedup.learn_boilerplate([], index=again) == wanted
    for number in range(3):
        again.remove(f"n{number}")
    again.save(tmp_path / "less.index")
    assert b"word0x1" not in (tmp_path / "less.index").read_bytes()
    assert not dedup.learn_boilerplate([], index=Index.load(tmp_path / "less.index"))


def test_a_sample_is_the_same_in_any_order_and_has_no_more_than_it_may():
    from dedup.config import Learning
    from dedup.sample import Sample

    rules = Learning(sample=5)
    made = []
    for seed in range(3):
        order = list(range(40))
        random.Random(seed).shuffle(order)
        whole, parts = Sample(rules), [Sample(rules), Sample(rules)]
        for number in order:
            for sample in (whole, parts[number % 2]):
                sample.add("a.example", f"text {number}", [f"text {number}", "\ud800 odd"], f"{number}")
        parts[0].merge(parts[1])
        read = Sample(rules)
        read.read(whole.as_json())
        made += [whole.as_json(), parts[0].as_json(), read.as_json()]
        assert len(whole.articles()["a.example"]) == 5
    assert len(set(made)) == 1
