"""Batches of texts as numbers: folded letters of all rows end to end, shingle hashes, weights and digests of each.

A shingle is the letters from a place on until they weigh `weight`, where a Han, Kana or Hangul
letter weighs two: with weight 5 five letters of an alphabet, three of Han. The rule looks at the letters
themselves, so two copies of a text in mixed scripts cannot fall on different sides of a share.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.fold import fold_table
from dedup.kernels.keeping import kernel

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_MIX_TOO = np.uint64(0x94D049BB133111EB)
LONGEST = 32  # letters of the longest shingle that a kernel takes
_TILE = 2048  # shingles that are hashed at a time, three arrays of 8 KB
_WIDE = 0x2E80  # below it every letter weighs one


def fold_rows(texts: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Folded letters of all texts (uint32), the offsets of each text in them (int64, one more than texts) and its lines (int32).

    A line counts when it holds a letter. Linear; 5 to 8 bytes a character besides the texts.
    """
    return fold_characters(*characters_of(texts))


def fold_characters(raw: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What `fold_rows` makes of the texts whose characters these are."""
    folded: tuple[np.ndarray, np.ndarray, np.ndarray] = _fold_rows(raw, ends, *fold_table())
    return folded


def characters_of(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """The characters of all texts end to end (uint8, uint16 or uint32) and the offsets of each text in them (int64)."""
    ends = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=ends[1:])
    return _characters("".join(texts)), ends


def _characters(text: str) -> np.ndarray:
    """The characters of a text in the fewest bytes that they all fit in: uint8, uint16 or uint32.

    Of ASCII Python has them so: to make four of each takes a tenth of all that is done to a text up to its signature.
    """
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    two = text.encode("utf-16-le", "surrogatepass")
    if len(two) == 2 * len(text):
        return np.frombuffer(two, np.uint16)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@kernel
def _fold_rows(raw, ends, pages, blocks, pool):  # type: ignore[no-untyped-def] # compiled
    rows = ends.size - 1
    offsets = np.zeros(rows + 1, np.int64)
    lines = np.zeros(rows, np.int32)
    codes = np.empty(raw.size + 1, np.uint32)  # room for what is left of raw; only letters that expand can need more
    ascii_letters = blocks[np.int64(pages[0]) * 256 : np.int64(pages[0]) * 256 + 128].copy()
    n = np.uint64(0)  # a place that may be negative would cost a test a letter, 0.4 of the time
    for row in range(rows):
        begin = n
        own = raw[ends[row] : ends[row + 1]]
        for i in range(own.size):
            character = own[i]
            if character < 128:
                letter = ascii_letters[character]
                codes[n] = letter
                n += np.uint64(letter != 0)
                if character == 10:
                    lines[row] += n > begin
                    begin = n
                continue
            entry = blocks[np.uint64(pages[character >> 8]) * np.uint64(256) + np.uint64(character & 255)]
            if entry & np.uint32(0x80000000):
                start = np.int64((entry & np.uint32(0x7FFFFFFF)) >> 5)
                length = np.int64(entry & 31)
                if np.int64(n) + length + raw.size - ends[row] - i > codes.size:
                    more = np.empty(2 * codes.size + 32, np.uint32)
                    more[:n] = codes[:n]
                    codes = more
                for j in range(start, start + length):
                    codes[n] = pool[j]
                    n += np.uint64(1)
            else:
                codes[n] = entry
                n += np.uint64(entry != 0)
        lines[row] += n > begin
        offsets[row + 1] = n
    return codes[:n], offsets, lines


@kernel
def letters_beside(codes, offsets, begin, end, texts, ends, rows):  # type: ignore[no-untyped-def] # compiled
    """The letters of the texts begin to end of `codes`, then those of `rows` (int64) of texts in UTF-8 (uint8) whose offsets are `ends`.

    Letters (uint32) end to end, and their offsets (int64). Bytes that are no UTF-8 give other letters, never more than there are bytes.
    """
    known = offsets[end] - offsets[begin]
    room = known
    for row in rows:
        start, stop = _within(ends[row], ends[row + 1], texts.size)
        room += stop - start
    out = np.empty(room, np.uint32)
    out[:known] = codes[offsets[begin] : offsets[end]]
    bounds = np.empty(end - begin + rows.size + 1, np.int64)
    bounds[: end - begin + 1] = offsets[begin : end + 1] - offsets[begin]
    place = end - begin
    n = known
    for row in rows:
        start, stop = _within(ends[row], ends[row + 1], texts.size)
        n += _decode(texts[start:stop], out[n:])
        place += 1
        bounds[place] = n
    return out[:n], bounds


@kernel(inline="always")
def _within(start, stop, size):  # type: ignore[no-untyped-def] # compiled
    """The places within an array of that size, whatever a damaged file says; a negative one would be counted from its end."""
    start = min(max(start, 0), size)
    return start, min(max(stop, start), size)


@kernel
def _decode(data, out):  # type: ignore[no-untyped-def] # compiled
    """How many letters the UTF-8 has, which stand in `out`."""
    top = np.uint8(0)
    for i in range(data.size):
        top |= data[i]
    if top < 128:
        for i in range(data.size):
            out[i] = data[i]
        return data.size
    n = 0
    letter = np.uint32(0)
    for i in range(data.size):
        byte = np.uint32(data[i])
        if byte & 0xC0 == 0x80:
            letter = (letter << np.uint32(6)) | (byte & np.uint32(0x3F))
        elif byte < 0x80:
            letter = byte
        elif byte < 0xE0:
            letter = byte & np.uint32(0x1F)
        elif byte < 0xF0:
            letter = byte & np.uint32(0x0F)
        else:
            letter = byte & np.uint32(0x07)
        n += byte & 0xC0 != 0x80 or n == 0
        out[n - 1] = letter & np.uint32(0x1FFFFF)
    return n


@kernel(inline="always")
def letter_weight(code):  # type: ignore[no-untyped-def] # compiled
    """2 for Han, Kana, Hangul and Yi, 1 for every other letter; the same ranges as `wide.is_wide`."""
    if code < 0x2E80:
        return 1
    if code < 0xA4D0 or (0xAC00 <= code < 0xD7B0) or (0xF900 <= code < 0xFB00) or (0x20000 <= code < 0x40000):
        return 2
    return 1


@kernel(inline="always")
def mixed(x):  # type: ignore[no-untyped-def] # compiled
    """A bijection of 64 bits whose output bits all depend on all input bits (SplitMix64's finalizer)."""
    x = (x ^ (x >> np.uint64(30))) * _MIX
    x = (x ^ (x >> np.uint64(27))) * _MIX_TOO
    return x ^ (x >> np.uint64(31))


def _factors() -> np.ndarray:
    """One odd factor (uint32) for each letter of a shingle."""
    with np.errstate(over="ignore"):
        drawn: np.ndarray = mixed.py_func(np.arange(1, LONGEST + 1, dtype=np.uint64))  # compiled
    return (drawn >> np.uint64(32)).astype(np.uint32) | np.uint32(1)


_FACTORS = _factors()
_PLACE = np.uint32(0x9E3779B1)  # what a place adds to its character


@kernel
def shingles(codes, start, end, weight, out):  # type: ignore[no-untyped-def] # compiled
    """The number of shingles of codes[start:end], whose 64-bit hashes stand in `out`, in the order of the text.

    A text that weighs less than a shingle is one shingle; an empty one has none. Oracle: `tests/oracles.py: shingles`.
    """
    powers = np.empty(LONGEST + 1, np.uint64)
    powers[0] = 1
    for i in range(LONGEST):
        powers[i + 1] = powers[i] * _BASE
    rolling = np.uint64(0)
    ahead = start
    held = 0
    count = 0
    for i in range(start, end):
        while ahead < end and held < weight:
            rolling = rolling * _BASE + (np.uint64(codes[ahead]) + np.uint64(1))
            held += letter_weight(codes[ahead])
            ahead += 1
        if held < weight:
            break
        out[count] = mixed(rolling)
        count += 1
        rolling -= (np.uint64(codes[i]) + np.uint64(1)) * powers[ahead - i - 1]
        held -= letter_weight(codes[i])
    if count == 0 and end > start:
        out[0] = mixed(rolling)
        count = 1
    return count


@kernel(inline="always")
def _weight(code):  # type: ignore[no-untyped-def] # compiled
    """`letter_weight` without branches, so that the compiler makes it a vector instruction."""
    wide = (code >= 0x2E80) & (code < 0xA4D0) | (code >= 0xAC00) & (code < 0xD7B0)
    wide |= (code >= 0xF900) & (code < 0xFB00) | (code >= 0x20000) & (code < 0x40000)
    return np.uint32(1) + np.uint32(wide)


@kernel
def short_hashes(codes, start, end, weight, out, at):  # type: ignore[no-untyped-def] # compiled
    """The number of shingles of codes[start:end], as `shingles` cuts them; their 32-bit hashes stand in `out` from `at` on.

    A hash is the sum of letters times factors, one a place: as few texts' shingles share one as chance has it (970,893 of English
    news: none, 1,018,401 of Chinese: 115 of 121), and a tile of them is hashed place by place in vectors, 8 times faster
    than a rolling hash, whose steps wait for each other.
    """
    count = end
    held = 0
    while count > start and held < weight:
        count -= 1
        held += letter_weight(codes[count])
    if held < weight:
        if end > start:
            out[at] = _one_hash(codes, start, end, weight)
        return np.int64(end > start)
    count += 1 - start
    whole = max(min(count, end - start - weight + 1), 0)  # whose `weight` letters are all there
    weights = np.empty(_TILE + LONGEST, np.uint32)
    reached = np.empty(_TILE, np.uint32)
    for base in range(start, start + whole, _TILE):
        size = min(_TILE, start + whole - base)
        own = codes[base : base + size + weight - 1]
        made = out[at + base - start : at + base - start + size]  # slices, whose places are not negative: no vector else
        top = np.uint32(0)
        for i in range(own.size):
            top = max(top, own[i])
        for i in range(made.size):
            made[i] = own[i] * _FACTORS[0]
        if top < _WIDE:
            for t in range(1, weight):
                _add_letters(made, own[t : t + size], _FACTORS[t])
            continue
        for i in range(own.size):
            weights[i] = _weight(own[i])
        reached[:size] = weights[:size]
        for t in range(1, weight):
            _add_inside(made, own[t : t + size], _FACTORS[t], reached, weights[t : t + size], np.uint32(weight))
    for i in range(whole, count):
        out[at + i] = _one_hash(codes, start + i, end, weight)
    return count


@kernel
def _add_letters(made, letters, factor):  # type: ignore[no-untyped-def] # compiled
    for i in range(made.size):
        made[i] += letters[i] * factor


@kernel
def _add_inside(made, letters, factor, reached, weights, weight):  # type: ignore[no-untyped-def] # compiled
    for i in range(made.size):
        inside = np.uint32(reached[i] < weight)
        made[i] += letters[i] * factor * inside
        reached[i] += weights[i] * inside


@kernel
def _one_hash(codes, start, end, weight):  # type: ignore[no-untyped-def] # compiled
    value = np.uint32(0)
    held = 0
    place = 0
    while start + place < end and held < weight:
        value = np.uint32(value + codes[start + place] * _FACTORS[place])
        held += letter_weight(codes[start + place])
        place += 1
    return value


@kernel
def row_shingles(codes, offsets, weight):  # type: ignore[no-untyped-def] # compiled
    """32-bit hashes of the shingles of all rows end to end (uint32) and the offsets of each row in them (int64)."""
    rows = offsets.size - 1
    ends = np.zeros(rows + 1, np.int64)
    hashes = np.empty(codes.size, np.uint32)
    n = 0
    for row in range(rows):
        n += short_hashes(codes, offsets[row], offsets[row + 1], weight, hashes, n)
        ends[row + 1] = n
    return hashes[:n], ends


@kernel
def digests(codes, offsets):  # type: ignore[no-untyped-def] # compiled
    """128 bits (two uint64 a row) that are equal where the letters are equal; two lanes of multiply and rotate, mixed with the length.

    Three letters of 21 bits are taken at a time.
    """
    rows = offsets.size - 1
    out = np.empty((rows, 2), np.uint64)
    for row in range(rows):
        one = np.uint64(0x243F6A8885A308D3)
        two = np.uint64(0x13198A2E03707344)
        i = offsets[row]
        while i < offsets[row + 1]:
            word = np.uint64(codes[i])
            if i + 2 < offsets[row + 1]:
                word |= (np.uint64(codes[i + 1]) << np.uint64(21)) | (np.uint64(codes[i + 2]) << np.uint64(42))
            elif i + 1 < offsets[row + 1]:
                word |= np.uint64(codes[i + 1]) << np.uint64(21)
            i += 3
            one = (one ^ word) * _MIX
            one ^= one >> np.uint64(29)
            two = ((two << np.uint64(27)) | (two >> np.uint64(37))) + word
            two = two * _MIX_TOO
        length = np.uint64(offsets[row + 1] - offsets[row])
        out[row, 0] = mixed(one + length)
        out[row, 1] = mixed(two ^ (length << np.uint64(32)) ^ (one >> np.uint64(3)))
    return out


@kernel
def spellings(raw, ends):  # type: ignore[no-untyped-def] # compiled
    """32 bits a row (uint32) of its characters as they stand: of rows with equal letters the least is the one to keep.

    The two highest say how it is capitalised: as sentences are, more than that, not at all, as a shout. The others are a hash, whatever
    bytes hold the characters: a sum over places, which the compiler makes vectors of. Oracle: `tests/oracles.py: spelling`.
    """
    rows = ends.size - 1
    out = np.empty(rows, np.uint32)
    for row in range(rows):
        own = raw[ends[row] : ends[row + 1]]
        total = np.uint32(own.size)
        capitals = np.uint32(0)
        for i in range(own.size):
            code = np.uint32(own[i])
            capital = (code >= 0x41) & (code <= 0x5A) | (code >= 0xC0) & (code <= 0xDE) | (code >= 0x410) & (code <= 0x42F)
            capitals += np.uint32(capital)
            value = np.uint32((code + np.uint32(i) * _PLACE) * _FACTORS[0])  # numba makes products of uint32 uint64
            total = np.uint32(total + (value ^ (value >> np.uint32(15))) * _FACTORS[1])
        style = np.uint32(3)
        if capitals == 0:
            style = np.uint32(2)
        elif 8 * capitals <= own.size:
            style = np.uint32(0)
        elif 2 * capitals <= own.size:
            style = np.uint32(1)
        out[row] = (style << np.uint32(30)) | (total & np.uint32(0x3FFFFFFF))
    return out


@kernel
def row_weights(codes, offsets):  # type: ignore[no-untyped-def] # compiled
    """The weight of each row's letters (int32)."""
    out = np.empty(offsets.size - 1, np.int32)
    for row in range(offsets.size - 1):
        own = codes[offsets[row] : offsets[row + 1]]
        total = np.uint32(0)
        for i in range(own.size):
            total += _weight(own[i])
        out[row] = total
    return out
