"""Repeated stretches: every run of at least `least` units that stands twice, unit for unit; exact, linear, without a suffix array.

Of each window of `least` units the k-gram with the least hash is its anchor (winnowing, Schleimer, Wilkerson, Aiken 2003): windows
that are equal have equal anchors, so a window whose anchor stands once cannot repeat. The windows that are left are counted
by their own hashes in the same way, and what is then left is looked up in a table of owners, of which each is the first intact
place where the window stands. A hash only ever excludes: what counts as equal was compared unit for unit. No stretch goes beyond the
windows that are left, so these can be looked at without the rest (`gather`).

Texts are taken in the order of their rank. A stretch goes when a text of lower rank (or an earlier part of its own, where that
is asked for) still has all of it.
"""

from __future__ import annotations

import numpy as np

from dedup.kernels.keeping import kernel
from dedup.kernels.rows import mixed

GONE, SHARED, LIKELY = 1, 2, 4
"""Bits of a unit's flags: it goes; it lies in a window that stands twice; at it begins a window that may stand twice."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_PLACE = np.uint64((1 << 40) - 1)  # of an owner: a trillion units; the 24 bits above it are of the window's hash
_FULL = 0.85


@kernel
def _power(count):  # type: ignore[no-untyped-def] # compiled
    value = np.uint64(1)
    for _ in range(count):
        value *= _BASE
    return value


@kernel
def count_anchors(units, offsets, least, size, counts):  # type: ignore[no-untyped-def] # compiled
    """For every slot of `counts` (uint8, a power of two) up to two of the places whose anchor's hash falls there.

    An anchor is the k-gram of `size` units with the least hash, the last of equal ones, in a window of `least` units.
    """
    _anchors(units, offsets, least, size, counts, np.empty(0, np.uint8))


@kernel
def mark_likely(units, offsets, least, size, counts, flags):  # type: ignore[no-untyped-def] # compiled
    """How many windows have an anchor that stands twice; LIKELY is set in the flags of their first units."""
    return _anchors(units, offsets, least, size, counts, flags)


@kernel
def _anchors(units, offsets, least, size, counts, flags):  # type: ignore[no-untyped-def] # compiled  # noqa: C901, PLR0912 - one pass; a call for each unit would cost its arrays
    span = least - size + 1
    values = np.empty(span, np.uint64)  # of the window alone: k-gram i stands at i % span
    leave = _power(size - 1)
    mask = np.uint64(counts.size - 1)
    marking = flags.size > 0
    found = 0
    for row in range(offsets.size - 1):
        begin, end = offsets[row], offsets[row + 1]
        if end - begin < least:
            continue
        rolling = np.uint64(0)
        for i in range(begin, begin + size - 1):
            rolling = rolling * _BASE + np.uint64(units[i]) + np.uint64(1)
        at, minimum, before = -1, np.uint64(0), -1
        slot = 0
        for gram in range(begin, end - size + 1):
            if gram > begin:
                rolling -= leave * (np.uint64(units[gram - 1]) + np.uint64(1))
            rolling = rolling * _BASE + np.uint64(units[gram + size - 1]) + np.uint64(1)
            value = mixed(rolling)
            values[slot] = value
            slot += 1
            if slot == span:
                slot = 0
            first = gram - span + 1
            if at < first and at >= 0:
                at, minimum = gram, value
                place = slot
                for other in range(first, gram):
                    # k-gram `first` stands where the next one will
                    held = values[place]
                    place += 1
                    if place == span:
                        place = 0
                    if held < minimum or (held == minimum and other > at):
                        at, minimum = other, held
                if minimum == value:
                    at = gram
            elif at < 0 or value <= minimum:
                at, minimum = gram, value
            if first < begin:
                continue
            key = np.int64(minimum & mask)
            if marking:
                if counts[key] > 1:
                    flags[first] |= np.uint8(LIKELY)
                    found += 1
            elif at != before:
                before = at
                if counts[key] < 2:
                    counts[key] += np.uint8(1)
    return found


@kernel
def _window(units, p, least, leave, last, rolling):  # type: ignore[no-untyped-def] # compiled
    """The polynomial of the window at p: from that of the window at `last`, where it is the one before (-1: none), else from its units."""
    if last >= 0 and last == p - 1:
        return (rolling - leave * (np.uint64(units[last]) + np.uint64(1))) * _BASE + np.uint64(units[p + least - 1]) + np.uint64(1)
    rolling = np.uint64(0)
    for i in range(p, p + least):
        rolling = rolling * _BASE + np.uint64(units[i]) + np.uint64(1)
    return rolling


@kernel
def count_windows(units, offsets, least, flags, counts):  # type: ignore[no-untyped-def] # compiled
    """For every slot of `counts` up to two of the LIKELY windows whose hash falls there."""
    leave = _power(least - 1)
    mask = np.uint64(counts.size - 1)
    for row in range(offsets.size - 1):
        last, rolling = -1, np.uint64(0)
        for p in range(offsets[row], offsets[row + 1] - least + 1):
            if flags[p] & LIKELY == 0:
                continue
            rolling = _window(units, p, least, leave, last, rolling)
            last = p
            key = np.int64(mixed(rolling) & mask)
            if counts[key] < 2:
                counts[key] += np.uint8(1)


@kernel
def keep_likely(units, offsets, least, flags, counts, per_row):  # type: ignore[no-untyped-def] # compiled
    """How many windows are LIKELY still when those go whose hash stands once; `per_row` (int64) gets the number of each row."""
    leave = _power(least - 1)
    mask = np.uint64(counts.size - 1)
    found = 0
    for row in range(offsets.size - 1):
        last, rolling = -1, np.uint64(0)
        begin = found
        for p in range(offsets[row], offsets[row + 1] - least + 1):
            if flags[p] & LIKELY == 0:
                continue
            rolling = _window(units, p, least, leave, last, rolling)
            last = p
            if counts[np.int64(mixed(rolling) & mask)] < 2:
                flags[p] &= np.uint8(255 - LIKELY)
            else:
                found += 1
        per_row[row] = found - begin
    return found


@kernel
def gather(units, offsets, least, flags):  # type: ignore[no-untyped-def] # compiled
    """The units that lie in LIKELY windows, and nothing else: where two of these overlap or meet they are of one segment.

    The codes and the flags of all segments end to end; the place, the size and the row of each segment (int64).
    """
    held, segments = 0, 0
    for row in range(offsets.size - 1):
        reach = -1
        for p in range(offsets[row], offsets[row + 1] - least + 1):
            if flags[p] & LIKELY:
                segments += p > reach
                held += p + least - max(p, reach)
                reach = p + least
    codes, marks = np.empty(held, np.uint32), np.empty(held, np.uint8)
    starts, sizes, rows = np.empty(segments, np.int64), np.zeros(segments, np.int64), np.empty(segments, np.int64)
    held, segments = 0, 0
    for row in range(offsets.size - 1):
        reach = -1
        for p in range(offsets[row], offsets[row + 1] - least + 1):
            if flags[p] & LIKELY:
                if p > reach:
                    starts[segments], rows[segments] = p, row
                    segments += 1
                for i in range(max(p, reach), p + least):
                    codes[held], marks[held] = units[i], flags[i]
                    held += 1
                    sizes[segments - 1] += 1
                reach = p + least
    return codes, marks, starts, sizes, rows


@kernel
def _same(units, p, q, least):  # type: ignore[no-untyped-def] # compiled
    for i in range(least):  # noqa: SIM110 - compiled: a loop
        if units[p + i] != units[q + i]:
            return False
    return True


@kernel
def _intact(flags, q, least):  # type: ignore[no-untyped-def] # compiled
    for i in range(q, q + least):  # noqa: SIM110 - compiled: a loop
        if flags[i] & GONE:
            return False
    return True


@kernel
def _slot(units, owners, key, p, least):  # type: ignore[no-untyped-def] # compiled
    """The slot of the window's owner, or the empty one where it belongs. Owners are place + 1 below and the hash's upper bits above."""
    tag = key >> np.uint64(40)
    slot = np.int64((np.uint64(key & np.uint64(0xFFFFFFFF)) * np.uint64(owners.size)) >> np.uint64(32))
    while owners[slot]:
        if owners[slot] >> np.uint64(40) == tag and _same(units, p, np.int64(owners[slot] & _PLACE) - 1, least):
            return slot
        slot += 1
        if slot == owners.size:
            slot = np.int64(0)
    return slot


@kernel
def _wider(units, owners, least):  # type: ignore[no-untyped-def] # compiled
    """The owners in a table of twice the slots."""
    more = np.zeros(2 * owners.size, np.uint64)
    for held in owners:
        if held:
            p = np.int64(held & _PLACE) - 1
            key = mixed(_window(units, p, least, np.uint64(0), -1, np.uint64(0)))
            slot = np.int64((np.uint64(key & np.uint64(0xFFFFFFFF)) * np.uint64(more.size)) >> np.uint64(32))
            while more[slot]:
                slot += 1
                if slot == more.size:
                    slot = np.int64(0)
            more[slot] = held
    return more


@kernel
def _mark_shared(flags, start, end):  # type: ignore[no-untyped-def] # compiled
    for i in range(start, end):
        flags[i] |= np.uint8(SHARED)


@kernel
def _common_length(units, flags, p, end, q, stop, least, lasting):  # type: ignore[no-untyped-def] # compiled
    """For how many units the stretches at p and q are equal, p's before `end` and q's before `stop`; `least` are known to be.

    With `lasting` what is gone at q says nothing.
    """
    length = least
    while p + length < end and q + length < stop and units[p + length] == units[q + length] and not (lasting and flags[q + length] & GONE):
        length += 1
    return length


@kernel
def _add_run(runs, found, p, q, length):  # type: ignore[no-untyped-def] # compiled
    """The runs with one more, in an array of twice the size where it was full."""
    if found == runs.shape[0]:
        more = np.empty((2 * found, 3), np.int64)
        more[:found] = runs
        runs = more
    runs[found, 0], runs[found, 1], runs[found, 2] = p, q, length
    return runs


@kernel
def find_owners(units, offsets, firsts, ends, order, claiming, least, flags, owners, within, lasting):  # type: ignore[no-untyped-def] # compiled
    """Rows (place, place of the owner, units) of the stretches that go, int64, in the order in which they were found.

    `order` has the rows by rank; the first `claiming` of them become owners, the others are only compared. Where parts of rows stand
    in the place of rows, `firsts` and `ends` say where the row of each begins and ends. GONE and SHARED are set in `flags`.
    `owners` (uint64, zeros) is the table, which grows when it is full. With
    `within` a row also loses what an earlier part of itself says, where the two do not overlap. Without `lasting` an owner counts
    although it goes itself: then runs tell what stands in an earlier text, whether that stays or not.
    """
    leave = _power(least - 1)
    runs = np.empty((1024, 3), np.int64)
    found, claimed = 0, 0
    for rank in range(order.size):
        row = order[rank]
        begin, end = offsets[row], offsets[row + 1]
        last, rolling = -1, np.uint64(0)
        shared = begin  # up to here SHARED is set by matches of this row
        p = begin - 1
        while p < end - least:
            p += 1
            if flags[p] & LIKELY == 0:
                continue
            rolling = _window(units, p, least, leave, last, rolling)
            last = p
            if claimed > _FULL * owners.size:
                owners = _wider(units, owners, least)
            key = mixed(rolling)
            slot = _slot(units, owners, key, p, least)
            mine = (key >> np.uint64(40) << np.uint64(40)) | np.uint64(p + 1)
            if owners[slot] == 0:
                if rank < claiming:
                    owners[slot] = mine
                    claimed += 1
                continue
            q = np.int64(owners[slot] & _PLACE) - 1
            own = firsts[row] <= q < ends[row]
            if not own or within:
                _mark_shared(flags, max(p, shared), p + least)
                shared = max(shared, p + least)
                _mark_shared(flags, q, q + least)
            if lasting and not _intact(flags, q, least):
                if rank < claiming:
                    owners[slot] = mine
                continue
            if own and (not within or q + least > p):
                continue
            stop = np.int64(offsets[np.searchsorted(offsets, q, side="right")])
            length = _common_length(units, flags, p, end, q, min(stop, p) if own else stop, least, lasting)
            for i in range(p, p + length):
                flags[i] |= np.uint8(GONE | SHARED)
            _mark_shared(flags, q + least, q + length)
            shared = max(shared, p + length)
            runs = _add_run(runs, found, p, q, length)
            found += 1
            p += length - least
    return runs[:found].copy()
