"""Makes `sound_table.npz`, the table behind `sound`, when run: python -m dedup.kernels.sound_table.

ftfy decodes only text that its BADNESS_RE matches. Each alternative of that pattern is a short row of character
sets. Code points that stand in the same sets (and share the flags below) are one class, and over these classes

    steps   is the automaton that finds the pattern: exact, but one step has to wait for the one before
    looks   tells two neighbours that some match must hold (a pair is chosen for each alternative): only where they
            stand next to each other is the automaton asked
    loud    tells a class that has a flag, or that stands in such a pair with one of the quiet classes

The pattern's one anchor is left out: `^[ÃÂ][ ]` counts anywhere, so that a text cut in pieces is judged the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from ftfy.badness import BADNESS_RE

from dedup.kernels.sound import BREAKS, CLASSES, COMPOSES, DAMAGED, EDGE, ENTITY, LONGEST, LOOK, MOJIBAKE, digest

CODES = 0x110000
BLOCK = 256
FOUND = 0  # the automaton's state once the pattern is found; it starts in state 1

# How often characters stand in text, roughly, so that the pair that is asked about is the rarer one. Speed alone
# hangs on these: any pair of an alternative is as right as another.
_OFTEN = (("A-Za-z\u4e00", 1000), (" .,\n", 300), ("0-9!?", 100), ("“”‘’—–…·", 300), ("а-яА-Яα-ωΑ-Ω", 30), ("à-ÿ", 3))


class Table(NamedTuple):
    """`pages` (uint16) and `blocks` (uint8) give a class, `looks` a flag for two classes, `steps` the next state; all uint8."""

    pages: np.ndarray
    blocks: np.ndarray
    looks: np.ndarray
    steps: np.ndarray
    loud: np.ndarray
    pattern: np.ndarray


def alternatives(pattern: re.Pattern[str]) -> list[tuple[str, ...]]:
    """The rows of character sets, each written as a pattern for one character, of which a match is one; anchors left out."""
    parsed: Any = re._parser.parse(pattern.pattern, pattern.flags)  # type: ignore[attr-defined] # noqa: SLF001 — the only parser there is
    return sorted(set(_rows(parsed)))


def _rows(parsed: Any) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [()]
    for op, argument in parsed:
        name = str(op)
        if name == "BRANCH":
            tails = [row for branch in argument[1] for row in _rows(branch)]
        elif name == "MAX_REPEAT" and argument[:2] == (0, 1):
            tails = [(), *_rows(argument[2])]
        elif name == "AT":
            tails = [()]
        elif name in {"IN", "LITERAL", "ANY"}:
            tails = [(_one(name, argument),)]
        else:
            message = f"no rule for {name}: {argument}"
            raise NotImplementedError(message)
        rows = [row + tail for row in rows for tail in tails]
    return rows


def _one(name: str, argument: Any) -> str:
    """A pattern for one character."""
    if name == "ANY":
        return "."
    if name == "LITERAL":
        return re.escape(chr(argument))
    parts = []
    for op, what in argument:
        kind = str(op)
        if kind == "LITERAL":
            parts.append(re.escape(chr(what)))
        elif kind == "RANGE":
            parts.append(f"{re.escape(chr(what[0]))}-{re.escape(chr(what[1]))}")
        else:
            parts.append({"NEGATE": "^", "CATEGORY_SPACE": r"\s", "CATEGORY_WORD": r"\w"}[kind if what is None else str(what)])
    return f"[{''.join(parts)}]"


@cache
def _everything() -> str:
    return "".join(map(chr, range(CODES)))


def members(one: str) -> np.ndarray:
    """Which code points (bool) the pattern for one character matches."""
    out = np.zeros(CODES, np.bool_)
    out[[match.start() for match in re.finditer(one, _everything())]] = True
    return out


def flags_of_codes() -> np.ndarray:
    """What each code point (uint8) means for repair by itself."""
    seconds = {0x1161 + i for i in range(21)} | {0x11A8 + i for i in range(27)}
    for code in range(CODES):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and parts[0][0] != "<":
            seconds.add(int(parts[1], 16))
    out = np.zeros(CODES, np.uint8)
    for code in range(CODES):
        character = chr(code)
        if code in seconds or unicodedata.combining(character) or unicodedata.normalize("NFC", character) != character:
            out[code] = COMPOSES
        if unicodedata.category(character) in {"Cc", "Cs", "Cn"} and character not in "\t\n":
            out[code] = DAMAGED
        if BADNESS_RE.fullmatch(character):
            out[code] |= MOJIBAKE
    for codes in ((0x206A, 0x2070), (0xFEFF, 0xFF00), (0xFFF9, 0xFFFD)):
        out[slice(*codes)] = DAMAGED
    out[[ord(mark) for mark in "\r\v\f\u2028\u2029"]] = BREAKS
    out[ord("&")] = ENTITY
    return out


def classes_of(sets: list[np.ndarray], flags: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The class of each code point (uint8, 0 the most frequent), and a code point of each class (int64)."""
    rows = np.column_stack([*sets, flags])
    _, first, classes, sizes = np.unique(rows, axis=0, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(-sizes, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    if order.size > EDGE:
        message = f"{order.size} classes are too many"
        raise ValueError(message)
    return rank[classes.ravel()].astype(np.uint8), first[order]


def automaton(rows: list[tuple[str, ...]], holds: dict[str, np.ndarray], count: int) -> np.ndarray:
    """The next state (uint8) for each state and class: state 1 at the start, state 0 once a row was found."""
    start = frozenset(rows)
    states: dict[frozenset[tuple[str, ...]], int] = {start: 1}
    steps = [np.zeros(CLASSES, np.uint8)]
    todo = [start]
    for state in todo:
        line = np.ones(CLASSES, np.uint8)
        for kind in range(count):
            tails = frozenset(row[1:] for row in state if holds[row[0]][kind])
            if () in tails:
                line[kind] = FOUND
                continue
            after = start | tails
            if after not in states:
                states[after] = len(states) + 1
                todo.append(after)
            line[kind] = states[after]
        steps.append(line)
    if len(states) >= BLOCK:
        message = f"{len(states)} states are too many"
        raise ValueError(message)
    return np.array(steps)


def pairs(rows: list[tuple[str, ...]], holds: dict[str, np.ndarray], often: np.ndarray) -> np.ndarray:
    """Which two classes in a row (bool) are worth a look: for each row of sets the two neighbours that stand together least often."""
    out = np.zeros((CLASSES, CLASSES), np.bool_)
    count = often.size
    for row in rows:
        if len(row) == 1:
            continue  # such characters carry the flag themselves
        one, two = min(pairwise(row), key=lambda pair: float(often @ holds[pair[0]]) * float(often @ holds[pair[1]]))
        out[:count, :count] |= np.outer(holds[one], holds[two])
    return out


def loud_classes(looks: np.ndarray, often: np.ndarray) -> np.ndarray:
    """The classes (uint8, 1: loud) but for the quiet ones: without flags, and no two of them a pair. The frequent are quiet first."""
    out = np.ones(CLASSES, np.uint8)
    quiet: list[int] = []
    for kind in np.argsort(-often, kind="stable").tolist():
        more = [*quiet, kind]
        if not looks[EDGE, kind] and not looks[kind, more].any() and not looks[more, kind].any():
            quiet = more
    out[quiet] = 0
    return out


def make_table() -> Table:
    """The table for the installed ftfy and this Python's Unicode."""
    rows = alternatives(BADNESS_RE)
    if max(map(len, rows)) > LONGEST:
        message = "a match can be longer than what the kernel looks at"
        raise ValueError(message)
    names = sorted({one for row in rows for one in row})
    sets = {name: members(name) for name in names}
    flags = flags_of_codes()
    classes, examples = classes_of(list(sets.values()), flags)
    holds = {name: sets[name][examples] for name in names}
    often = np.bincount(classes[:0x250], minlength=examples.size).clip(1).astype(np.float64)
    for some, weight in _OFTEN:
        often[np.unique(classes[members(f"[{some}]")])] = weight
    looks = np.zeros((CLASSES, CLASSES), np.uint8)
    looks[:, : examples.size] = flags[examples]
    looks |= np.where(pairs(rows, holds, often), LOOK, 0).astype(np.uint8)
    blocks, pages = np.unique(classes.reshape(-1, BLOCK), axis=0, return_inverse=True)
    steps = automaton(rows, holds, examples.size)
    return Table(
        pages.ravel().astype(np.uint16),
        blocks.ravel(),
        looks.ravel(),
        steps.ravel(),
        loud_classes(looks, often),
        np.array(digest(BADNESS_RE)),
    )


if __name__ == "__main__":
    path = Path(__file__).with_suffix(".npz")
    np.savez_compressed(path, **make_table()._asdict())
    print(path, path.stat().st_size)  # noqa: T201 — the developer's own output
