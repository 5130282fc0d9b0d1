"""Who copies whom: what articles of one host say in the words of another's, by who was first, in time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

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


def copying(pairs: Iterable[tuple[Side, Side, int]]) -> list[Copying]:
    """The hosts that copy, those of most characters first, from pairs of a removed and a kept side and the characters they share."""
    found: dict[tuple[str, str], Copying] = {}
    for gone, kept, characters in pairs:
        if gone.host is None or kept.host is None or gone.host == kept.host:
            continue
        dated = gone.day is not None and kept.day is not None and gone.day != kept.day
        source, copier = (gone, kept) if gone.day and kept.day and gone.day < kept.day else (kept, gone)
        names = (str(source.host), str(copier.host))
        one = found.setdefault(names, Copying(*names))
        one.times, one.characters, one.dated = one.times + 1, one.characters + characters, one.dated + dated
        if copier.day is not None:
            one.months[copier.day.isoformat()[:7]] += 1
    return sorted(found.values(), key=lambda one: (-one.characters, one.source, one.copier))


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
