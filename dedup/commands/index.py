"""`dedup index`: texts that are remembered from run to run, and found again."""

from __future__ import annotations

import sys
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
from cyclopts import App, Parameter

import dedup
from dedup.commands.help import print_help
from dedup.commands.options import DONE, SETTINGS, UNREADABLE, USUAL, Options, Paths, inputs
from dedup.commands.talk import load_kernels, say
from dedup.config import Config
from dedup.errors import InputError
from dedup.files.columns import Row
from dedup.files.names import shown
from dedup.files.read import Item, find_files, read_items
from dedup.report.signature import corpus_signature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.model import Document

_EXAMPLES = """Examples:
  dedup index add seen.index cleaned/*.jsonl     made when it is not there yet
  dedup index find seen.index new.jsonl > found.jsonl
  dedup index info seen.index
"""
_HELP = _EXAMPLES + SETTINGS
_BATCH = 2_048  # documents that are added or looked up at a time

_File = Annotated[Path, Parameter(name="INDEX", help="The file of the index.")]
_Config = Annotated[Config, Parameter(name="*", show=False)]

index = App(
    name="index",
    help="Remember texts from run to run: add, find, info.",
    usage="Usage: dedup index COMMAND INDEX [PATH...] [OPTIONS]",
    help_format="plaintext",
    help_formatter=print_help,
    help_epilogue=_EXAMPLES,
)


@index.command(usage="Usage: dedup index add INDEX PATH... [OPTIONS]", help_epilogue=_HELP)
def add(file: _File, /, *paths: Paths, options: Options = USUAL, config: _Config = Config()) -> int:  # noqa: B008 - frozen
    """Add texts to an index, which is saved when all are in it."""
    from dedup.pipeline import sample_articles  # help and errors of usage come without the library's weight

    started = time.perf_counter()
    config = options.over(config)
    load_kernels(quiet=options.quiet)
    made = dedup.Index.load(file, config) if file.exists() else dedup.Index(config)
    before, aside = len(made), _Aside(config)
    for documents in _batches(_documents(paths, options, config, aside)):
        fresh: dict[str, Document] = {}
        for document, item in documents:
            name = document.id or ""
            if name in made or name in fresh:
                aside.add(InputError(f"the index holds the id {name!r} already", path=shown(item.source.path), line=_line(item)), held=True)
            else:
                fresh[name] = document
        made.add_all([document.text for document in fresh.values()], fresh.keys())
        sample_articles(made.sample, fresh.values(), config)
    if not options.dry_run:
        made.save(file)
    if not options.quiet:
        seconds = time.perf_counter() - started
        say(f"{len(made) - before:,} added, {len(made):,} in {shown(file)}{aside.told()} ({seconds:.1f} s)  {corpus_signature(config)}")
    return aside.code


@index.command(usage="Usage: dedup index find INDEX PATH... [OPTIONS]", help_epilogue=_HELP)
def find(file: _File, /, *paths: Paths, options: Options = USUAL, config: _Config = Config()) -> int:  # noqa: B008 - frozen
    """Print a JSON line for each text: its id, and what the index holds that says the same."""
    config = options.over(config)
    load_kernels(quiet=options.quiet)
    made, aside, read, known = dedup.Index.load(file, config), _Aside(config), 0, 0
    for documents in _batches(_documents(paths, options, config, aside)):
        for (document, item), matches in zip(documents, made.find_all([document.text for document, _ in documents]), strict=True):
            found = [{"id": match.id, "score": round(match.score, 6), "kind": match.kind} for match in matches]
            line = {"id": document.id, "path": shown(item.source.path), "line": _line(item), "found": found}
            sys.stdout.buffer.write(orjson.dumps(line) + b"\n")
            read, known = read + 1, known + bool(found)
    if not options.quiet:
        say(f"{read:,} looked up, {known:,} found{aside.told()}  {corpus_signature(config)}")
    return aside.code


@index.command(usage="Usage: dedup index info INDEX [OPTIONS]", help_epilogue=_EXAMPLES)
def info(file: _File, /, *, config: _Config = Config()) -> int:  # noqa: B008 - frozen
    """Print how many texts an index holds, how large it is, and the settings it was made under."""
    from dedup.corpus.index import header_of

    made = dedup.Index.load(file, config)
    lines = {"texts": len(made), "bytes": file.stat().st_size, **header_of(config.near)}
    sys.stdout.write(
        "".join(f"{name:<14}{value:,}\n" if isinstance(value, int) else f"{name:<14}{value}\n" for name, value in lines.items())
    )
    return DONE


class _Aside:
    """What was set aside: each is named, and counted in the exit code."""

    def __init__(self, config: Config) -> None:
        self._fails, self._count, self._held = config.files.on_error == "fail", 0, 0

    def add(self, error: InputError, *, held: bool = False) -> None:
        """One more, unreadable or `held` by the index already; the error itself when that is to end the run."""
        if self._fails:
            raise error
        self._count += not held
        self._held += held
        say(str(error))

    def told(self) -> str:
        """How many, in words; nothing for none."""
        return f"{f', {self._held:,} held already' if self._held else ''}{f', {self._count:,} unreadable' if self._count else ''}"

    @property
    def code(self) -> int:
        """The exit code."""
        return UNREADABLE if self._count or self._held else DONE


def _documents(paths: tuple[str, ...], options: Options, config: Config, aside: _Aside) -> Iterator[tuple[Document, Item]]:
    """The documents of the inputs; `aside` is told of what is none."""
    names, _ = inputs(paths, "index")
    for source in find_files(names, options.format, follow_links=config.files.follow_links):
        for item in read_items(source, config.files):
            if isinstance(item.content, InputError):
                aside.add(item.content)
            elif item.document is not None:
                yield item.document, item


def _batches(documents: Iterator[tuple[Document, Item]]) -> Iterator[list[tuple[Document, Item]]]:
    """The documents in lists of a size that costs least."""
    while batch := list(islice(documents, _BATCH)):
        yield batch


def _line(item: Item) -> int | None:
    """The line of a row; None for a file that is an article."""
    return item.content.line if isinstance(item.content, Row) and item.source.kind.format.rows else None
