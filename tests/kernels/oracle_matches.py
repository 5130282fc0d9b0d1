"""Slow and obvious versions of the kernels that fold, sample and match."""

from __future__ import annotations

from itertools import pairwise

from dedup.kernels.fold_table import folded_letters


def fold(text: str, simplified: dict[int, int]) -> tuple[list[int], list[int]]:
    """The folded letters of a text and their places, one character at a time."""
    codes, at = [], []
    for place, char in enumerate(text):
        letters = folded_letters(ord(char), simplified)
        codes += letters
        at += [place] * len(letters)
    return codes, at


def mix32(value: int) -> int:
    """MurmurHash3's 32-bit finalizer."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        value = (value ^ (value >> shift)) * factor & 0xFFFFFFFF
    return value ^ (value >> 16)


def window_minima(hashes: list[int], window: int, a: int, b: int) -> list[int]:
    """Of every window the place of the least permuted hash, the last of equal ones, each place once."""
    values = [(a * mix32(value) + b) & 0xFFFFFFFF for value in hashes]
    span = min(window, len(values))
    places: list[int] = []
    for start in range(len(values) - span + 1 if values else 0):
        least = min(range(start, start + span), key=lambda place: (values[place], -place))
        if not places or places[-1] != least:
            places.append(least)
    return places


def maximal_matches(codes: list[int], least: int) -> set[tuple[int, int, int]]:
    """All pairs of equal stretches of at least `least` letters that can be extended in neither direction."""
    found = set()
    size = len(codes)
    for shift in range(1, size):
        equal = [codes[i] == codes[i + shift] for i in range(size - shift)]
        edges = [i for i, (before, here) in enumerate(pairwise([False, *equal, False])) if before != here]
        found |= {(start, start + shift, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start >= least}
    return found


def line_coverage(rows: set[tuple[int, int, int]], lines: list[tuple[int, int]]) -> float:
    """The greatest share of a line's letters that stand in one of the matches."""
    letters = {place for first, second, length in rows for start in (first, second) for place in range(start, start + length)}
    return max((len(letters.intersection(range(start, end))) / (end - start) for start, end in lines if end > start), default=0.0)
