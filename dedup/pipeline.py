"""Start here: each public function's body is its list of stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

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
from dedup.report.signature import corpus_signature

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator

    from dedup.article.header import Sites
    from dedup.config import Keep
    from dedup.model import Deduplicated

_DEFAULT = Config()
_Row = TypeVar("_Row", bound="str | Mapping[str, Any] | Document")


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


def deduplicate(
    rows: Iterable[_Row],
    *,
    text: str | None = None,
    keep: Keep | Callable[[_Row], Any] | None = None,
    against: Iterable[str | Mapping[str, Any] | Document] | None = None,
    config: Config = _DEFAULT,
    workers: int | None = None,
) -> Deduplicated[_Row]:
    """The rows without those that others repeat: of each group of duplicates one row stays, and each that goes names it.

    `text` is the field of the text in rows that are mappings; without it the usual names are tried. `keep` is a policy or
    a function: of two rows the one with the greater key stays. `against` are old rows, which never go. Two rows are
    compared by their texts alone; rows without a letter are never duplicates.
    Raises InputError for a row without text, ConfigError for an unknown policy.
    """
    from dedup.corpus.duplicates import find_duplicates, processors
    from dedup.corpus.result import told
    from dedup.corpus.rows import days_of, key_values, name_of, texts_of
    from dedup.corpus.sketches import sketch_all

    fresh = list(rows)
    old: list[Any] = [] if against is None else list(against)
    everything: list[Any] = [*old, *fresh]
    policy = "function" if callable(keep) else keep or config.keep
    config = replace(config, keep="longest" if callable(keep) else keep or config.keep)
    values = None
    if callable(keep):
        values = key_values(everything, keep)
    elif policy in {"newest", "oldest"}:
        values = days_of([_day(row) for row in everything], newest=policy == "newest")
    texts = texts_of(everything, text, as_document)
    workers = workers or processors()
    sketches = sketch_all(texts, config.near, workers)
    found = find_duplicates(sketches, lambda some: [texts[row] for row in some], len(old), config, workers, values)
    return told(fresh, [name_of(row) for row in everything], len(old), sketches, found, corpus_signature(config, policy))


def _day(row: object) -> datetime.date | None:
    """The day of a row, from any of the usual columns."""
    if isinstance(row, Mapping):
        return as_document({**row, "text": ""}).date
    return row.date if isinstance(row, Document) else None
