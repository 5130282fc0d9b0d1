"""A sample of the articles of each host, from which is learned what they share; it depends on nothing but the articles.

Of each host the articles with the least digests are held, of each of these what may be a site's: the paragraphs near its start and
its end, and short ones. An index keeps one from run to run.
"""

from __future__ import annotations

import heapq
import json
from collections import defaultdict
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.config import Learning

TOP, BOTTOM = 4, 8
"""Paragraphs from the start and from the end among which a line with a slot may stand."""

LONGEST_SLOTTED = 240
"""Characters of a line in which slots are looked for; longer ones are said in the same words or not at all."""

_LONGEST = 2_000  # characters of a line that a site adds; a licence text is 1,500


class Held(NamedTuple):
    """An article of the sample: the negative digest of its text, its paragraphs, and its id, by which it can be forgotten."""

    rank: int
    paragraphs: tuple[str, ...]
    id: str = ""


class Sample:
    """Articles of each host, of which the least digests are kept; the order in which they come makes no difference."""

    def __init__(self, rules: Learning) -> None:
        """Begin with no article."""
        self._rules = rules
        self._hosts: defaultdict[str, list[Held]] = defaultdict(list)

    def wants(self, host: str, text: str) -> bool:
        """True unless an article with this text would not be held: there are enough that go before it."""
        heap = self._hosts.get(host)
        return heap is None or len(heap) < self._rules.sample or _rank(text) > heap[0].rank

    def add(self, host: str, text: str, paragraphs: Sequence[str], id: str | None = None) -> None:  # noqa: A002 - the field's name
        """An article and the paragraphs of its body, unless it is held or others go before it."""
        if not paragraphs or not self.wants(host, text):
            return
        last = len(paragraphs) - BOTTOM
        held = tuple(
            text if len(text) <= _LONGEST else text[:_LONGEST] + text[-_LONGEST:] if place in {0, len(paragraphs) - 1} else ""
            for place, text in enumerate(paragraphs)
            if place < TOP or place >= last or len(text) <= LONGEST_SLOTTED
        )
        self._hold(host, Held(_rank(text), held, id or ""))

    def _hold(self, host: str, one: Held) -> None:
        heap = self._hosts[host]
        if all(found.rank != one.rank for found in heap):
            if len(heap) < self._rules.sample:
                heapq.heappush(heap, one)
            else:
                heapq.heappushpop(heap, one)

    def merge(self, other: Sample) -> None:
        """What the other one holds is held here, too, as far as there is room."""
        for host, heap in other._hosts.items():
            for one in heap:
                self._hold(host, one)

    def forget(self, id: str) -> None:  # noqa: A002 - the field's name
        """Nothing of the article is held any more."""
        for host, heap in list(self._hosts.items()):
            left = [one for one in heap if one.id != id]
            if len(left) < len(heap):
                heapq.heapify(left)
                self._hosts[host] = left

    def articles(self) -> dict[str, list[tuple[str, ...]]]:
        """The paragraphs of the articles of each host, the least digests first."""
        return {host: [held.paragraphs for held in sorted(self._hosts[host], reverse=True)] for host in sorted(self._hosts)}

    def as_json(self) -> bytes:
        """What `read` takes: hosts, and of each the articles."""
        return json.dumps({host: sorted(heap) for host, heap in sorted(self._hosts.items()) if heap}, separators=(",", ":")).encode()

    def read(self, data: bytes) -> None:
        """What was written by `as_json` is held, too, as far as there is room."""
        for host, heap in json.loads(data).items():
            for rank, paragraphs, name in heap:
                self._hold(host, Held(rank, tuple(paragraphs), name))


def _rank(text: str) -> int:
    """The negative digest of a text, so that the one to give way is the least."""
    return -int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
