"""`dedup clean`: each article with one good copy of its text, in the format it came in."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import Counter, deque
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from cyclopts import Parameter

from dedup.commands.begin import begin
from dedup.commands.boilerplate import OFF, chosen, rereadable
from dedup.commands.cleaning import Failure, Outcome, batches, clean_documents, cleaned_row, documents_of, learn, weight
from dedup.commands.guard import alone, balance
from dedup.commands.options import DEFECT, DONE, SETTINGS, UNREADABLE, USUAL, Options, Paths
from dedup.commands.talk import Meter, metering, say, telling
from dedup.config import Config
from dedup.errors import ConfigError, InputError
from dedup.files.columns import Head, Row, said
from dedup.files.formats import Kind, checked, writer_of
from dedup.files.names import shown
from dedup.files.read import STDIN, Item, Source, read_items
from dedup.files.write import Target, all_in_one, atomic, refuse_input, targets, write_rows, written_as
from dedup.plural import number
from dedup.report.account import AccountError
from dedup.report.counts import Counts, summary
from dedup.report.evidence import Report, evidence
from dedup.report.signature import signature
from dedup.report.table import print_table
from dedup.workers import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dedup.article.header import Sites
    from dedup.model import Clean

EXAMPLES = """Examples:
  dedup clean scraped -o cleaned     a folder, to the same names and formats
  dedup clean news.jsonl.gz -o clean.jsonl.gz --text-field body
  dedup clean pages -o all.parquet --report why.json   HTML in, one table out
  dedup clean article.txt            to standard output; - reads standard input
"""
HELP = EXAMPLES + SETTINGS
_ALONE = 5  # batches, 341 articles, after which other processes pay


def clean(
    *paths: Paths,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], help="Folder or file for what is cleaned.")] = None,
    to: Annotated[str | None, Parameter(help="Output's format (usual: input's). --csv-safe: no formulas.")] = None,
    report: Annotated[Path | None, Parameter(help="JSON file: what was removed, and why.")] = None,
    boilerplate: Annotated[str, Parameter(help="Take out what sites add: a TOML file, or learn.", show_default=False)] = OFF,
    options: Options = USUAL,
    config: Annotated[Config, Parameter(name="*", show=False)] = Config(),  # noqa: B008 - frozen
) -> int:
    """Write each article with one good copy of its text."""
    started = time.perf_counter()
    config, places, sources = begin(paths, "clean", options, config)
    if output is None and not options.dry_run and (len(paths) > 1 or any(path.is_dir() for path in places)):
        message = "where to? A folder or several inputs need an output: -o FOLDER or -o FILE"
        raise ConfigError(message)
    plan: Sequence[Target | None] = [None] * len(sources)
    if output is not None:
        sources, plan = targets(sources, places, output, to)
    else:
        for source in sources:
            written_as(source.kind, to)
    if report is not None:
        refuse_input(report, sources)
    sources = rereadable(boilerplate, sources)
    sites = learn(sources, config.files)
    counts = Counts(boilerplate=chosen(boilerplate, sources, sites, config))
    rules = signature(config, learned=boilerplate)
    folders = output is not None and not options.dry_run and any(target and target.path != output for target in plan)
    with telling(lambda: _so_far(counts, output, options)), contextlib.ExitStack() as stack:
        if output is not None and folders:
            stack.enter_context(alone(output))
        report = None if options.dry_run else report
        told = None if report is None else Report(stack.enter_context(atomic(report)), rules)
        total = sum(size(source) for source in sources)
        meter = stack.enter_context(metering(counts, total or None, quiet=options.quiet))
        run = Run(config, options, counts, told, meter, Counter(), sites, to)
        code = run.all(sources, plan)
        run.balance()
        if told is not None:
            told.close(counts)
    if not options.quiet:
        tell(counts, time.perf_counter() - started, rules)
    return code


def tell(counts: Counts, seconds: float, rules: str) -> None:
    """What the run did: as a table on a terminal, as one line elsewhere."""
    if sys.stderr.isatty():
        print_table(counts, seconds, rules)
    else:
        say(summary(counts, seconds, rules))


def _so_far(counts: Counts, output: Path | None, options: Options) -> str:
    """What a run that was told to end has done."""
    read = f"{number(counts.read, 'article')} read"
    if options.dry_run:
        return f"{read}, nothing is written"
    return read if output is None else f"{read}, what of it is done is kept under {shown(output)}"


def size(source: Source) -> int:
    """Bytes of a file, 0 where nobody knows."""
    try:
        return 0 if source.path is STDIN or source.problem else source.path.stat().st_size
    except OSError:
        return 0


class Run(NamedTuple):
    """What every article of a run is cleaned with and counted in."""

    config: Config
    options: Options
    counts: Counts
    report: Report | None
    meter: Meter
    rows: Counter[str]
    sites: Sites | None = None
    to: str | None = None
    seen: Callable[[Item, Clean], None] | None = None

    def all(self, sources: Sequence[Source], plan: Sequence[Target | None]) -> int:
        """The exit code of all sources, which are cleaned and written."""
        places = zip(sources, plan, strict=True)
        results = self.results(sources, plan)
        codes: list[int] = []
        if all_in_one(plan):
            self.write(plan[0], results, codes)
        else:
            for first in results:
                target = next(target for source, target in places if source.path == first[0].source.path)
                self.write(target, chain([first], () if first[0].content is None else _of_one_file(results)), codes)
        return max(codes, default=DONE)

    def results(self, sources: Sequence[Source], plan: Sequence[Target | None]) -> Iterator[tuple[Item, Outcome | None]]:
        """The items of all sources in their order, those with a document with what became of it."""
        function = partial(clean_documents, self.config, self.sites, boilerplate=self.counts.boilerplate)
        items = chain.from_iterable(self.items(source, target) for source, target in zip(sources, plan, strict=True))
        for batch, outcomes in in_order(function, batches(items), documents_of, weight, self.config.files.jobs, alone=_ALONE):
            results = iter(outcomes or ())
            for item in batch:
                yield item, None if item.document is None else next(results)

    def items(self, source: Source, target: Target | None) -> Iterator[Item]:
        """The items of a source, whose progress is told."""
        to = (target.kind.name if target else "") or (checked(self.to) if self.to else None)
        for item in read_items(source, self.config.files, self.meter.at, to=to):
            self.rows["read"] += item.document is not None
            yield item
        self.meter.next(size(source))

    def write(self, target: Target | None, results: Iterable[tuple[Item, Outcome | None]], codes: list[int]) -> None:
        """The results stand in their target, unless nothing but reasons came of them; `codes` gets the exit codes."""
        rest = iter(results)
        first = next(rest)
        kind = (
            target.kind
            if target and target.kind.name
            else Kind(written_as(first[0].source.kind, self.to), first[0].source.kind.compression)
        )
        contents = self.contents(kind, chain([first], rest), codes)
        begin = list(up_to_a_row(contents))
        if self.options.dry_run:
            deque(contents, maxlen=0)
        elif begin and (isinstance(begin[-1], Row) or not any(codes)):
            if target is not None:
                save(target._replace(kind=kind), chain(begin, contents), self.config)
            elif (out := writer_of(kind, safe=self.config.files.csv_safe)) is not None:
                out(sys.stdout.buffer, chain(begin, contents))  # not compressed: no suffix would say so

    def contents(self, kind: Kind, results: Iterable[tuple[Item, Outcome | None]], codes: list[int]) -> Iterator[Head | Row]:
        """What is to be written for the results, each of which is counted; what has no result is named and set aside."""
        for item, outcome in results:
            if isinstance(item.content, InputError):
                codes.append(self.set_aside(item.content, UNREADABLE))
            elif isinstance(item.content, Head):
                yield item.content
            elif isinstance(outcome, Failure):
                self.rows["set aside"] += 1
                codes.append(self.set_aside(_error(item, outcome.reason, outcome.field), DEFECT if outcome.defect else UNREADABLE))
            elif outcome is not None:
                try:
                    yield self.counted(item, outcome, kind)
                except AccountError as error:
                    self.rows["set aside"] += 1
                    codes.append(self.set_aside(_error(item, f"internal error, please report it: {error}"), DEFECT))

    def counted(self, item: Item, result: Clean, kind: Kind) -> Row:
        """The row for a result whose account is checked, which is counted and whose evidence is written down."""
        document = item.document or result.document
        self.guess(item)
        row, changed = cleaned_row(item, result, kind)
        balance = self.counts.add(result, document, changed=changed)
        place = _place(item)
        if lost := document.extra.get("characters_replaced"):
            say(f"{place}: {number(lost, 'undecodable place')} now U+FFFD ({document.extra['encoding']})")
        if self.report is not None:
            self.report.add(evidence(result, document, balance, changed=changed))
        if self.seen is not None:
            self.seen(item, result)
        if changed and not self.options.quiet and (self.options.dry_run or self.options.verbose):
            say(f"{place}: {'would change' if self.options.dry_run else 'changed'}, {told(result)}")
        return row

    def balance(self) -> None:
        """Raise AccountError unless each article that was read is kept or set aside, and each character has its place."""
        balance("articles", self.rows["read"], {"kept": self.counts.read, "set aside": self.rows["set aside"]})

    def guess(self, item: Item) -> None:
        """Say which columns were taken for what, where nobody said it: once for all files that are alike."""
        if not item.source.kind.format.columns:
            return
        words = said(item.fields, self.config.files)
        if not words or words in self.counts.fields.values():  # 100,000 files have a few
            return
        self.counts.fields[shown(item.source.path)] = words
        if not self.options.quiet:
            say(f"{shown(item.source.path)}: {words} (guessed from the names of the columns)")

    def set_aside(self, error: InputError, code: int) -> int:
        """The exit code for something that could not be read, which is named and counted; the error itself when that is to end the run."""
        if self.config.files.on_error == "fail":
            raise error
        self.counts.unreadable.append(error)
        say(str(error))
        return code


def _of_one_file(results: Iterator[tuple[Item, Outcome | None]]) -> Iterator[tuple[Item, Outcome | None]]:
    """The results up to the end of a file; what comes next is not looked at before the file is written."""
    for result in results:
        yield result
        if result[0].content is None:
            return


def up_to_a_row(contents: Iterable[Head | Row]) -> Iterator[Head | Row]:
    """What comes up to the first row, and that."""
    for content in contents:
        yield content
        if isinstance(content, Row):
            return


def save(target: Target, contents: Iterable[Head | Row], config: Config) -> None:
    """The rows are where they belong; ConfigError when they cannot be written there, because the next ones cannot either."""
    try:
        write_rows(target, contents, safe=config.files.csv_safe)
    except OSError as error:
        message = f"{shown(target.path)}: cannot be written: {error.strerror or error}"
        raise ConfigError(message) from error


def told(result: Clean) -> str:
    """What was done to an article, in words."""
    gone = sum(repeat.span.end - repeat.span.start for repeat in result.removed)
    return f"{number(gone, 'character')} removed in {number(len(result.removed), 'place')}" if gone else "repaired"


def _place(item: Item) -> str:
    """The file of an item, and the line where it may have several."""
    line = f":{item.content.line}" if isinstance(item.content, Row) and item.source.kind.format.rows else ""
    return shown(item.source.path) + line


def _error(item: Item, reason: str, field: str | None = None) -> InputError:
    """The reason with the item's place."""
    line = item.content.line if isinstance(item.content, Row) and item.source.kind.format.rows else None
    return InputError(reason, path=shown(item.source.path), line=line, field=field)
