"""What is told to be chance could not be linked: against the linker's reach, pair by pair."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.article.chance import is_chance, without_chance
from dedup.article.evidence import Lines, Match
from dedup.model import Span

SOLID = 32
ROW = st.tuples(st.integers(0, 5_000), st.integers(1, 4_000), st.integers(8, 60))


@settings(deadline=None)
@given(st.lists(ROW, min_size=1, max_size=12), st.lists(st.integers(20, 2_000), min_size=8, max_size=30))
def test_rows_that_may_be_linked_or_fill_a_line_stay(drawn: list[tuple[int, int, int]], sizes: list[int]) -> None:
    ends = list(accumulate([*sizes, 10_000]))
    lines = Lines([0, *ends[:-1]], ends)
    rows = np.array(sorted({(first, first + shift, length) for first, shift, length in drawn}), np.int32)
    left = {tuple(row) for row in without_chance(rows, lines, SOLID).tolist()}
    every = [tuple(row) for row in rows.tolist()]
    assert left <= set(every)
    for row in every:
        if row not in left:
            assert all(_is_small(row[side], row[2], lines) for side in (0, 1))
            assert not any(other != row and _may_link(row, other) for other in every)


def _is_small(start: int, length: int, lines: Lines) -> bool:
    low, high = lines.span(lines.of(start))
    return start + length <= high and high - low > 3 * length


def _may_link(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    """Whether the linker's gaps let one row follow the other."""
    before, after = sorted((one, other), key=lambda row: row[1])
    gaps = [after[side] - before[side] - before[2] for side in (0, 1)]
    overlap = max(0, -min(gaps))
    if overlap > 24 or overlap * 2 > min(one[2], other[2]):
        return False
    narrow, wide = sorted(gap + overlap for gap in gaps)
    return wide <= 64 or (wide <= 2_000 and narrow <= 64 and min(one[2], other[2]) >= SOLID)


@pytest.mark.parametrize(("size", "chance"), [(20, True), (40, False)])
def test_a_match_that_is_a_third_of_a_line_is_none(size: int, *, chance: bool) -> None:
    lines = Lines([0, 100], [100, 200])
    assert is_chance(Match(Span(5, 5 + size), Span(150, 150 + size), ((5, 150, size),)), lines) == chance
    assert not is_chance(Match(Span(95, 105), Span(150, 160), ((95, 150, 10),)), lines)
