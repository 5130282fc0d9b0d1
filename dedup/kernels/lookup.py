"""Sorted keys of an index, and the rows that share one with a query.

Band k of a segment is keys[k], each a 32-bit name and the row, sorted; starts[k, name >> shift] is where the names
begin that have these upper bits: some four names, half a cache line.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.blocks import sound
from dedup.kernels.keeping import kernel
from dedup.kernels.minhash import agreement


def starts_of(keys: np.ndarray) -> tuple[np.ndarray, int]:
    """The places (uint32, bands x blocks + 1) where each block of names begins, and the shift that gives a name's block."""
    bits = min(max(int(keys.shape[1]).bit_length() - 2, 1), 31)
    edges = np.arange((1 << bits) + 1, dtype=np.uint64) << np.uint64(64 - bits)
    edges[-1] = np.iinfo(np.uint64).max
    starts = np.empty((keys.shape[0], (1 << bits) + 1), np.uint32)
    for band in range(keys.shape[0]):
        starts[band] = np.searchsorted(keys[band], edges)
        starts[band, -1] = keys.shape[1]
    return starts, 32 - bits


@kernel
def _places(names, keys, starts, shift, of_keys, of_starts):  # type: ignore[no-untyped-def] # compiled
    """The first place of each query's names in each band (uint32, queries x bands), the end of the band for none or what a guard refuses.

    Band by band, so that all queries ask the 10 MB of one band in a million rows before those of the next.
    """
    places = np.full(names.shape, np.uint32(keys.shape[1]), np.uint32)
    for band in range(names.shape[1]):
        for query in range(names.shape[0]):
            name = np.uint64(names[query, band])
            block = np.int64(name >> np.uint64(shift))
            at = (band * starts.shape[1] + block) * 4
            if not sound(of_starts, at, at + 8):
                return places
            begin = np.int64(starts[band, block])
            end = np.int64(starts[band, block + 1])
            if begin < end and not sound(of_keys, (band * keys.shape[1] + begin) * 8, (band * keys.shape[1] + end) * 8):
                return places
            for place in range(begin, end):
                if keys[band, place] >> np.uint64(32) >= name:
                    if keys[band, place] >> np.uint64(32) == name:
                        places[query, band] = place
                    break
    return places


@kernel
def sharing_rows(names, signed, keys, starts, shift, agreements, least, most, guards):  # type: ignore[no-untyped-def] # compiled
    """Pairs (int64, n x 2) of a query and a row of the segment that share a name in a band and agree in `least` permutations.

    Band 0 is the text's digest and needs no agreement. Of a band's name at most `most` rows are looked at, a row once a query.
    `guards` are those of keys, starts and agreements; where one of them refuses what is read, the pairs end there.
    """
    pairs = np.empty((64, 2), np.int64)
    own = signed.reshape(-1)
    kept = agreements.reshape(-1)
    width = signed.shape[1]
    found = 0
    of_keys, of_starts, of_agreements = guards
    places = _places(names, keys, starts, shift, of_keys, of_starts)
    for query in range(names.shape[0]):
        begin = found
        for band in range(names.shape[1]):
            name = np.uint64(names[query, band])
            seen = 0
            for place in range(np.int64(places[query, band]), keys.shape[1]):
                at = (band * keys.shape[1] + place) * 8
                if not sound(of_keys, at, at + 8):
                    return pairs[:0]
                key = keys[band, place]
                if key >> np.uint64(32) != name or seen == most:
                    break
                seen += 1
                row = np.int64(key & np.uint64(0xFFFFFFFF))
                if row >= agreements.shape[0]:
                    continue
                known = False
                for other in range(begin, found):
                    known |= pairs[other, 1] == row
                if known:
                    continue
                if band > 0 and not sound(of_agreements, row * width, (row + 1) * width):
                    return pairs[:0]
                if band > 0 and agreement(own, query, kept, row, width) < least:
                    continue
                if found == pairs.shape[0]:
                    more = np.empty((2 * found, 2), np.int64)
                    more[:found] = pairs
                    pairs = more
                pairs[found, 0] = query
                pairs[found, 1] = row
                found += 1
    return pairs[:found].copy()
