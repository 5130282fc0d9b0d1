"""`dedup report`: the page of a run, made from what the run wrote."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from dedup.commands.options import DONE
from dedup.commands.reread import told as said
from dedup.commands.reread import with_texts
from dedup.commands.talk import say
from dedup.config import Config, Near
from dedup.errors import ConfigError, InputError
from dedup.files.names import shown
from dedup.files.write import atomic
from dedup.plural import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.report.page.evidence import Evidence

HELP = """Examples:
  dedup report corpus.removed.jsonl -o report.html    and corpus.report.json
  dedup report report.json -o report.html             what clean --report wrote
  dedup report copies.json -o report.html             what stretches --report wrote
Exit code: 0 done, 2 usage or settings, 3 the evidence is unreadable.
"""
_REMOVED, _REPORT = ".removed.jsonl", ".report.json"
_MEGABYTE = 1_000_000


def report(
    *paths: Annotated[str, Parameter(name="PATH", help="What run, drop --removed, clean or stretches --report wrote.")],
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], help="HTML file for the page.")] = None,
    texts: Annotated[int, Parameter(help="Most megabytes of packed texts in the page.")] = 24,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative="", help="Say only what went wrong.", show_default=False)] = False,
    config: Annotated[Config, Parameter(name="*", show=False)] = Config(),  # noqa: B008 - frozen
) -> int:
    """Make the page of a run from what it wrote."""
    if output is None:
        message = "where to? -o report.html"
        raise ConfigError(message)
    if not paths:
        message = "of what? Name the file that run, drop --removed, clean --report or stretches --report wrote"
        raise ConfigError(message)
    if texts < 0:
        message = f"--texts must be 0 or more, not {texts}"
        raise ConfigError(message)
    files = _files([Path(path) for path in paths], output)
    removed = files.get("removed")
    output.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".dedup-", dir=output.parent) as folder:
        from dedup.report.page.evidence import read_evidence

        again = None if removed is None else with_texts(removed, Path(folder), config.files)
        if again is not None and not quiet:
            say(said(again))
        evidence = read_evidence(removed if again is None else again.path, files.get("report"), files.get("stretches"))
        write(evidence, output, config.near, texts * _MEGABYTE)
    if not quiet:
        shared = evidence.stretches
        told = [] if shared is None else [number(shared.stretches, "stretch")]
        told = [number(evidence.kinds.total(), "removal"), *told] if evidence.kinds or not told else told
        say(f"{' and '.join(told)} in {shown(output)}")
    return DONE


def write(evidence: Evidence, output: Path, near: Near, most_texts: int | None = None) -> None:
    """The page of the evidence stands in the file; `near` are the settings where the evidence says none."""
    from dedup.report.page.page import MOST_TEXTS, write_page

    if evidence.near is not None:
        near = _settings(evidence.near, evidence.report_file)
    with atomic(output) as file:
        write_page(evidence, near, file, MOST_TEXTS if most_texts is None else most_texts)


def _settings(said: dict[str, Any], path: Path | None) -> Near:
    """The settings that the evidence names."""
    known = asdict(Near())
    try:
        return Near(**{name: value for name, value in said.items() if name in known})
    except (ConfigError, TypeError) as error:
        reason = f"the settings are none of this version: {error}"
        raise InputError(reason, path=shown(path or Path())) from error


def _files(paths: Sequence[Path], output: Path) -> dict[str, Path]:
    """The files by what they are: `removed` rows, a `report` of articles, which `run` wrote beside the first, one of `stretches`."""
    from dedup.report.page.evidence import kind_of

    files: dict[str, Path] = {}
    for path in paths:
        if not path.is_file():
            message = "there is no such file"
            raise InputError(message, path=shown(path))
        if output.exists() and path.samefile(output):
            message = f"{shown(path)} would be overwritten: choose another output"
            raise ConfigError(message)
        if (kind := kind_of(path)) in files:
            message = f"{shown(files[kind])} and {shown(path)} are of one kind: name one of removed rows, one of articles, one of stretches"
            raise ConfigError(message)
        files[kind] = path
    removed = files.get("removed")
    if removed is not None and "report" not in files and removed.name.endswith(_REMOVED):
        beside = removed.with_name(removed.name.removesuffix(_REMOVED) + _REPORT)
        if beside.is_file() and kind_of(beside) == "report":
            files["report"] = beside
    return files
