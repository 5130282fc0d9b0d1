"""`dedup boilerplate`: what sites put into their articles, as a file to edit; and where other commands take it from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

import dedup
from dedup.commands.begin import begin
from dedup.commands.options import DONE, SETTINGS, UNREADABLE, USUAL, Options, Paths
from dedup.commands.talk import say
from dedup.config import Config
from dedup.errors import InputError
from dedup.files.read import STDIN, Source, read_files
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
  dedup boilerplate news.jsonl --learning.least-share 0.1
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
    config, _, sources = begin(paths, "learn from", options, config)
    if output is not None:
        refuse_input(output, sources)
    errors: list[InputError] = []
    found = dedup.learn_boilerplate(_documents(sources, config, errors), config)
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
    """What a `--boilerplate` option stands for: what the sources teach, nothing, or what a file says. Raises ConfigError for a bad file."""
    from dedup.article.boilerplate import Boilerplate  # help and errors of usage come without the library's weight

    if word == OFF:
        return None
    if word != LEARN:
        return Boilerplate.load(word)
    files = [source for source in sources if source.path is not STDIN]
    return dedup.learn_boilerplate(_documents(files, config, []), config, sites=sites)


def _documents(sources: Sequence[Source], config: Config, errors: list[InputError]) -> Iterator[Document]:
    """The documents of the sources; `errors` gets the reasons for what is none, which the cleaning tells again."""
    for reading in read_files(sources, config.files):
        if isinstance(reading.result, Document):
            yield reading.result
        else:
            errors.append(reading.result)
