"""The pairs about the threshold as `run` tells them: in the report, and as a table for a person to label."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import orjson

from dedup.errors import ConfigError
from dedup.files.names import shown
from dedup.files.write import write_text

if TYPE_CHECKING:
    from pathlib import Path

    from dedup.commands.dropping import Corpus
    from dedup.corpus.duplicates import Found

PAIRS = 60  # kept about the threshold in every run: four of each stratum
FIELDS = ("label", "score", "from", "to", "pairs", "id", "of_id", "path", "line", "of_path", "of_line", "text", "of_text")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def told_of(corpus: Corpus, number: int, side: str) -> dict[str, Any]:
    """What is known of an article that `run` spooled, under names of a side: `` or `of_`; where it stands is always told."""
    row: dict[str, Any] = orjson.loads(corpus.reader.data(corpus.place(number)))
    known = {name: value for name, value in row.items() if value is not None or name in {"id", "path", "line", "text"}}
    return {f"{side}{name}": value for name, value in known.items()}


def pairs_about(corpus: Corpus, found: Found) -> dict[str, Any] | None:
    """The pairs about the threshold with their texts, as JSON holds them; None where nothing was compared.

    Each names its stratum of scores (`from`, `to`) and how many pairs that holds: a few pairs stand for so many.
    """
    about = found.borderline
    if about is None:
        return None
    pairs = []
    for first, second, score in zip(about.first.tolist(), about.second.tolist(), about.score.tolist(), strict=True):
        low, high, number = about.stratum(score)
        stratum = {"score": round(score, 6), "from": low, "to": high, "pairs": number}
        pairs.append({**stratum, "row": second, **told_of(corpus, second, ""), "of": first, **told_of(corpus, first, "of_")})
    return {
        "threshold": about.threshold,
        "histogram": about.histogram.tolist(),
        "removed": list(zip(about.thresholds.tolist(), about.removed.tolist(), strict=True)),
        "pairs": pairs,
    }


def refuse_labels(path: Path, sample: int) -> None:
    """Raise ConfigError when the sample cannot be written: a file that is there may hold what a person marked."""
    if sample < 0:
        message = f"--sample must be 0 or more, not {sample}"
        raise ConfigError(message)
    if path.exists():
        message = f"{shown(path)} is there already and may hold marks: move it away, or leave out --sample"
        raise ConfigError(message)


def save_labels(path: Path, about: dict[str, Any] | None, most: int) -> int:
    """How many of the pairs stand in the file, whose first column is for `same` or `different`."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(FIELDS)
    pairs = [] if about is None else about["pairs"][:most]
    for pair in sorted(pairs, key=lambda pair: (pair["score"], pair["row"], pair["of"])):
        table.writerow([_cell(pair.get(name)) for name in FIELDS])
    write_text(path, out.getvalue())
    return len(pairs)


def _cell(value: object) -> str:
    """A cell that a spreadsheet takes as text: what would be a formula begins with an apostrophe."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else str(value)
