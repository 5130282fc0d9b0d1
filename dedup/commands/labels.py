"""`dedup check --labels`: what thresholds make of pairs that a person labelled."""

from __future__ import annotations

from pathlib import Path

from dedup.errors import InputError
from dedup.files.names import shown
from dedup.plural import number
from dedup.report.labels import Labels, best, measure, read_labels, thresholds_of


def print_measured(path: Path, now: float) -> None:
    """A line a threshold, with its precision, recall and F1, the one in force and the best one marked."""
    if not path.is_file():
        reason = "there is no such file"
        raise InputError(reason, path=shown(path))
    read = read_labels(path)
    if not read.labels:
        reason = "no pair is labelled yet: write same or different in the column label"
        raise InputError(reason, path=shown(path))
    print("\n".join(_lines(read, now)))  # noqa: T201 - the result


def _lines(read: Labels, now: float) -> list[str]:
    """The table and what it says."""
    labels = read.labels
    measured = measure(labels, thresholds_of(labels, now))
    first, same = best(measured), sum(label.same for label in labels)
    lines = ["threshold  precision  recall     F1  pairs"]
    for one in measured:
        marks = [name for name, true in (("best", one is first and same > 0), ("in force", one.threshold == now)) if true]
        figures = f"{_told(one.threshold):>9}  {one.precision:9.3f}  {one.recall:6.3f}  {one.f1:5.3f}  {one.taken:5,}"
        lines.append(figures + (f"  {', '.join(marks)}" if marks else ""))
    low, high = min(label.score for label in labels), max(label.score for label in labels)
    unlabelled = f", {read.open:,} without a label" if read.open else ""
    what = f"{number(len(labels), 'labelled pair')}: {same:,} same, {len(labels) - same:,} different"
    lines.append(f"{what}{unlabelled}; scores from {low:.3f} to {high:.3f}")
    if not same:
        return [*lines, "no labelled pair is the same: any threshold above these scores fits"]
    lines.append(f"best: --near.threshold {_told(first.threshold)}")
    return lines


def _told(threshold: float) -> str:
    """The threshold in hundredths, or with as many digits as it has."""
    return f"{threshold:.2f}" if round(threshold, 2) == threshold else f"{threshold:g}"
