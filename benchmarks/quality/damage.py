"""What happens to the characters of a copy on its way. Each damage takes the paragraphs of the copy and gives them back harmed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from html.entities import codepoint2name
from importlib.util import find_spec
from random import Random
from typing import TYPE_CHECKING, TypeAlias

import ftfy.bad_codecs  # registers sloppy-windows-1252, what browsers do with the bytes cp1252 leaves undefined

from benchmarks.quality.articles import UNSPACED, Article, fold
from benchmarks.quality.layouts import Layout, Made, Operator

if TYPE_CHECKING:
    import opencc

Damage: TypeAlias = Callable[[Sequence[str], Article, Random], "list[str] | None"]

ftfy.bad_codecs.ok()

_HALF_TO_FULL = {c: c + 0xFEE0 for c in range(0x21, 0x7F)}
_FULL_TO_HALF = {full: half for half, full in _HALF_TO_FULL.items()} | {0x3002: 0x2E, 0x3001: 0x2C, 0x3000: 0x20}
_CURLY_TO_STRAIGHT = {0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"}
_COMMON = {
    "zh": "的一是了在有人这上大国和地为子中你说生时年得就那要下以会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想",
    "ja": "のにはをたがでてとしれさあいうえおなかきこりるんも人日本年大中出国",
    "ko": "이다는을의에고가한지하기로사도리서어인나자대시부정",
    "en": "etaoinshrdlucmfwypvbgk",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "hi": "कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह",
    "th": "กขคงจฉชซญดตถทธนบปผพฟภมยรลวศสหอ",
}


def _whole(change: Callable[[str], str]) -> Damage:
    """The damage that changes every paragraph in one way; None where nothing changes."""

    def damage(paragraphs: Sequence[str], _article: Article, _rng: Random) -> list[str] | None:
        changed = [change(p) for p in paragraphs]
        return changed if changed != list(paragraphs) else None

    return damage


def _width(text: str) -> str:
    full = sum(ord(c) in _FULL_TO_HALF for c in text)
    half = sum(ord(c) in _HALF_TO_FULL for c in text)
    return text.translate(_FULL_TO_HALF if full > half else _HALF_TO_FULL)


def _curl(text: str) -> str:
    """The text with straight quotes made curly, opening after a space or at the start."""
    text = re.sub(r'(^|[\s(\[])"', "\\1\u201c", text)
    text = re.sub(r"(^|[\s(\[])'", "\\1\u2018", text)
    return text.replace('"', "\u201d").replace("'", "\u2019")


def _quotes(text: str) -> str:
    straight = text.translate(_CURLY_TO_STRAIGHT)
    return straight if straight != text else _curl(text)


def _spaces_lost(text: str) -> str:
    return "".join(text.split())


def spaces_lost_between_words(paragraphs: Sequence[str], article: Article, rng: Random) -> list[str] | None:
    """The paragraphs without spaces; None in languages that need none, where nothing says which copy is the sound one."""
    return None if article.language in UNSPACED else _whole(_spaces_lost)(paragraphs, article, rng)


def _spaces_added(paragraphs: Sequence[str], article: Article, rng: Random) -> list[str]:
    share = 0.05 if article.language in UNSPACED else 0.02
    return ["".join(c + " " if rng.random() < share else c for c in p[:-1]) + p[-1] for p in paragraphs]


def _entity(character: str) -> str:
    point = ord(character)
    if point in codepoint2name:
        return f"&{codepoint2name[point]};"
    return "&#39;" if character == "'" else character


def _entities(text: str) -> str:
    return "".join(map(_entity, text))


def _numeric(text: str) -> str:
    return "".join(c if c.isascii() else f"&#x{ord(c):x};" for c in text.replace("&", "&amp;"))


def _decoded(encoding: str) -> Callable[[str], str]:
    return lambda text: text.encode().decode(encoding, errors="replace")


def _lossy(mark: str) -> Damage:
    """The damage of UTF-8 read as cp1252 with the undefined bytes, and one in 200 others, lost to `mark`."""

    def damage(paragraphs: Sequence[str], _article: Article, rng: Random) -> list[str] | None:
        changed = []
        for p in paragraphs:
            text = p.encode().decode("cp1252", errors="replace")
            changed.append("".join(mark if c == "\ufffd" or (not c.isascii() and rng.random() < 0.005) else c for c in text))
        return changed if changed != list(paragraphs) else None

    return damage


def _garbled(paragraphs: Sequence[str], _article: Article, rng: Random) -> list[str]:
    """Letters that a converter could not map, 1 to 3 % of them."""
    mark = rng.choice("\ufffd?\u25a1*")
    return _noisy(paragraphs, rng, lambda _: mark, rng.choice((0.01, 0.02, 0.03)), str.isalpha)


def _noisy(
    paragraphs: Sequence[str], rng: Random, change: Callable[[str], str], rate: float, eligible: Callable[[str], bool], margin: int = 2
) -> list[str]:
    """The paragraphs with a share `rate` of all their eligible characters changed (at least one), none at a paragraph's ends."""
    places = [(i, j) for i, p in enumerate(paragraphs) for j in range(margin, len(p) - margin) if eligible(p[j])]
    changed = [list(p) for p in paragraphs]
    for i, j in rng.sample(places, min(len(places), max(1, round(rate * sum(map(len, paragraphs)))))):
        changed[i][j] = change(changed[i][j])
    return ["".join(p) for p in changed]


def _not_digit(character: str) -> bool:
    return not character.isdigit()


def noise(kind: str) -> Damage:
    """The damage of 1, 2 or 3 % of characters `substituted`, `dropped`, `doubled`, `mixed`, or mixed `anywhere`, digits and ends too."""

    def damage(paragraphs: Sequence[str], article: Article, rng: Random) -> list[str]:
        letters = _COMMON[article.language] if rng.random() < 0.5 else fold("".join(paragraphs))
        alphabet = [c for c in letters if not c.isdigit()]
        changes: dict[str, Callable[[str], str]] = {
            "substituted": lambda old: rng.choice([c for c in rng.sample(alphabet, 2) if c != old] or [old]),
            "dropped": lambda _: "",
            "doubled": lambda old: old * 2,
        }
        change = changes.get(kind) or (lambda old: changes[rng.choice(list(changes))](old))  # noqa: PLW0108 - drawn anew each time
        rate = rng.choice((0.01, 0.02, 0.03))
        if kind == "anywhere":
            return _noisy(paragraphs, rng, change, rate, lambda _: True, margin=0)
        return _noisy(paragraphs, rng, change, rate, _not_digit)

    return damage


@cache
def _converter(config: str) -> opencc.OpenCC:
    import opencc

    return opencc.OpenCC(config)


def _other_han(text: str) -> str:
    traditional = str(_converter("s2t").convert(text))
    return traditional if traditional != text else str(_converter("t2s").convert(text))


def _han(paragraphs: Sequence[str], article: Article, rng: Random) -> list[str] | None:
    if article.language != "zh" or find_spec("opencc") is None:
        return None
    return _whole(_other_han)(paragraphs, article, rng)


def _upper(text: str) -> str:
    return text.upper() if text.isascii() else text


UNCLEAR: dict[str, Damage] = {
    "width": _whole(_width),
    "quotes": _whole(_quotes),
    "spaces-added": _spaces_added,
    "han": _han,
    "case": _whole(_upper),
}
"""Damages of which nothing says which copy is the sound one: the better laid out or the first copy stays."""

CLEAR: dict[str, Damage] = {
    "spaces-lost": _whole(_spaces_lost),
    "entities": _whole(_entities),
    "entities-twice": _whole(lambda text: _entities(_entities(text))),
    "entities-numeric": _whole(_numeric),
    "mojibake-cp1252": _whole(_decoded("sloppy-windows-1252")),
    "mojibake-latin1": _whole(_decoded("latin-1")),
    "mojibake-gbk": _whole(_decoded("gbk")),
    "mojibake-lossy": _lossy("\ufffd"),
    "mojibake-question": _lossy("?"),
    "garbled": _garbled,
}
"""Damages that show in the damaged copy itself."""

NOISE: dict[str, Damage] = {f"noise-{kind}": noise(kind) for kind in ("substituted", "dropped", "doubled", "mixed", "anywhere")}
"""Slips of 1 to 3 % of the characters: only the language says which copy is the sound one."""


def damaged(layout: Layout, damage: Damage, *, least: int = 2) -> Operator:
    """The operator that lays an article's paragraphs out with a damaged copy of them."""

    def operator(article: Article, rng: Random) -> Made | None:
        copy = damage(article.paragraphs, article, rng) if len(article.paragraphs) >= least else None
        return Made(layout(article.paragraphs, copy, article.glue, rng), article.paragraphs) if copy else None

    return operator


def exchanged(layout: Layout) -> Layout:
    """The layout with the sound copy and the damaged copy in each other's place."""
    return lambda paragraphs, copy, glue, rng: layout(copy, paragraphs, glue, rng)
