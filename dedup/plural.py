"""Counts with their nouns, for messages."""

from __future__ import annotations


def number(count: int, noun: str) -> str:
    """The count and its noun, which has an s unless there is one of it: `1 row`, `2,000 rows`, `2 stretches`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "es" if noun.endswith(("ch", "s")) else "s")
