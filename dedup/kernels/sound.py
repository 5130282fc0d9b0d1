"""Soundness: which texts, or lines, repair leaves as they are, told by the classes of their characters alone.

A flag says what could be wrong; without one nothing is. `sound_table` holds the classes and how they are made.
"""

from __future__ import annotations

import hashlib
from functools import cache
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.keeping import kernel

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

CLASSES = 128
EDGE = CLASSES - 1  # the class that stands before the first character
LONGEST = 7  # characters of the longest match of ftfy's BADNESS_RE

ENTITY = 1  # holds `&`
COMPOSES = 2  # holds a mark, or a character that NFC may change
DAMAGED = 4  # holds a control character, a surrogate or a character that is not in the table's Unicode
MOJIBAKE = 8  # ftfy's BADNESS_RE matches, its `^` read as anywhere
BREAKS = 16  # holds a line break that is no `\n`
LOOK = 32  # inside the table only: two neighbours that a match of BADNESS_RE may hold
ANY = ENTITY | COMPOSES | DAMAGED | MOJIBAKE | BREAKS

_BLOCK = 1 << 18  # characters that are looked at in one go: 1 MB of code points, which stays in a core's cache
_STRIDE = 32


def digest(pattern: re.Pattern[str]) -> str:
    """A text that two patterns share only when they are the same."""
    return hashlib.sha256(f"{pattern.flags}:{pattern.pattern}".encode()).hexdigest()


@cache
def _table() -> tuple[np.ndarray, ...] | None:
    """What `scan` takes behind the offsets; None when the installed ftfy has another pattern than the one the table was made for."""
    from ftfy.badness import BADNESS_RE

    with np.load(Path(__file__).with_name("sound_table.npz")) as table:
        if str(table["pattern"]) != digest(BADNESS_RE):
            return None
        blocks, pages, looks = table["blocks"], table["pages"], table["looks"]
        loud = table["loud"][blocks.reshape(-1, 256)[pages[:256]].ravel()]
        loud[-1] = 1  # stands for all that lies above
        return loud, pages.astype(np.int32) << 8, blocks, looks, table["steps"]


def flags(texts: list[str]) -> np.ndarray:
    """What could be wrong with each text (uint8, ENTITY | COMPOSES | ...; 0: repair changes nothing); linear, 8 MB at its highest."""
    table = _table()
    if table is None:
        return np.full(len(texts), ANY, np.uint8)
    if len(texts) == 1:  # 10 µs less for an article by itself
        return _flags(texts, table, ascii_=texts[0].isascii())
    narrow = np.fromiter(map(str.isascii, texts), np.bool_, len(texts))
    out = np.empty(len(texts), np.uint8)
    for ascii_ in (True, False):
        rows = narrow == ascii_
        if rows.all():
            return _flags(texts, table, ascii_=ascii_)
        out[rows] = _flags(list(compress(texts, rows.tolist())), table, ascii_=ascii_)
    return out


def stretch_flags(codes: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The flags (uint8) of each stretch codes[offsets[i]:offsets[i + 1]] of code points (uint32), be it a text or a line."""
    table = _table()
    out: np.ndarray = np.full(offsets.size - 1, ANY, np.uint8) if table is None else scan(codes, offsets, *table)
    return out


def _flags(texts: list[str], table: tuple[np.ndarray, ...], *, ascii_: bool) -> np.ndarray:
    """The flags of texts that are all in ASCII, or that none is; scanned block by block."""
    out = np.zeros(len(texts), np.uint8)
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=offsets[1:])
    if offsets[-1] <= _BLOCK:
        return _scanned("".join(texts), offsets, table, ascii_=ascii_)
    first = 0
    while first < len(texts):
        last = int(np.searchsorted(offsets, offsets[first] + _BLOCK, side="right")) - 1
        if last > first:
            out[first:last] = _scanned("".join(texts[first:last]), offsets[first : last + 1] - offsets[first], table, ascii_=ascii_)
        else:
            last = first + 1
            for piece in _pieces(texts[first]):
                out[first] |= _scanned(piece, np.array([0, len(piece)]), table, ascii_=ascii_)[0]
        first = last
    return out


def _pieces(text: str) -> Iterator[str]:
    """Slices of the text, one at a time, such that each of its matches lies whole in one of them."""
    for start in range(0, len(text), _BLOCK):
        yield text[start : start + _BLOCK + LONGEST - 1]


def _scanned(text: str, offsets: np.ndarray, table: tuple[np.ndarray, ...], *, ascii_: bool) -> np.ndarray:
    out: np.ndarray
    if ascii_:
        out = scan_ascii(np.frombuffer(text.encode("ascii"), np.uint8), offsets, *table[1:4])
    else:
        out = scan(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), offsets, *table)
    return out


@kernel
def scan(codes, offsets, loud, pages, blocks, looks, steps):  # type: ignore[no-untyped-def] # compiled
    """The flags (uint8) of each stretch codes[offsets[i]:offsets[i + 1]] of code points (uint32), be it a text or a line.

    Characters are looked at in strides; in one without a loud character there is nothing to see.
    Oracle: `tests/kernels/test_sound.py: oracle`.
    """
    out = np.empty(offsets.size - 1, np.uint8)
    for row in range(out.size):
        start, end = offsets[row], offsets[row + 1]
        seen = np.uint8(0)
        for base in range(start, end, _STRIDE):
            stop = min(base + _STRIDE, end)
            noise = np.uint8(0)
            for code in codes[base:stop]:
                noise |= loud[np.uint64(min(code, np.uint32(0xFFFF)))]
            if noise:
                # One more: its neighbour before it may be loud.
                seen |= _seen(codes, start, base, min(stop + 1, end), end, pages, blocks, looks, steps)
        out[row] = seen & np.uint8(ANY)
    return out


@kernel
def _seen(codes, start, base, stop, end, pages, blocks, looks, steps):  # type: ignore[no-untyped-def] # compiled
    """The flags of the characters from `base` to `stop` with their neighbours, within the text from `start` to `end`."""
    seen = np.uint8(0)
    before = np.int64(EDGE)
    if base > start:
        before = np.int64(blocks[np.int64(pages[codes[base - 1] >> 8]) | np.int64(codes[base - 1] & 255)])
    for i in range(base, stop):
        now = np.int64(blocks[np.int64(pages[codes[i] >> 8]) | np.int64(codes[i] & 255)])
        look = looks[before * CLASSES + now]
        seen |= look
        before = now
        if look & LOOK and not seen & MOJIBAKE:
            state = np.int64(1)
            for j in range(max(start, i - LONGEST + 1), min(end, i + LONGEST - 1)):
                kind = np.int64(blocks[np.int64(pages[codes[j] >> 8]) | np.int64(codes[j] & 255)])
                state = np.int64(steps[state * CLASSES + kind])
            if state == 0:
                seen |= np.uint8(MOJIBAKE)
    return seen


@kernel
def scan_ascii(codes, offsets, pages, blocks, looks):  # type: ignore[no-untyped-def] # compiled
    """The flags (uint8) of each stretch of ASCII characters (uint8); no match is all ASCII, so that pairs tell nothing."""
    out = np.empty(offsets.size - 1, np.uint8)
    _mark_unusual(codes, offsets, out)
    for row in range(out.size):
        if out[row]:
            out[row] = 0
            for i in range(offsets[row], offsets[row + 1]):
                out[row] |= looks[EDGE * CLASSES + np.int64(blocks[np.int64(pages[0]) | np.int64(codes[i])])]
    return out


@kernel
def _mark_unusual(codes, offsets, out):  # type: ignore[no-untyped-def] # compiled
    """Sets `out` to 1 for each stretch with `&` or a control character, to 0 for the others; so written it runs on whole vectors."""
    for row in range(out.size):
        part = codes[offsets[row] : offsets[row + 1]]
        noise = np.uint8(0)
        for i in range(part.size):
            code = part[i]
            noise |= np.uint8((code == 38) | (code == 127) | ((code < 32) & (code != 9) & (code != 10)))
        out[row] = noise
