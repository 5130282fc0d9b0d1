"""`dedup drop`: a corpus without the rows that others repeat, and `dedup check`, which only counts them."""

from __future__ import annotations

import contextlib
import secrets
import sys
import time
from dataclasses import asdict
from functools import partial
from itertools import chain
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from cyclopts import Parameter

import dedup
from dedup.commands.guard import balance, refuse_changed, scratch, states
from dedup.commands.labels import print_measured
from dedup.commands.options import DONE, OVER, SETTINGS, STDIN, UNREADABLE, USUAL, Options, Paths, inputs
from dedup.commands.talk import load_kernels, say, telling
from dedup.config import Config
from dedup.errors import ConfigError, InputError
from dedup.files.compression import compressed
from dedup.files.formats import Kind, kind_of, require, writer_of
from dedup.files.names import shown
from dedup.files.read import Source, find_files
from dedup.files.streams import is_stream
from dedup.files.write import Target, atomic, written_as
from dedup.plural import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dedup.commands.dropping import Corpus
    from dedup.commands.guard import States
    from dedup.commands.parts import Part
    from dedup.corpus.duplicates import Found
    from dedup.files.places import Names
    from dedup.model import Tally

HELP = (
    """Examples:
  dedup drop a.jsonl b.jsonl.gz -o kept.jsonl --keep newest
  dedup drop news.parquet --against old.csv.gz -o fresh.parquet
  dedup drop huge.jsonl -o kept.jsonl --work work   goes on there after a kill
"""
    + SETTINGS
)
CHECK_HELP = """Examples:
  dedup check corpus.jsonl --max-duplicates 0.5%
  dedup check new.jsonl --against old.jsonl --max-duplicates 0
  dedup check --labels corpus.labels.csv     precision and recall by threshold
Exit code: 0 at most so many, 1 more, 2 usage or settings, 3 some unreadable.
"""
_Against = Annotated[list[Path] | None, Parameter(negative="", consume_multiple=False, help="Old rows, which never go.")]
_Work = Annotated[Path | None, Parameter(help="Folder for the stages; a killed run goes on there.")]


def drop(
    *paths: Paths,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], help="File for the rows that stay. --csv-safe: no formulas.")] = None,
    removed: Annotated[Path | None, Parameter(help="JSON Lines: each row that goes, its kept row, the score.")] = None,
    against: _Against = None,
    work: _Work = None,
    options: Options = USUAL,
    config: Annotated[Config, Parameter(name="*", show=False)] = Config(),  # noqa: B008 - frozen
) -> int:
    """Write each article of a corpus once; --keep says which one stays."""
    started = time.perf_counter()
    with _run(paths, against, work, options, config, [output, removed], "drop") as run:
        if not options.dry_run:
            _write(run, output, removed)
    if not options.quiet:
        say(f"{summary(run.tally, len(run.aside))} ({time.perf_counter() - started:.1f} s)  {run.tally.signature}")
    return UNREADABLE if run.aside else DONE


def check(
    *paths: Paths,
    max_duplicates: Annotated[str, Parameter(help="Most duplicates: a share (0.5%) or a number of rows.")] = "0",
    labels: Annotated[Path | None, Parameter(help="CSV of run --sample, labelled: which threshold fits it.")] = None,
    against: _Against = None,
    work: _Work = None,
    options: Options = USUAL,
    config: Annotated[Config, Parameter(name="*", show=False)] = Config(),  # noqa: B008 - frozen
) -> int:
    """Tell how many rows others repeat; exit code 1 when too many."""
    if labels is not None:
        if paths:
            message = "--labels looks at labelled pairs alone: leave out the corpus"
            raise ConfigError(message)
        print_measured(labels, config.near.threshold)
        return DONE
    limit = _limit(max_duplicates)
    with _run(paths, against, work, options, config, [], "check") as run:
        pass
    gone = run.tally.exact + run.tally.near
    over = gone > (limit[0] * run.tally.rows if limit[1] else limit[0])
    share = 100 * gone / max(run.tally.rows, 1)
    found = f"{number(gone, 'duplicate')} in {number(run.tally.rows, 'row')} ({share:.2f}%)"
    print(f"{found}, {'more than' if over else 'at most'} {max_duplicates}")  # noqa: T201
    if not options.quiet:
        say(f"{summary(run.tally, len(run.aside))}  {run.tally.signature}")
    return OVER if over else UNREADABLE if run.aside else DONE


def summary(tally: Tally, aside: int) -> str:
    """What was read, removed and kept."""
    parts = [f"{number(tally.rows, 'row')} read", f"{tally.exact + tally.near:,} removed ({tally.exact:,} exact, {tally.near:,} near)"]
    parts += [f"{tally.kept:,} kept"]
    parts += [f"against {number(tally.against, 'old row')}"] * bool(tally.against) + [f"{tally.empty:,} empty"] * bool(tally.empty)
    return ", ".join([*parts, *[f"{aside:,} unreadable"] * bool(aside)])


class _Done(NamedTuple):
    """A run that has decided; `lines` says that its rows stay in JSON Lines as they stand there."""

    corpus: Corpus
    found: Found
    tally: Tally
    aside: list[InputError]
    parts: Sequence[Part]
    old: int
    kind: Kind
    lines: bool
    config: Config
    before: States


@contextlib.contextmanager
def _run(
    paths: Sequence[str],
    against: Sequence[Path] | None,
    folder: Path | None,
    options: Options,
    config: Config,
    outputs: Sequence[Path | None],
    verb: str,
) -> Iterator[_Done]:
    """A run that has decided, whose work folder is removed when all went well after that."""
    from dedup.commands.dropping import compare, read_corpus  # help and errors of usage come without the library's weight
    from dedup.commands.parts import LINES, parts_of
    from dedup.corpus.duplicates import processors
    from dedup.corpus.work import Work
    from dedup.files.places import Names

    config = options.over(config)
    load_kernels(quiet=options.quiet)
    names, _ = inputs(paths, verb)
    aside: list[InputError] = []
    tell = partial(_aside, aside=aside, config=config)
    old, new = (_readable(group, options, config, tell) for group in ([str(path) for path in against or ()], names))
    kind = _written(outputs[0], new) if outputs else Kind("jsonl")
    lines = not outputs or (kind.name == "jsonl" and all(source.kind.name in LINES for source in new))
    known = states([*old, *new])
    _refuse(outputs, [source.path for source in (*old, *new)])
    files, workers = config.files, config.files.jobs or processors()
    columns = Names(files.text_field, files.id_field, files.date_field)
    kept = f"the stages that are done are kept in {shown(folder)}: the same command goes on there" if folder else "nothing is written"
    with telling(lambda: kept), contextlib.ExitStack() as stack:
        spool = stack.enter_context(scratch(_beside(folder, outputs)))
        before = parts_of(old, spool / "old", columns, files, tell, lines=True, to=None)
        parts = [*before, *parts_of(new, spool / "new", columns, files, tell, lines=lines, to=kind.name if outputs else None)]
        work = Work(folder or spool / "work", _fingerprint([*old, *new], len(old), columns, config, parts))
        stack.callback(work.close)
        spools = {number for number, part in enumerate(parts) if part.spool is not None}
        corpus = read_corpus(
            work,
            [part.path for part in parts],
            len(before),
            columns,
            config,
            workers,
            lambda error: tell(_named(error, parts)),
            spools=spools,
        )
        stack.callback(corpus.reader.close)
        found, tally = compare(corpus, work, config, workers)
        yield _Done(corpus, found, tally, aside, parts, len(before), kind, lines, config, known)
        if folder:
            work.remove()


def _tell_named(parts: Sequence[Part], tell: Callable[[InputError], None], error: InputError) -> None:
    tell(_named(error, parts))


def _named(error: InputError, parts: Sequence[Part]) -> InputError:
    """The error with the input's own name and line where it names a copy that was made of it, in this run or the one gone on with."""
    place = Path(error.path or "").parts[-2:]
    made = any(part.startswith("dedup-") or part.endswith(".dedup") for part in Path(error.path or "").parts[-3:-2])
    for part in parts:
        if made and error.line is not None and part.path.parts[-2:] == place:
            name, line = part.stands(error.line)
            return InputError(error.reason, path=name, line=line, field=error.field)
    return error


def _readable(names: Sequence[str], options: Options, config: Config, tell: Callable[[InputError], None]) -> list[Source]:
    """The sources that are there; what is not there is set aside."""
    found = []
    for source in find_files(names, options.format, follow_links=config.files.follow_links):
        problem = source.problem or _refused(source)
        if problem is not None:
            tell(problem)
        else:
            found.append(source)
    return found


def _refused(source: Source) -> InputError | None:
    """Why a file may not be read, which is told before its rows are asked for by their places."""
    if str(source.path) == "<stdin>":
        return None
    try:
        with source.path.open("rb"):
            return None
    except OSError as error:
        return InputError(error.strerror or str(error), path=shown(source.path))


def _written(output: Path | None, sources: Sequence[Source]) -> Kind:
    """The kind of the output: what its suffix says, else the format of the first input. ConfigError where it cannot hold the rows."""
    said = Kind("") if output is None else kind_of(output)
    formats = []
    for source in sources:
        own = Kind(source.kind.name or "jsonl")
        if not own.format.columns:
            message = f"{shown(source.path)}: drop writes rows back, and {own.name} has none: use dedup run, or dedup check"
            raise ConfigError(message)
        formats.append(written_as(own, said.name or None))
    kind = Kind(said.name or next(iter(formats), "jsonl"), said.compression)
    require(kind)
    return kind


def _aside(error: InputError, aside: list[InputError], config: Config) -> None:
    """The error is named and counted, or ends the run where that was asked for."""
    if config.files.on_error == "fail":
        raise error
    aside.append(error)
    say(str(error))


def _refuse(outputs: Sequence[Path | None], read: Sequence[Path]) -> None:
    """Raise ConfigError when an output is an input or the other output."""
    taken = {realpath(path) for path in read}
    for path in outputs:
        if path is not None and realpath(path) in taken:
            message = f"{shown(path)} is an input or another output and would be overwritten: choose another output"
            raise ConfigError(message)
        taken.add("" if path is None else realpath(path))


def _beside(folder: Path | None, outputs: Sequence[Path | None]) -> Path | None:
    """What there is room beside for files of the size of the corpus: the work folder, else the output."""
    place = folder or next((path for path in outputs if path is not None and not is_stream(path)), None)
    if place is None:
        return None
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _fingerprint(sources: Sequence[Source], old: int, names: Names, config: Config, parts: Sequence[Part]) -> dict[str, object]:
    """What a work folder must agree in to be gone on with."""
    read: list[list[str | int]] = []
    for source in sources:
        if str(source.path) == "<stdin>":
            read.append([STDIN, secrets.token_hex(8)])
        else:
            known = source.path.stat()
            read.append([realpath(source.path), known.st_size, known.st_mtime_ns])
    settings = {"exact": asdict(config.exact), "near": asdict(config.near), "keep": config.keep}
    mark = {
        "version": dedup.__version__,
        "largest": config.files.largest,
        "inputs": read,
        "old inputs": old,
        "columns": names,
        "settings": settings,
    }
    spooled = [part.spool is not None for part in parts]
    if any(spooled):  # then what the rows are is for the formats' readers to say
        kinds = [source.kind.name for source in sources]
        mark["spools"] = [spooled, kinds, config.files.largest, config.files.title_field, config.files.url_field]
    return mark


def _write(run: _Done, output: Path | None, removed: Path | None) -> None:
    """The rows that stay and the evidence for the others stand where they belong."""
    from dedup.commands.dropping import write_kept, write_removed

    refuse_changed(run.before)
    gone = run.tally.exact + run.tally.near
    if removed is not None:
        with atomic(removed) as file:
            told = write_removed(run.corpus, run.found, lambda place: run.parts[place.file].stands(place.line), file)
            balance("rows that go", gone, {"told": told})
            refuse_changed(run.before)
    if not run.lines:
        _write_rows(run, output)
    elif output is None:
        kept = write_kept(run.corpus, run.found, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        balance("rows", run.tally.rows, {"written": kept, "removed": gone})
    else:
        with atomic(output) as file, compressed(file, run.kind.compression) as plain:
            kept = write_kept(run.corpus, run.found, plain)
            balance("rows", run.tally.rows, {"written": kept, "removed": gone})
            refuse_changed(run.before)


def _write_rows(run: _Done, output: Path | None) -> None:
    """The rows that stay are written by the output's format, unless nothing but reasons came of the inputs."""
    from dedup.commands.clean import save, up_to_a_row
    from dedup.commands.parts import kept_rows

    balance("rows", run.corpus.places["line"].size - run.corpus.old, {"kept": run.tally.kept, "removed": run.tally.exact + run.tally.near})
    stays = iter((run.found.stars.of[run.corpus.old :] < 0).tolist())
    contents = kept_rows(run.parts[run.old :], stays, run.config.files, run.kind.name)
    begin = list(up_to_a_row(contents))
    if not begin and run.aside:
        return
    if output is not None:
        save(Target(output, run.kind), chain(begin, contents), run.config)
    elif (out := writer_of(run.kind, safe=run.config.files.csv_safe)) is not None:
        out(sys.stdout.buffer, chain(begin, contents))  # not compressed: no suffix would say so
        sys.stdout.buffer.flush()


def _limit(value: str) -> tuple[float, bool]:
    """The most duplicates, and whether that is a share."""
    share = value.strip().endswith("%")
    with contextlib.suppress(ValueError):
        number = float(value.strip().removesuffix("%"))
        if number >= 0 and (share or number.is_integer()) and not (share and number > 100):
            return (number / 100, True) if share else (number, False)
    message = f"--max-duplicates is a share such as 0.5% or a number of rows, not {value!r}"
    raise ConfigError(message)
