"""Boilerplate: what the articles of a site share, by host, as a file that people edit; and an article without it.

A line goes because a pattern of its host says it, letter for letter but for the slots. News stays: an article that would
have no letters left keeps everything.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dedup.article.cut import Cut
from dedup.article.patterns import SLOT, Pattern, ends_of, letters_of, matches, pieces_of, starts_of
from dedup.article.sites import host_of
from dedup.errors import ConfigError
from dedup.model import Repeat, Shared, Span
from dedup.plural import number
from dedup.sample import BOTTOM, TOP

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.model import Document

KIND = "boilerplate"
EVERYWHERE = "*"
"""The host whose patterns are those of all articles; nothing is learned for it, people write it."""

NOWHERE = "no address"
"""The host of articles of which neither an address nor a site is known."""

_PLACES = {"lines": "line", "starts": "start", "ends": "end"}
_HEAD = """\
# What sites put into their articles. An article of a host is left without the paragraphs in `lines`, without what its first
# paragraph says of `starts` and without what its last one says of `ends`. {} stands for what varies: a name, a date, a number.
# Delete a line to keep it in the articles, add one to have it removed. ["*"] is for the articles of all hosts.
"""


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """What the articles of each host share; `articles` tells how many of each were looked at, where that is known."""

    hosts: Mapping[str, tuple[Pattern, ...]] = field(default_factory=dict)

    def of(self, host: str | None) -> tuple[tuple[str, Pattern], ...]:
        """The patterns for the articles of a host, with the name they stand under: its own, those of its domains, everyone's."""
        names = [] if not host else [host, *(host[place + 1 :] for place, letter in enumerate(host) if letter == ".")]
        return tuple((name, pattern) for name in (*names, EVERYWHERE) for pattern in self.hosts.get(name, ()))

    def __len__(self) -> int:
        """How many patterns there are in all."""
        return sum(map(len, self.hosts.values()))

    def as_toml(self) -> str:
        """The file that `load` reads: a table a host, a list a place, a string a pattern, with the counts as comments."""
        parts = [_HEAD]
        for host, patterns in sorted(self.hosts.items()):
            parts.append(f"\n[{_quoted(host)}]\n")
            for name, place in _PLACES.items():
                if here := [pattern for pattern in patterns if pattern.place == place]:
                    told = [(f"  {_quoted(pattern.text)},", _counted(pattern)) for pattern in here]
                    parts += [f"{name} = [\n", *(f"{line}{count}\n" for line, count in told), "]\n"]
        return "".join(parts)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Boilerplate:
        """The patterns of a TOML file. Raises ConfigError for what is no such file, with the table and the key."""
        try:
            tables = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            message = f"{path}: {error.strerror}"
            raise ConfigError(message) from error
        except ValueError as error:
            message = f"{path}: not TOML: {error}"
            raise ConfigError(message) from error
        return cls({host: tuple(_read(path, host, table)) for host, table in tables.items()})


def _quoted(text: str) -> str:
    """A string of TOML; what JSON writes is one, but for the character DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _counted(pattern: Pattern) -> str:
    return f"  # in {pattern.articles:,} of {number(pattern.of, 'article')}" if pattern.of else ""


def _read(path: str | os.PathLike[str], host: str, table: object) -> Iterator[Pattern]:
    """The patterns of a host's table."""
    if not isinstance(table, dict):
        message = f'{path}: {host}: a host is a table: ["{host}"] with lines = ["…"], starts or ends'
        raise ConfigError(message)
    for name, texts in table.items():
        if name not in _PLACES:
            message = f'{path}: ["{host}"]: unknown key {name!r} (there are {", ".join(_PLACES)})'
            raise ConfigError(message)
        for text in texts if isinstance(texts, list) else [texts]:
            if not isinstance(text, str) or not any(pieces_of(text)):
                message = f'{path}: ["{host}"] {name}: {text!r} is no string with a letter outside of {SLOT}'
                raise ConfigError(message)
            yield Pattern(_PLACES[name], text)


def host_name(document: Document) -> str:
    """The host of an article's address, else its site's name, else what stands for those without either."""
    return host_of(document.url) or document.site or NOWHERE


class _Ready(NamedTuple):
    """The patterns of an article's host, ready to be looked for."""

    exact: dict[str, tuple[str, Pattern]]
    slotted: list[tuple[tuple[str, ...], tuple[str, Pattern]]]
    starts: list[tuple[tuple[str, ...], tuple[str, Pattern]]]
    ends: list[tuple[tuple[str, ...], tuple[str, Pattern]]]
    longest: int


_SPARE, _STRETCH = 200, 3  # a line may be longer than its pattern: slots, and marks and spaces that do not count


@lru_cache(maxsize=1024)
def _ready(patterns: tuple[tuple[str, Pattern], ...]) -> _Ready:
    """The patterns by what is looked up; of two that say the same the first one counts."""
    exact: dict[str, tuple[str, Pattern]] = {}
    rest: dict[str, list[tuple[tuple[str, ...], tuple[str, Pattern]]]] = {"line": [], "start": [], "end": []}
    for named in patterns:
        pieces = pieces_of(named[1].text)
        if named[1].place == "line" and len(pieces) == 1:
            exact.setdefault(pieces[0], named)
        else:
            rest[named[1].place].append((pieces, named))
    longest = max((len(pattern.text) for _, pattern in patterns if pattern.place == "line"), default=0)
    return _Ready(exact, rest["line"], rest["start"], rest["end"], _STRETCH * longest + _SPARE)


def strike(text: str, left: Cut, host: str | None, boilerplate: Boilerplate) -> Cut:
    """What is left of an article without its host's boilerplate, and the evidence; all of it where no news would be left."""
    patterns = boilerplate.of(host)
    if not patterns or not left.paragraphs:
        return left
    ready = _ready(patterns)
    paragraphs, struck = left.paragraphs, list[Repeat]()
    while True:
        less, gone = _without_lines(text, paragraphs, ready)
        less = _without_edge(text, less, ready.starts, gone, first=True)
        less = _without_edge(text, less, ready.ends, gone, first=False)
        if not gone:
            break
        paragraphs, struck = less, [*struck, *gone]
    if not struck or not any(letters_of(text[slice(*span)]).text for spans in paragraphs for span in spans):
        return left
    struck.sort()
    return Cut(paragraphs, sorted([*(_pointed(repeat, struck) for repeat in left.removed), *struck]))


def _without_lines(text: str, paragraphs: Sequence[list[Span]], ready: _Ready) -> tuple[list[list[Span]], list[Repeat]]:
    """The paragraphs that no pattern says whole, and the evidence for the others."""
    rest, gone = [], []
    for place, spans in enumerate(paragraphs):
        whole = Span(spans[0].start, spans[-1].end)
        named = None
        if len(spans) == 1 and whole.end - whole.start <= ready.longest:
            letters = letters_of(text[slice(*whole)])
            named = ready.exact.get(letters.text)
            if named is None and (place < TOP or place >= len(paragraphs) - BOTTOM):
                named = next((named for pieces, named in ready.slotted if matches(letters, pieces)), None)
                if named is not None and _has_edge(text[slice(*whole)], ready):
                    named = None
        if named is None:
            rest.append(spans)
        else:
            gone.append(_evidence(whole, named))
    return rest, gone


def _has_edge(line: str, ready: _Ready) -> bool:
    """True for a line that stands behind a pattern's start or before its end: it is news then, however short."""
    starts = (letters_of(line[:place]) for place in starts_of(line)) if ready.starts else ()
    ends = (letters_of(line[place:]) for place in ends_of(line)) if ready.ends else ()
    return any(
        matches(letters, pieces, whole=False)
        for found, patterns in ((starts, ready.starts), (ends, ready.ends))
        for letters in found
        for pieces, _ in patterns
    )


def _without_edge(
    text: str, paragraphs: list[list[Span]], patterns: list[tuple[tuple[str, ...], tuple[str, Pattern]]], gone: list[Repeat], *, first: bool
) -> list[list[Span]]:
    """The paragraphs without what a pattern says at the start of the first or at the end of the last one; `gone` gets the evidence."""
    if not patterns or not paragraphs:
        return paragraphs
    spans = paragraphs[0 if first else -1]
    span = spans[0 if first else -1]
    said = text[slice(*span)]
    for place in starts_of(said) if first else ends_of(said):
        letters = letters_of(said[:place] if first else said[place:])
        named = next((named for pieces, named in patterns if matches(letters, pieces, whole=False)), None)
        if named is None:
            continue
        head, tail = said[:place], said[place:]
        if first:
            gone.append(_evidence(Span(span.start, span.start + len(head.rstrip())), named))
            rest = Span(span.end - len(tail.lstrip()), span.end)
        else:
            gone.append(_evidence(Span(span.end - len(tail.lstrip()), span.end), named))
            rest = Span(span.start, span.start + len(head.rstrip()))
        kept = [rest] if rest.start < rest.end else []
        spans = [*kept, *spans[1:]] if first else [*spans[:-1], *kept]
        new = [spans] if spans else []
        return [*new, *paragraphs[1:]] if first else [*paragraphs[:-1], *new]
    return paragraphs


def _evidence(span: Span, named: tuple[str, Pattern]) -> Repeat:
    """The removal of a stretch that a pattern says."""
    host, pattern = named
    return Repeat(span, Span(span.start, span.start), 1.0, KIND, Shared(host, *pattern))


def _pointed(repeat: Repeat, struck: Sequence[Repeat]) -> Repeat:
    """An earlier removal, naming what is still kept of the stretch it named; where nothing of it is, that is boilerplate, too."""
    if repeat.kind == "title":
        return repeat
    start, end, last = repeat.of.start, repeat.of.end, None
    for gone in struck:
        if gone.span.start >= end or gone.span.end <= start:
            continue
        last = gone
        before, after = Span(start, max(start, gone.span.start)), Span(min(end, gone.span.end), end)
        start, end = max(before, after, key=lambda span: span.end - span.start)
    if last is None:
        return repeat
    if start >= end:
        return repeat._replace(of=Span(repeat.span.start, repeat.span.start), kind=KIND, shared=last.shared)
    return repeat._replace(of=Span(start, end))
