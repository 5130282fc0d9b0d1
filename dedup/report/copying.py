"""Who copies whom: what articles of one host say in the words of another's, by who was first, in time."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.article.sites import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SHOWN = 12  # lines of the table in text; the report has all


class Side(NamedTuple):
    """An article of a pair: its host and its day, where they are known."""

    host: str | None
    day: datetime.date | None


@dataclass
class Copying:
    """What one host has in the words of another that had them before, or, where no day tells, that is kept."""

    source: str
    copier: str
    times: int = 0
    characters: int = 0
    dated: int = 0
    """Times in which the days say who was first."""
    months: Counter[str] = field(default_factory=Counter)


class Copies:
    """Who copies whom of the pairs so far: a removed and a kept side each, and the characters they share."""

    def __init__(self) -> None:
        """Begin with no pair."""
        self._found: dict[tuple[str, str], Copying] = {}

    def add(self, gone: Side, kept: Side, characters: int) -> None:
        """One more pair; those of one host and those of which a host is not known say nothing."""
        if not gone.host or not kept.host or gone.host == kept.host:
            return
        dated = gone.day is not None and kept.day is not None and gone.day != kept.day
        source, copier = (gone, kept) if gone.day and kept.day and gone.day < kept.day else (kept, gone)
        names = (str(source.host), str(copier.host))
        one = self._found.setdefault(names, Copying(*names))
        one.times, one.characters, one.dated = one.times + 1, one.characters + characters, one.dated + dated
        if copier.day is not None:
            one.months[copier.day.isoformat()[:7]] += 1

    def table(self) -> list[Copying]:
        """The hosts that copy, those of most characters first."""
        return sorted(self._found.values(), key=lambda one: (-one.characters, one.source, one.copier))


def copying(pairs: Iterable[tuple[Side, Side, int]]) -> list[Copying]:
    """The hosts that copy, those of most characters first, from pairs of a removed and a kept side and the characters they share."""
    copies = Copies()
    for gone, kept, characters in pairs:
        copies.add(gone, kept, characters)
    return copies.table()


def side_of(row: Mapping[str, Any], side: str) -> Side:
    """The host and the day of a side of a line of evidence: `` is the row that went, `of_` the one that stayed."""
    host = host_of(str(row.get(f"{side}url") or "")) or str(row.get(f"{side}site") or "")
    try:
        day = datetime.date.fromisoformat(str(row.get(f"{side}date") or "")[:10])
    except ValueError:
        day = None
    return Side(host or None, day)


def as_rows(found: Iterable[Copying]) -> list[dict[str, Any]]:
    """The table as JSON holds it."""
    return [
        {
            "source": one.source,
            "copier": one.copier,
            "times": one.times,
            "characters": one.characters,
            "dated": one.dated,
            "months": dict(sorted(one.months.items())),
        }
        for one in found
    ]


def from_rows(rows: Iterable[Mapping[str, Any]]) -> list[Copying]:
    """The table that JSON holds."""
    return [Copying(row["source"], row["copier"], row["times"], row["characters"], row["dated"], Counter(row["months"])) for row in rows]


def as_text(found: list[Copying]) -> str:
    """The table for people: the first lines, and how many more there are."""
    rows = [("copied by", "from", "times", "characters", "months")]
    for one in found[:_SHOWN]:
        months = sorted(one.months)
        span = f"{months[0]} to {months[-1]}" if months else ""
        rows.append((one.copier, one.source, f"{one.times:,}", f"{one.characters:,}", span))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = [
        "  ".join(
            cell.rjust(width) if column in {2, 3} else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    more = len(found) - _SHOWN
    return "\n".join([*(line.rstrip() for line in lines), *([f"and {more:,} more"] if more > 0 else [])]) + "\n"
