"""One line that says under which rules a figure was measured; figures with equal signatures can be compared."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import dedup

if TYPE_CHECKING:
    from dedup.config import Config, Repair, Repeats


def signature(config: Config, command: str = "clean") -> str:
    """The settings in force and the versions that matter, as in `dedup:clean|repair:ftfy6.3.1|repeats:…|v:0.1.0`."""
    parts = {"dedup": command, "repair": _repair(config.repair), "repeats": _repeats(config.repeats), "v": dedup.__version__}
    return "|".join(f"{key}:{value}" for key, value in parts.items())


def _repair(repair: Repair) -> str:
    """The library and its version, and what it was told to leave alone."""
    off = [f"-{name}" for name in ("encoding", "entities") if not getattr(repair, name)]
    return "".join((f"ftfy{version('ftfy')}", *off))


def _repeats(repeats: Repeats) -> str:
    """The least lengths in letters, the share of the body, the least score."""
    if not repeats.enabled:
        return "off"
    lengths = f"block{repeats.least_block}/copy{repeats.least_copy}/paragraph{repeats.least_paragraph}"
    return f"{lengths}/body{repeats.body_share!r}>={repeats.least_score!r}"
