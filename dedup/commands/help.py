"""Help on one screen: a line an option, without frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cyclopts.help import HelpEntry, HelpPanel
    from rich.console import Console, ConsoleOptions


def print_help(console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
    """The panel's entries stand under its title, names left, meanings right."""
    from rich.table import Table
    from rich.text import Text

    del options
    if not panel.entries:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for entry in panel.entries:
        table.add_row(Text(f"  {_name(entry)}", style="bold" if console.is_terminal else ""), entry.description or "")
    if panel.title != "Arguments":  # they are named in the usage above
        console.print(Text(f"{'Options' if panel.title == 'Parameters' else panel.title}:"))
    console.print(table)


def _name(entry: HelpEntry) -> str:
    """`-o, --output PATH`."""
    names = [*entry.positive_shorts, *entry.positive_names]
    if entry.positional_label and not names:
        return entry.positional_label
    return ", ".join(names) + (f" {entry.metavar}" if entry.metavar else "")
