"""Every setting, one tree of frozen dataclasses; the text under a field is its help, its unit and its reason."""

from __future__ import annotations

from dataclasses import dataclass, field

from dedup.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Repair:
    """What is mended in a text before anything is compared (ftfy does the mending)."""

    encoding: bool = True
    """Mend mojibake (text decoded with the wrong encoding)."""

    entities: bool = True
    """Turn HTML entities into characters; decided once a document, never where the text holds tags."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """When a stretch of an article counts as said again.

    Lengths are in letters of the folded text (letters, digits and marks alone; no spaces, no
    punctuation), where a Han, Kana or Hangul letter counts two: 100 is a sentence of some 20 words.
    """

    enabled: bool = True
    """Look for repeats at all; without it an article is repaired and split only."""

    least_score: float = 0.8
    """Least verified similarity, 0 to 1, of a removed stretch and the kept one it repeats."""

    least_block: int = 24
    """Least letters of a line that holds two or more neighbouring paragraphs again."""

    least_copy: int = 200
    """Least letters of a run of paragraphs that stands a second time, when the rest of the article stands once."""

    least_paragraph: int = 150
    """Least letters of a single paragraph that stands a second time, letter for letter."""

    body_share: float = 0.8
    """Share of the body, 0 to 1, that must stand twice before short lines count as repeats too."""

    def __post_init__(self) -> None:
        """Refuse a share or a score outside 0..1 and a length below one."""
        for name in ("least_score", "body_share"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                message = f"{name} must lie between 0 and 1, not {getattr(self, name)!r}"
                raise ConfigError(message)
        for name in ("least_block", "least_copy", "least_paragraph"):
            if getattr(self, name) < 1:
                message = f"{name} must be at least 1, not {getattr(self, name)!r}"
                raise ConfigError(message)


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting of a run; the defaults are what the README's figures were measured with."""

    repair: Repair = field(default_factory=Repair)
    repeats: Repeats = field(default_factory=Repeats)
