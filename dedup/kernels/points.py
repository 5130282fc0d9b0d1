"""Code points of a batch of texts end to end, and what the shape of each tells before anything is read of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.kernels.keeping import kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

MAY_HAVE_HEADER = 1  # a colon stands near the beginning of the first line: without one no header is read
LAID_OUT = 2  # the lines are as a result has them: nothing but `\n` between two, no spaces at their ends
_REACH = 64  # characters in which the colon of a field's label stands: 40 of a label, 8 spaces


class Points(NamedTuple):
    """`raw` are the code points (uint32); text i is raw[starts[i]:ends[i]]."""

    raw: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    def shapes(self) -> np.ndarray:
        """What the shape of each text tells (uint8): MAY_HAVE_HEADER | LAID_OUT."""
        found: np.ndarray = shapes(self.raw, self.starts, self.ends)
        return found

    def some(self, rows: np.ndarray) -> Points:
        """Those of some texts."""
        return Points(self.raw, self.starts[rows], self.ends[rows])


def points_of(texts: Sequence[str]) -> Points:
    """The code points of texts; 4 bytes a character."""
    raw = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.fromiter(map(len, texts), np.int64, len(texts)).cumsum()
    starts = np.zeros_like(ends)
    starts[1:] = ends[:-1]
    return Points(raw, starts, ends)


@kernel(inline="always")
def is_space(code):  # type: ignore[no-untyped-def] # compiled
    """True for what `str.isspace` takes for white space."""
    if code < 0x85:
        return 9 <= code <= 13 or 28 <= code <= 32
    if code < 0x2000:
        return code in (0x85, 0xA0, 0x1680)
    return code <= 0x200A or code in (0x2028, 0x2029, 0x202F, 0x205F, 0x3000)


@kernel
def shapes(raw, starts, ends):  # type: ignore[no-untyped-def] # compiled
    """What the shape of each text tells (uint8). Oracles: `article.header`, `article.layout`."""
    out = np.empty(starts.size, np.uint8)
    for i in range(starts.size):
        text = raw[starts[i] : ends[i]]
        out[i] = MAY_HAVE_HEADER * _has_colon(text) | LAID_OUT * _is_laid_out(text)
    return out


@kernel
def _has_colon(text):  # type: ignore[no-untyped-def] # compiled
    first = 0
    while first < text.size and is_space(text[first]):
        first += 1
    for place in range(first, min(first + _REACH, text.size)):
        if text[place] in (0x3A, 0xFF1A):
            return True
        if text[place] == 10:
            return False
    return False


@kernel
def _is_laid_out(text):  # type: ignore[no-untyped-def] # compiled
    if text.size == 0 or is_space(text[text.size - 1]) or not _begins_well(text, 0):
        return False
    row = 0  # line breaks that stand behind each other
    for place in range(text.size):
        if text[place] != 10:
            continue
        row = row + 1 if text[place - 1] == 10 else 1
        if row > 3 or (row == 1 and is_space(text[place - 1])) or (text[place + 1] != 10 and not _begins_well(text, place + 1)):
            return False
    return True


@kernel
def _begins_well(text, place):  # type: ignore[no-untyped-def] # compiled
    """True where a line begins with a character that is no white space, behind spaces and tabs that a result keeps."""
    while place < text.size and text[place] in (9, 0x20, 0xA0, 0x3000):
        place += 1
    return place < text.size and not is_space(text[place])
