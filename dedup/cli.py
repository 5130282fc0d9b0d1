"""The command line: the commands, the settings they share, and how a run ends."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tomllib
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter
from cyclopts.config import Toml

import dedup
from dedup.commands import signals
from dedup.commands.boilerplate import HELP as BOILERPLATE_HELP
from dedup.commands.boilerplate import boilerplate
from dedup.commands.clean import HELP as CLEAN_HELP
from dedup.commands.clean import clean
from dedup.commands.drop import CHECK_HELP, check, drop
from dedup.commands.drop import HELP as DROP_HELP
from dedup.commands.explain import HELP as EXPLAIN_HELP
from dedup.commands.explain import explain
from dedup.commands.help import print_help
from dedup.commands.index import index
from dedup.commands.limits import address_space
from dedup.commands.options import CLOSED_PIPE, DEFECT, DONE, HYPHEN, STDIN, UNREADABLE, USAGE
from dedup.commands.report import HELP as REPORT_HELP
from dedup.commands.report import report
from dedup.commands.run import HELP as RUN_HELP
from dedup.commands.run import run
from dedup.commands.settings import HELP as CONFIG_HELP
from dedup.commands.settings import show_config
from dedup.commands.stretches import HELP as STRETCHES_HELP
from dedup.commands.stretches import stretches
from dedup.commands.talk import say
from dedup.config import Config
from dedup.errors import DedupError, InputError
from dedup.files.names import shown
from dedup.report.account import AccountError

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXAMPLES = """Examples:
  dedup run scraped -o corpus      then without duplicates; explain says why
Every setting is an option too, as dedup config lists them: --files.largest 9999
"""

_COMPLETION = """Examples:
  dedup completion bash > ~/.local/share/bash-completion/completions/dedup
  dedup completion zsh > "${fpath[1]}/_dedup"
  dedup completion fish > ~/.config/fish/completions/dedup.fish
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
    suppress_keyboard_interrupt=False,
)


app.meta.suppress_keyboard_interrupt = False  # main says how it ended


@app.meta.default
def _start(
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    config: Annotated[Path | None, Parameter(negative="", help="Settings: a dedup.toml or pyproject.toml.")] = None,
) -> int:
    """Take the settings from a file before the options are read, which go over them."""
    path = config or _nearest()
    app.config = () if path is None else (_settings(path),)
    code = app([_spelled(token) for token in _joined(tokens)])
    return code if isinstance(code, int) else DONE


def _joined(tokens: Sequence[str]) -> list[str]:
    """The tokens, in which `--near.enabled false` is one: a setting that is on or off takes no value apart, and `false` is no input."""
    joined: list[str] = []
    for token in tokens:
        if joined and joined[-1] in _SWITCHES and token.lower() in {"true", "false"}:
            joined[-1] += f"={token}"
        else:
            joined.append(token)
    return joined


def _spelled(token: str) -> str:
    """The token; `--no-near.enabled` is `--near.no-enabled`."""
    place = token.removeprefix("--no-")
    return f"--{place.replace('.', '.no-')}" if f"--{place}" in _SWITCHES and place != token else token


_SWITCHES = frozenset(
    f"--{group.name}.{setting.name.replace('_', '-')}"
    for group in fields(Config)
    if is_dataclass(made := getattr(Config(), group.name))
    for setting in fields(made)
    if isinstance(getattr(made, setting.name), bool)
)


def _settings(path: Path) -> Toml:
    """The settings of a TOML file, which are checked."""
    Config.load(path)  # its reasons name the file and what was perhaps meant
    return Toml(path, root_keys=("tool", "dedup") if path.name == "pyproject.toml" else (), use_commands_as_keys=False)


def _nearest() -> Path | None:
    """The nearest `dedup.toml`, or `pyproject.toml` with settings of ours, in this folder or one above it."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (own := folder / "dedup.toml").is_file():
            return own
        shared = folder / "pyproject.toml"
        with contextlib.suppress(OSError, ValueError):  # a file of others that is broken is their affair
            if "dedup" in tomllib.loads(shared.read_text(encoding="utf-8")).get("tool", {}):
                return shared
    return None


app.command(clean, usage="Usage: dedup clean PATH... [OPTIONS]", help_epilogue=CLEAN_HELP)
app.command(run, usage="Usage: dedup run PATH... -o OUT [OPTIONS]", help_epilogue=RUN_HELP)
app.command(report, usage="Usage: dedup report PATH... -o HTML [OPTIONS]", help_epilogue=REPORT_HELP)
app.command(stretches, usage="Usage: dedup stretches PATH... -o OUT [OPTIONS]", help_epilogue=STRETCHES_HELP)
app.command(boilerplate, usage="Usage: dedup boilerplate PATH... [OPTIONS]", help_epilogue=BOILERPLATE_HELP)
app.command(explain, usage="Usage: dedup explain PATH [ID] [OPTIONS]", help_epilogue=EXPLAIN_HELP)
app.command(index)
app.command(show_config, name="config", usage="Usage: dedup config [OPTIONS]", help_epilogue=CONFIG_HELP)
app.command(drop, usage="Usage: dedup drop PATH... [OPTIONS]", help_epilogue=DROP_HELP)
app.command(check, usage="Usage: dedup check PATH... [OPTIONS]", help_epilogue=CHECK_HELP)


# A file in the function path defines the function and has to call it; one that is sourced says what it completes.
_ZSH = """
if [[ $zsh_eval_context[-1] == (loadautofunc|shfunc) ]]; then
  _cyclopts_dedup "$@"
else
  compdef _cyclopts_dedup dedup
fi
"""


@app.command(help_epilogue=_COMPLETION)
def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], Parameter(name="SHELL", help="bash, zsh or fish.", show_choices=False)], /
) -> int:
    """Print what makes a shell complete commands and options."""
    sys.stdout.write(app.generate_completion(shell=shell) + (_ZSH if shell == "zsh" else ""))
    return DONE


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of the command line; nothing that a user can cause ends in a traceback."""
    before = signals.handlers()
    try:
        return _main(arguments)
    finally:
        signals.restore(before)


def _main(arguments: Sequence[str] | None) -> int:  # noqa: PLR0911 - each way to end has its code
    _prepare()
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = app.meta([HYPHEN if token == STDIN else token for token in given])
        sys.stdout.flush()
    except DedupError as error:
        say(str(error))
        return UNREADABLE if isinstance(error, InputError) else USAGE
    except AccountError as error:
        say(f"internal error, please report it: {error}")
        return DEFECT
    except KeyboardInterrupt as stop:
        return _ended(signal.SIGINT, stop)
    except SystemExit as stop:
        if stop.code != signals.TERMINATED:
            raise
        return _ended(signal.SIGTERM, stop)
    except BrokenPipeError:
        _abandon_output()
        return CLOSED_PIPE
    except OSError as error:
        if error.errno is None and address_space() is not None:
            raise  # a library that finds no room: who watches this process tells of it
        _abandon_output()
        where = shown(error.filename) if error.filename else "standard output"
        say(f"{where}: {error.strerror or error}")
        return USAGE
    except Exception as error:
        if not signals.asked():  # a request that a library has turned into an error of its own
            raise
        return _ended(signals.asked(), error)
    return code if isinstance(code, int) else DONE


# What ended runs, with what they had in hand: LLVM crashes where a module that is half compiled is given back, in one run of a hundred
# that were told to end while they compiled.
_STOPS: list[BaseException] = []


def _ended(number: int, stop: BaseException) -> int:
    """The exit code of a run that was told to end, which says in one line what is done and what is kept."""
    signals.stop_listening()
    _STOPS.append(stop)
    how = "interrupted" if number == signal.SIGINT else "terminated"
    say("; ".join([f"{how}: no unfinished file is left", *getattr(stop, "__notes__", ())]))
    return 128 + number


def _prepare() -> None:
    """Standard output and error speak UTF-8 under every locale, and a request to end removes unfinished files."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    signals.listen()


def _abandon_output() -> None:
    """Standard output leads nowhere: the interpreter flushes once more at its end, which must not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
