"""Pairs that a person labelled, and what thresholds make of them: precision, recall and F1."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from dedup.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_SAME, _DIFFERENT = "same", "different"
_LARGEST = 1 << 27  # characters of a cell: the table may hold texts


class Label(NamedTuple):
    """A pair's score, whether both say the same, and how many compared pairs it stands for."""

    score: float
    same: bool
    weight: float


class Measured(NamedTuple):
    """What a threshold does: the share of the pairs it takes that are the same, and the share of the same ones that it takes."""

    threshold: float
    precision: float
    recall: float
    f1: float
    taken: int


class Labels(NamedTuple):
    """The labelled pairs, and how many rows have no label yet."""

    labels: list[Label]
    open: int


def read_labels(path: Path) -> Labels:
    """The labels of a CSV with the columns `label` (same, different or nothing) and `score`.

    With `from`, `to` and `pairs` a label stands for its part of the pairs of that stratum. Raises InputError with the line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = "the file is not UTF-8"
        raise InputError(reason, path=str(path)) from error
    rows = list(_rows(text, path))
    labelled = [(line, row) for line, row in rows if row["label"].strip()]
    strata = Counter((row.get("from"), row.get("to")) for _, row in labelled)
    return Labels([_label(row, strata, path, line) for line, row in labelled], len(rows) - len(labelled))


def _rows(text: str, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their first lines, by the columns that the first one names; commas or semicolons, as spreadsheets save them."""
    head = text.split("\n", 1)[0]
    limit = csv.field_size_limit(_LARGEST)
    try:
        table = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
        names = [name.strip().casefold() for name in next(table, [])]
        if not {"label", "score"} <= set(names):
            reason = "a table with the columns label and score is needed, as run --sample writes it"
            raise InputError(reason, path=str(path), line=1)
        line = table.line_num + 1
        for cells in table:
            if any(cell.strip() for cell in cells):
                yield line, {name: cells[i] if i < len(cells) else "" for i, name in enumerate(names)}
            line = table.line_num + 1
    except csv.Error as error:
        raise InputError(str(error), path=str(path), line=table.line_num) from error
    finally:
        csv.field_size_limit(limit)


def _label(row: dict[str, str], strata: Counter[tuple[str | None, str | None]], path: Path, line: int) -> Label:
    """A row's label."""
    said = row["label"].strip().casefold()
    if said not in {_SAME, _DIFFERENT}:
        reason = f"a label is same, different or nothing, not {row['label']!r}"
        raise InputError(reason, path=str(path), line=line, field="label")
    score = _number(row, "score", path, line)
    pairs = _number(row, "pairs", path, line) if row.get("pairs", "").strip() else 0.0
    return Label(score, said == _SAME, pairs / strata[row.get("from"), row.get("to")] if pairs else 1.0)


def _number(row: dict[str, str], name: str, path: Path, line: int) -> float:
    """A number that is not negative."""
    try:
        value = float(row[name].replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        reason = f"a number is needed, not {row[name]!r}"
        raise InputError(reason, path=str(path), line=line, field=name)
    return value


def measure(labels: Sequence[Label], thresholds: Sequence[float]) -> list[Measured]:
    """What each threshold does: a pair is taken when its score is no less."""
    same = sum(label.weight for label in labels if label.same)
    out = []
    for threshold in thresholds:
        taken = [label for label in labels if label.score >= threshold]
        right, all_taken = (sum(label.weight for label in some) for some in ([t for t in taken if t.same], taken))
        precision, recall = right / all_taken if all_taken else 1.0, right / same if same else 1.0
        f1 = 2 * right / (all_taken + same) if all_taken + same else 1.0
        out.append(Measured(threshold, precision, recall, f1, len(taken)))
    return out


def thresholds_of(labels: Sequence[Label], now: float) -> list[float]:
    """Hundredths from below the least score to above the greatest, and the threshold in force."""
    scores = [label.score for label in labels]
    first, last = int(min(scores) * 100 + 1e-6), min(int(max(scores) * 100 + 1e-6) + 1, 100)
    return sorted({k / 100 for k in range(first, last + 1)} | {now})


def best(measured: Sequence[Measured]) -> Measured:
    """The one of the greatest F1; of equal ones the highest threshold, which removes least."""
    return max(measured, key=lambda one: (round(one.f1, 9), one.threshold))
