"""Outcomes as tables and as JSON."""

from __future__ import annotations

import difflib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from benchmarks.quality.generate import Case
    from benchmarks.quality.metrics import Outcome

_MOST_LINES = 24
_COLUMNS = ("cases", "exact %", "lost %", "worst lost %", "left over %", "false removals", "errors")


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """The figures of a set of outcomes; shares are of the true texts' folded characters."""
    total = max(1, sum(o.characters for o in outcomes))
    return {
        "cases": len(outcomes),
        "exact %": 100 * sum(o.exact for o in outcomes) / max(1, len(outcomes)),
        "lost %": 100 * sum(o.lost for o in outcomes) / total,
        "worst lost %": max((100 * o.lost / max(1, o.characters) for o in outcomes), default=0.0),
        "left over %": 100 * sum(o.left_over for o in outcomes) / total,
        "false removals": sum(o.false_removals for o in outcomes),
        "errors": sum(bool(o.error) for o in outcomes),
    }


def tally(outcomes: Iterable[Outcome], key: Callable[[Outcome], str]) -> dict[str, dict[str, float]]:
    """The figures of each set that shares a key, in the order in which the keys first appear."""
    sets: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        sets[key(outcome)].append(outcome)
    return {name: figures(members) for name, members in sets.items()}


def summarise(outcomes: Sequence[Outcome]) -> dict[str, dict[str, dict[str, float]]]:
    """All tables of a run: by operator, by group and language, by group and size, and the whole."""
    return {
        "operator": tally(outcomes, lambda o: f"{o.group}/{o.operator}"),
        "language": tally(outcomes, lambda o: f"{o.group}  {o.language}"),
        "size": tally(outcomes, lambda o: f"{o.group}  {o.size}"),
        "group": tally(outcomes, lambda o: o.group) | {"all": figures(outcomes)},
    }


def table(title: str, rows: dict[str, dict[str, float]], columns: Sequence[str] = _COLUMNS) -> str:
    """One table as plain text, numbers to the right."""
    width = max(map(len, [title, *rows])) + 1
    head = title.ljust(width) + "".join(column.rjust(max(11, len(column) + 2)) for column in columns)
    body = [name.ljust(width) + "".join(_cell(row[column], column) for column in columns) for name, row in rows.items()]
    return "\n".join([head, "-" * len(head), *body])


def _cell(value: float, column: str) -> str:
    text = f"{int(value):,}" if float(value).is_integer() and "%" not in column else f"{value:.3f}" if "lost" in column else f"{value:.2f}"
    return text.rjust(max(11, len(column) + 2))


def as_text(summary: dict[str, dict[str, dict[str, float]]]) -> str:
    """All tables, the details first and the whole last."""
    return "\n\n".join(table(name, rows) for name, rows in summary.items())


def as_json(summary: dict[str, dict[str, dict[str, float]]], facts: dict[str, Any]) -> dict[str, Any]:
    """The tables with what the run was made on."""
    return {**facts, **{name: {k: {c: round(v, 4) for c, v in row.items()} for k, row in rows.items()} for name, rows in summary.items()}}


def difference(case: Case, paragraphs: Sequence[str], outcome: Outcome, width: int = 160) -> str:
    """A failing case for the eye: the text's lines, then truth against answer, long lines cut in the middle."""
    head = f"=== {case.group}/{case.operator}  {case.language}  article {case.article}  lost {outcome.lost}  left over {outcome.left_over}"
    if outcome.error:
        return f"{head}\n{outcome.error}"
    lines = case.text.splitlines()
    text = "\n".join(f"    | {_cut(line, width)}" for line in lines[:_MOST_LINES]) + ("\n    | ..." if len(lines) > _MOST_LINES else "")
    found = [p.strip() for p in paragraphs]
    shown = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, case.truth, found, autojunk=False).get_opcodes():
        if tag != "equal":
            shown += _pairs(case.truth[a:b], found[c:d], width)
    return "\n".join([head, text, *(shown[:_MOST_LINES] or ["(the same paragraphs; white space or evidence differs)"])])


def _pairs(truth: Sequence[str], found: Sequence[str], width: int) -> list[str]:
    """True and found lines in turn, from shortly before the place where they part."""
    shown = []
    for i in range(max(len(truth), len(found))):
        one, other = (side[i] if i < len(side) else None for side in (truth, found))
        parts = next(
            (k for k, (x, y) in enumerate(zip(one or "", other or "", strict=False)) if x != y), min(len(one or ""), len(other or ""))
        )
        start = max(0, parts - 30) if one is not None and other is not None else 0
        shown += [f"{name}@{start}| {_cut(line[start:], width)}" for name, line in (("true ", one), ("found", other)) if line is not None]
    return shown


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width // 2]} <{len(text) - width}> {text[-width // 2 :]}"
