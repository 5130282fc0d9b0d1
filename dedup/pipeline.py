"""Start here: each public function's body is its list of stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from dedup.article.boilerplate import host_name, strike
from dedup.article.cut import Cut
from dedup.article.exposed import expose_header
from dedup.article.fields import begins_with_field
from dedup.article.header import NO_HEADER, read_header
from dedup.article.layout import lay_out, lay_whole
from dedup.article.paragraphs import first_line, split_paragraphs
from dedup.article.repair import repair_all
from dedup.article.rounds import settle_repeats
from dedup.article.runon import settle_at_sight
from dedup.article.screening import is_title, pays
from dedup.config import Config
from dedup.errors import ConfigError, InputError
from dedup.files.rows import as_document, many
from dedup.kernels.points import LAID_OUT, MAY_HAVE_HEADER, points_of
from dedup.model import Clean, Document, Stretched, untouched
from dedup.report.signature import corpus_signature

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator

    from dedup.article.boilerplate import Boilerplate
    from dedup.article.header import Header, Sites
    from dedup.config import Keep
    from dedup.corpus.index import Index
    from dedup.model import Deduplicated, Span
    from dedup.sample import Sample

_DEFAULT = Config()
_BATCH = 1 << 18  # characters that are looked at together: their arrays stay in a core's cache
_MOST_ARTICLES = 1024
_ALONE = 5  # batches, 341 articles, after which other processes pay
_Row = TypeVar("_Row", bound="str | Mapping[str, Any] | Document")
_Text = TypeVar("_Text", bound="str | None")


def clean(
    article: str | bytes | Mapping[str, object] | Document,
    config: Config = _DEFAULT,
    *,
    sites: Sites | None = None,
    boilerplate: Boilerplate | None = None,
) -> Clean:
    """One article's canonical text, with the evidence for everything that is not in it.

    `boilerplate` is what the sites put into their articles, which goes, too (see `learn_boilerplate`).
    """
    return next(clean_all([article], config, sites=sites, boilerplate=boilerplate))


def clean_all(
    articles: Iterable[str | bytes | Mapping[str, object] | Document],
    config: Config = _DEFAULT,
    *,
    sites: Sites | None = None,
    boilerplate: Boilerplate | None = None,
    workers: int = 1,
) -> Iterator[Clean]:
    """The canonical texts of many articles, lazily and in their order; `workers` is the number of processes, 0 for one a processor.

    A few articles are read ahead, more the longer it goes on: what is compiled looks at all of them at once.
    Raises InputError when `articles` is one article: its letters are none.
    """
    return _cleaned(many(articles), config, sites, boilerplate, workers)


def clean_texts(texts: Iterable[_Text], config: Config = _DEFAULT, *, field: str | None = None, workers: int = 1) -> list[_Text]:
    """The canonical text of each text, in their order; one that is None stays None.

    Raises InputError for what is neither, named by its place and the `field`.
    """
    rows: list[Any] = list(many(texts))
    wrong = next((row for row, text in enumerate(rows) if not isinstance(text, str | None)), None)
    if wrong is not None:
        message = f"text {wrong} is {type(rows[wrong]).__name__}, not str"
        raise InputError(message, field=field)
    results = clean_all([text for text in rows if text is not None], config, workers=workers)
    return cast("list[_Text]", [None if text is None else next(results).text for text in rows])


def _cleaned(
    articles: Iterable[Any], config: Config, sites: Sites | None, boilerplate: Boilerplate | None, workers: int
) -> Iterator[Clean]:
    """The same for what is known to be many."""
    batches = _batches(articles)
    if workers == 1:
        yield from (result for batch in batches for result in _clean_batch(batch, config=config, sites=sites, boilerplate=boilerplate))
        return
    from dedup.workers import in_order

    work = partial(_clean_batch, config=config, sites=sites, boilerplate=boilerplate)
    for _, results in in_order(work, batches, lambda batch: batch, _weight, workers, alone=_ALONE):
        yield from results or ()


def _weight(batch: list[str | Document]) -> int:
    """The characters of a batch."""
    return sum(len(article) if isinstance(article, str) else len(article.text) for article in batch)


def _clean_batch(articles: list[str | Document], *, config: Config, sites: Sites | None, boilerplate: Boilerplate | None) -> list[Clean]:
    """The canonical texts of a batch."""
    texts = repair_all([article if isinstance(article, str) else article.text for article in articles], config.repair)
    if not pays(len(texts)):
        return [
            _clean_one(
                text, *read_header(text, as_document(article), sites), config, boilerplate, None, sites, may_repeat=config.repeats.enabled
            )
            for article, text in zip(articles, texts, strict=True)
        ]
    points = points_of(texts)
    shapes = points.shapes().tolist()
    begins = points.starts.copy()
    headed: dict[int, tuple[Header, Document]] = {}
    for row, (article, shape) in enumerate(zip(articles, shapes, strict=True)):
        told = not (isinstance(article, str) or article.title is article.url is None)
        if told or (shape & MAY_HAVE_HEADER and begins_with_field(texts[row])):
            header, document = read_header(texts[row], as_document(article), sites)
            if header is not NO_HEADER or document.title is not None:
                headed[row] = header, document
                points.starts[row] += header.end
    if config.repeats.enabled:
        flags, settled = settle_at_sight(points, begins, texts, config.repeats)
        repeating = flags.tolist()
    else:
        repeating, settled = [False] * len(texts), {}
    return [
        untouched(article, text, lay_whole, text=text if shape & LAID_OUT else None)
        if not repeats and row not in headed and boilerplate is None
        else _clean_one(text, *headed.get(row, (NO_HEADER, article)), config, boilerplate, settled.get(row), sites, may_repeat=repeats)
        for row, (article, text, shape, repeats) in enumerate(zip(articles, texts, shapes, repeating, strict=True))
    ]


def _headed(documents: list[Document], config: Config, sites: Sites | None) -> tuple[list[str], list[tuple[Header, Document]]]:
    """The repaired texts of a batch, and what their headers say."""
    texts = repair_all([document.text for document in documents], config.repair)
    return texts, [read_header(text, document, sites) for text, document in zip(texts, documents, strict=True)]


def _clean_one(
    text: str,
    header: Header,
    article: str | Document,
    config: Config,
    boilerplate: Boilerplate | None,
    left: Cut | None,
    sites: Sites | None,
    *,
    may_repeat: bool,
) -> Clean:
    """One repaired article's canonical text; `left` is what is known to be left of it."""
    document = as_document(article)
    if config.repeats.enabled and is_title(document.title, first_line(text, left.paragraphs[0][0].start if left else header.end)):
        left, may_repeat = None, True
    if may_repeat and left is None:
        left = settle_repeats(text, split_paragraphs(text, header.end), document.title, header.title_span, config.repeats)
    if left is not None:
        header, document, left = expose_header(text, header, document, left, sites)
    if boilerplate is not None:
        left = left or Cut([[span] for span in split_paragraphs(text, header.end)], [])
        left = strike(text, left, host_name(document), boilerplate)
        header, document, left = expose_header(text, header, document, left, sites)
    if left is None or not left.removed:
        return untouched(document, text, lay_whole, found=(header.span, header.fields, ()))
    laid = lay_out(text, left.paragraphs)
    return Clean(document, laid.text, laid.paragraphs, text, header.span, header.fields, laid.kept, tuple(left.removed))


def learn_boilerplate(
    articles: Iterable[str | bytes | Mapping[str, object] | Document],
    config: Config = _DEFAULT,
    *,
    sites: Sites | None = None,
    index: Index | None = None,
) -> Boilerplate:
    """What the articles of each host share, learned from them by the rules of `config.learning`; their order makes no difference.

    An article without an address counts to its site's name, one without that to "no address". With an index what that
    remembers of earlier articles counts, too, and it remembers these. Raises InputError as `clean` does.
    """
    from dedup.article.learning import learned
    from dedup.sample import Sample

    sample = Sample(config.learning) if index is None else index.sample
    sample_articles(sample, articles, config, sites=sites)
    return learned(sample, config.learning)


def sample_articles(
    sample: Sample,
    articles: Iterable[str | bytes | Mapping[str, object] | Document],
    config: Config = _DEFAULT,
    *,
    sites: Sites | None = None,
) -> None:
    """The sample holds the articles, as far as it has room for them."""
    for batch in _batches(many(articles)):
        documents = map(as_document, batch)
        wanted = [document for document in documents if document.url is None or sample.wants(host_name(document), document.text)]
        for given, text, (header, document) in zip(wanted, *_headed(wanted, config, sites), strict=True):
            said = [text[span.start : span.end] for span in split_paragraphs(text, header.end)]
            sample.add(host_name(document), given.text, said, given.id)


def _batches(articles: Iterable[str | bytes | Mapping[str, object] | Document]) -> Iterator[list[str | Document]]:
    """The articles in batches, the first of one article; an article that cannot be read is told after those before it."""
    batch: list[str | Document] = []
    size, most, failure = 0, 1, None
    rows = iter(articles)
    while failure is None:
        try:
            row = next(rows)
            article = row if isinstance(row, str) else as_document(row)
        except StopIteration:
            break
        except InputError as error:
            failure = error
            break
        batch.append(article)
        size += len(article) if isinstance(article, str) else len(article.text)
        if len(batch) >= most or size >= _BATCH:
            yield batch
            batch, size, most = [], 0, min(4 * most, _MOST_ARTICLES)
    if batch:
        yield batch
    if failure is not None:
        raise failure


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
    Raises InputError for a row without text and for one row in place of many, ConfigError for an unknown policy.
    """
    from dedup.corpus.duplicates import find_duplicates, processors
    from dedup.corpus.result import told
    from dedup.corpus.rows import days_of, key_values, name_of, texts_of
    from dedup.corpus.sketches import sketch_all

    fresh = list(many(rows))
    old: list[Any] = [] if against is None else list(many(against))
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


def find_stretches(
    rows: Iterable[str | Mapping[str, Any] | Document],
    *,
    text: str | None = None,
    keep: Keep | None = None,
    contained: Literal["keep", "drop"] = "keep",
    config: Config = _DEFAULT,
) -> Stretched:
    """The texts of the rows, in which each stretch that several of them say in the same words stays once, exactly; and what went.

    `config.stretches` says how long a stretch is; `keep` whose copy stays: by row, by date, or (`longest`) the fullest row's. With
    `contained="drop"` a row that stands in a longer one goes whole, where that stays: its text is empty, and `dropped` names it.
    Raises InputError for a row without text, ConfigError for the policy `none`.
    """
    from tempfile import TemporaryDirectory

    from dedup.corpus.rows import days_of, texts_of
    from dedup.corpus.runs import ranks
    from dedup.corpus.stretches import droppable, find_all, without
    from dedup.corpus.units import units_of

    everything = list(many(rows))
    policy = keep or config.keep
    if contained not in {"keep", "drop"}:
        message = f"contained must be keep or drop, not {contained!r}"
        raise ConfigError(message)
    if policy == "none":
        message = "of a stretch one copy stays: keep must be longest, first, last, newest or oldest"
        raise ConfigError(message)
    texts = texts_of(everything, text, as_document)
    values = days_of([_day(row) for row in everything], newest=policy == "newest") if policy in {"newest", "oldest"} else None
    with TemporaryDirectory(prefix="dedup-") as folder:
        units = units_of(texts, config.stretches, Path(folder))
        order, dropping = ranks(units, policy, values), contained == "drop"
        found = find_all(units, order, config.stretches, lambda some: [(row, texts[row]) for row in some], dropping=dropping)
        gone = droppable(found.contained, units) if dropping else set()
    spans: dict[int, list[Span]] = {}
    for one in found.removed:
        spans.setdefault(one.row, []).append(one.span)
    left = ["" if row in gone else without(said, spans.get(row, [])) for row, said in enumerate(texts)]
    return Stretched(left, found.removed, found.contained, tuple(sorted(gone)))


def _day(row: object) -> datetime.date | None:
    """The day of a row, from any of the usual columns."""
    if isinstance(row, Mapping):
        return as_document({**row, "text": ""}).date
    return row.date if isinstance(row, Document) else None
