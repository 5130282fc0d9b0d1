"""How a scrape lays out two copies of one body. Every layout takes the paragraphs that stay and their copy."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple, TypeAlias

from benchmarks.quality.articles import WIDE, Article


class Made(NamedTuple):
    """A text and the paragraphs that a reader wants of it."""

    text: str
    truth: tuple[str, ...]


Layout: TypeAlias = Callable[[Sequence[str], Sequence[str], str, Random], str]
Operator: TypeAlias = Callable[[Article, Random], Made | None]

MARKERS = {
    "zh": ("…", "……", "...", "[详细]", "…[详细]", "...[查看全文]"),
    "ja": ("…", "...", "…続きを読む"),
    "ko": ("…", "...", "... 더보기"),
    "en": ("…", "...", "... Read more", "… [Read more]", " [...]"),
    "ar": ("…", "...", "... اقرأ المزيد"),
    "hi": ("…", "...", "... और पढ़ें"),
    "th": ("…", "...", "... อ่านต่อ"),
}
SUMMARY = {"zh": "摘要：", "en": "Summary: ", "ja": "要約：", "ko": "요약: ", "ar": "ملخص: ", "hi": "सारांश: ", "th": "สรุป: "}
_SITES = {
    "zh": "深思网",
    "en": "The Harbour Post",
    "ja": "湾岸新報",
    "ko": "한빛일보",
    "ar": "صحيفة المرفأ",
    "hi": "नदी समाचार",
    "th": "ข่าวท่าเรือ",
}


def lines(*parts: Sequence[str] | str) -> str:
    """The parts as lines."""
    return "\n".join("\n".join([part] if isinstance(part, str) else part) for part in parts)


def block_before(paragraphs: Sequence[str], copy: Sequence[str], glue: str, _: Random) -> str:
    """The copy on one line, then the paragraphs."""
    return lines(glue.join(copy), paragraphs)


def block_after(paragraphs: Sequence[str], copy: Sequence[str], glue: str, _: Random) -> str:
    """The paragraphs, then the copy on one line."""
    return lines(paragraphs, glue.join(copy))


def block_between(paragraphs: Sequence[str], copy: Sequence[str], glue: str, rng: Random) -> str:
    """The copy on one line after one of the paragraphs."""
    place = rng.randrange(1, len(paragraphs))
    return lines(paragraphs[:place], glue.join(copy), paragraphs[place:])


def block_same_line(paragraphs: Sequence[str], copy: Sequence[str], glue: str, _: Random) -> str:
    """The copy on one line with the first paragraph at its end, then the other paragraphs."""
    return lines(glue.join([*copy, paragraphs[0]]), paragraphs[1:])


def block_around(paragraphs: Sequence[str], copy: Sequence[str], glue: str, _: Random) -> str:
    """The copy on one line, the paragraphs, and that line again."""
    return lines(glue.join(copy), paragraphs, glue.join(copy))


def block_and_copy(paragraphs: Sequence[str], copy: Sequence[str], glue: str, _: Random) -> str:
    """The copy on one line, the paragraphs, and the copy as paragraphs."""
    return lines(glue.join(copy), paragraphs, copy)


def second(paragraphs: Sequence[str], copy: Sequence[str], _glue: str, _: Random) -> str:
    """The paragraphs, then their copy as paragraphs."""
    return lines(paragraphs, copy)


def first(paragraphs: Sequence[str], copy: Sequence[str], _glue: str, _: Random) -> str:
    """The copy as paragraphs, then the paragraphs."""
    return lines(copy, paragraphs)


def third(paragraphs: Sequence[str], copy: Sequence[str], _glue: str, _: Random) -> str:
    """The paragraphs, then their copy two times."""
    return lines(paragraphs, copy, copy)


def doubled(paragraphs: Sequence[str], copy: Sequence[str], _glue: str, _: Random) -> str:
    """Each paragraph followed by its copy."""
    return lines([p for pair in zip(paragraphs, copy, strict=True) for p in pair])


def interleaved(paragraphs: Sequence[str], copy: Sequence[str], _glue: str, rng: Random) -> str:
    """Each two or three paragraphs followed by their copy."""
    step = rng.choice((2, 2, 3))
    return lines(*[lines(paragraphs[i : i + step], copy[i : i + step]) for i in range(0, len(paragraphs), step)])


def shuffled(paragraphs: Sequence[str], copy: Sequence[str], _glue: str, rng: Random) -> str:
    """The paragraphs, then their copy in another order."""
    order = list(range(len(copy)))
    while order == sorted(order):
        rng.shuffle(order)
    return lines(paragraphs, [copy[i] for i in order])


def sections(paragraphs: Sequence[str], copy: Sequence[str], glue: str, _: Random) -> str:
    """Each half of the copy on one line, followed by its own paragraphs."""
    half = len(paragraphs) // 2
    return lines(glue.join(copy[:half]), paragraphs[:half], glue.join(copy[half:]), paragraphs[half:])


def nested(paragraphs: Sequence[str], copy: Sequence[str], glue: str, rng: Random) -> str:
    """The whole copy on one line, then each half on one line before its own paragraphs."""
    return lines(glue.join(copy), sections(paragraphs, copy, glue, rng))


def made(layout: Layout, *, least: int = 2, glue: str | None = None, separator: str = "\n") -> Operator:
    """The operator that lays an article's paragraphs out with a copy of themselves."""

    def operator(article: Article, rng: Random) -> Made | None:
        paragraphs = article.paragraphs
        if len(paragraphs) < least:
            return None
        text = layout(paragraphs, paragraphs, article.glue if glue is None else glue, rng)
        return Made(text.replace("\n", separator), paragraphs)

    return operator


def indented(article: Article, _: Random) -> Made | None:
    """A block before paragraphs that are indented as print does it."""
    if len(article.paragraphs) < 2:
        return None
    indent = "\u3000\u3000" if article.language in WIDE else "    "
    return Made(lines(article.glue.join(article.paragraphs), [indent + p for p in article.paragraphs]), article.paragraphs)


def wrap(text: str, language: str, rng: Random) -> list[str]:
    """The text in lines of one width: words for spaced languages, characters for the others."""
    if language in {"zh", "ja"}:
        width = rng.choice((30, 40))
        return [text[i : i + width] for i in range(0, len(text), width)]
    return textwrap.wrap(text, rng.choice((40, 60, 72, 80)), break_on_hyphens=False)


def wrapped(*, before: bool = False, blank: bool = False, block: bool = False) -> Operator:
    """The paragraphs and a copy broken into lines of one width; of the whole run-on line where `block`."""

    def operator(article: Article, rng: Random) -> Made | None:
        paragraphs = article.paragraphs
        if len(paragraphs) < 2:
            return None
        width = rng.randrange(1 << 30)  # one width a copy
        parts = [article.glue.join(paragraphs)] if block else paragraphs
        copy = ("\n\n" if blank else "\n").join("\n".join(wrap(p, article.language, type(rng)(width))) for p in parts)
        separator = "\n\n" if blank else "\n"
        return Made(separator.join([copy, lines(paragraphs)] if before else [lines(paragraphs), copy]), paragraphs)

    return operator


def _joined(paragraphs: Sequence[str], breaks: Sequence[bool], glue: str) -> list[str]:
    """The paragraphs with neighbours merged where there is no break between them."""
    merged = [paragraphs[0]]
    for broken, paragraph in zip(breaks, paragraphs[1:], strict=True):
        if broken:
            merged.append(paragraph)
        else:
            merged[-1] += glue + paragraph
    return merged


def merged(which: str) -> Operator:
    """Two copies with neighbours merged in the `first`, the `second`, in `both` (each break in one of them), or beside a `block`."""

    def operator(article: Article, rng: Random) -> Made | None:
        paragraphs, glue = article.paragraphs, article.glue
        if len(paragraphs) < (2 if which in {"first", "second"} else 3):
            return None
        pattern = [rng.random() < 0.5 for _ in paragraphs[1:]]
        pattern[rng.randrange(len(pattern))] = False
        if which == "both":
            one = rng.randrange(len(pattern) - 1)
            pattern[one : one + 2] = [True, False] if rng.random() < 0.5 else [False, True]
        partial = _joined(paragraphs, pattern, glue)
        rest = _joined(paragraphs, [not broken for broken in pattern], glue)
        if which == "block":
            return Made(lines(glue.join(paragraphs), partial), tuple(partial)) if len(partial) > 1 else None
        copies = {"first": (partial, paragraphs), "second": (paragraphs, partial), "both": (partial, rest)}[which]
        return Made(lines(*copies), paragraphs)

    return operator


def teaser_of(text: str, article: Article, rng: Random) -> str | None:
    """The first 30 to 80 % of a text and a mark that it goes on; None where that is too short to tell."""
    cut = text[: int(len(text) * rng.uniform(0.3, 0.8))].rstrip()
    least = 14 if article.language in WIDE else 35
    return cut + rng.choice(MARKERS[article.language]) if len(cut) >= least else None


def teaser(part: str, *, after: bool = False, layout: Layout | None = None) -> Operator:
    """The start of the `body` or of the `paragraph` before the article, or after it, and the article."""

    def operator(article: Article, rng: Random) -> Made | None:
        paragraphs = article.paragraphs
        if len(paragraphs) < 2:
            return None
        start = teaser_of(article.glue.join(paragraphs) if part == "body" else paragraphs[0], article, rng)
        if start is None:
            return None
        body = layout(paragraphs, paragraphs, article.glue, rng) if layout else lines(paragraphs)
        return Made(lines(body, start) if after else lines(start, body), paragraphs)

    return operator


def header(article: Article, rng: Random) -> str:
    """A scrape's header with the article's title, the site's name glued to it half of the time."""
    site = rng.choice(["", "\n_" + _SITES[article.language]])
    date = rng.choice(["None", "2023-12-10"])
    return f"Title: {article.title}{site}\nDate: {date}\nURL: http://www.example.com/content/2023-12/10/content_30638992.htm\n\n"


def headed(inner: Operator, *, title: bool = False) -> Operator:
    """What another operator makes, under a header; with the title as the body's first line too where `title`."""

    def operator(article: Article, rng: Random) -> Made | None:
        result = inner(article, rng) if article.title else None
        if result is None or len(article.title.splitlines()) != 1:
            return None
        return Made(header(article, rng) + (article.title + "\n" if title else "") + result.text, result.truth)

    return operator


def summary(layout: Layout | None = None) -> Operator:
    """A labelled line equal to the first paragraph, and the article."""

    def operator(article: Article, rng: Random) -> Made | None:
        paragraphs = article.paragraphs
        if len(paragraphs) < 2 or len(paragraphs[0]) < (12 if article.language in WIDE else 30):
            return None
        body = layout(paragraphs, paragraphs, article.glue, rng) if layout else lines(paragraphs)
        return Made(lines(SUMMARY[article.language] + paragraphs[0], body), paragraphs)

    return operator
