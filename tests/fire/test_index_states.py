"""An index in any order of additions, removals, merges, savings and reopenings answers as a plain dictionary would."""

import itertools
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from texts import article, changed, chinese

import dedup
from dedup.corpus.index import Index, Match

# Equal when folded, near, near in part, unrelated, short, without a letter, and of no row at all.
TEXTS = [
    article(1),
    article(1).upper(),
    changed(article(1), 0.01),
    changed(article(1), 0.5),
    article(2),
    changed(article(2), 0.02),
    chinese(1),
    changed(chinese(1), 0.02),
    "short",
    "Short!",
    "",
    " \n",
    "？！",
]
OTHER = dedup.Config(near=dedup.Near(seed=7))


@cache
def relation(one, two):
    """The kind and the score of two texts as a corpus of the two has them; None when neither repeats the other."""
    removed = dedup.deduplicate([TEXTS[one], TEXTS[two]], workers=1).removed
    return (removed[0].kind, removed[0].score) if removed else None


def found(rows, query):
    """What the rows of a dictionary of ids and numbers of texts say of a query."""
    matches = [
        Match(name, pair[1], pair[0])
        for name, text in rows.items()
        if any(map(str.isalnum, TEXTS[query])) and (pair := relation(*sorted((text, query))))
    ]
    return tuple(sorted(matches, key=lambda match: (-match.score, match.kind, match.id)))


texts = st.integers(0, len(TEXTS) - 1)
names = st.sampled_from([*"abcdefgh", "0", "1", "2", "3", "国", "a b", "../up", "\udc80"])


class Machine(RuleBasedStateMachine):
    """The index, its model, the file that it was last saved to with the model at that time, and a reader of that file."""

    saved = Bundle("saved")

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.numbers = itertools.count()
        self.index, self.rows = Index(), {}
        self.readers = []

    def teardown(self):
        self.readers = []
        self.folder.cleanup()

    @rule(text=texts)
    def add_without_a_name(self, text):
        name = self.index.add(TEXTS[text])
        assert name not in self.rows
        self.rows[name] = text

    @rule(name=names, text=texts)
    def add(self, name, text):
        if name in self.rows:
            with pytest.raises(dedup.InputError, match="holds the id"):
                self.index.add(TEXTS[text], name)
        else:
            assert self.index.add(dedup.Document(TEXTS[text], id=name)) == name
            self.rows[name] = text

    @rule(made=st.lists(st.tuples(names, texts), max_size=9))
    def add_all(self, made):
        given = [name for name, _ in made]
        if len(set(given)) < len(given) or self.rows.keys() & set(given):
            with pytest.raises(dedup.InputError, match="holds the id"):
                self.index.add_all([TEXTS[text] for _, text in made], given)
        else:
            assert self.index.add_all([TEXTS[text] for _, text in made], given) == given
            self.rows |= dict(made)

    @rule(name=names)
    def remove(self, name):
        if name in self.rows:
            self.index.remove(name)
            del self.rows[name]
        else:
            with pytest.raises(dedup.InputError, match="holds no id"):
                self.index.remove(name)

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def remove_one(self, data):
        self.remove(data.draw(st.sampled_from(sorted(self.rows))))

    @rule(made=st.dictionaries(names, texts, max_size=5), gone=st.sets(names, max_size=2))
    def merge(self, made, gone):
        other = Index()
        other.add_all([TEXTS[text] for text in made.values()], list(made))
        for name in gone & made.keys():
            other.remove(name)
        left = {name: text for name, text in made.items() if name not in gone}
        if left.keys() & self.rows.keys():
            with pytest.raises(dedup.InputError, match="both indexes hold"):
                self.index.merge(other)
        else:
            self.index.merge(other)
            self.rows |= left
        assert len(other) == len(left)

    @rule()
    def merge_of_other_settings(self):
        with pytest.raises(dedup.IndexMismatchError, match="seed"):
            self.index.merge(Index(OTHER))

    @rule(target=saved, over=st.booleans())
    def save(self, over):
        path = Path(self.folder.name) / ("same" if over else str(next(self.numbers)))
        self.index.save(path)
        return path, dict(self.rows), path.read_bytes()

    @rule(file=saved)
    def load(self, file):
        path, rows, data = file
        if path.read_bytes() == data:  # not saved over since
            self.index, self.rows = Index.load(path), dict(rows)

    @rule(file=saved)
    def load_under_other_settings(self, file):
        with pytest.raises(dedup.IndexMismatchError, match="seed"):
            Index.load(file[0], OTHER)

    @rule(file=saved)
    def read_beside(self, file):
        path, rows, data = file
        if path.read_bytes() == data:
            self.readers = [*self.readers[-2:], (Index.load(path), dict(rows))]

    @rule(query=texts)
    def find(self, query):
        assert self.index.find(TEXTS[query]) == found(self.rows, query)

    @rule()
    def find_all(self):
        for index, rows in [(self.index, self.rows), *self.readers]:  # a reader keeps what it opened, also when that is saved over
            assert index.find_all(TEXTS) == [found(rows, query) for query in range(len(TEXTS))]

    @rule(name=names)
    def holds(self, name):
        assert (name in self.index) == (name in self.rows)

    @invariant()
    def length(self):
        assert len(self.index) == len(self.rows)


@pytest.mark.parametrize("part", [1, 3, 512])
@pytest.mark.parametrize(("examples", "steps"), [(25, 30), pytest.param(400, 60, marks=pytest.mark.fire_long)])
def test_any_order_of_what_an_index_can_do(monkeypatch, part, examples, steps):
    monkeypatch.setattr("dedup.corpus.index._PART", part)
    monkeypatch.setattr("dedup.corpus.index._BATCH", 4)
    run_state_machine_as_test(Machine, settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None))


def test_the_texts_hold_each_kind_of_relation():
    kinds = {pair and pair[0] for one, two in itertools.combinations(range(len(TEXTS)), 2) for pair in [relation(one, two)]}
    assert kinds == {None, "exact", "near"}
