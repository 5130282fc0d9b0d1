"""`dedup config`: the settings in force, as a file that says so."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from dedup.commands.options import DONE
from dedup.config import Config
from dedup.report.settings import as_toml

HELP = """Examples:
  dedup config > dedup.toml              the defaults, to be changed there
  dedup config --near.threshold 0.9      what a run with this option goes by
Settings come from --config FILE, else from the nearest dedup.toml, or
pyproject.toml with [tool.dedup], in this folder or one above it.
"""


def show_config(*, config: Annotated[Config, Parameter(name="*", show=False)] = Config()) -> int:  # noqa: B008 - frozen
    """Print the settings in force as TOML, each with its meaning."""
    sys.stdout.write(as_toml(config))
    return DONE
