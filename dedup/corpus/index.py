"""An index of texts that outlives a run: what was seen is found again, verified on its letters.

Rows that are added gather in a small part in memory; full parts become segments of sorted keys, which are joined when they
are of one size, so that each row is sorted a few times in all. A saved index is one segment in one memory-mapped file.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import dedup
from dedup.config import Config
from dedup.corpus.segments import (
    Queries,
    Rows,
    Segment,
    joined,
    least_agreement,
    load,
    load_sample,
    queries_of,
    rows_of,
    save,
    segment,
    selected,
)
from dedup.corpus.signatures import HASH, SCHEME
from dedup.corpus.verify import score_pairs
from dedup.errors import ConfigError, IndexMismatchError, InputError
from dedup.kernels.compare import same_letters
from dedup.kernels.lookup import sharing_rows
from dedup.kernels.rows import letters_beside
from dedup.model import Document
from dedup.plural import number
from dedup.sample import Sample

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Sequence

    from dedup.config import Learning, Near
    from dedup.corpus.shared import SharedIndex

_PART = 512  # rows of the part in memory, each with its names in a dictionary: 30 MB
_BATCH = 2048  # texts that are looked up at a time
_LETTERS = 1 << 20  # bytes of texts that are compared at a time
_PLAIN = Config()


class Match(NamedTuple):
    """A row of an index that says what the text says: its id, the verified score, and `exact` or `near`."""

    id: str
    score: float
    kind: str


class Index:
    """What was added, found again by its text. One writer and any number of readers of the saved file; not for several threads at once."""

    def __init__(self, config: Config = _PLAIN) -> None:
        """An empty index under the settings `config.near`."""
        if not config.near.enabled:
            message = "an index needs near.enabled"
            raise ConfigError(message)
        self.config = config
        self._segments: list[Segment] = []
        self._stays: list[np.ndarray] = []
        self._part: list[Rows] = []
        self._names: dict[tuple[int, int], list[int]] = {}
        self._where: dict[str, tuple[int, int]] | None = {}
        self._number = 0
        self._sample: Sample | None = Sample(config.learning)
        self._saved: Callable[[], bytes] = bytes

    @property
    def sample(self) -> Sample:
        """What is remembered of articles so that `learn_boilerplate` can learn what their sites put into them."""
        if self._sample is None:
            read = Sample(self.config.learning)
            read.read(self._saved())
            self._sample = read
        return self._sample

    def __len__(self) -> int:
        """How many rows it holds."""
        return sum(int(stays.sum()) for stays in self._stays) + len(self._part)

    def add(self, document: str | Document, id: str | None = None) -> str:  # noqa: A002 - the field's name
        """The id under which the document can be found; without one given and without one of its own the next number that is free.

        Raises InputError when the index holds that id.
        """
        own = document.id if isinstance(document, Document) else None
        return self.add_all([text_of(document)], [id or own or self._free()])[0]

    def _free(self) -> str:
        """A number that is no row's id: how many rows there are, or, where some were removed, one above it."""
        places = self._places()
        self._number = max(self._number, len(self))  # what was passed over once is not tried again
        while str(self._number) in places:
            self._number += 1
        return str(self._number)

    def add_all(self, texts: Iterable[str], ids: Iterable[str]) -> list[str]:
        """The ids of texts, all of which can be found. Raises InputError, before any is added, for an id that is there or comes twice."""
        texts, ids = _texts(texts), list(ids)
        places = self._places()
        if len(texts) != len(ids):
            message = f"{number(len(texts), 'text')}, but {number(len(ids), 'id')}"
            raise InputError(message)
        seen: set[str] = set()
        for name in ids:
            if not isinstance(name, str):
                message = f"an id is a str, not {type(name).__name__}"
                raise InputError(message)
            if name in places or name in seen:
                message = f"the index holds the id {name!r} already"
                raise InputError(message)
            seen.add(name)
        for start in range(0, len(texts), _BATCH):
            self._take(rows_of(texts[start : start + _BATCH], ids[start : start + _BATCH], self.config.near))
        return ids

    def _take(self, rows: Rows) -> None:
        """Rows that are new."""
        if len(rows.digests) >= _PART:
            self._flush()
            self._append(segment(rows), np.ones(len(rows.digests), bool))
            return
        for row in range(len(rows.digests)):
            number = len(self._part)
            self._part.append(_one(rows, row))
            self._places()[rows.id(row)] = (-1, number)
            for band, name in enumerate(rows.names[row].tolist()):
                self._names.setdefault((band, name), []).append(number)
        if len(self._part) >= _PART:
            self._flush()

    def _flush(self) -> None:
        """What is in memory is a segment, too."""
        if self._part:
            made = segment(joined(self._part))
            self._part, self._names = [], {}
            self._append(made, np.ones(made.keys.shape[1], bool))

    def _append(self, made: Segment, stays: np.ndarray) -> None:
        """One more segment; those that are not larger than what comes after them are joined with it."""
        self._segments.append(made)
        self._stays.append(stays)
        while len(self._segments) > 1 and self._segments[-2].keys.shape[1] <= 2 * self._segments[-1].keys.shape[1]:
            self._join(len(self._segments) - 2)
        self._where = None

    def _join(self, first: int) -> None:
        """All segments from `first` on are one, without what was removed."""
        parts = [selected(one.whole().rows, stays) for one, stays in zip(self._segments[first:], self._stays[first:], strict=True)]
        made = segment(joined(parts))
        self._segments[first:], self._stays[first:] = [made], [np.ones(made.keys.shape[1], bool)]
        self._where = None

    def _places(self) -> dict[str, tuple[int, int]]:
        """The segment and the row of each id; the part in memory is segment -1."""
        if self._where is None:
            self._where = {
                one.whole("ids", "id_offsets").rows.id(row): (number, row)
                for number, (one, stays) in enumerate(zip(self._segments, self._stays, strict=True))
                for row in np.flatnonzero(stays).tolist()
            }
            self._where |= {rows.id(0): (-1, number) for number, rows in enumerate(self._part)}
        return self._where

    def __contains__(self, id: object) -> bool:  # noqa: A002 - the field's name
        """True when a row has this id."""
        return id in self._places()

    def remove(self, id: str) -> None:  # noqa: A002 - the field's name
        """The row of this id is not found any more. Raises InputError when there is none."""
        if self._places().get(id, (0, 0))[0] < 0:
            self._flush()
        place = self._places().pop(id, None)
        if place is None:
            message = f"the index holds no id {id!r}"
            raise InputError(message)
        self.sample.forget(id)
        self._stays[place[0]] = self._stays[place[0]].copy()
        self._stays[place[0]][place[1]] = False

    def find(self, text: str | Document) -> tuple[Match, ...]:
        """The rows that say what the text says, the best first."""
        return self.find_all([text_of(text)])[0]

    def find_or_add(self, document: str | Document, id: str | None = None) -> tuple[Match, ...]:  # noqa: A002 - the field's name
        """The rows that say what the document says, the best first; where there is none, it is added (see `found_or_added`)."""
        return found_or_added(self, document, id)

    def find_all(self, texts: Iterable[str]) -> list[tuple[Match, ...]]:
        """The same for many texts, which costs less."""
        given = _texts(texts)
        return [found for start in range(0, len(given), _BATCH) for found in self._find(given[start : start + _BATCH])]

    def _find(self, texts: Sequence[str]) -> list[tuple[Match, ...]]:
        queries = queries_of(texts, self.config.near)
        found: list[list[Match]] = [[] for _ in texts]
        near = self.config.near
        for one, stays in zip(self._segments, self._stays, strict=True):
            pairs = sharing_rows(
                queries.names,
                queries.agreements,
                one.keys,
                one.starts,
                one.shift,
                one.rows.agreements,
                least_agreement(near),
                near.most_rows,
                tuple(one.guards[name] for name in ("keys", "starts", "agreements")),
            )
            pairs = pairs[stays[pairs[:, 1]]]
            self._verify(queries, one.read(np.unique(pairs[:, 1])), pairs, found)
        if self._part:
            shared = {
                (query, row)
                for query in range(len(texts))
                for key in enumerate(queries.names[query].tolist())
                for row in self._names.get(key, ())
            }
            if shared:
                chosen = sorted({row for _, row in shared})
                place = {row: number for number, row in enumerate(chosen)}
                pairs = np.array([(query, place[row]) for query, row in sorted(shared)], np.int64)
                self._verify(queries, joined([self._part[row] for row in chosen]), pairs, found)
        return [tuple(sorted(matches, key=lambda match: (-match.score, match.kind, match.id))) for matches in found]

    def _verify(self, queries: Queries, rows: Rows, pairs: np.ndarray, found: list[list[Match]]) -> None:
        """The pairs of a query and a row that are duplicates, in `found`."""
        if not pairs.size:
            return
        sizes = rows.text_offsets[pairs[:, 1] + 1] - rows.text_offsets[pairs[:, 1]]
        for some in np.split(pairs, np.flatnonzero(np.diff(np.cumsum(sizes) // _LETTERS)) + 1):
            scores, same = _scores(queries, rows, some, self.config.near)
            places = np.flatnonzero(scores >= self.config.near.threshold)
            for (query, row), score, exact in zip(some[places].tolist(), scores[places].tolist(), same[places].tolist(), strict=True):
                found[query].append(Match(rows.id(row), score, "exact" if exact else "near"))

    def merge(self, other: Index) -> None:
        """What the other index holds is in this one, too. Raises IndexMismatchError for other settings, InputError for an id in both."""
        if header_of(other.config.near) != header_of(self.config.near):
            message = (
                f"the indexes were made under different settings: {_difference(header_of(other.config.near), header_of(self.config.near))}"
            )
            raise IndexMismatchError(message)
        twice = next((name for name in other._places() if name in self._places()), None)
        if twice is not None:
            message = f"both indexes hold the id {twice!r}"
            raise InputError(message)
        other._flush()
        self._flush()
        self.sample.merge(other.sample)
        for one, stays in zip(other._segments, other._stays, strict=True):
            self._append(one, stays)

    def save(self, path: str | os.PathLike[str]) -> None:
        """The index stands in the file, whole or not at all; readers of the former file keep what they have."""
        self._flush()
        if len(self._segments) != 1 or not self._stays[0].all():
            if not self._segments:
                self._segments, self._stays = [segment(rows_of([], [], self.config.near))], [np.ones(0, bool)]
            self._join(0)
        sample = self._saved() if self._sample is None else self._sample.as_json()
        save(Path(path), self._segments[0], header_of(self.config.near), sample)

    @classmethod
    def load(cls, path: str | os.PathLike[str], config: Config = _PLAIN) -> Index:
        """The index of a file, memory-mapped; a million rows in milliseconds, as no more is read than is asked for.

        Raises IndexMismatchError, with what differs, when it was made under other settings, InputError when it is damaged; of damage
        behind the header InputError tells when what is damaged is first read.
        """
        made = cls(config)
        found, made._saved = load(Path(path), header_of(config.near))
        made._sample = None
        made._segments, made._stays, made._where = [found], [np.ones(found.keys.shape[1], bool)], None
        return made


def _scores(queries: Queries, rows: Rows, pairs: np.ndarray, near: Near) -> tuple[np.ndarray, np.ndarray]:
    """The scores of pairs of a query and a row, and which are 1 because both have the same letters; of no letters it is 0."""
    begin, end = int(pairs[0, 0]), int(pairs[-1, 0]) + 1
    chosen, second = np.unique(pairs[:, 1], return_inverse=True)
    codes, offsets = letters_beside(queries.codes, queries.offsets, begin, end, rows.texts, rows.text_offsets, chosen)
    first, second = pairs[:, 0] - begin, second + end - begin
    same = (queries.digests[pairs[:, 0]] == rows.digests[pairs[:, 1]]).all(axis=1)
    equal = np.flatnonzero(same)
    same[equal] = same_letters(codes, offsets, first[equal], second[equal])  # a digest alone is no reason
    scores = (same & (offsets[first] < offsets[first + 1])).astype(np.float64)
    others = np.flatnonzero(~same)
    scores[others] = score_pairs(codes, offsets, first[others], second[others], near)
    return scores, same


def found_or_added(index: Index | SharedIndex, document: str | Document, name: str | None) -> tuple[Match, ...]:
    """The rows that say what the document says; where there is none, it is in the index afterwards.

    Its id is the name, or its own; where another text has that id, or there is none, `#` and the text's digest follow it.
    """
    text = text_of(document)
    found = index.find(text)
    if not found:
        name = name or (document.id if isinstance(document, Document) else None) or ""
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        for free in (name, f"{name}#{digest}"):
            if free and free not in index:
                with suppress(InputError):  # another machine was faster
                    index.add(text, free)
                    break
    return found


def sample_of(path: Path, rules: Learning) -> Sample:
    """What an index remembers of articles. Raises InputError for a file that is damaged."""
    sample = Sample(rules)
    sample.read(load_sample(path))
    return sample


def header_of(near: Near) -> dict[str, Any]:
    """What two indexes must agree in."""
    settings = ("seed", "permutations", "shingle", "halves", "long_shingle", "least_weight")
    version = ".".join(dedup.__version__.split(".")[:2])  # a patch never changes what an index holds
    return {"scheme": SCHEME, "hash": HASH, **{name: getattr(near, name) for name in settings}, "version": version}


def text_of(document: object) -> str:
    """The text of a document; InputError for what holds none."""
    text = document.text if isinstance(document, Document) else document
    if not isinstance(text, str):
        message = f"an index takes a str or a Document, not {type(document).__name__}"
        raise InputError(message)
    return text


def _texts(texts: Iterable[str]) -> list[str]:
    """The texts; InputError when they are one alone, or hold something else."""
    if isinstance(texts, str | Document) or not hasattr(texts, "__iter__"):
        message = f"many texts are wanted, in a list or another iterable, not one {type(texts).__name__}"
        raise InputError(message)
    return [text_of(text) for text in texts]


def _one(rows: Rows, row: int) -> Rows:
    """One of the rows by itself."""
    stays = np.zeros(len(rows.digests), bool)
    stays[row] = True
    return selected(rows, stays) if len(stays) > 1 else rows


def _difference(one: dict[str, Any], two: dict[str, Any]) -> str:
    """The settings that differ, by name."""
    return "; ".join(f"{key} {one[key]!r}, not {two[key]!r}" for key in one if one[key] != two[key])
