"""Every setting, one tree of frozen dataclasses; the text under a field is its help, its unit and its reason."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, is_dataclass
from functools import cache
from numbers import Integral, Real
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from dedup.errors import ConfigError

Keep = Literal["longest", "first", "last", "newest", "oldest", "none"]
"""Which row of a group of duplicates stays; ties go by the digest of the text, then by row.

`longest`: most letters, then most lines that hold letters. `first`, `last`: by row. `newest`, `oldest`: by date, undated
rows after dated ones. `none`: no row that has a duplicate stays.
"""

Measure = Literal["letters", "shingles"]


@dataclass(frozen=True, slots=True)
class Repair:
    """What is mended in a text before anything is compared (ftfy does the mending)."""

    encoding: bool = True
    """Mend mojibake (text decoded with the wrong encoding)."""

    entities: bool = True
    """Turn HTML entities into characters; decided once a document, never where the text holds tags."""

    def __post_init__(self) -> None:
        """Refuse what is neither true nor false."""
        _refuse_types(self)


@dataclass(frozen=True, slots=True)
class Repeats:
    """When a stretch of an article counts as said again.

    Lengths are in letters of the folded text (letters, digits and marks alone; no spaces, no
    punctuation), where a Han, Kana or Hangul letter counts two: 100 is a sentence of some 20 words.
    """

    enabled: bool = True
    """Look for repeats at all; without it an article is repaired and split only."""

    least_score: float = 0.8
    """Least verified similarity, 0 to 1, of a removed stretch and the kept one it repeats. A copy with 3 % of its letters
    changed scores 0.94 and more; 0.97 leaves a third of the damaged copies in, 0.6 removes nothing more."""

    least_block: int = 24
    """Least letters of a line that holds two or more neighbouring paragraphs again. Authors do not glue paragraphs: 12 and
    100 measure alike on articles; lower it for tables of very short lines."""

    least_copy: int = 200
    """Least letters of a run of paragraphs that stands a second time, when the rest of the article stands once. At 400 one
    incomplete copy in a hundred stays, at 1000 two; 100 finds one more in a thousand, and is nearer to a chorus."""

    least_paragraph: int = 150
    """Least letters of a single paragraph that stands a second time, letter for letter. 60 finds two more incomplete copies
    in a thousand, and takes an author's repeated sentence for one."""

    body_share: float = 0.8
    """Share of the body, 0 to 1, that must stand twice before short lines count as repeats too. 0.6 finds five more
    incomplete copies in a thousand, where a song's chorus is half of it; 1.0 leaves an eighth of them in."""

    def __post_init__(self) -> None:
        """Refuse a share or a score outside 0..1 and a length below one."""
        _refuse_types(self)
        for name in ("least_score", "body_share"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                message = f"{name} must lie between 0 and 1, not {getattr(self, name)!r}"
                raise ConfigError(message)
        for name in ("least_block", "least_copy", "least_paragraph"):
            if getattr(self, name) < 1:
                message = f"{name} must be at least 1, not {getattr(self, name)!r}"
                raise ConfigError(message)


@dataclass(frozen=True, slots=True)
class Exact:
    """When two rows are equal: the same folded letters (no case, width, punctuation, spaces); a digest proposes them."""

    enabled: bool = True
    """Look for equal rows; empty ones are never duplicates."""

    def __post_init__(self) -> None:
        """Refuse what is neither true nor false."""
        _refuse_types(self)


@dataclass(frozen=True, slots=True)
class Near:
    """When two rows say nearly the same. Weights are letters of the folded text; Han, Kana and Hangul letters count two."""

    enabled: bool = True
    """Look for near-duplicates; without it only equal rows go."""

    threshold: float = 0.8
    """Least score, 0 to 1, of a removed row and the kept row it was compared with."""

    measure: Measure = "letters"
    """`letters`: the share of the shorter text's letters that stand in the longer one in the same order (rapidfuzz).
    `shingles`: the exact Jaccard of the two sets of shingles."""

    least_common: float = 0.68
    """With `letters`, least share of the letters of both texts together that both have: half of an article is no duplicate of it."""

    most_own: float = 0.15
    """With `letters`, most of a removed row's letters, as a share, that may lie in passages, or in tiles of 32 letters, which the kept
    row lacks. A footer is 0.1 of a short article. No group of a million rows made of the same paragraphs goes whole at 0.15."""

    least_weight: int = 60
    """Least weight of a text that may be a near-duplicate; shorter ones go only when they are equal."""

    numbers: bool = True
    """Texts whose numbers tell them apart are different. In their digits alone: `3 May` and `4 May` make two reports. In more than half
    of their numbers, beyond what damage to the letters explains: the same form filled in for another day or company. Of 776 near pairs
    of English news 223 are such forms; of copies with 1 to 10 % of the letters exchanged 2 in 1,000 are taken for one."""

    shingle: int = 5
    """Weight of a shingle: five letters of an alphabet, three of Han."""

    permutations: int = 64
    """Permutations of a MinHash signature; one byte a row each. 128 find no more: what is compared is proposed by `halves`."""

    seed: int = 1
    """Seed of the permutations, as in datasketch."""

    halves: int = 52
    """Permutations of the long shingles of a text's halves; two texts that share one in both are compared. Three bytes a row each:
    with 52 a row takes 300 bytes in all. 64 find one more in 500 of the copies, and 32 one in 100 less."""

    long_shingle: int = 6
    """Weight of a long shingle: six letters of an alphabet, three of Han; few unrelated rows share two."""

    most_rows: int = 16
    """Rows of a group that are all paired; in a larger one each is paired with its first and its neighbour."""

    def __post_init__(self) -> None:
        """Refuse shares outside 0..1 and counts below one."""
        _refuse_types(self)
        for name in ("threshold", "least_common"):
            if not 0.0 < getattr(self, name) <= 1.0:
                message = f"{name} must be above 0 and at most 1, not {getattr(self, name)!r}"
                raise ConfigError(message)
        if not 0.0 <= self.most_own <= 1.0:
            message = f"most_own must lie between 0 and 1, not {self.most_own!r}"
            raise ConfigError(message)
        for name in ("least_weight", "shingle", "permutations", "halves", "long_shingle", "most_rows"):
            if getattr(self, name) < 1:
                message = f"{name} must be at least 1, not {getattr(self, name)!r}"
                raise ConfigError(message)
        for name in ("shingle", "long_shingle"):
            if getattr(self, name) > _LONGEST_SHINGLE:
                message = f"{name} must be at most {_LONGEST_SHINGLE}, not {getattr(self, name)!r}"
                raise ConfigError(message)
        if not 0 <= self.seed < 1 << 32:
            message = f"seed must lie between 0 and 4294967295, not {self.seed!r}"
            raise ConfigError(message)


_LONGEST_SHINGLE = 32  # letters that the rolling hash has powers for


@dataclass(frozen=True, slots=True)
class Learning:
    """When words that many articles of a host share count as the site's, not as news."""

    least_articles: int = 10
    """Least articles of a host that say it; a host with fewer teaches nothing. Versions of one story count once."""

    least_share: float = 0.2
    """Least share of the host's articles, 0 to 1, that say it, and twice that where it could be news: a sentence, a figure, a
    line amid the text. The most common line of news agencies is in 5 % of their stories."""

    least_weight: int = 6
    """Least letters that a line with a slot has besides it, where a Han, Kana or Hangul letter counts two; 4 before a colon."""

    sample: int = 400
    """Most articles of a host that are looked at; some 2 kB each are held."""

    def __post_init__(self) -> None:
        """Refuse a share outside 0..1 and counts below two."""
        if not 0.0 < self.least_share <= 1.0:
            message = f"least_share must be above 0 and at most 1, not {self.least_share!r}"
            raise ConfigError(message)
        for name, least in (("least_articles", 2), ("least_weight", 1), ("sample", 2)):
            if getattr(self, name) < least:
                message = f"{name} must be at least {least}, not {getattr(self, name)!r}"
                raise ConfigError(message)


@dataclass(frozen=True, slots=True)
class Stretches:
    """When words that several rows say in the same way are a stretch of which one copy is enough."""

    least: int = 50
    """Least units of a stretch: 50 tokens, as in Lee et al. 2022."""

    unit: Literal["tokens", "letters"] = "tokens"
    """`tokens`: words and numbers, a Han, Kana or Hangul letter each one. `letters`: folded letters."""

    within: bool = False
    """Also what a row itself says before; that is `clean`'s to judge, which knows a refrain."""

    contained: float = 0.8
    """Least share of the units of a row that stand in one longer row, which makes it contained in that."""

    least_contained: int = 8
    """Least units in a row that count for that."""

    memory: int = 4_000
    """Megabytes for the tokens or letters of all rows, 12 bytes each; when they are more they stand on the disk and are taken in
    parts. The result is the same."""

    def __post_init__(self) -> None:
        """Refuse lengths below one and a share outside 0..1."""
        for name in ("least", "least_contained", "memory"):
            if getattr(self, name) < 1:
                message = f"{name} must be at least 1, not {getattr(self, name)!r}"
                raise ConfigError(message)
        if not 0.0 < self.contained <= 1.0:
            message = f"contained must be above 0 and at most 1, not {self.contained!r}"
            raise ConfigError(message)
        if self.unit not in {"tokens", "letters"}:
            message = f"unit must be tokens or letters, not {self.unit!r}"
            raise ConfigError(message)


@dataclass(frozen=True, slots=True)
class Files:
    """How files are read: the columns of rows, and what is too much."""

    text_field: str | None = None
    """Column of the text; without it the one with a usual name: text, body, content …"""

    id_field: str | None = None
    """Column that names a row; without it `id` and the like, else the file and the line."""

    title_field: str | None = None
    """Column of the title; without it `title`, `headline` and the like."""

    date_field: str | None = None
    """Column of the date; without it `date`, `published` and the like."""

    url_field: str | None = None
    """Column of the address; without it `url`, `link` and the like."""

    largest: int = 134_217_728
    """Most bytes of an article or a row (128 MiB); a larger one is named and set aside."""

    most_expansion: int = 800
    """Most bytes that a byte of a compressed file may stand for, once 64 MiB are unpacked; what packs better is a bomb and set
    aside. Rows pack 4 to 130 to 1, one short row over and over 343, empty cells 686, one letter 1,027 (gzip) or 31,700 (zstd)."""

    follow_links: bool = False
    """Read what links in a folder lead to outside of it, too; links to folders are never followed."""

    csv_safe: bool = False
    """Put an apostrophe before each cell of CSV and TSV output that a spreadsheet would take for a formula (it begins with
    `=`, `+`, `-`, `@`, a tab or a line break, perhaps behind apostrophes): taking off one gives the cell back."""

    on_error: Literal["skip", "fail"] = "skip"
    """What an unreadable file or row does: `skip` it and go on, or `fail` there."""

    jobs: int = 0
    """Processes that work at once; 0: one for each processor. The result is the same for any number."""

    def __post_init__(self) -> None:
        """Refuse a size or a number below what makes sense, and what is no way to go on."""
        _refuse_types(self)
        if self.largest < 1:
            message = f"largest must be at least 1, not {self.largest!r}"
            raise ConfigError(message)
        if self.most_expansion < 1:
            message = f"most_expansion must be at least 1, not {self.most_expansion!r}"
            raise ConfigError(message)
        if self.jobs < 0:
            message = f"jobs must be 0 or more, not {self.jobs!r}"
            raise ConfigError(message)


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting of a run; the defaults are what the README's figures were measured with."""

    repair: Repair = field(default_factory=Repair)
    repeats: Repeats = field(default_factory=Repeats)
    exact: Exact = field(default_factory=Exact)
    near: Near = field(default_factory=Near)
    keep: Keep = "longest"
    """Which row of a group of duplicates stays."""

    learning: Learning = field(default_factory=Learning)
    stretches: Stretches = field(default_factory=Stretches)
    files: Files = field(default_factory=Files)

    def __post_init__(self) -> None:
        """Refuse a policy that does not exist."""
        _refuse_types(self)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Config:
        """The settings of a TOML file: all of a `dedup.toml`, the table `[tool.dedup]` of a `pyproject.toml`.

        Raises ConfigError, with what was perhaps meant, for a name that is none, a value of the wrong type or out of range.
        """
        import tomllib

        try:
            with open(path, "rb") as file:  # noqa: PTH123 - this module stays light
                data = tomllib.load(file)
        except OSError as error:
            message = f"{path}: {error.strerror}"
            raise ConfigError(message) from error
        except ValueError as error:
            message = f"{path}: not TOML: {error}"
            raise ConfigError(message) from error
        if os.path.basename(path) == "pyproject.toml":  # noqa: PTH119 - see above
            data = data.get("tool", {}).get("dedup", {})
        try:
            return _built(cls, data, "")
        except ConfigError as error:
            message = f"{path}: {error}"
            raise ConfigError(message) from error


Built = TypeVar("Built")


def _built(kind: type[Built], data: dict[str, Any], place: str) -> Built:
    """The settings of a table."""
    hints = _hints(kind)  # type: ignore[arg-type] # mypy takes no class for hashable
    values = {}
    for name, value in data.items():
        if name not in hints:
            import difflib

            close = difflib.get_close_matches(name, hints, 1)
            message = f"unknown setting {place}{name}" + (
                f"; did you mean {place}{close[0]}?" if close else f" (there are {', '.join(hints)})"
            )
            raise ConfigError(message)
        values[name] = _checked(hints[name], value, f"{place}{name}")
    return kind(**values)


def _refuse_types(settings: object) -> None:
    """Raise ConfigError for a value that is not of the type which its field has."""
    for name, hint in _hints(type(settings)).items():  # type: ignore[arg-type] # mypy takes no class for hashable
        value = getattr(settings, name)
        if not _fits(hint, value):
            raise ConfigError(_unfit(hint, value, name))


@cache
def _hints(kind: type) -> dict[str, Any]:
    """The types of the settings."""
    return get_type_hints(kind)


def _fits(hint: Any, value: Any) -> bool:  # noqa: ANN401 - whatever somebody gave
    """True when the value is of the type that the setting has; numbers of NumPy are numbers."""
    if get_origin(hint) is Literal:
        return value in get_args(hint) if isinstance(value, str) else False
    kinds = [kind for kind in get_args(hint) or (hint,) if isinstance(kind, type)]
    if isinstance(value, bool):
        return bool in kinds
    return isinstance(value, tuple(kinds)) or (float in kinds and isinstance(value, Real)) or (int in kinds and isinstance(value, Integral))


def _unfit(hint: Any, value: Any, name: str) -> str:  # noqa: ANN401 - whatever somebody gave
    """What is wrong with a value, and what it must be."""
    if get_origin(hint) is Literal:
        return f"{name} must be one of {', '.join(get_args(hint))}, not {value!r}"
    kinds = [kind for kind in get_args(hint) or (hint,) if isinstance(kind, type)]
    wanted = f"a dedup.{kinds[0].__name__}" if is_dataclass(kinds[0]) else _WORDS.get(kinds[0], "a value")
    return f"unable to convert {name} = {value!r}: it must be {wanted}"


def _checked(hint: Any, value: Any, name: str) -> Any:  # noqa: ANN401 - whatever TOML holds
    """The value, when it is of the type that the setting has."""
    if is_dataclass(hint) and isinstance(hint, type) and isinstance(value, dict):
        return _built(hint, value, f"{name}.")
    choices = get_args(hint) if get_origin(hint) is Literal else None
    kinds = [kind for kind in get_args(hint) or (hint,) if isinstance(kind, type)]
    number = float in kinds and isinstance(value, int) and not isinstance(value, bool)
    if value in choices if choices is not None else type(value) in kinds or number:
        return float(value) if number else value
    wanted = (
        " or ".join(map(repr, choices)) if choices is not None else "a table" if is_dataclass(hint) else _WORDS.get(kinds[0], "a value")
    )
    message = f"unable to convert {name} = {value!r}: it must be {wanted}"
    raise ConfigError(message)


_WORDS: dict[type, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "a string"}
