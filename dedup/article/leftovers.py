"""Leftovers: letters beside removed ones that go with them or bring them back, and the breaks that removed copies had."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import LCSseq

from dedup.article.accounts import balance
from dedup.article.body import PROSE
from dedup.article.calls import ENDS_SENTENCE, is_call
from dedup.article.claims import GARBLED_SHARE
from dedup.article.differences import PASSAGE
from dedup.article.removals import KEPT, KINDS, counted_before, gone_before

if TYPE_CHECKING:
    from dedup.article.body import Body
    from dedup.article.removals import Removals

_DAMAGE = 3  # letters that only a removed copy has and that are no passage
_CALL = 40  # letters of the longest call to read on
_CHANCE = 3  # a letter or two of a call may by chance be the kept text's next ones too
_LONGEST_GARBLED = 4000  # letters of a sound line, twice, that a garbled one is compared with
_READ_SHARE, _HALF = 0.85, 0.5  # of a garbled line's letters, and of the sound line's, that both have
_COLONS = frozenset(":：")
_NEAR_LOSS = 6  # the same where the copy lost letters
_NEAR_BREAK = 4  # letters between a kept sentence's beginning and the place of a removed copy's break


def resolve(body: Body, removals: Removals) -> None:
    """Point every removed letter at a kept one, and let go with its neighbours what is too short to be said.

    A kept run of one to three letters between removed ones of its line is damage, not a passage.
    """
    target = removals.target
    if (target == KEPT).all() and not body.evidence.garbled:
        return
    removals.follow_all()
    _reinstate(body, removals)
    _let_calls_go(body, removals)
    _let_short_lines_go(body, removals)
    balance(body, removals)
    gone = target != KEPT
    if not gone.any() and not body.evidence.garbled:
        return
    edges = np.flatnonzero(np.diff(gone, prepend=False, append=False))
    ends, nexts = edges[1:-1:2], edges[2::2]
    lines = _touched(body, removals)
    same_line = _lines_of(body, ends - 1) == _lines_of(body, nexts)
    named = _named(removals)
    for end, following in zip(ends[same_line].tolist(), nexts[same_line].tolist(), strict=True):
        if following - end <= _DAMAGE and not named[end:following].any():
            removals.let_go(end, following)
    _let_edges_go(body, removals, lines)
    _let_garbled_go(body, removals)


def _named(removals: Removals) -> np.ndarray:
    """For each letter whether a removed one repeats it: such a letter stays, or nothing would say the removed one again."""
    named = np.zeros(removals.target.size, bool)
    named[removals.target[removals.target >= 0]] = True
    return named


def _touched(body: Body, removals: Removals) -> list[int]:
    """The lines of which letters are removed."""
    lines: list[int] = np.flatnonzero(_inside_lines(body, removals.target != KEPT)).tolist()
    return lines


def _inside_lines(body: Body, mask: np.ndarray) -> np.ndarray:
    """How many letters of each line are meant (int32)."""
    before = counted_before(mask)
    counts: np.ndarray = before[body.lines.ends] - before[body.lines.starts]
    return counts


def _lines_of(body: Body, letters: np.ndarray) -> np.ndarray:
    """The line of each letter."""
    return np.searchsorted(np.array(body.lines.ends, np.int64), letters, side="right")


def _reinstate(body: Body, removals: Removals) -> None:
    """Bring back the removed letters of a line that would lose a small part of its middle only."""
    starts, ends = body.lines.starts, body.lines.ends
    gone = _inside_lines(body, removals.target != KEPT)
    whole = _inside_lines(body, (removals.target != KEPT) & (removals.kind != KINDS.index("copy"))) > 0
    few = (gone > 0) & (gone * 2 < np.subtract(ends, starts)) & (gone < 3 * PROSE) & ~whole
    for line in np.flatnonzero(few).tolist():
        removals.target[starts[line] : ends[line]] = KEPT


def _let_edges_go(body: Body, removals: Removals, lines: list[int]) -> None:
    """A letter or two at the ends of a removed line go with it, digits never: the other copy lost them."""
    named = _named(removals)
    for line in lines:
        start, end = body.lines.span(line)
        gone = np.flatnonzero(removals.target[start:end] != KEPT) + start
        if gone.size * 5 < (end - start) * 4:
            continue
        for low, high, mate in ((start, int(gone[0]), int(gone[0])), (int(gone[-1]) + 1, end, int(gone[-1]))):
            if 0 < high - low <= _DAMAGE and not named[low:high].any() and not any(map(str.isdigit, body.letters[low:high])):
                removals.target[low:high] = removals.target[mate]
                removals.kind[low:high] = removals.kind[mate]


def _let_calls_go(body: Body, removals: Removals) -> None:
    """A call to read on goes with the removed text that it ended."""
    for line in _touched(body, removals):
        end = body.lines.ends[line]
        low = max(end - _CALL, body.lines.starts[line])
        gone = np.flatnonzero(removals.target[low:end] != KEPT)
        if gone.size and gone[-1] + low + 1 < end:
            start = int(gone[-1]) + low + 1
            at, stop = int(body.evidence.at[start - 1]) + 1, body.paragraphs[line].end
            if any(is_call(body.text[at - more : stop]) for more in range(_CHANCE)):
                removals.let_go(start, end)


def _let_short_lines_go(body: Body, removals: Removals) -> None:
    """The beginning or end of a mostly removed line goes with it when it is the whole line beside those that the rest repeats.

    Such a line may be too short to be found: `Shr 25 cts`, a dateline.
    """
    target = removals.target
    gone = gone_before(target)
    starts, ends = np.array(body.lines.starts, np.int64), np.array(body.lines.ends, np.int64)
    removed = gone[ends] - gone[starts]
    for line in np.flatnonzero((removed * 2 > ends - starts) & (removed < ends - starts)).tolist():
        start, end = body.lines.span(line)
        known = np.flatnonzero(target[start:end] >= 0) + start
        if not known.size:
            continue
        first, last = int(known[0]), int(known[-1])
        for low, high, mate, step in ((start, first, first, -1), (last + 1, end, last, 1)):
            other = body.lines.of(int(target[mate])) + step
            other += step * (other == line)
            if low < high and 0 <= other < starts.size and body.says(other, low, high) and gone[ends[other]] == gone[starts[other]]:
                target[low:high] = np.arange(*body.lines.span(other), dtype=np.int32)
                removals.kind[low:high] = removals.kind[mate]


def _let_garbled_go(body: Body, removals: Removals) -> None:
    """What is left of a garbled line goes with it when most of it is said elsewhere, or by the sound line beside it: it cannot be read.

    Not where another line went because this one says the same.
    """
    if not body.evidence.garbled:
        return
    named = _named(removals)
    for line in sorted(body.evidence.garbled):
        start, end = body.lines.span(line)
        if named[start:end].any():
            continue
        gone = np.flatnonzero(removals.target[start:end] != KEPT) + start
        if gone.size < GARBLED_SHARE * (end - start):
            gone = _pair_with_sound(body, removals, line)
        if gone.size:
            nearest = gone[np.clip(np.searchsorted(gone, np.arange(start, end), side="right") - 1, 0, None)]
            removals.target[start:end] = removals.target[nearest]
            removals.kind[start:end] = removals.kind[nearest]


def _pair_with_sound(body: Body, removals: Removals, line: int) -> np.ndarray:
    """The letters of a garbled line that are removed now, since a sound line in its place has nearly all of them; none where none has."""
    start, end = body.lines.span(line)
    part = body.letters[start:end]
    for other in _in_its_place(body, removals, line):
        low, high = body.lines.span(other)
        whole = body.letters[low:high]
        if not 0 < len(part) <= 2 * len(whole) <= _LONGEST_GARBLED or (removals.target[low:high] != KEPT).any():
            continue
        equal = [part for part in LCSseq.opcodes(part, whole) if part.tag == "equal"]
        size = sum(block.src_end - block.src_start for block in equal)
        if size < _READ_SHARE * len(part) or size < _HALF * len(whole):
            continue
        for block in equal:
            removals.target[start + block.src_start : start + block.src_end] = np.arange(low + block.dest_start, low + block.dest_end)
            removals.kind[start + block.src_start : start + block.src_end] = KINDS.index("copy")
        return np.flatnonzero(removals.target[start:end] != KEPT) + start
    return np.empty(0, np.int64)


def _in_its_place(body: Body, removals: Removals, line: int) -> list[int]:
    """The sound lines that may say what a garbled one does: its neighbours, and those beside what its neighbours repeat."""
    start, end = body.lines.span(line)
    found = [line - 1, line + 1]
    if start and removals.target[start - 1] >= 0:
        found.append(body.lines.of(int(removals.target[start - 1])) + 1)
    if end < len(body.letters) and removals.target[end] >= 0:
        found.append(body.lines.of(int(removals.target[end])) - 1)
    return [other for other in found if 0 <= other < len(body.lines.starts) and other not in body.evidence.garbled and other != line]


def project_breaks(body: Body, removals: Removals) -> dict[int, int]:
    """Kept letters before which a paragraph begins in a removed copy, though not in the kept line."""
    breaks: dict[int, int] = {}
    removed = np.flatnonzero(removals.target >= 0)
    for letter in removals.breaks:
        last = int(np.searchsorted(removed, letter)) - 1
        here, before = int(removals.target[letter]), int(removals.target[removed[last]]) if last >= 0 else KEPT
        if here < 0 or not 0 <= before < here <= before + PASSAGE:
            continue
        # Where letters are lost or changed at the break, it is the sentence's beginning.
        begins = [at for at in range(before + 1, here + 1) if ENDS_SENTENCE.search(body.between(at))]
        if not begins and _is_lossy_break(body, letter):
            begins = _nearest_beginning(body, before, here)
        far = _NEAR_BREAK if len(begins) > 1 else _NEAR_BREAK + PASSAGE
        here = begins[-1] if begins else here - _lost_behind(body, letter, here - before - 1)
        line = body.lines.of(here)
        inside = body.lines.starts[line] < here and body.lines.of(before) == line
        if here <= before + far and inside and not (_is_lossy_break(body, letter) and _reaches_over(body, removals, letter, here)):
            breaks.setdefault(here, letter)
    return breaks


def _is_lossy_break(body: Body, letter: int) -> bool:
    """True when a line beside the break that the letter begins is garbled, so that letters are lost at it."""
    line = body.lines.of(letter)
    return not body.evidence.garbled.isdisjoint((line - 1, line))


def _reaches_over(body: Body, removals: Removals, letter: int, here: int) -> bool:
    """True when a copy's break, a few letters inside a kept line, is that line's own end: the paragraph beside it reaches over it."""
    line, own = body.lines.of(here), body.lines.of(letter)
    start, end = body.lines.span(line)
    sides = ((here - start, body.lines.starts[max(own - 1, 0)]), (end - here, body.lines.ends[own] - 1))
    mates = (int(removals.target[far]) for size, far in sides if size <= _NEAR_LOSS)
    return any(mate >= 0 and body.lines.of(mate) != line for mate in mates)


def _nearest_beginning(body: Body, before: int, here: int) -> list[int]:
    """The letter next to a place between two kept letters that begins a sentence or a clause; none where there are two, or none."""
    start, end = body.lines.span(body.lines.of(here))
    for far in range(1, min(here - before, _NEAR_LOSS) + 1):  # no farther than as many letters as are lost
        found = [at for at in (before + 1 - far, here + far) if start < at < end and _may_begin(body, at)]
        if found:
            return found if len(found) == 1 else []
    return []


def _may_begin(body: Body, letter: int) -> bool:
    """True for a sentence's first letter, or one behind a colon; the point of `10.6` ends nothing."""
    if body.letters[letter - 1].isdigit() and body.letters[letter].isdigit():
        return False
    between = body.between(letter)
    return ENDS_SENTENCE.search(between) is not None or not _COLONS.isdisjoint(between)


def _lost_behind(body: Body, letter: int, lost: int) -> int:
    """How many of the letters that were lost at a garbled copy's break stood behind it: in proportion to what can still be seen."""
    line = body.lines.of(letter)
    if lost < 1 or not _is_lossy_break(body, letter):
        return 0
    behind = int(body.evidence.at[letter]) - body.paragraphs[line].start
    before = body.paragraphs[line - 1].end - int(body.evidence.at[letter - 1]) - 1
    return round(lost * behind / max(behind + before, 1))
