"""Reports of one form: texts whose words are alike and whose numbers are not, more than damage would change them."""

from __future__ import annotations

import numpy as np

from dedup.kernels.keeping import kernel

# Of the near pairs of English news 60 were read: 36 fill in a form again with other numbers, 24 are copies and new versions. These
# limits take 26 of the 36 and none of the 24; of pairs with 1 to 10 % of the letters exchanged 2 of 1,000 English, 1 Chinese.
_SHARE = 0.5  # of the numbers that damage does not explain
_DEVIATIONS = 3  # above what damage explains
_AROUND = 2  # letters beside a number which, exchanged, make it another
_LEAST_WHOLE = 0.83  # of what three letters in a row keep, what six keep; 0.94 cubed, damage of 6 % of the letters
_LETTERS = 150  # to a number that differs, at the most; the dates about an article are fewer
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@kernel
def reports_differ(codes, offsets, first, second):  # type: ignore[no-untyped-def] # compiled
    """For each pair of rows True where the shorter one has other numbers, or each of two as long. Oracle: `tests/oracles.py`."""
    out = np.zeros(first.size, np.bool_)
    for pair in range(first.size):
        one = codes[offsets[first[pair]] : offsets[first[pair] + 1]]
        two = codes[offsets[second[pair]] : offsets[second[pair] + 1]]
        if one.size > two.size:
            one, two = two, one
        out[pair] = _has_other_numbers(one, two) and (one.size < two.size or _has_other_numbers(two, one))
    return out


@kernel
def _has_other_numbers(own, other):  # type: ignore[no-untyped-def] # compiled
    """True where so many numbers of the first row are not in the other that its damage does not explain it."""
    numbers, digits = _numbers(own)
    differing = _not_in(numbers, _numbers(other)[0])
    if differing < 2 or differing <= _SHARE * numbers.size or differing * _LETTERS < own.size:
        return False
    three, six = _kept(own, other, 3), _kept(own, other, 6)
    if three == 0.0 or six < _LEAST_WHOLE * three:
        return False
    whole = _cube_root(min(six / three, 1.0))  # the share of letters that are not exchanged
    expected = 0.0
    variance = 0.0
    for count in digits:
        stays = 1.0
        for _ in range(count + _AROUND):
            stays *= whole
        expected += 1.0 - stays
        variance += stays * (1.0 - stays)
    over = differing - expected
    return over > _SHARE * (numbers.size - expected) and over * over > _DEVIATIONS * _DEVIATIONS * variance


@kernel(inline="always")
def _is_digit(code):  # type: ignore[no-untyped-def] # compiled
    return 48 <= code < 58


@kernel
def _numbers(row):  # type: ignore[no-untyped-def] # compiled
    """A hash of each number of the row (uint64) and how many digits it has (int64)."""
    hashes = np.empty(row.size // 2 + 1, np.uint64)
    digits = np.empty(row.size // 2 + 1, np.int64)
    count = 0
    length = 0
    for i in range(row.size):
        if _is_digit(row[i]):
            hashes[count] = np.uint64(row[i]) if length == 0 else hashes[count] * _SPREAD + np.uint64(row[i])
            length += 1
            digits[count] = length
        elif length:
            count += 1
            length = 0
    count += length > 0
    return hashes[:count], digits[:count]


@kernel
def _not_in(own, other):  # type: ignore[no-untyped-def] # compiled
    """How many of the values are not among the others, each of which is one of them once."""
    one = np.sort(own)
    two = np.sort(other)
    place = 0
    missing = 0
    for value in one:
        while place < two.size and two[place] < value:
            place += 1
        if place < two.size and two[place] == value:
            place += 1
        else:
            missing += 1
    return missing


@kernel
def _kept(own, other, size):  # type: ignore[no-untyped-def] # compiled
    """The share of the first row's stretches of so many letters, none a digit, that stand in the other; 0 where it has none."""
    wanted = np.sort(_stretches(own, size))
    there = np.sort(_stretches(other, size))
    place = 0
    found = 0
    for value in wanted:
        while place < there.size and there[place] < value:
            place += 1
        found += place < there.size and there[place] == value
    return found / max(wanted.size, 1)


@kernel
def _stretches(row, size):  # type: ignore[no-untyped-def] # compiled
    """A hash (uint64) of each stretch of so many letters in which no digit is."""
    out = np.empty(row.size, np.uint64)
    count = 0
    letters = 0
    for i in range(row.size):
        letters = 0 if _is_digit(row[i]) else letters + 1
        if letters >= size:
            value = np.uint64(0)
            for k in range(i + 1 - size, i + 1):
                value = value * _SPREAD + np.uint64(row[k])
            out[count] = value
            count += 1
    return out[:count]


@kernel
def _cube_root(value):  # type: ignore[no-untyped-def] # compiled
    """By Newton's steps, which every machine makes alike; of a share above a half six are exact."""
    root = 1.0
    for _ in range(8):
        root -= (root * root * root - value) / (3.0 * root * root)
    return root
