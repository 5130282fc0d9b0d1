"""Start here: each public function's body is its list of stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.article.canonical import choose
from dedup.article.cut import cut
from dedup.article.header import read_header
from dedup.article.layout import lay_out, paragraph_texts
from dedup.article.paragraphs import split_paragraphs
from dedup.article.repair import repair
from dedup.article.repeats import find_repeats
from dedup.config import Config
from dedup.files.rows import as_document
from dedup.model import Clean, Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dedup.article.header import Sites

_DEFAULT = Config()


def clean(article: str | bytes | Mapping[str, object] | Document, config: Config = _DEFAULT, *, sites: Sites | None = None) -> Clean:
    """One article's canonical text, with the evidence for everything that is not in it."""
    return next(clean_all([article], config, sites=sites))


def clean_all(
    articles: Iterable[str | bytes | Mapping[str, object] | Document],
    config: Config = _DEFAULT,
    *,
    sites: Sites | None = None,
) -> Iterator[Clean]:
    """The canonical texts of many articles, lazily and in their order."""
    for article in articles:
        document = as_document(article)
        text = repair(document.text, config.repair)
        header, document = read_header(text, document, sites)
        paragraphs = split_paragraphs(text, header.span.end)
        evidence = find_repeats(text, paragraphs, config.repeats)
        choice = choose(text, paragraphs, evidence, document.title, config.repeats)
        spans, removed = cut(text, paragraphs, evidence, choice, header.title_span)
        texts = paragraph_texts(text, spans)
        yield Clean(
            document=document,
            text=lay_out(text, spans, texts, untouched=not removed),
            paragraphs=tuple(texts),
            repaired=text,
            header=header.span,
            fields=header.fields,
            kept=tuple(span for paragraph in spans for span in paragraph),
            removed=tuple(removed),
        )
