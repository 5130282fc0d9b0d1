"""The command line: each command reads its inputs, calls the library, writes, and tells what it did by its exit code."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, NoReturn

from cyclopts import App, Parameter
from cyclopts.config import Toml

import dedup
from dedup.config import Config
from dedup.errors import ConfigError, DedupError, InputError
from dedup.files.names import shown
from dedup.files.read import STDIN, Reading, Source, find_files, read_files
from dedup.files.txt import render
from dedup.files.write import atomic, refuse_input, targets, write_text
from dedup.model import Document
from dedup.report.counts import Counts, summary
from dedup.report.evidence import Report, evidence
from dedup.report.signature import signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.article.header import Sites

DONE, USAGE, UNREADABLE, DEFECT, INTERRUPTED, CLOSED_PIPE, TERMINATED = 0, 2, 3, 70, 130, 141, 143

_EXAMPLES = """Examples:
  dedup clean scraped -o cleaned   every .txt below scraped, to the same names
  dedup clean article.txt          to standard output; - reads standard input
  dedup clean scraped -o cleaned --report why.json   each removal and its reason
"""
_SETTINGS = """Every setting is an option too: --repeats.least-score 0.9, --repair.no-entities.
Exit code: 0 done, 2 usage or settings, 3 some input unreadable (the rest done).
"""

app = App(
    name="dedup",
    help="Keep one good copy of scraped articles, and tell what was removed and why.",
    help_format="plaintext",
    help_epilogue=_EXAMPLES,
    version=f"dedup {dedup.__version__}",
    result_action="return_value",
)


@app.meta.default
def _start(
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    config: Annotated[Path | None, Parameter(negative="", help="Settings: a dedup.toml, or a pyproject.toml with [tool.dedup].")] = None,
) -> int:
    """Take the settings from a file before the options are read, which go over them."""
    app.config = () if config is None else (_settings(config),)
    code = app(tokens)
    return code if isinstance(code, int) else DONE


def _settings(path: Path) -> Toml:
    """The settings of a TOML file: all of it, or its `[tool.dedup]` when it is a pyproject.toml."""
    if not path.is_file():
        message = f"no such configuration file: {shown(path)}"
        raise ConfigError(message)
    try:
        tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        message = f"{shown(path)}: not TOML: {error}"
        raise ConfigError(message) from error
    return Toml(path, root_keys=("tool", "dedup") if path.name == "pyproject.toml" else (), use_commands_as_keys=False)


@app.command(usage="Usage: dedup clean PATH... [OPTIONS]", help_epilogue=_EXAMPLES + _SETTINGS)
def clean(
    *paths: Annotated[str, Parameter(name="PATH", help="Files, folders, or - for standard input.")],
    output: Annotated[
        Path | None, Parameter(name=["--output", "-o"], help="Folder for the cleaned files (or a file, for one file).")
    ] = None,
    report: Annotated[Path | None, Parameter(help="JSON file for the evidence: what was found and removed, and why.")] = None,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative="", help="Say only what went wrong.")] = False,
    config: Annotated[Config, Parameter(name="*", show=False)] = Config(),  # noqa: B008 - frozen
) -> int:
    """Write each article with one good copy of its text."""
    started = time.perf_counter()
    if not paths:
        message = "nothing to clean: name a file, a folder, or - for standard input"
        raise ConfigError(message)
    names = [_STDIN if name == _HYPHEN else name for name in paths]
    inputs = [Path(name) for name in names if name != _STDIN]
    if output is None and (len(names) > 1 or any(path.is_dir() for path in inputs)):
        message = "where to? A folder or several inputs need an output folder: -o FOLDER"
        raise ConfigError(message)
    sources = find_files(names)
    places = [None] * len(sources) if output is None else targets(sources, inputs, output)
    if report is not None:
        refuse_input(report, sources)
    rules = signature(config)
    counts = Counts()
    with contextlib.ExitStack() as stack:
        evidence_file = None if report is None else Report(stack.enter_context(atomic(report)), rules)
        run = _Run(config, _learn(sources), counts, evidence_file)
        code = max((run.article(*pair) for pair in zip(read_files(sources), places, strict=True)), default=DONE)
        if evidence_file is not None:
            evidence_file.close(counts)
    if not quiet:
        _say(summary(counts, time.perf_counter() - started, rules))
    return code


def _learn(sources: Sequence[Source]) -> Sites | None:
    """What the headers of all files together say about the names of their sites; None for a single file."""
    from dedup.article.header import learn_sites  # help and errors of usage come without the library's weight

    if len(sources) < 2:  # one file cannot bear witness for another
        return None
    readings = read_files(source for source in sources if source.path is not STDIN)
    return learn_sites(reading.result for reading in readings if isinstance(reading.result, Document))


class _Run(NamedTuple):
    """What every article of a run is cleaned with and counted in."""

    config: Config
    sites: Sites | None
    counts: Counts
    report: Report | None

    def article(self, reading: Reading, place: Path | None) -> int:
        """The exit code of one article, which is cleaned, counted and written, or named and set aside."""
        name = shown(reading.path)
        if isinstance(reading.result, InputError):
            return self.set_aside(reading.result)
        try:
            text = self.cleaned(name, reading.result)
        except InputError as error:
            return self.set_aside(InputError(error.reason, path=name, field=error.field))
        except Exception as error:  # noqa: BLE001 - one article must not take the others with it, whatever is wrong with it or with us
            self.set_aside(InputError(f"internal error, please report it: {type(error).__name__}: {error}", path=name))
            return DEFECT
        if place is None:
            sys.stdout.buffer.write(text.encode())
            sys.stdout.buffer.flush()
        else:
            _write(place, text)
        return DONE

    def cleaned(self, name: str, document: Document) -> str:
        """The file for the cleaned article, whose account is checked and whose evidence is written down."""
        result = dedup.clean(document, self.config, sites=self.sites)
        text = render(result)
        changed = text != document.text
        balance = self.counts.add(result, document, changed=changed)
        if document.extra.get("characters_replaced"):
            _say(f"{name}: {document.extra['characters_replaced']} undecodable places are now U+FFFD ({document.extra['encoding']})")
        if self.report is not None:
            self.report.add(evidence(result, document, balance, changed=changed))
        return text

    def set_aside(self, error: InputError) -> int:
        """The exit code of an article that could not be read, which is named and counted."""
        self.counts.unreadable.append(error)
        _say(str(error))
        return UNREADABLE


def _write(place: Path, text: str) -> None:
    """The text stands at `place`; ConfigError when it cannot be written there, because the next one cannot either."""
    try:
        write_text(place, text)
    except OSError as error:
        message = f"{shown(place)}: cannot be written: {error.strerror or error}"
        raise ConfigError(message) from error


def _say(message: str) -> None:
    """The message stands on standard error, on a line of its own."""
    print(f"dedup: {message}", file=sys.stderr)  # noqa: T201 - the command line speaks here


# A lone hyphen would be read as an option without a name; no argument can hold a NUL, so nothing else is mistaken for this.
_HYPHEN, _STDIN = "\0", "-"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of the command line; nothing that a user can cause ends in a traceback."""
    _prepare()
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = app.meta([_HYPHEN if token == _STDIN else token for token in given])
        sys.stdout.flush()
    except DedupError as error:
        _say(str(error))
        return UNREADABLE if isinstance(error, InputError) else USAGE
    except KeyboardInterrupt:
        _say("interrupted; what was written so far is whole")
        return INTERRUPTED
    except BrokenPipeError:
        _abandon_output()
        return CLOSED_PIPE
    except OSError as error:
        _abandon_output()
        where = shown(error.filename) if error.filename else "standard output"
        _say(f"{where}: {error.strerror or error}")
        return USAGE
    return code if isinstance(code, int) else DONE


def _prepare() -> None:
    """Standard output and error speak UTF-8 under every locale, and a request to end removes unfinished files."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    signal.signal(signal.SIGTERM, _terminate)


def _abandon_output() -> None:
    """Standard output leads nowhere: the interpreter flushes once more at its end, which must not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _terminate(*_: object) -> NoReturn:
    """End by way of the clean-up of everything that is open."""
    sys.exit(TERMINATED)
