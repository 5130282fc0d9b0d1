"""Tiles of a row that stand nowhere in another one, not even nearly: what is its own, where common letters alone say little.

Of any two English texts one has 0.55 of its letters in the other's order, and nearly all where the other is much longer, so two
rows that share a paragraph and have five short lines each of their own come to 0.8. A tile of theirs has no place in the
other row: its least edit distance to any stretch of that (Sellers 1980, 32 letters at a time by Myers 1999) is about half.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.common import highest
from dedup.kernels.keeping import kernel

_SHIFTS = 4  # places that a tile may have moved against the one before it, as letters that are in one row alone move it
TILE = 32  # letters, at most: the bits of a word; a row is cut into tiles of like lengths
FAR = 0.4  # of a tile's letters; with a fifth of the letters changed a tile of 32 is that far in 1 of 500 cases


@kernel
def own_letters(codes, offsets, first, second):  # type: ignore[no-untyped-def] # compiled
    """For each pair of rows the letters (int64) of the second in tiles that are farther than `FAR` from every stretch of the first.

    A tile whose letters, but for `FAR` of them, stand in the first row where those of the tile before it or the ends of the rows
    have them is near; of a near-duplicate that is nearly every one. For the others it takes the product of both lengths, by 32; all
    such tiles of a row are taken at once, in vectors. Oracle: `tests/oracles.py: own_letters`.
    """
    out = np.zeros(first.size, np.int64)
    numbers = np.zeros(np.int64(highest(codes)) + 1, np.int32)  # of the letters of the tiles, 0 where they have none
    places = np.empty(1024, np.uint32)
    for pair in range(first.size):
        row = codes[offsets[second[pair]] : offsets[second[pair] + 1]]
        other = codes[offsets[first[pair]] : offsets[first[pair] + 1]]
        cuts = _unplaced(row, other)
        tiles = np.uint64(cuts.shape[0])
        if tiles == 0:
            continue
        known = np.uint64(0)
        for tile in range(cuts.shape[0]):
            for k in range(cuts[tile, 0], cuts[tile, 1]):
                if numbers[row[k]] == 0:
                    known += np.uint64(1)
                    numbers[row[k]] = known
        if (known + np.uint64(1)) * tiles > places.size:
            places = np.empty(2 * (known + np.uint64(1)) * tiles, np.uint32)
        sizes = np.empty(tiles, np.int32)
        plus = np.empty(tiles, np.uint32)
        for tile in range(sizes.size):
            start, end = cuts[tile]
            # The tile's letters are the upper bits of its word; those below them match every letter, at no distance.
            sizes[tile] = end - start
            plus[tile] = np.uint32(0xFFFFFFFF) << np.uint32(TILE - end + start)
            for number in range(known + np.uint64(1)):
                places[np.uint64(number) * tiles + np.uint64(tile)] = ~plus[tile]
            for k in range(start, end):
                places[np.uint64(numbers[row[k]]) * tiles + np.uint64(tile)] |= np.uint32(1) << np.uint32(TILE - end + k)
        least = _distances(other, numbers, places, plus, sizes)
        for tile in range(sizes.size):
            out[pair] += sizes[tile] if least[tile] > FAR * sizes[tile] else 0
            for k in range(cuts[tile, 0], cuts[tile, 1]):
                numbers[row[k]] = 0
    return out


@kernel
def _unplaced(row, other):  # type: ignore[no-untyped-def] # compiled
    """Where the tiles of the row begin and end (int64, tiles x 2) that are not near the other row at any of the places tried."""
    tiles = (row.size + TILE - 1) // TILE
    cuts = np.empty((tiles, 2), np.int64)
    count = 0
    shift = 0
    for tile in range(tiles):
        start, end = tile * row.size // tiles, (tile + 1) * row.size // tiles
        near = False
        for trial in range(2 * _SHIFTS + 3):
            if trial <= 2 * _SHIFTS:
                moved = shift + ((trial + 1) // 2 if trial % 2 else -(trial // 2))
            else:
                moved = other.size - row.size if trial == 2 * _SHIFTS + 1 else 0
            if start + moved < 0 or end + moved > other.size:
                continue
            own = row[start:end]
            there = other[start + moved : end + moved]
            differing = 0
            for k in range(own.size):
                differing += own[k] != there[k]
            if differing <= FAR * (end - start):
                shift = moved
                near = True
                break
        if not near:
            cuts[count, 0] = start
            cuts[count, 1] = end
            count += 1
    return cuts[:count]


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
