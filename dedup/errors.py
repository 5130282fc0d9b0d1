"""Every error that the package raises on purpose.

DedupError
├── ConfigError          a setting is unknown, of the wrong type or out of range   (exit 2)
├── InputError           a file or row could not be read: path, line, field        (exit 3)
├── IndexMismatchError   a saved index was made under other settings               (exit 2)
└── MissingExtraError    an optional package is needed: the pip command is named   (exit 2)
"""

from __future__ import annotations


class DedupError(Exception):
    """The root of what the package raises on purpose."""


class ConfigError(DedupError):
    """A setting is unknown, of the wrong type or out of range."""


class InputError(DedupError):
    """An input could not be read; the message names the path, the line and the reason."""

    def __init__(self, reason: str, *, path: str | None = None, line: int | None = None, field: str | None = None) -> None:
        """Keep the parts apart, so that a report can list them; `line` counts from 1."""
        self.reason, self.path, self.line, self.field = reason, path, line, field
        place = ":".join(str(part) for part in (path, line) if part is not None)
        where = f"{place}: " if place else ""
        super().__init__(f"{where}{reason}" + (f" (field {field!r})" if field is not None else ""))


class IndexMismatchError(DedupError):
    """A saved index was made under settings that differ from those in force."""


class MissingExtraError(DedupError, ImportError):
    """An optional package is not installed; the message holds the pip command."""

    def __init__(self, package: str, extra: str) -> None:
        """Name the missing package and the extra that brings it."""
        super().__init__(f"{package} is not installed: pip install 'article-dedup[{extra}]'")
