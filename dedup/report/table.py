"""The table of what a run did, for people at a terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dedup.plural import number
from dedup.report.counts import told_of

if TYPE_CHECKING:
    from rich.console import Console

    from dedup.report.counts import Counts

_MOST_REASONS = 8  # lines of reasons; the rest is one line


def rows(counts: Counts, seconds: float) -> list[tuple[str, str]]:
    """The lines of the table: what was counted, and how much of it there was."""
    lines = [("read", f"{counts.read:,}"), ("changed", f"{counts.changed:,}")]
    places = counts.removals.total()
    lines.append(("removed inside articles", f"{number(counts.characters['removed'], 'character')}, {number(places, 'place')}"))
    if counts.boilerplate:
        lines.append(("  of them boilerplate", f"{counts.removals['boilerplate']:,} by {told_of(counts.boilerplate)}"))
    if counts.exact or counts.near:
        lines += [("removed as equal", f"{counts.exact:,}"), ("removed as nearly equal", f"{counts.near:,}")]
    if counts.empty:
        lines.append(("without a body", f"{counts.empty:,}"))
    if counts.guessed:
        lines.append(("encoding guessed", ", ".join(f"{count:,} {name}" for name, count in sorted(counts.guessed.items()))))
    if counts.replaced:
        lines.append(("with undecodable bytes", f"{counts.replaced:,}"))
    lines.append(("unreadable", f"{len(counts.unreadable):,}"))
    reasons = Counter(error.reason for error in counts.unreadable).most_common()
    lines += [(f"  {reason}", f"{count:,}") for reason, count in reasons[:_MOST_REASONS]]
    if rest := sum(count for _, count in reasons[_MOST_REASONS:]):
        lines.append(("  for other reasons", f"{rest:,}"))
    speed = f", {counts.bytes / 1e6 / seconds:,.1f} MB/s" if counts.bytes and seconds else ""
    return [*lines, ("time", f"{seconds:,.1f} s{speed}")]


def print_table(counts: Counts, seconds: float, signature: str, console: Console | None = None) -> None:
    """The table and the signature stand on standard error, as wide as the terminal allows."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = console or Console(stderr=True)
    table = Table(box=box.SIMPLE_HEAD, show_header=False, show_edge=False, pad_edge=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right", style="bold", overflow="fold")
    for name, value in rows(counts, seconds):
        table.add_row(Text(name), Text(value))
    console.print(table)
    console.print(Text(signature, style="dim"), soft_wrap=True)
