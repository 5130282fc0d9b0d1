"""The same article saved twice, once in one piece and once in paragraphs: `dedup` keeps the copy a reader wants.

    raw  ─files─▶ Document ─repair─▶ text ─header, paragraphs─▶ spans ─repeats─▶ Repeat* ─canonical─▶ Clean ─files─▶ text
                                                                                                └─report─▶ evidence

    result = dedup.clean(raw)                 str | bytes | Mapping | Document -> Clean
    result.text, result.paragraphs            the canonical body
    result.document.title, .site, .date       what the header, the URL and the title say
    result.removed                            tuple[Repeat, ...]: which span went, of which kept span it is a copy, its score
    for result in dedup.clean_all(rows): ...  lazy, in order

The code reads from `pipeline.py` on. Names are imported when they are first used, so that `import dedup` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.article.boilerplate import Boilerplate
    from dedup.config import Config, Exact, Learning, Near, Repair, Repeats, Stretches
    from dedup.corpus.index import Index, Match
    from dedup.corpus.shared import SharedIndex
    from dedup.errors import ConfigError, DedupError, IndexMismatchError, InputError, MissingExtraError
    from dedup.model import Clean, Cluster, Contained, Deduplicated, Document, Duplicate, Marks, Repeat, Shared, Span, Stretch, Stretched
    from dedup.pipeline import clean, clean_all, clean_texts, deduplicate, find_stretches, learn_boilerplate

__version__ = "0.1.0"

__all__ = [
    "Boilerplate",
    "Clean",
    "Cluster",
    "Config",
    "ConfigError",
    "Contained",
    "DedupError",
    "Deduplicated",
    "Document",
    "Duplicate",
    "Exact",
    "Index",
    "IndexMismatchError",
    "InputError",
    "Learning",
    "Marks",
    "Match",
    "MissingExtraError",
    "Near",
    "Repair",
    "Repeat",
    "Repeats",
    "Shared",
    "SharedIndex",
    "Span",
    "Stretch",
    "Stretched",
    "Stretches",
    "__version__",
    "clean",
    "clean_all",
    "clean_texts",
    "deduplicate",
    "find_stretches",
    "learn_boilerplate",
]

_HOMES = {
    **dict.fromkeys(("Index", "Match"), "dedup.corpus.index"),
    "SharedIndex": "dedup.corpus.shared",
    "Boilerplate": "dedup.article.boilerplate",
    **dict.fromkeys(("Config", "Exact", "Learning", "Near", "Repair", "Repeats", "Stretches"), "dedup.config"),
    **dict.fromkeys(("ConfigError", "DedupError", "IndexMismatchError", "InputError", "MissingExtraError"), "dedup.errors"),
    **dict.fromkeys(
        "Clean Cluster Contained Deduplicated Document Duplicate Marks Repeat Shared Span Stretch Stretched".split(),
        "dedup.model",
    ),
    **dict.fromkeys(("clean", "clean_all", "clean_texts", "deduplicate", "find_stretches", "learn_boilerplate"), "dedup.pipeline"),
}


def __getattr__(name: str) -> object:
    """The public name, imported from its home and kept (PEP 562)."""
    if name not in _HOMES:
        message = f"module 'dedup' has no attribute {name!r}"
        raise AttributeError(message)
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    """The public names, used already or not."""
    return sorted({*globals(), *__all__})
