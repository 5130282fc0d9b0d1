"""Options that commands share; what they say goes over the settings of a file."""

from __future__ import annotations

import os
import select
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from dedup.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.config import Config

DONE, OVER, USAGE, UNREADABLE, DEFECT, CLOSED_PIPE = 0, 1, 2, 3, 70, 141

# A lone hyphen would be read as an option without a name; no argument can hold a NUL, so nothing else is mistaken for this.
HYPHEN, STDIN = "\0", "-"

SETTINGS = "Exit code: 0 done, 2 usage or settings, 3 some input unreadable (the rest done).\n"

Paths = Annotated[str, Parameter(name="PATH", help="Files, folders, or - for standard input.")]


@Parameter(name="*")
@dataclass(frozen=True)
class Options:
    """How inputs are read, and how much is said."""

    format: Annotated[str | None, Parameter(help="Format of the input: txt, jsonl, csv … Usual: by suffix.")] = None
    text_field: Annotated[str | None, Parameter(help="Column of the text; so --id-, --title-, --date-, --url-…")] = None
    id_field: Annotated[str | None, Parameter(show=False)] = None
    title_field: Annotated[str | None, Parameter(show=False)] = None
    date_field: Annotated[str | None, Parameter(show=False)] = None
    url_field: Annotated[str | None, Parameter(show=False)] = None
    on_error: Annotated[Literal["skip", "fail"] | None, Parameter(show_choices=False, help="What is unreadable: skip (usual) or fail.")] = (
        None
    )
    csv_safe: Annotated[bool | None, Parameter(negative="", show=False)] = None  # named beside -o and --to
    jobs: Annotated[int | None, Parameter(name=["--jobs", "-j"], help="Processes; usual: one a processor.")] = None
    dry_run: Annotated[bool, Parameter(negative="", help="Say what would change; write nothing.", show_default=False)] = False
    quiet: Annotated[
        bool, Parameter(name=["--quiet", "-q"], negative="", help="Say only what went wrong; -v: say more.", show_default=False)
    ] = False
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative="", show=False)] = False

    def over(self, config: Config) -> Config:
        """The settings, with what the options say in place of what they say."""
        names = ("text_field", "id_field", "title_field", "date_field", "url_field", "csv_safe", "on_error", "jobs")
        given = {name: value for name in names if (value := getattr(self, name)) is not None}
        return replace(config, files=replace(config.files, **given)) if given else config


USUAL = Options()


def _is_piped() -> bool:
    """True where something is piped or redirected into standard input and there is anything in it; nothing of it is read."""
    try:
        status = os.fstat(0)
    except OSError:
        return False
    if stat.S_ISREG(status.st_mode):
        return status.st_size > 0
    if not stat.S_ISFIFO(status.st_mode):
        return False
    if not hasattr(select, "poll"):
        return True
    waiting = select.poll()
    waiting.register(0, select.POLLIN)
    return any(events & select.POLLIN for _, events in waiting.poll())


def inputs(paths: Sequence[str], verb: str) -> tuple[list[str], list[Path]]:
    """The inputs by name, `-` for standard input, and those of them that are paths."""
    if not paths and _is_piped():
        paths = (HYPHEN,)
    if not paths:
        message = f"nothing to {verb}: name a file, a folder, or - for standard input"
        raise ConfigError(message)
    names = [STDIN if name == HYPHEN else name for name in paths]
    return names, [Path(name) for name in names if name != STDIN]
