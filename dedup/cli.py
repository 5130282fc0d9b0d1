"""The command line: the commands, the settings they share, and how a run ends."""

from __future__ import annotations

import os
import signal
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

from cyclopts import App, Parameter
from cyclopts.config import Toml

import dedup
from dedup.commands.clean import HELP as CLEAN_HELP
from dedup.commands.clean import clean
from dedup.commands.drop import CHECK_HELP, check, drop
from dedup.commands.drop import HELP as DROP_HELP
from dedup.commands.explain import HELP as EXPLAIN_HELP
from dedup.commands.explain import explain
from dedup.commands.help import print_help
from dedup.commands.options import CLOSED_PIPE, DONE, HYPHEN, INTERRUPTED, STDIN, TERMINATED, UNREADABLE, USAGE
from dedup.commands.run import HELP as RUN_HELP
from dedup.commands.run import run
from dedup.commands.talk import say
from dedup.errors import ConfigError, DedupError, InputError
from dedup.files.names import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXAMPLES = """Examples:
  dedup clean scraped -o cleaned   each article once, to the same names
  dedup run scraped -o corpus      the same, then without duplicates
  dedup drop a.jsonl b.jsonl -o kept.jsonl --removed removed.jsonl
  dedup explain removed.jsonl 4711 the two texts side by side
Every setting is an option too, as dedup config lists them: --files.largest 9999
"""

app = App(
    name="dedup",
    help="Keep one good copy of scraped articles, and tell what was removed and why.",
    usage="Usage: dedup COMMAND [OPTIONS]",
    help_format="plaintext",
    help_formatter=print_help,
    help_epilogue=_EXAMPLES,
    version=f"dedup {dedup.__version__}",
    result_action="return_value",
)


@app.meta.default
def _start(
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    config: Annotated[Path | None, Parameter(negative="", help="Settings: a dedup.toml or pyproject.toml.")] = None,
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


app.command(clean, usage="Usage: dedup clean PATH... [OPTIONS]", help_epilogue=CLEAN_HELP)
app.command(run, usage="Usage: dedup run PATH... -o OUT [OPTIONS]", help_epilogue=RUN_HELP)
app.command(explain, usage="Usage: dedup explain PATH [ID] [OPTIONS]", help_epilogue=EXPLAIN_HELP)
app.command(drop, usage="Usage: dedup drop PATH... [OPTIONS]", help_epilogue=DROP_HELP)
app.command(check, usage="Usage: dedup check PATH... [OPTIONS]", help_epilogue=CHECK_HELP)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of the command line; nothing that a user can cause ends in a traceback."""
    _prepare()
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = app.meta([HYPHEN if token == STDIN else token for token in given])
        sys.stdout.flush()
    except DedupError as error:
        say(str(error))
        return UNREADABLE if isinstance(error, InputError) else USAGE
    except KeyboardInterrupt:
        say("interrupted; what was written so far is whole")
        return INTERRUPTED
    except BrokenPipeError:
        _abandon_output()
        return CLOSED_PIPE
    except OSError as error:
        _abandon_output()
        where = shown(error.filename) if error.filename else "standard output"
        say(f"{where}: {error.strerror or error}")
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
