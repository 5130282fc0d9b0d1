"""Sorted keys of an index, and the rows that share one with a query.

Band k of a segment is keys[k], each a 32-bit name and the row, sorted; starts[k, name >> shift] is where the names
begin that have these upper bits: some four names, half a cache line.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from dedup.kernels.blocks import sound
from dedup.kernels.keeping import kernel
from dedup.kernels.minhash import agreement

_AHEAD = 32  # queries whose cache lines are on their way
_ROOM = 1 << 22  # rows that are held for the queries at hand, 16 MB


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


def _prefetch_here(_: Any, array: Any, i: Any) -> Any:
    """Nothing, but the cache line of array[i] (flat) is on its way: of 200 lines that a look-up reads hardly one is in a cache."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        """One instruction."""
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        place = builder.bitcast(builder.gep(data, [arguments[1]]), ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [place.type, number, number, number])
        builder.call(builder.module.declare_intrinsic("llvm.prefetch", [place.type], kind), [place, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, i), codegen


_prefetch: Any = intrinsic(_prefetch_here)


@kernel
def _collect(names, keys, starts, shift, most, of_keys, of_starts, rows, counts):  # type: ignore[no-untyped-def] # compiled
    """True when `rows` (uint32, a line a query) are those that share a name; False where a guard refuses what is read.

    Band by band, so that all queries ask the 10 MB of one band in a million rows before those of the next. `counts` (int64,
    queries x 2) are how many there are in band 0 and in all.
    """
    begins = np.zeros(names.shape[0] + _AHEAD, np.int64)
    ends = np.empty(names.shape[0], np.int64)
    counts[:] = 0
    flat_keys = keys.reshape(-1)
    flat_starts = starts.reshape(-1)
    for band in range(names.shape[1]):
        base = band * keys.shape[1]
        for query in range(names.shape[0]):
            ahead = min(query + _AHEAD, names.shape[0] - 1)
            _prefetch(flat_starts, band * starts.shape[1] + (np.int64(names[ahead, band]) >> shift))
            at = band * starts.shape[1] + (np.int64(names[query, band]) >> shift)
            if not sound(of_starts, at * 4, at * 4 + 8):
                return False
            begins[query] = base + flat_starts[at]
            ends[query] = base + min(np.int64(flat_starts[at + 1]), keys.shape[1])
        for query in range(names.shape[0]):
            _prefetch(flat_keys, begins[query + _AHEAD])
            name = np.uint64(names[query, band])
            place = begins[query]
            end = ends[query]
            if place < end and not sound(of_keys, place * 8, end * 8):
                return False
            while place < end and flat_keys[place] >> np.uint64(32) < name:
                place += 1
            count = counts[query, 1]
            end = min(end, place + most)
            while place < end and flat_keys[place] >> np.uint64(32) == name:
                rows[query, count] = flat_keys[place] & np.uint64(0xFFFFFFFF)
                count += 1
                place += 1
            counts[query, 1] = count
            if band == 0:
                counts[query, 0] = count
    return True


@kernel(inline="always")
def _is_among(row, pairs, begin, end):  # type: ignore[no-untyped-def] # compiled
    """Whether the row is that of one of the pairs begin to end."""
    known = False
    for other in range(begin, end):
        known |= pairs[other, 1] == row
    return known


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
    most = min(most, keys.shape[1])
    room = names.shape[1] * most
    some = max(1, min(names.shape[0], _ROOM // max(room, 1)))
    rows = np.empty((some, room), np.uint32)
    counts = np.zeros((some + 1, 2), np.int64)
    for start in range(0, names.shape[0], some):
        part = names[start : start + some]
        if not _collect(part, keys, starts, shift, most, of_keys, of_starts, rows, counts):
            return pairs[:0].copy()
        for query in range(part.shape[0]):
            begin = found
            for i in range(counts[query + 1, 1]):
                _prefetch(kept, np.int64(rows[query + 1, i]) * width)
            for i in range(counts[query, 1]):
                row = np.int64(rows[query, i])
                if row >= agreements.shape[0]:
                    continue
                if i >= counts[query, 0]:
                    if not sound(of_agreements, row * width, (row + 1) * width):
                        return pairs[:0].copy()
                    if agreement(own, start + query, kept, row, width) < least:
                        continue
                if _is_among(row, pairs, begin, found):
                    continue
                if found == pairs.shape[0]:
                    more = np.empty((2 * found, 2), np.int64)
                    more[:found] = pairs
                    pairs = more
                pairs[found, 0] = start + query
                pairs[found, 1] = row
                found += 1
    return pairs[:found].copy()
