"""How commands that read articles begin: the settings in force, the inputs by name, and the files that these stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dedup.commands.options import Options, inputs
from dedup.commands.talk import load_kernels
from dedup.files.read import find_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dedup.config import Config
    from dedup.files.read import Source


class Begun(NamedTuple):
    """The settings with what the options say, the inputs that are paths, and the files."""

    config: Config
    places: list[Path]
    sources: list[Source]


def begin(paths: Sequence[str], verb: str, options: Options, config: Config, *, more: bool = False) -> Begun:
    """What a command has to go on. Raises ConfigError when there is nothing to `verb`, unless there is `more` than the paths."""
    config = options.over(config)
    load_kernels(quiet=options.quiet)
    names, places = inputs(paths, verb) if paths or not more else ([], [])
    return Begun(config, places, find_files(names, options.format, follow_links=config.files.follow_links))
