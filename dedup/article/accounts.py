"""Accounts: what is removed must be said where its copy says it, or it is brought back.

A heading and the sentence under it share a phrase. It is equal, and still neither is the other's copy:

    sentences   where a good part of a sentence stays, all of it stays
    claims      where two stretches are removed because of the same kept one, the shorter is no copy, but a phrase
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dedup.article.body import PROSE
from dedup.article.calls import ENDS_SENTENCE
from dedup.article.removals import KEPT, KINDS, gone_before

if TYPE_CHECKING:
    from dedup.article.body import Body
    from dedup.article.removals import Removals

_MOSTLY = 3  # letters removed of a sentence to each that stays, above which what stays is an insertion into the kept sentence
_COMMAS = frozenset(",，、،;；")  # what equals a whole line beside one of these is a phrase
_TAIL = 4  # characters of a line's end that hold its marks
_STEP = 8  # letters of the kept text that a removed stretch may skip and go on


def balance(body: Body, removals: Removals) -> None:
    """Bring back all that is removed without being said again in its place."""
    _balance_claims(body, removals)
    _balance_sentences(body, removals)


def _balance_claims(body: Body, removals: Removals) -> None:
    """Bring back short stretches that repeat what a longer removed one repeats already, unless both are whole lines."""
    letters = np.flatnonzero(removals.target >= 0).astype(np.int32)
    if not letters.size:
        return
    target = removals.target[letters]
    step = np.diff(target)
    turns = np.flatnonzero((np.diff(letters) > 1) | (step < 0) | (step > _STEP)) + 1
    first, last = np.concatenate(([0], turns)), np.concatenate((turns, [letters.size])) - 1
    weight = body.weights[letters[last] + 1] - body.weights[letters[first]]
    rank = np.empty(first.size, np.int32)  # the heavier of two runs first, then the one that stands first
    rank[np.lexsort((-np.arange(first.size), weight))] = np.arange(first.size)
    run = np.repeat(np.arange(first.size, dtype=np.int32), last - first + 1)
    best = np.full(removals.target.size, -1, np.int32)
    np.maximum.at(best, target, rank[run])
    again = np.bincount(run[best[target] > rank[run]], minlength=first.size)
    starts, ends = np.array(body.lines.starts), np.array(body.lines.ends)
    whole = np.isin(letters[first], starts) & np.isin(letters[last] + 1, ends)
    whole &= np.isin(target[first], starts) & np.isin(target[last] + 1, ends)
    copied = removals.kind[letters[first]] <= KINDS.index("paragraph")
    back = (again * 2 >= last - first + 1) & (weight < PROSE) & copied & ~whole
    removals.target[letters[back[run]]] = KEPT


def _balance_sentences(body: Body, removals: Removals) -> None:
    """Bring back what was removed of every sentence of which a good part stays."""
    gone = gone_before(removals.target)
    starts, ends = np.array(body.lines.starts, np.int64), np.array(body.lines.ends, np.int64)
    removed = gone[ends] - gone[starts]
    partly = np.flatnonzero((removed > 0) & (removed < ends - starts))
    for line in (line for line in partly.tolist() if line not in body.evidence.garbled):  # of which letters are lost
        for start, end in pairwise(_parts(body, removals, line)):
            size = int(gone[end] - gone[start])
            if 0 < size <= _MOSTLY * (end - start - size):
                removals.target[start:end] = KEPT


def _parts(body: Body, removals: Removals, line: int) -> list[int]:
    """The letters at which a line, a sentence of it, or a paragraph of the kept copy begins; and the line's end."""
    start, end = body.lines.span(line)
    span = body.paragraphs[line]
    marks = [found.end() for found in ENDS_SENTENCE.finditer(body.text, span.start, span.end)]
    places = np.searchsorted(body.evidence.at, marks)
    target = removals.target[start:end]
    here, before = target[1:], target[:-1]
    begins = np.flatnonzero(np.isin(here, body.lines.starts) & (here >= 0))
    stops = np.flatnonzero(np.isin(before + 1, body.lines.ends) & (before >= 0))
    edges = [(start + 1 + at, body.lines.of(int(here[at])) - 1) for at in begins.tolist()]
    edges += [(start + 1 + at, body.lines.of(int(before[at]))) for at in stops.tolist()]
    breaks = [letter for letter, before_it in edges if not _goes_on(body, letter, before_it)]
    return sorted({start, end, *np.clip(places, start, end).tolist(), *breaks})


def _goes_on(body: Body, letter: int, line: int) -> bool:
    """True when the sentence goes on over a letter: it has a comma there, where the kept copy's line ends without one."""
    between = body.between(letter)
    return not _COMMAS.isdisjoint(between) and (line < 0 or _COMMAS.isdisjoint(body.line_text(line)[-_TAIL:]))
