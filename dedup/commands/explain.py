"""`dedup explain`: why something went, in an article or in a corpus."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

import dedup
from dedup.commands.boilerplate import OFF, chosen
from dedup.commands.options import DONE, HYPHEN, SETTINGS, STDIN, UNREADABLE, USUAL, Options
from dedup.commands.talk import load_kernels, say
from dedup.config import Config
from dedup.errors import ConfigError, InputError
from dedup.files.columns import Row
from dedup.files.read import STDIN as STANDARD_INPUT
from dedup.files.read import Source, find_files, read_items, read_rows
from dedup.report.explain import explain as explained
from dedup.report.explain import side_by_side

HELP = (
    """Examples:
  dedup explain scraped/article.txt     what goes inside it, and because of what
  dedup explain removed.jsonl 4711      a dropped row beside the kept one
"""
    + SETTINGS
)
_EVIDENCE = {"of", "of_path", "score"}
_MOST = 10  # rows or names that are shown


def explain(
    path: Annotated[str, Parameter(name="PATH", help="A file or folder of articles; or what drop --removed wrote.")],
    identifier: Annotated[str | None, Parameter(name="ID", help="The id, or the number, of a row that went.")] = None,
    /,
    *,
    boilerplate: Annotated[str, Parameter(help="What sites add: a TOML file, or learn.", show_default=False)] = OFF,
    options: Options = USUAL,
    config: Annotated[Config, Parameter(name="*", show=False)] = Config(),  # noqa: B008 - frozen
) -> int:
    """Show what went, and the kept text that says the same."""
    config = options.over(config)
    load_kernels(quiet=options.quiet)
    name = STDIN if path == HYPHEN else path
    if identifier is not None:
        return _pairs(name, STDIN if identifier == HYPHEN else identifier, options, config)
    code = DONE
    width, color = _terminal()
    sources = find_files([name], options.format)
    known = chosen(boilerplate, sources, None, config)
    for source in sources:
        _refuse_evidence(source)
        for item in read_items(source, config.files):
            if isinstance(item.content, InputError):
                say(str(item.content))
                code = UNREADABLE
            elif isinstance(item.content, Row) and item.document is not None:
                sys.stdout.write(explained(dedup.clean(item.document, config, boilerplate=known), width=width, color=color))
    return code


def _terminal() -> tuple[int, bool]:
    """The width of standard output, and whether it shows colours."""
    from rich.console import Console

    console = Console()
    return console.width, console.is_terminal and not console.no_color


def _pairs(name: str, identifier: str, options: Options, config: Config) -> int:
    """The rows of this id or number that went, each beside the row that stayed."""
    rows = [row for row in _evidence(name) if identifier in {str(row.get("id")), str(row.get("row"))}]
    by_id = [row for row in rows if str(row.get("id")) == identifier]
    if not rows:
        message = f"{name}: no row {identifier!r} went; {_known(name)}"
        raise ConfigError(message)
    width, color = _terminal()
    for row in (by_id or rows)[:_MOST]:
        texts = (_text(row, "", options, config), _text(row, "of_", options, config))
        names = (f"removed: {_place(row, '')}", f"kept: {_place(row, 'of_')}")
        said = f"{row.get('kind')}, score {row.get('score')}"
        sys.stdout.write(side_by_side(texts, names, said=said, width=width, color=color))
    return DONE


def _evidence(name: str) -> list[dict[str, Any]]:
    """The rows of a file that says what was dropped; ConfigError when it says something else."""
    rows = [dict(row.columns) for source in find_files([name]) for row in read_rows(source)]
    if not rows or not rows[0].keys() >= _EVIDENCE:
        message = f"{name} does not say what was dropped: it is to be the file that drop --removed or run wrote"
        raise ConfigError(message)
    return rows


def _known(name: str) -> str:
    """The first ids that could be meant."""
    ids = [str(row["id"] if row.get("id") is not None else row.get("row")) for row in _evidence(name)]
    return f"those that did: {', '.join(ids[:_MOST])}" + (", …" if len(ids) > _MOST else "")


def _refuse_evidence(source: Source) -> None:
    """Raise ConfigError when a file says what was dropped: one of its rows has to be named."""
    if source.kind.name != "jsonl" or source.path is STANDARD_INPUT:
        return
    with contextlib.suppress(InputError, OSError):
        first = next(read_rows(source), None)
        if first is not None and first.columns.keys() >= _EVIDENCE:
            message = f"which row? dedup explain {source.path} ID; {_known(str(source.path))}"
            raise ConfigError(message)


def _place(row: dict[str, Any], side: str) -> str:
    """The id, the file and the line of a side."""
    line = row.get(f"{side}line")
    where = f"{row.get(f'{side}path')}" + (f":{line}" if line is not None else "")
    name = row.get(f"{side}id")
    return where if name is None or str(name) in where else f"{name} ({where})"


def _text(row: dict[str, Any], side: str, options: Options, config: Config) -> str:
    """The text of a side: what the evidence holds, else what stands where it says."""
    if isinstance(text := row.get(f"{side}text"), str):
        return text
    path, line = str(row.get(f"{side}path")), row.get(f"{side}line")
    if not Path(path).exists():
        message = "the file with the text is not there any more"
        raise InputError(message, path=path, line=line)
    for source in find_files([path], options.format):
        for item in read_items(source, config.files):
            if isinstance(item.content, Row) and item.document is not None and (line is None or item.content.line == line):
                return item.document.text
    message = "the text is not there any more"
    raise InputError(message, path=path, line=line)
