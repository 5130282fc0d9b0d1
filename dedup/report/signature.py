"""One line that says under which rules a figure was measured; figures with equal signatures can be compared."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import dedup

if TYPE_CHECKING:
    from dedup.config import Config, Near, Repair, Repeats


def signature(config: Config, command: str = "clean", *, learned: str = "off") -> str:
    """The settings in force and the versions that matter, as in `dedup:clean|repair:ftfy6.3.1|repeats:…|v:0.1.0`."""
    rules = config.learning
    boilerplate = {
        "off": {},
        "learn": {"boilerplate": f"{rules.least_articles}of{rules.sample}/{rules.least_weight}w>={rules.least_share!r}"},
    }.get(learned, {"boilerplate": "file"})
    parts = {"dedup": command, "repair": _repair(config.repair), "repeats": _repeats(config.repeats), **boilerplate, "v": dedup.__version__}
    return "|".join(f"{key}:{value}" for key, value in parts.items())


def corpus_signature(config: Config, keep: str | None = None) -> str:
    """The same for rows compared across a corpus, as in `dedup:drop|keep:longest|exact:128bit|near:letters/5w/64p1/52h6w>=0.8`."""
    exact = "128bit" if config.exact.enabled else "off"
    parts = {"dedup": "drop", "keep": keep or config.keep, "exact": exact, "near": _near(config.near), "v": dedup.__version__}
    return "|".join(f"{key}:{value}" for key, value in parts.items())


def stretches_signature(config: Config, keep: str | None = None) -> str:
    """The same for stretches, as in `dedup:stretches|keep:longest|least:50tokens|contained:8/0.8|v:0.1.0`."""
    rules = config.stretches
    parts = {
        "dedup": "stretches",
        "keep": keep or config.keep,
        "least": f"{rules.least}{rules.unit}{'/within' if rules.within else ''}",
        "contained": f"{rules.least_contained}/{rules.contained!r}",
        "v": dedup.__version__,
    }
    return "|".join(f"{key}:{value}" for key, value in parts.items())


def _near(near: Near) -> str:
    """The measure, the weight of a shingle, the permutations, what proposes pairs, the least score."""
    if not near.enabled:
        return "off"
    proposed = f"{near.permutations}p{near.seed}/{near.halves}h{near.long_shingle}w/{near.most_rows}"
    least = f"/common{near.least_common!r}/own{near.most_own!r}" if near.measure == "letters" else ""
    numbers = "" if near.numbers else "/-numbers"
    return f"{near.measure}/{near.shingle}w/{proposed}/from{near.least_weight}w{least}{numbers}>={near.threshold!r}"


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
