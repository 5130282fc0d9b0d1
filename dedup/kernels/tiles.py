"""Tiles of a row that stand nowhere in another one, not even nearly: what is its own, where common letters alone say little.

Of any two English texts one has 0.55 of its letters in the other's order, and nearly all where the other is much longer, so two
rows that share a paragraph and have five short lines each of their own come to 0.8. A tile of theirs has no place in the
other row: its least edit distance to any stretch of that (Sellers 1980, 32 letters at a time by Myers 1999) is about half.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.common import highest
from dedup.kernels.keeping import kernel

TILE = 32  # letters, at most: the bits of a word; a row is cut into tiles of like lengths
FAR = 0.4  # of a tile's letters; with a fifth of the letters changed a tile of 32 is that far in 1 of 500 cases


@kernel
def own_letters(codes, offsets, first, second):  # type: ignore[no-untyped-def] # compiled
    """For each pair of rows the letters (int64) of the second in tiles that are farther than `FAR` from every stretch of the first.

    The product of both lengths, by 32; all tiles of a row are taken at once, in vectors. Oracle: `tests/oracles.py: own_letters`.
    """
    out = np.zeros(first.size, np.int64)
    numbers = np.zeros(np.int64(highest(codes)) + 1, np.int32)  # of the letters of the second row, 0 where it has none
    places = np.empty(1024, np.uint32)
    for pair in range(first.size):
        row = codes[offsets[second[pair]] : offsets[second[pair] + 1]]
        tiles = np.uint64((row.size + TILE - 1) // TILE)
        known = np.uint64(0)
        for k in range(row.size):
            if numbers[row[k]] == 0:
                known += np.uint64(1)
                numbers[row[k]] = known
        if (known + np.uint64(1)) * tiles > places.size:
            places = np.empty(2 * (known + np.uint64(1)) * tiles, np.uint32)
        sizes = np.empty(tiles, np.int32)
        plus = np.empty(tiles, np.uint32)
        for tile in range(sizes.size):
            start, end = tile * row.size // sizes.size, (tile + 1) * row.size // sizes.size
            # The tile's letters are the upper bits of its word; those below them match every letter, at no distance.
            sizes[tile] = end - start
            plus[tile] = np.uint32(0xFFFFFFFF) << np.uint32(TILE - end + start)
            for number in range(known + np.uint64(1)):
                places[np.uint64(number) * tiles + np.uint64(tile)] = ~plus[tile]
            for k in range(start, end):
                places[np.uint64(numbers[row[k]]) * tiles + np.uint64(tile)] |= np.uint32(1) << np.uint32(TILE - end + k)
        least = _distances(codes[offsets[first[pair]] : offsets[first[pair] + 1]], numbers, places, plus, sizes)
        for tile in range(sizes.size):
            out[pair] += sizes[tile] if least[tile] > FAR * sizes[tile] else 0
        for k in range(row.size):
            numbers[row[k]] = 0
    return out


@kernel
def _distances(letters, numbers, places, plus, sizes):  # type: ignore[no-untyped-def] # compiled
    """The least edit distance of each tile to a stretch of the letters (int32)."""
    tiles = np.uint64(sizes.size)
    minus = np.zeros(tiles, np.uint32)
    distance = sizes.copy()
    least = sizes.copy()
    for k in range(letters.size):
        begin = np.uint64(numbers[letters[k]]) * tiles
        equal = places[begin : begin + tiles]
        for tile in range(least.size):
            match = equal[tile]
            up, down = plus[tile], minus[tile]
            over = match | down
            through = np.uint32((np.uint32((match & up) + up) ^ up) | match)
            right = np.uint32(down | ~np.uint32(through | up))
            left = np.uint32(up & through)
            distance[tile] += np.int32(right >> np.uint32(TILE - 1)) - np.int32(left >> np.uint32(TILE - 1))
            right = np.uint32(right << np.uint32(1))
            plus[tile] = np.uint32(left << np.uint32(1)) | ~np.uint32(over | right)
            minus[tile] = right & over
            least[tile] = min(least[tile], distance[tile])
    return least
