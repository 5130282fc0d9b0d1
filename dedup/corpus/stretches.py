"""Stretches: what several texts say in the same words, found exactly, one copy left; and texts that stand whole in a longer one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.corpus.runs import find_runs, ranks, stretches_of
from dedup.kernels.fold import fold
from dedup.kernels.units import token_spans
from dedup.model import Contained, Span, Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dedup.config import Stretches
    from dedup.corpus.units import Units

_OPENING = "“‘「『（(《〈[【<\"'"


def unit_spans(text: str, rules: Stretches) -> np.ndarray:
    """Where each unit of a text begins and ends, in characters (int32, units x 2)."""
    if rules.unit == "tokens":
        return token_spans(text)
    at = fold(text).at
    return np.stack((at, at + 1), axis=1)


def in_characters(found: Sequence[tuple[int, int, int, int, int]], texts: Iterable[tuple[int, str]], rules: Stretches) -> list[Stretch]:
    """The stretches in characters of the texts of their rows, with the marks that close them; no two of a row overlap.

    `texts` are rows with their texts, each once and in any order; none is held.
    """
    wanted: dict[int, list[int]] = {}
    for number, (row, _, of, _, _) in enumerate(found):
        wanted.setdefault(row, []).append(number)
        if of != row:
            wanted.setdefault(of, []).append(number)
    spans, of_spans = [Span(0, 0)] * len(found), [Span(0, 0)] * len(found)
    for place, text in texts:
        if place not in wanted:
            continue
        units = unit_spans(text, rules)
        for number in wanted[place]:
            row, start, of, begin, size = found[number]
            if row == place:
                spans[number] = _widened(text, units, start, start + size)
            if of == place:
                of_spans[number] = _plain(units, begin, size)
    return [Stretch(one[0], span, one[2], of, one[4]) for one, span, of in zip(found, spans, of_spans, strict=True)]


def _plain(spans: np.ndarray, start: int, size: int) -> Span:
    return Span(int(spans[start, 0]), int(spans[start + size - 1, 1]))


def _widened(text: str, spans: np.ndarray, first: int, last: int) -> Span:
    """From the first unit to the last one, with what opens its line and closes it; where that is all of a line, its break, too."""
    start, end = int(spans[first, 0]), int(spans[last - 1, 1])
    before = text[int(spans[first - 1, 1]) if first else 0 : start]
    after = text[end : int(spans[last, 0]) if last < len(spans) else len(text)]
    opens = not first or "\n" in before
    if opens:
        start -= len(before) - (before.rfind("\n") + 1)
    if "\n" in after:
        closing = after.index("\n")
        return Span(start, end + closing + (1 if opens else 0))
    return Span(start, end + len(after.rstrip(_OPENING) if last < len(spans) else after.rstrip()))


def without(text: str, spans: Iterable[Span]) -> str:
    """The text without the spans, which are in order; where words would run together, a space."""
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts.append(text[at:start])
        at = end
    parts.append(text[at:])
    kept = [part for part in parts if part]
    out = kept[:1]
    for part in kept[1:]:
        glued = out[-1][-1].isalnum() and part[0].isalnum() and out[-1][-1].isascii() and part[0].isascii()
        out.append(f" {part}" if glued else part)
    return text if not at else "".join(out).rstrip() + ("\n" if text.endswith("\n") and kept else "")


def contained(units: Units, rules: Stretches) -> list[Contained]:
    """Rows that a longer one holds: `contained` of their units or more stand in it, in runs of `least_contained` or more."""
    lengths = np.diff(units.offsets)
    runs = find_runs(units, ranks(units, "longest"), rules.least_contained, lasting=False)
    held: dict[int, dict[int, int]] = {}
    for row, _, of, _, size in stretches_of(runs, units):
        if lengths[of] > lengths[row]:
            own = held.setdefault(row, {})
            own[of] = own.get(of, 0) + size
    found = []
    for row, by in sorted(held.items()):
        of, size = max(by.items(), key=lambda pair: (pair[1], -pair[0]))
        if size >= rules.contained * lengths[row]:
            found.append(Contained(row, of, float(size / lengths[row])))
    return found


class Found(NamedTuple):
    """What goes, which rows a longer one holds, and how many units stand in more than one stretch."""

    removed: tuple[Stretch, ...]
    contained: tuple[Contained, ...]
    shared: int


def find_all(
    units: Units,
    order: np.ndarray,
    rules: Stretches,
    fetch: Callable[[set[int]], Iterable[tuple[int, str]]],
    *,
    dropping: bool = False,
) -> Found:
    """What goes of the texts and which are contained; `fetch` gives the rows that are told of, with their texts, one after another.

    With `dropping` the contained rows whose longer row stays are taken to go as a whole: nothing else goes because of them.
    """
    held = contained(units, rules)
    if dropping:
        order = order[~np.isin(order, list(droppable(held, units)))]
    runs = find_runs(units, order, rules.least, within=rules.within)
    found = stretches_of(runs, units)
    told = {row for one in found for row in (one[0], one[2])} | {row for one in held for row in (one.row, one.of)}
    return Found(tuple(in_characters(found, fetch(told) if told else (), rules)), tuple(held), runs.shared)


def droppable(held: Iterable[Contained], units: Units) -> set[int]:
    """The contained rows whose longer row stays; of a chain every other one."""
    lengths = np.diff(units.offsets)
    gone: set[int] = set()
    for one in sorted(held, key=lambda one: (-int(lengths[one.row]), one.row)):
        if one.of not in gone:
            gone.add(one.row)
    return gone
