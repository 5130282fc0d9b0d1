"""Learning: what the articles of a host share, from a sample of them.

One that says hardly anything new (a later version of a story) is no witness, so that what versions share is not taken for the site's.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from dedup.article.boilerplate import Boilerplate
from dedup.article.patterns import LONGEST_END, Letters, Pattern, ends_of, letters_of, matches, pieces_of, starts_of, tokens_of
from dedup.article.slots import common_pattern, group_keys, has_dates, has_figures, is_sentence, weight_of
from dedup.sample import BOTTOM, LONGEST_SLOTTED, TOP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from dedup.config import Learning
    from dedup.sample import Sample

_LEAST_NEW = 0.2  # of an article's letters; a later version of a story has a paragraph of seven or more that is new
_AT_EDGES = 0.8  # of a line's articles have it near their start or end; else it must be in twice as many
_MOST_PATTERNS = 64  # of a host and place
_LEAST_LINE, _LEAST_EDGE = 4, 2  # letters of a line (`广告`) and of what stands in brackets behind the text (`（完）`)
_LEAST_FIGURE = 8  # letters for each of several slots that hold figures: `Revs {} mln vs {} mln` has 6
_NEAR, _LONG = 4, 60  # lines from the start or end that may be the first or last of the news; characters that no name or date has
_ORDER = {"line": 0, "start": 1, "end": 2}


_LABEL = re.compile(r"(?:[:：]|^[（(【\[][^{]{2,12})\s*\{\}")
_Judged = tuple[str, list["_Line"]]
_CLOSED, _OPENED = re.compile(r"[）)】\]：:—–-]\s*$"), re.compile(r"\s*[（(\[【]")


class _Line(NamedTuple):
    """A line of an article: which article, its letters, whether it stands near the start or the end."""

    article: int
    letters: Letters
    edge: bool


def learned(sample: Sample, rules: Learning) -> Boilerplate:
    """What the articles of each host in the sample share."""
    hosts = {host: _of_host(articles[: rules.sample], rules) for host, articles in sample.articles().items()}
    return Boilerplate({host: patterns for host, patterns in hosts.items() if patterns})


def _of_host(articles: Sequence[tuple[str, ...]], rules: Learning) -> tuple[Pattern, ...]:
    """The patterns of a host, those of most articles first; whole lines, then starts, then ends."""
    if len(articles) < rules.least_articles:
        return ()
    folded: dict[str, Letters] = {}
    for article in articles:
        for text in article:
            if text not in folded:
                folded[text] = letters_of(text)
    articles = _witnesses(articles, folded)
    if len(articles) < rules.least_articles:
        return ()
    body = _Body(articles, folded, rules)
    body.find("line", slots=False)
    for slots in (False, True):
        body.find("start", slots=slots)
        body.find("end", slots=slots)
        if not slots:
            body.find("line", slots=True)
    return tuple(sorted(body.found, key=lambda pattern: (_ORDER[pattern.place], -pattern.articles, pattern.text)))


class _Body:
    """The articles of a host, and the patterns found in them so far."""

    def __init__(self, articles: Sequence[tuple[str, ...]], folded: Mapping[str, Letters], rules: Learning) -> None:
        """Begin with no pattern."""
        self._rules, self._size = rules, len(articles)
        self.found: list[Pattern] = []
        self._lines = [
            [
                _Line(number, folded[text], place < TOP or place >= len(article) - BOTTOM)
                for place, text in enumerate(article)
                if folded[text].text
            ]
            for number, article in enumerate(articles)
        ]

    def find(self, place: str, *, slots: bool) -> None:
        """Find what many articles say at a place; the lines that are said by it are looked at no more."""
        pieces = [line for lines in self._lines for line in lines] if place == "line" else self._pieces(place, slots=slots)
        found = _patterns(place, pieces, self._size, self._rules, slots=slots)
        self.found += found
        exact = {part[0] for pattern in found if len(part := pieces_of(pattern.text)) == 1}
        slotted = [part for pattern in found if len(part := pieces_of(pattern.text)) > 1]
        self._lines = [[line for line in lines if not _is_said(line.letters, place, exact, slotted)] for lines in self._lines]

    def _pieces(self, place: str, *, slots: bool) -> list[_Line]:
        """What stands before the first sentence or after the last one; where labels are still about, only of what goes on long after it."""
        pieces = []
        for lines in self._lines:
            near = lines[:_NEAR] if place == "start" else lines[-_NEAR:]
            for line in near if not slots else near[:1] if place == "start" else near[-1:]:
                text = line.letters.source
                ends = starts_of(text) if place == "start" else ends_of(text)
                parts = [(text[:at], text[at:]) if place == "start" else (text[at:], text[:at]) for at in ends]
                pieces += [
                    _Line(line.article, letters, edge=True)
                    for part, rest in dict(parts).items()
                    if (slots or len(rest) >= _LONG) and (letters := letters_of(part)).text
                ]
        return pieces


def _is_said(letters: Letters, place: str, exact: set[str], slotted: list[tuple[str, ...]]) -> bool:
    """True when the patterns say the line; for a start or an end, true when the line has it."""
    if place == "line":
        short = len(letters.source) <= LONGEST_SLOTTED
        return letters.text in exact or (short and any(matches(letters, pieces) for pieces in slotted))
    text = letters.source
    if not exact or len(text) > LONGEST_SLOTTED:
        return False
    parts = (text[:at] for at in starts_of(text)) if place == "start" else (text[at:] for at in ends_of(text))
    return any(letters_of(part).text in exact for part in parts)


def _witnesses(articles: Sequence[tuple[str, ...]], folded: Mapping[str, Letters]) -> list[tuple[str, ...]]:
    """The articles of which a fifth was not said by those before."""
    seen: set[str] = set()
    taken = []
    for article in articles:
        said = [folded[text].text for text in article]
        size, new = sum(map(len, said)), sum(len(text) for text in said if text not in seen)
        if new >= _LEAST_NEW * size > 0:
            taken.append(article)
            seen.update(said)
    return taken


def _patterns(place: str, lines: Sequence[_Line], articles: int, rules: Learning, *, slots: bool) -> list[Pattern]:
    """What many articles say at a place, one after another, the longest of those that hardly fewer say than the most common one."""
    found: list[Pattern] = []
    left = list(lines)
    while len(found) < _MOST_PATTERNS:
        judge = partial(_is_of_site, place=place, articles=articles, rules=rules)
        judged = list(_slotted(left, judge, rules.least_articles, whole=place == "line") if slots else _equal(left, judge))
        if not judged:
            break
        best = judged if place == "line" else _best(judged)
        new = {id(line) for _, said in best for line in said}
        found += [Pattern(place, pattern, len({line.article for line in said}), articles) for pattern, said in best]
        spoken = {line.article for _, said in best for line in said} if place != "line" else set()
        left = [line for line in left if id(line) not in new and line.article not in spoken]
    unique = {pieces_of(pattern.text): pattern for pattern in reversed(found)}
    return list(unique.values())[:_MOST_PATTERNS]


def _best(judged: list[_Judged]) -> list[_Judged]:
    """Of pieces that hold each other the longest that nearly all articles of the most common one say."""
    most = max(len({line.article for line in said}) for _, said in judged)
    common = [(pattern, said) for pattern, said in judged if len({line.article for line in said}) >= 0.9 * most]
    return [max(common, key=lambda pair: (sum(map(len, pieces_of(pair[0]))), pair[0]))]


def _equal(lines: Sequence[_Line], judge: Callable[[str, Sequence[_Line]], bool]) -> Iterable[_Judged]:
    """What many lines say in the same letters, in the marks that most of them have."""
    groups: defaultdict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        groups[line.letters.text].append(line)
    for _, said in sorted(groups.items()):
        text = max(Counter(line.letters.source.strip() for line in said).items(), key=lambda pair: (pair[1], pair[0]))[0]
        if "{" not in text and judge(text, said):
            yield text, said


def _slotted(lines: Sequence[_Line], judge: Callable[[str, Sequence[_Line]], bool], least: int, *, whole: bool) -> Iterable[_Judged]:
    """What lines with the same first or last words have in common, the largest group first; a line that a pattern says is in no other."""
    short = [line for line in lines if line.edge and len(line.letters.source) <= max(LONGEST_SLOTTED, LONGEST_END)]
    tokens = {id(line): tokens_of(line.letters) for line in short}
    groups: defaultdict[str, list[_Line]] = defaultdict(list)
    for line in short:
        for key in group_keys(tokens[id(line)]):
            groups[key].append(line)
    done: set[str] = set()
    taken: set[int] = set()
    for _, group in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        left = [line for line in group if id(line) not in taken] if len(group) >= least else []
        if len(left) < least:
            continue
        pattern = common_pattern(sorted({line.letters.source: tokens[id(line)] for line in left}.items()))
        if pattern is None or pattern in done:
            continue
        done.add(pattern)
        pieces = pieces_of(pattern)
        said = [line for line in short if id(line) not in taken and matches(line.letters, pieces, whole=whole)]
        if judge(pattern, said):
            taken.update(map(id, said))
            yield pattern, said


def _is_of_site(pattern: str, said: Sequence[_Line], place: str, articles: int, rules: Learning) -> bool:
    """True when a site says it: in so many articles that no news is; sentences, figures and what stands amid the news need more."""
    pieces = pieces_of(pattern)
    weight = sum(map(weight_of, pieces))
    sentence = is_sentence(pattern)
    if len(pieces) == 1:
        good = weight >= (_LEAST_LINE if place == "line" else _LEAST_EDGE)
        doubtful = sentence or weight < (2 if place == "line" else 1) * rules.least_weight
    else:
        label = _LABEL.search(pattern) is not None
        letters = [line.letters for line in said]
        figures = has_figures(pieces, letters)
        good = weight >= (_LEAST_LINE if label else rules.least_weight) and not (sentence and not pieces[0])
        good = good and _is_bounded(pattern, pieces, place, letters)
        good = good and not (figures and (sentence or (len(pieces) > 2 and weight < _LEAST_FIGURE * (len(pieces) - 1))))
        doubtful = figures or sentence or not (label or place != "line")
    doubtful = doubtful or sum(line.edge for line in said) < _AT_EDGES * len(said)
    least = rules.least_share * articles * (2 if doubtful else 1)
    return good and len({line.article for line in said}) >= max(rules.least_articles, least)


def _is_bounded(pattern: str, pieces: Sequence[str], place: str, letters: Sequence[Letters]) -> bool:
    """True when a slot next to the news ends with a bracket or the like, and one that begins a line holds a date: not the news itself."""
    if place == "start":
        return bool(pieces[-1]) or _CLOSED.search(pattern) is not None
    if place == "end":
        return bool(pieces[0]) or _OPENED.match(pattern) is not None
    return bool(pieces[0]) or has_dates(letters)
