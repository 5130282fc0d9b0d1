"""`dedup run`: a folder is cleaned, then duplicates are dropped, and what went is told beside the output."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections import Counter
from dataclasses import asdict, replace
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import orjson
from cyclopts import Parameter

from dedup.commands.boilerplate import LEARN, OFF, chosen, rereadable
from dedup.commands.borderline import PAIRS, pairs_about, refuse_labels, save_labels, told_of
from dedup.commands.clean import Run, save, tell, up_to_a_row
from dedup.commands.clean import size as size_of
from dedup.commands.cleaning import learn
from dedup.commands.guard import alone, balance, refuse_changed, resumable, states
from dedup.commands.options import SETTINGS, USUAL, Options, Paths, inputs
from dedup.commands.report import write as write_page
from dedup.commands.talk import load_kernels, metering, say, telling
from dedup.config import Config
from dedup.errors import ConfigError
from dedup.files.columns import Head, Row
from dedup.files.formats import Kind, opened, without_suffix
from dedup.files.names import shown
from dedup.files.read import find_files
from dedup.files.write import Plan, Target, all_in_one, atomic, refuse_input, targets
from dedup.plural import number
from dedup.report.account import AccountError
from dedup.report.copying import Copies, as_rows, side_of
from dedup.report.counts import Counts
from dedup.report.evidence import Report, report_end
from dedup.report.signature import corpus_signature, signature
from dedup.written import writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np

    from dedup.article.boilerplate import Boilerplate
    from dedup.article.header import Sites
    from dedup.commands.dropping import Corpus
    from dedup.corpus.duplicates import Found
    from dedup.corpus.work import Work
    from dedup.errors import InputError
    from dedup.files.read import Item, Source
    from dedup.model import Clean
    from dedup.report.copying import Copying

HELP = (
    """Examples:
  dedup run scraped -o corpus --html look.html   also corpus.removed.jsonl, …
"""
    + SETTINGS
)
_GROWTH = 8  # what escapes can make of a row's size


def run(
    *paths: Paths,
    output: Annotated[
        str | None, Parameter(name=["--output", "-o"], help="Folder or file for the corpus (on a cluster: --engine).")
    ] = None,
    to: Annotated[str | None, Parameter(help="Output's format (usual: input's). --csv-safe: no formulas.")] = None,
    removed: Annotated[Path | None, Parameter(help="JSON Lines: the duplicates, their texts and why they went.")] = None,
    report: Annotated[Path | None, Parameter(help="JSON file: what was removed inside articles, and why.")] = None,
    html: Annotated[Path | None, Parameter(help="HTML file: all of that as a page to look at.")] = None,
    sample: Annotated[int, Parameter(help="Pairs about the threshold to label, in OUT.labels.csv.", show_default=False)] = 0,
    engine: Annotated[Literal["spark"] | None, Parameter(show=False)] = None,
    master: Annotated[str | None, Parameter(show=False)] = None,
    remote: Annotated[str | None, Parameter(show=False)] = None,
    work: Annotated[str | None, Parameter(show=False)] = None,
    boilerplate: Annotated[str | None, Parameter(help="What sites add, taken out: learn (usual), off, FILE.")] = None,
    options: Options = USUAL,
    config: Annotated[Config, Parameter(name="*", show=False)] = Config(),  # noqa: B008 - frozen
) -> int:
    """Clean articles, drop duplicates, tell what went."""
    config = options.over(config)
    load_kernels(quiet=options.quiet)
    names, places = inputs(paths, "run over")
    if output is None:
        message = "where to? -o FOLDER or -o FILE"
        raise ConfigError(message)
    if engine is None:
        if master or remote or work:
            message = "--master, --remote and --work are for --engine spark"
            raise ConfigError(message)
        return _run_here(names, places, Path(output), to, removed, report, html, sample, boilerplate or LEARN, options, config)
    if removed or report or html or sample or options.dry_run:
        message = f"--engine tells what went in {output}.removed, {output}.repeats: no --removed, --report, --html, --sample, --dry-run"
        raise ConfigError(message)
    if boilerplate == LEARN:
        message = "--engine learns nothing from its rows: dedup boilerplate writes what some of them teach, --boilerplate FILE takes it out"
        raise ConfigError(message)
    known = chosen(boilerplate or OFF, [], None, config)
    from dedup.commands.cluster import Place, run_on_cluster

    return run_on_cluster(names, output, to, options.format, Place(master, remote, work), config, known, quiet=options.quiet)


def _run_here(
    names: list[str],
    places: list[Path],
    output: Path,
    to: str | None,
    removed: Path | None,
    report: Path | None,
    html: Path | None,
    sample: int,
    boilerplate: str,
    options: Options,
    config: Config,
) -> int:
    """The exit code of a run on this machine."""
    started = time.perf_counter()
    sources = find_files(names, options.format, follow_links=config.files.follow_links)
    sources, plan = targets(sources, places, output, to)
    removed, report = removed or _beside(output, "removed.jsonl"), report or _beside(output, "report.json")
    labels = _beside(output, "labels.csv")
    if sample:
        refuse_labels(labels, sample)
    learned = _beside(output, "boilerplate.toml")
    for path in (removed, report, learned, *([] if html is None else [html])):
        refuse_input(path, sources)
    if html is not None and html.absolute() in {path.absolute() for path in (output, removed, report, labels, learned)}:
        message = f"{shown(html)} is another output: choose another file for the page"
        raise ConfigError(message)
    before, folders = states(sources), any(target.path != output for target in plan)
    rules = f"{signature(config, 'run', learned=boilerplate)}  {corpus_signature(config)}"
    with telling(lambda: "the output is not written", instead=True), contextlib.ExitStack() as stack:
        if folders and not options.dry_run:
            stack.enter_context(alone(output))
        sources = rereadable(boilerplate, sources)
        sites = learn(sources, config.files)
        known = chosen(boilerplate, sources, sites, config)
        mark = rules + (known.as_toml() if known else "")
        work = stack.enter_context(resumable(output, sources, plan, config, mark=mark, dry_run=options.dry_run))
        staged = _staged(plan, work.folder)
        counts, code = _cleaned(work, sources, staged, rules, Asked(config, options, to, sites, known))
        corpus, found = _compared(stack, work.folder, config, max(sample, PAIRS))
        gone = found.stars.of >= 0
        counts.near = int((found.stars.near & gone).sum())
        counts.exact = int(gone.sum()) - counts.near
        balance("articles", counts.read, {"kept": int((~gone).sum()), "exact": counts.exact, "near": counts.near})
        if not options.dry_run:
            refuse_changed(before)
            kept = _write(zip(plan[:1], staged[:1], strict=True) if all_in_one(plan) else zip(plan, staged, strict=True), ~gone, config)
            balance("articles", counts.read, {"written": kept, "exact": counts.exact, "near": counts.near})
            with atomic(removed) as file:
                copies = as_rows(_tell(corpus, found, file))
            if counts.boilerplate and boilerplate == LEARN:
                with atomic(learned) as file:
                    file.write(counts.boilerplate.as_toml().encode())
            about = pairs_about(corpus, found)
            with atomic(report) as file, (work.folder / "report").open("rb") as begun:
                shutil.copyfileobj(begun, file)
                file.write(report_end(counts, near=asdict(config.near), borderline=about, copies=copies))
            if sample:
                save_labels(labels, about, sample)
    if html is not None and not options.dry_run:
        from dedup.report.page.evidence import read_evidence

        write_page(read_evidence(removed, report), html, config.near)
    if not options.quiet:
        tell(counts, time.perf_counter() - started, rules)
    return code


class Asked(NamedTuple):
    """The settings, the options, the format of the output, and what the sources teach of their sites."""

    config: Config
    options: Options
    to: str | None
    sites: Sites | None
    boilerplate: Boilerplate | None


def _cleaned(work: Work, sources: Sequence[Source], staged: Sequence[Target], rules: str, asked: Asked) -> tuple[Counts, int]:
    """The counts and the exit code of the sources, which stand cleaned in the work folder: now, or since a run that was ended."""
    if work.progress is None:
        counts = Counts(boilerplate=asked.boilerplate)
        code = _clean(work, sources, staged, counts, rules, asked)
        work.checkpoint({"code": code, "counts": counts.saved()})
        return counts, code
    counts = replace(Counts.restored(work.progress["counts"]), boilerplate=asked.boilerplate)
    _say_resumed(work, counts)
    return counts, work.progress["code"]


def _clean(work: Work, sources: Sequence[Source], staged: Sequence[Target], counts: Counts, rules: str, asked: Asked) -> int:
    """The exit code of the sources, which stand cleaned in their places in the work folder, with the report and the texts to compare."""
    config, options, to, sites, _ = asked
    with contextlib.ExitStack() as stack:
        spool = stack.enter_context(writer(work.folder / "articles", work.folder / "articles"))
        told = None if options.dry_run else Report(stack.enter_context(writer(work.folder / "report", work.folder / "report")), rules)
        meter = stack.enter_context(metering(counts, sum(map(size_of, sources)) or None, quiet=options.quiet))
        plain = replace(config, files=replace(config.files, csv_safe=False))  # the staged rows are read again
        cleaner = Run(plain, options, counts, told, meter, Counter(), sites, to, lambda item, clean: _note(spool, item, clean))
        code = cleaner.all(sources, staged)
        cleaner.balance()
    os.sync()  # the manifest that comes next says that all of this is on the disk
    return code


def _say_resumed(work: Work, counts: Counts) -> None:
    """What an earlier run has done already, and what it could not read."""
    say(f"{number(counts.read, 'article')} cleaned already by a run that was ended: going on in {shown(work.folder)}")
    for error in counts.unreadable:
        say(str(error))


def _beside(output: Path, name: str) -> Path:
    """`corpus.removed.jsonl` beside the folder `corpus` or the file `corpus.parquet`."""
    return output.with_name(f"{without_suffix(output).name}.{name}")


def _staged(plan: Sequence[Target], folder: Path) -> Plan:
    """A file in the work folder for each target, not compressed."""
    one = all_in_one(plan)

    def staged(number: int) -> Target:
        return Target(folder / f"{0 if one else number}", Kind(plan[number].kind.name, told=True))

    return Plan(len(plan), staged)


def _note(spool: IO[bytes], item: Item, clean: Clean) -> None:
    """The article stands at the end of the spool, for the comparison and for the evidence."""
    document, line = clean.document, item.content.line if isinstance(item.content, Row) and item.source.kind.format.rows else None
    row = {
        "id": document.id,
        "path": shown(item.source.path),
        "line": line,
        "title": document.title,
        "site": document.site,
        "date": document.date,
        "url": document.url,
        "text": clean.text,
    }
    spool.write(orjson.dumps(row) + b"\n")


def _compared(stack: contextlib.ExitStack, folder: Path, config: Config, borderline: int) -> tuple[Corpus, Found]:
    """The cleaned articles as a corpus, and what of it goes."""
    from dedup.commands.dropping import compare, read_corpus
    from dedup.corpus.duplicates import processors
    from dedup.corpus.work import Work
    from dedup.files.places import Names

    work = Work(folder / "work", {"borderline": borderline}, discard=True)
    stack.callback(work.close)
    workers = config.files.jobs or processors()
    spool, names = [folder / "articles"], Names("text", "id", "date")
    corpus = read_corpus(work, spool, 0, names, config, workers, lambda error: say(str(error)), spools={0})
    stack.callback(corpus.reader.close)
    return corpus, compare(corpus, work, config, workers, borderline)[0]


def _write(pairs: Iterable[tuple[Target, Target]], keep: np.ndarray, config: Config) -> int:
    """How many rows stay and stand in their targets now; an article that goes has no file.

    Raises AccountError when the staged rows are not those that were read, before the file that would show it has its name.
    """
    stays, kept = iter(keep.tolist()), 0
    there = [pair for pair in pairs if pair[1].path.exists()]
    for place, (target, staged) in enumerate(there, 1):
        with staged.path.open("rb") as file:
            stream, kind = opened(file, staged.kind)
            counted: list[int] = []
            contents = _staying(kind.format.read(stream, config.files.largest * _GROWTH), stays, counted, last=place == len(there))
            begin = list(up_to_a_row(contents))
            if kind.format.rows or (begin and isinstance(begin[-1], Row)):
                save(target._replace(kind=Kind(kind.name, target.kind.compression)), chain(begin, contents), config)
            kept += sum(counted)
    return kept


def _staying(contents: Iterable[Head | Row | InputError], stays: Iterator[bool], counted: list[int], *, last: bool) -> Iterator[Head | Row]:
    """The heads and the rows that stay, whose number is in `counted` at the end; AccountError when there are more or less than was read."""
    kept = 0
    for content in contents:
        if isinstance(content, Head):
            yield content
        elif isinstance(content, Row):
            stay = next(stays, None)
            if stay is None:
                message = "there are more cleaned rows than were compared"
                raise AccountError(message)
            if stay:
                kept += 1
                yield content
    if last and next(stays, None) is not None:
        message = "rows that were compared are not among the cleaned ones"
        raise AccountError(message)
    counted.append(kept)


def _tell(corpus: Corpus, found: Found, file: IO[bytes]) -> list[Copying]:
    """Who copies whom. The file has a line for each article that goes: where it stood, the kept one, the score, and both texts."""
    copies = Copies()
    of, near, score = found.stars.of, found.stars.near, found.stars.score
    for row in (of >= 0).nonzero()[0].tolist():
        evidence: dict[str, Any] = {
            "row": row,
            **told_of(corpus, row, ""),
            "kind": "near" if near[row] else "exact",
            "score": round(float(score[row]), 6),
            "of": int(of[row]),
            **told_of(corpus, int(of[row]), "of_"),
        }
        file.write(orjson.dumps(evidence) + b"\n")
        copies.add(side_of(evidence, ""), side_of(evidence, "of_"), len(evidence["text"]))
    return copies.table()
