"""`dedup boilerplate`: what sites put into their articles, as a file to edit; and where other commands take it from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from dedup.commands.begin import begin
from dedup.commands.options import DONE, SETTINGS, UNREADABLE, USUAL, Options, Paths
from dedup.commands.talk import say
from dedup.config import Config
from dedup.errors import InputError
from dedup.files.read import Source, read_files, spooled
from dedup.files.write import atomic, refuse_input
from dedup.model import Document
from dedup.report.counts import told_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup.article.boilerplate import Boilerplate
    from dedup.article.header import Sites

HELP = (
    """Examples:
  dedup boilerplate scraped -o site.toml       look at it, edit it
  dedup clean scraped -o cleaned --boilerplate site.toml
  dedup boilerplate seen.index news.jsonl      what the index remembers, too
"""
    + SETTINGS
)
LEARN, OFF = "learn", "off"


def boilerplate(
    *paths: Paths,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], help="TOML file; usual: standard output.")] = None,
    options: Options = USUAL,
    config: Annotated[Config, Parameter(name="*", show=False)] = Config(),  # noqa: B008 - frozen
) -> int:
    """Write what the articles of each site share, to a file."""
    indexes = [Path(path) for path in paths if is_index(Path(path))]
    config, _, sources = begin([path for path in paths if Path(path) not in indexes], "learn from", options, config, more=bool(indexes))
    if output is not None:
        refuse_input(output, [*sources, *(Source(str(path.parent), path.name) for path in indexes)])
    errors: list[InputError] = []
    found = _learned(indexes, _documents(sources, config, errors), config)
    for error in errors:
        if config.files.on_error == "fail":
            raise error
        say(str(error))
    if output is None:
        sys.stdout.write(found.as_toml())
    elif not options.dry_run:
        with atomic(output) as file:
            file.write(found.as_toml().encode())
    if not options.quiet:
        say(told_of(found))
    return UNREADABLE if errors else DONE


def chosen(word: str, sources: Sequence[Source], sites: Sites | None, config: Config) -> Boilerplate | None:
    """What a `--boilerplate` option stands for: what the sources teach, with or without an index, nothing, or what a file says.

    Raises ConfigError for a bad file.
    """
    from dedup.article.boilerplate import Boilerplate  # help and errors of usage come without the library's weight

    if word == OFF:
        return None
    indexes = [] if word == LEARN else [Path(word)]
    if indexes and not is_index(indexes[0]):
        return Boilerplate.load(word)
    return _learned(indexes, _documents(sources, config, []), config, sites)


def rereadable(word: str, sources: list[Source]) -> list[Source]:
    """The sources; where something is to be learned from them, the standard input as what can be read again."""
    return spooled(sources) if word == LEARN or (word != OFF and is_index(Path(word))) else sources


def is_index(path: Path) -> bool:
    """True for the file of an index."""
    from dedup.corpus.segments import MAGIC

    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except (OSError, ValueError):  # no file of that name, or no name of a file
        return False


def _learned(indexes: Sequence[Path], documents: Iterator[Document], config: Config, sites: Sites | None = None) -> Boilerplate:
    """What the documents teach, together with what the indexes remember."""
    from dedup.article.learning import learned
    from dedup.corpus.index import sample_of
    from dedup.pipeline import sample_articles
    from dedup.sample import Sample

    sample = Sample(config.learning)
    for path in indexes:
        sample.merge(sample_of(path, config.learning))
    sample_articles(sample, documents, config, sites=sites)
    return learned(sample, config.learning)


def _documents(sources: Sequence[Source], config: Config, errors: list[InputError]) -> Iterator[Document]:
    """The documents of the sources; `errors` gets the reasons for what is none, which the cleaning tells again."""
    for reading in read_files(sources, config.files):
        if isinstance(reading.result, Document):
            yield reading.result
        else:
            errors.append(reading.result)
