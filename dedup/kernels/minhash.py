"""MinHash signatures, bit for bit those of `datasketch.MinHash(num_perm, seed, scheme="affine32")`.

Each 32-bit shingle hash is mixed once by MurmurHash3's finalizer; permutation k is then a[k] * h + b[k] modulo 2**32.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from dedup.kernels.keeping import kernel

_TILE = 4096  # shingles: 16 KB, a third of a first-level cache
_LANES, _VECTORS = 16, 2  # permutations of a vector, and vectors that are held in registers


def permutations(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The factors (odd) and the offsets of `count` permutations, uint32, drawn as datasketch draws them."""
    draw = np.random.RandomState(seed)  # the legacy generator is part of the scheme
    a = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    b = draw.randint(0, 1 << 32, count, dtype=np.uint32)
    return a, b


def _lowered(_: Any, tile: Any, size: Any, a: Any, b: Any, first: Any, out: Any) -> Any:
    """out[first:first + 32] is lowered to the least a * h + b of the hashes tile[:size]; written as vectors of 16 lanes.

    The compiler splits them where the processor's are shorter. Left to itself it takes half of what AVX-512 has: 151 M
    shingles/s of 128 permutations, this 216 M, which is what the two ports multiply, add and compare at 3.4 GHz.
    """

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        """Instructions that take 32 permutations of a hash at a time, the least values in registers until the last hash."""
        arrays = [
            context.make_array(kind)(context, builder, value).data if isinstance(kind, types.Array) else value
            for kind, value in zip(signature.args, arguments, strict=True)
        ]
        hashes, _, factors, offsets, begin, signed = arrays
        word = ir.IntType(32)
        vector = ir.VectorType(word, _LANES)

        def place(data: Any, number: int) -> Any:
            at = builder.add(begin, ir.Constant(begin.type, number * _LANES))
            return builder.bitcast(builder.gep(data, [at]), vector.as_pointer())

        def loaded(data: Any) -> list[Any]:
            return [builder.load(place(data, number), align=4) for number in range(_VECTORS)]

        steps = list(zip(loaded(factors), loaded(offsets), strict=True))
        least = [cgutils.alloca_once_value(builder, value) for value in loaded(signed)]  # type: ignore[no-untyped-call] # of numba
        undefined = ir.Constant(vector, ir.Undefined)
        with cgutils.for_range(builder, arguments[1]) as loop:
            value = builder.load(builder.gep(hashes, [loop.index]))
            filled = builder.insert_element(undefined, value, ir.Constant(word, 0))
            filled = builder.shuffle_vector(filled, undefined, ir.Constant(ir.VectorType(word, _LANES), [0] * _LANES))
            for (factor, offset), held in zip(steps, least, strict=True):
                made, former = builder.add(builder.mul(factor, filled), offset), builder.load(held)
                builder.store(builder.select(builder.icmp_unsigned("<", made, former), made, former), held)
        for number, held in enumerate(least):
            builder.store(builder.load(held), place(signed, number), align=4)
        return context.get_dummy_value()

    return types.void(tile, size, a, b, first, out), codegen


_lower: Any = intrinsic(_lowered)


@kernel
def signatures(hashes, offsets, a, b):  # type: ignore[no-untyped-def] # compiled
    """The signature of each row of hashes (uint32, rows x permutations); a row without a shingle is all ones, as in datasketch."""
    rows = offsets.size - 1
    count = a.size
    step = _LANES * _VECTORS
    padded = (count + step - 1) // step * step
    factors = np.zeros(padded, np.uint32)
    added = np.zeros(padded, np.uint32)
    factors[:count] = a
    added[:count] = b
    out = np.empty((rows, count), np.uint32)
    least = np.empty(padded, np.uint32)
    tile = np.empty(_TILE, np.uint32)
    for row in range(rows):
        least[:] = np.uint32(0xFFFFFFFF)
        start = offsets[row]
        while start < offsets[row + 1]:
            size = min(offsets[row + 1] - start, _TILE)
            for i in range(size):
                tile[i] = finalized(hashes[start + i])
            for k in range(0, padded, step):
                _lower(tile, np.int64(size), factors, added, np.int64(k), least)
            start += size
        out[row] = least[:count]
    return out


@kernel
def bin_minima(hashes, offsets, bins):  # type: ignore[no-untyped-def] # compiled
    """For each row the least of its hashes in each of `bins` ranges (uint32, rows x bins): one-permutation hashing, one step a shingle.

    An empty bin has what another bin of its row holds, drawn alike for every row (densified as Shrivastava 2017 does); a row
    without a shingle is all ones. Two rows agree in a bin as often as in a permutation: in the Jaccard of their shingles.
    """
    rows = offsets.size - 1
    out = np.full((rows, bins), np.uint32(0xFFFFFFFF), np.uint32)
    full = np.empty(bins, np.bool_)
    tile = np.empty(_TILE, np.uint32)
    for row in range(rows):
        least = out[row]
        start = offsets[row]
        if start == offsets[row + 1]:
            continue
        while start < offsets[row + 1]:
            size = min(offsets[row + 1] - start, _TILE)
            for i in range(size):
                tile[i] = finalized(hashes[start + i])
            for i in range(size):
                bin = (np.uint64(tile[i]) * np.uint64(bins)) >> np.uint64(32)  # noqa: A001 - the field's name
                least[bin] = min(least[bin], tile[i])
            start += size
        some = False
        for k in range(bins):
            full[k] = least[k] != np.uint32(0xFFFFFFFF)
            some |= full[k]
        for k in range(bins if some else 0):
            other = np.uint64(k)
            draw = np.uint32(k)
            while not full[other]:
                draw = finalized(np.uint32(draw + np.uint32(0x9E3779B9)))
                other = (np.uint64(draw) * np.uint64(bins)) >> np.uint64(32)
            if other != k:
                least[k] = least[other]
    return out


@kernel(inline="always")
def finalized(x):  # type: ignore[no-untyped-def] # compiled
    """MurmurHash3's finalizer, a bijection of 32 bits."""
    x = np.uint32((x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    x = np.uint32((x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return x ^ (x >> np.uint32(16))


def _equal_here(_: Any, first: Any, i: Any, second: Any, j: Any) -> Any:
    """How many of 64 bytes from first[i] and second[j] on are equal: one comparison of vectors, which the compiler does not find."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        """Instructions that take 32 permutations of a hash at a time, the least values in registers until the last hash."""
        loaded = []
        for number in (0, 2):
            data = context.make_array(signature.args[number])(context, builder, arguments[number]).data
            place = builder.gep(data, [arguments[number + 1]])
            loaded.append(builder.load(builder.bitcast(place, ir.VectorType(ir.IntType(8), 64).as_pointer()), align=1))
        return builder.ctpop(builder.bitcast(builder.icmp_unsigned("==", *loaded), ir.IntType(64)))

    return types.int64(first, i, second, j), codegen


_equal_64: Any = intrinsic(_equal_here)


@kernel(inline="always")
def agreement(first, i, second, j, width):  # type: ignore[no-untyped-def] # compiled
    """In how many places row i of `first` and row j of `second` are equal; flat arrays of uint8, rows of `width`.

    By single bytes 130 ns, so 2; to make flat arrays of rows here would cost 50.
    """
    total = np.int64(0)
    done = width // 64 * 64
    for k in range(0, done, 64):
        total += _equal_64(first, np.int64(i * width + k), second, np.int64(j * width + k))
    for k in range(done, width):
        total += first[i * width + k] == second[j * width + k]
    return total
