"""What a run did, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from dedup.errors import InputError
from dedup.plural import number
from dedup.report.account import Account, account

if TYPE_CHECKING:
    from dedup.article.boilerplate import Boilerplate
    from dedup.model import Clean, Document


@dataclass(slots=True)
class Counts:
    """Articles and characters by what became of them."""

    read: int = 0
    changed: int = 0
    empty: int = 0
    """Articles without a body: nothing, white space, or a header alone."""
    characters: Counter[str] = field(default_factory=Counter)
    """Characters of the repaired texts that are header, kept, removed or white space."""
    removals: Counter[str] = field(default_factory=Counter)
    """Removed stretches by kind."""
    guessed: Counter[str] = field(default_factory=Counter)
    """Articles whose encoding was guessed, by encoding."""
    replaced: int = 0
    """Articles with undecodable bytes, each now U+FFFD."""
    unreadable: list[InputError] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    """What was guessed of the columns, by the path of the first file of which it was."""
    bytes: int = 0
    """Bytes of the files that were read to their end."""
    exact: int = 0
    """Rows that went because a kept row has the same letters."""
    near: int = 0
    """Rows that went because a kept row says nearly the same."""
    boilerplate: Boilerplate | None = None
    """What sites put into their articles, where that goes."""

    def add(self, clean: Clean, source: Document, *, changed: bool) -> Account:
        """Count one result and give its account, which is checked."""
        balance = account(clean)
        self.read += 1
        self.changed += changed
        self.empty += not clean.text
        self.characters.update(balance._asdict())
        self.removals.update(repeat.kind for repeat in clean.removed)
        if source.extra.get("encoding_guessed"):
            self.guessed[source.extra["encoding"]] += 1
        self.replaced += bool(source.extra.get("characters_replaced"))
        return balance

    def saved(self) -> dict[str, Any]:
        """The counts as JSON holds them, to go on from."""
        aside = [[error.reason, error.path, error.line, error.field] for error in self.unreadable]
        names = [column.name for column in fields(self) if column.name != "boilerplate"]  # that is learned, or read, again
        return {**{name: getattr(self, name) for name in names}, "unreadable": aside}

    @classmethod
    def restored(cls, saved: dict[str, Any]) -> Counts:
        """The counts that were saved."""
        aside = [InputError(reason, path=path, line=line, field=field) for reason, path, line, field in saved["unreadable"]]
        counters = {name: Counter(saved[name]) for name in ("characters", "removals", "guessed")}
        return cls(**{**saved, **counters, "unreadable": aside})

    def as_dict(self) -> dict[str, Any]:
        """The numbers as JSON holds them, in a fixed order; the reasons are listed elsewhere."""
        return {
            "read": self.read,
            "changed": self.changed,
            "empty": self.empty,
            "unreadable": len(self.unreadable),
            "characters": dict(self.characters),
            "duplicates": {"exact": self.exact, "near": self.near},
            "boilerplate": {host: len(patterns) for host, patterns in sorted(self.boilerplate.hosts.items())} if self.boilerplate else {},
            "removals": dict(sorted(self.removals.items())),
            "encodings_guessed": dict(sorted(self.guessed.items())),
            "articles_with_replaced_characters": self.replaced,
        }


def summary(counts: Counts, seconds: float, signature: str) -> str:
    """One line for people: what was read, changed, taken out and set aside, how long it took, and the signature."""
    parts = [f"{number(counts.read, 'article')} read", f"{counts.changed:,} changed"]
    removed, places = counts.characters["removed"], counts.removals.total()
    parts.append(f"{number(removed, 'character')} removed" + (f" in {number(places, 'place')}" if places else ""))
    if counts.boilerplate:
        parts.append(f"{number(counts.removals['boilerplate'], 'place')} by {told_of(counts.boilerplate)}")
    if counts.exact or counts.near:
        parts.append(f"{number(counts.exact + counts.near, 'duplicate')} dropped ({counts.exact:,} exact, {counts.near:,} near)")
    if counts.empty:
        parts.append(f"{counts.empty:,} without a body")
    if counts.guessed:
        parts.append("encoding guessed: " + ", ".join(f"{count:,} {name}" for name, count in sorted(counts.guessed.items())))
    if counts.replaced:
        parts.append(f"{counts.replaced:,} with undecodable bytes")
    if counts.unreadable:
        parts.append(f"{len(counts.unreadable):,} unreadable")
    return f"{', '.join(parts)} ({seconds:.1f} s)  {signature}"


def told_of(found: Boilerplate) -> str:
    """How many patterns there are, of how many sites."""
    return f"{number(len(found), 'pattern')} of {number(len(found.hosts), 'site')}"
