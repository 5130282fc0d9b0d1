"""`dedup stretches`: what several articles say in the same words stays once, or is marked, or only told."""

from __future__ import annotations

import time
from array import array
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import numpy as np
import orjson
from cyclopts import Parameter

from dedup.article.sites import host_of
from dedup.commands.begin import begin
from dedup.commands.guard import scratch
from dedup.commands.options import DONE, SETTINGS, UNREADABLE, USUAL, Options, Paths
from dedup.commands.talk import say
from dedup.config import Config
from dedup.errors import ConfigError, InputError
from dedup.files.columns import Head, Row
from dedup.files.formats import Kind, kind_of
from dedup.files.names import shown
from dedup.files.read import Source, read_items, spooled
from dedup.files.write import Target, atomic, refuse_input, write_rows
from dedup.plural import number
from dedup.report.copying import Side, as_rows, as_text, copying
from dedup.report.page.evidence import Shared
from dedup.report.signature import stretches_signature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dedup.config import Stretches
    from dedup.corpus.stretches import Found
    from dedup.files.read import Item
    from dedup.model import Document, Stretch

HELP = (
    """Examples:
  dedup stretches news.jsonl -o fresh.jsonl --removed why.jsonl
  dedup stretches news.jsonl --do report --stretches.least 100
"""
    + SETTINGS
)

_MARKS = "stretches"  # the column


class _Article(NamedTuple):
    """What is known of a row: its id, where it stands, its host and day."""

    id: str | None
    path: str
    line: int | None
    side: Side


def stretches(
    *paths: Paths,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], help="File for the rows.")] = None,
    do: Annotated[
        Literal["remove", "mark", "report"],
        Parameter(show_choices=False, help="remove, mark (column stretches) or report.", show_default=False),
    ] = "remove",
    contained: Annotated[
        Literal["keep", "drop"],
        Parameter(show_choices=False, help="A row that stands in a longer one: keep (usual) or drop.", show_default=False),
    ] = "keep",
    removed: Annotated[Path | None, Parameter(help="JSON Lines: each stretch that goes, and its copy.")] = None,
    report: Annotated[Path | None, Parameter(help="JSON file: the counts, and who copies whom.")] = None,
    html: Annotated[Path | None, Parameter(help="HTML file: who copies whom, as a picture and a table.")] = None,
    options: Options = USUAL,
    config: Annotated[Config, Parameter(name="*", show=False)] = Config(),  # noqa: B008 - frozen
) -> int:
    """Keep one copy of what several articles say in the same words."""
    started = time.perf_counter()
    config, _, sources = begin(paths, "look at", options, config)
    sources, kind = _checked(sources, output, do)
    if config.keep == "none":
        message = "of a stretch one copy stays: --keep is longest, first, last, newest or oldest"
        raise ConfigError(message)
    for path in (output, removed, report, html):
        if path is not None:
            refuse_input(path, sources)
    with scratch(next((path for path in (output, removed, report, html) if path is not None), None)) as folder:
        seen = _found(sources, config, folder, None if output is None or do == "report" else kind.name, dropping=contained == "drop")
    found, articles = seen.all, seen.articles
    table = copying((articles[one.row].side, articles[one.of].side, one.span.end - one.span.start) for one in found.removed)
    rules = stretches_signature(config)
    if not options.dry_run:
        if output is not None and do != "report":
            rows = _rows(sources, config, seen, kind.name, _marks(kind) if do == "mark" else None)
            if seen.rows or not seen.aside:
                write_rows(Target(output, kind), rows, safe=config.files.csv_safe)
        if removed is not None:
            with atomic(removed) as file:
                file.writelines(orjson.dumps(_told(one, articles)) + b"\n" for one in found.removed)
        if report is not None:
            with atomic(report) as file:
                begun = b'{"signature": ' + orjson.dumps(rules) + b","  # by which a later run knows that it is no article
                file.write(begun + orjson.dumps(_report(seen, as_rows(table)), option=orjson.OPT_INDENT_2)[1:] + b"\n")
        if html is not None:
            _show(Shared(rules, seen.rows, len(found.removed), len(found.contained), table), html, config)
    if do == "report" and table:
        print(as_text(table), end="")  # noqa: T201 - it was asked for
    if not options.quiet:
        said = _summary(seen, do, config.stretches, dropping=contained == "drop")
        say(f"{said} ({time.perf_counter() - started:.1f} s)  {rules}")
    return UNREADABLE if seen.aside else DONE


class _Seen(NamedTuple):
    """What was found of all rows, the contained ones that go, and what is known of those that are told of."""

    all: Found
    gone: set[int]
    articles: dict[int, _Article]
    rows: int
    units: int
    aside: int


def _found(sources: Sequence[Source], config: Config, folder: Path, to: str | None, *, dropping: bool) -> _Seen:
    """What several rows say, with numbers that memory has no room for in the folder."""
    from dedup.corpus.keep import UNDATED
    from dedup.corpus.runs import ranks
    from dedup.corpus.stretches import droppable, find_all
    from dedup.corpus.units import units_of

    errors: list[InputError] = []
    days = array("q")
    sign = 1 if config.keep == "newest" else -1

    def texts() -> Iterator[str]:
        for _, document in _documents(sources, config, errors, to):
            days.append(UNDATED if document.date is None else sign * document.date.toordinal())
            yield document.text

    articles: dict[int, _Article] = {}

    def fetch(rows: set[int]) -> Iterator[tuple[int, str]]:
        for row, (item, document) in enumerate(_documents(sources, config, [], to)):
            if row in rows:
                line = item.content.line if isinstance(item.content, Row) else None
                side = Side(host_of(document.url) or document.site, document.date)
                articles[row] = _Article(document.id, shown(item.source.path), line, side)
                yield row, document.text

    units = units_of(texts(), config.stretches, folder)
    for error in errors:
        say(str(error))
    order = ranks(units, config.keep, np.asarray(days) if config.keep in {"newest", "oldest"} else None)
    found = find_all(units, order, config.stretches, fetch, dropping=dropping)
    gone = droppable(found.contained, units) if dropping else set()
    return _Seen(found, gone, articles, len(days), units.codes.size, len(errors))


def _summary(seen: _Seen, do: str, rules: Stretches, *, dropping: bool) -> str:
    """What was read, found, contained, dropped and set aside."""
    what, removed = {"remove": "removed", "mark": "marked", "report": "found"}[do], seen.all.removed
    least = number(rules.least, rules.unit.removesuffix("s"))
    characters = number(sum(one.span.end - one.span.start for one in removed), "character")
    places = f"{number(len({one.row for one in removed}), 'row')} ({characters})"
    parts = [f"{number(seen.rows, 'row')} read", f"{number(len(removed), 'stretch')} of {least} or more {what} in {places}"]
    parts += [f"{number(len(seen.all.contained), 'row')} contained in longer ones"] + [f"{len(seen.gone):,} dropped"] * dropping
    return ", ".join([*parts, *[f"{seen.aside:,} unreadable"] * bool(seen.aside)])


def _show(shared: Shared, html: Path, config: Config) -> None:
    """The page stands in the file."""
    from dedup.commands.report import write
    from dedup.report.page.evidence import Evidence

    write(Evidence(stretches=shared), html, config.near)


def _checked(sources: list[Source], output: Path | None, do: str) -> tuple[list[Source], Kind]:
    """The sources, of which those that are no rows have that as their problem, and the kind of the output.

    Raises ConfigError where no source has rows, and for an output that holds none.
    """
    if output is None and do != "report":
        message = "where to? -o FILE, or --do report"
        raise ConfigError(message)
    said = Kind("") if output is None else kind_of(output)
    if said.name and not said.format.columns and do != "report":
        message = f"{shown(output or Path())}: {said.name} holds no rows: write .jsonl, .csv or .parquet"
        raise ConfigError(message)
    reason = "has no rows to write back: dedup run makes rows of it"
    rowless = [source for source in sources if source.problem is None and not Kind(source.kind.name or "jsonl").format.columns]
    if rowless and all(source.problem or source in rowless for source in sources):
        message = f"{shown(rowless[0].path)}: {rowless[0].kind.name} {reason}"
        raise ConfigError(message)
    for source in rowless:
        problem = InputError(f"{source.kind.name} {reason}", path=shown(source.path))
        sources[sources.index(source)] = source._replace(problem=problem)
    name = said.name or next((source.kind.name for source in sources if source.kind.name and not source.problem), "jsonl")
    return spooled(sources), Kind(name, said.compression)


def _documents(sources: Sequence[Source], config: Config, errors: list[InputError], to: str | None) -> Iterator[tuple[Item, Document]]:
    """The items with a document, in their order; `errors` gets the reasons for the others."""
    for source in sources:
        for item in read_items(source, config.files, to=to):
            if isinstance(item.content, InputError):
                if config.files.on_error == "fail":
                    raise item.content
                errors.append(item.content)
            elif item.document is not None:
                yield item, item.document


def _marks(kind: Kind) -> Callable[[list[list[Any]]], Any]:
    """What stands in the column of the marks: they themselves, or JSON where a column has one type or is text."""
    return list if kind.name in {"jsonl", "json"} else lambda marks: orjson.dumps(marks).decode()


def _rows(
    sources: Sequence[Source], config: Config, seen: _Seen, to: str, marks: Callable[[list[list[Any]]], Any] | None
) -> Iterator[Head | Row]:
    """The rows to write, with their heads: the first one of all files."""
    from dedup.corpus.stretches import without
    from dedup.files.columnar import with_text

    by_row: dict[int, list[Stretch]] = {}
    for one in seen.all.removed:
        by_row.setdefault(one.row, []).append(one)
    place, headed = 0, False
    for item in chain.from_iterable(read_items(source, config.files, to=to) for source in sources):
        if isinstance(item.content, Head) and not headed:
            headed = True
            yield item.content if marks is None else with_text(item.content, _MARKS)
        if not isinstance(item.content, Row) or item.document is None:
            continue
        own = by_row.get(place, [])
        if place not in seen.gone:
            if marks is not None:
                said = [[*one.span, seen.articles[one.of].id] for one in own]
                yield Row({**item.content.values, _MARKS: marks(said)}, item.content.line)
            elif own:
                left = without(item.document.text, [one.span for one in own])
                yield item.content._replace(changes={item.fields.text or "": left})
            else:
                yield item.content
        place += 1


def _told(one: Stretch, articles: dict[int, _Article]) -> dict[str, Any]:
    """The evidence of one stretch."""
    gone, kept = articles[one.row], articles[one.of]
    return {
        "row": one.row,
        "id": gone.id,
        "path": gone.path,
        "line": gone.line,
        "span": list(one.span),
        "units": one.units,
        "of": one.of,
        "of_id": kept.id,
        "of_path": kept.path,
        "of_line": kept.line,
        "of_span": list(one.of_span),
    }


def _report(seen: _Seen, copies: list[dict[str, Any]]) -> dict[str, Any]:
    """The counts of a run, the rows that stand in longer ones, and who copies whom."""
    found, articles = seen.all, seen.articles
    by_host = Counter(articles[one.row].side.host or "" for one in found.removed)
    return {
        "rows": seen.rows,
        "units": seen.units,
        "shared_units": found.shared,
        "stretches": len(found.removed),
        "stretches_by_host": dict(sorted(by_host.items())),
        "contained": [
            {
                "row": one.row,
                "id": articles[one.row].id,
                "of": one.of,
                "of_id": articles[one.of].id,
                "share": round(one.share, 6),
                "dropped": one.row in seen.gone,
            }
            for one in found.contained
        ],
        "copies": copies,
    }
