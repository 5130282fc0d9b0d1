"""The articles that cases are made of: the project's own, or those of a JSON Lines file."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ftfy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEFAULT = Path(__file__).with_name("articles.jsonl")

UNSPACED = frozenset({"zh", "ja", "th"})
"""Languages whose sentences follow one another without a space."""

WIDE = frozenset({"zh", "ja", "ko"})

_SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
}
_ENTITY = re.compile(r"&#?\w{1,10};")
_LABEL = re.compile(r"\s*(title|date|url|source|author|site|link|time|标题|日期|时间|来源|链接|作者|网址)\s*[:：]", re.IGNORECASE)
_FTFY = ftfy.TextFixerConfig(unescape_html=False, uncurl_quotes=False, fix_character_width=False, fix_latin_ligatures=False)
_LEAST_LETTERS = 60
_SHORT, _MEDIUM = 800, 2400


@dataclass(frozen=True, slots=True)
class Article:
    """One sound article: its own paragraphs, each without line breaks and without white space around it."""

    id: str
    language: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def glue(self) -> str:
        """What stands between two sentences of the language on one line."""
        return "" if self.language in UNSPACED else " "

    @property
    def size(self) -> str:
        """`short`, `medium` or `long`, by letters, a wide letter counting two."""
        letters = sum(2 if unicodedata.east_asian_width(c) == "W" else 1 for p in self.paragraphs for c in p)
        return "short" if letters < _SHORT else "medium" if letters < _MEDIUM else "long"


@cache
def _letter(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LNM" or c == "\ufffd")


def fold(text: str) -> str:
    """The letters, digits and marks of a text alone, in one width and one case."""
    return "".join(map(_letter, text))


def detect_language(paragraphs: Iterable[str]) -> str:
    """The language that the script of the paragraphs speaks for; `en` for Latin letters."""
    text = "".join(paragraphs)[:2000]
    shares = {language: len(pattern.findall(text)) / max(1, len(text)) for language, pattern in _SCRIPTS.items()}
    least = {"ja": 0.1, "zh": 0.3}
    return next((language for language, share in shares.items() if share > least.get(language, 0.25)), "en")


def read_articles(path: Path = DEFAULT) -> Iterator[Article]:
    """The articles of a JSON Lines file (`.gz` too) in its order, sound or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if line.strip():
                yield _article(json.loads(line), number)


def _article(row: dict[str, Any], number: int) -> Article:
    paragraphs = tuple(p for p in (unicodedata.normalize("NFC", str(p)).strip() for p in row["paragraphs"]) if p)
    language = str(row.get("language") or detect_language(paragraphs))
    return Article(str(row.get("id", number)), language, str(row.get("title") or "").strip(), paragraphs)


def unfit(article: Article) -> str | None:
    """Why no truth can be stated for an article, or None when it can."""
    paragraphs = article.paragraphs
    folded = [fold(p) for p in paragraphs]
    if sum(map(len, folded)) < _LEAST_LETTERS:
        return "too short"
    if any(len(p.splitlines()) > 1 or _ENTITY.search(p) or ftfy.fix_text(p, _FTFY) != p for p in paragraphs):
        return "damaged by itself"
    if _LABEL.match(paragraphs[0]):
        return "starts like a header"
    if not all(folded):
        return "a paragraph without letters"
    if len(set(folded)) < len(folded) or fold(article.title) in folded:
        return "repeats itself"
    return None


def sample(articles: Iterable[Article], limit: int | None) -> tuple[list[Article], dict[str, int]]:
    """At most `limit` articles, evenly spread over the fit ones, and how many were unfit for each reason."""
    fit: list[Article] = []
    reasons: dict[str, int] = {}
    for article in articles:
        reason = unfit(article)
        if reason is None:
            fit.append(article)
        else:
            reasons[reason] = reasons.get(reason, 0) + 1
    if limit is not None and limit < len(fit):
        fit = [fit[i * len(fit) // limit] for i in range(limit)]
    return fit, reasons


def digest(articles: Iterable[Article]) -> str:
    """The SHA-256 of the articles' own content, independent of file format."""
    hasher = hashlib.sha256()
    for article in articles:
        hasher.update(json.dumps([article.id, article.language, article.title, article.paragraphs], ensure_ascii=False).encode())
    return hasher.hexdigest()
