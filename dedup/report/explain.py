"""Removals for people: what went, where the kept text stands that says the same, how alike they are, and what differs."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

from dedup.plural import number

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from dedup.model import Clean, Repeat, Span

_WIDTH = 88
_EXCERPT = 120  # characters of a removed or kept stretch that are shown
_MOST_DIFFERENCES = 8
_MOST_WORDS = 20_000  # of a text that is compared; the comparison's memory grows with the square, 50 MB then
_IDEOGRAPHS = "\u2e80-\u2fff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|(?:(?![{_IDEOGRAPHS}])[^\W_])+")
_KINDS = {
    "block": "several paragraphs on one line",
    "copy": "paragraphs said again as paragraphs",
    "paragraph": "one paragraph said again",
    "teaser": "the start of the text, broken off",
    "title": "the title as a line of the body",
    "boilerplate": "what the site puts into its articles",
    "summary": "a labelled line that is a paragraph of the body",
}


class Difference(NamedTuple):
    """Words that stand in one text alone, and those in their place in the other; the spans count characters."""

    before: tuple[int, int]
    after: tuple[int, int]


def explain(clean: Clean, *, width: int = _WIDTH, color: bool = False) -> str:
    """Each removal of an article as text: where it stood, what it said, what kept text says the same, the score, what differed."""
    from rich.text import Text

    title = clean.document.title or clean.document.id or "the article"
    parts: list[RenderableType] = [Text(f"{title}: {_headline(clean)}", style="bold")]
    for place, repeat in enumerate(clean.removed, 1):
        parts += ["", *_removal(clean.repaired, repeat, place)]
    return _rendered(parts, width, color=color)


def side_by_side(texts: tuple[str, str], names: tuple[str, str], *, said: str = "", width: int = _WIDTH, color: bool = False) -> str:
    """Two texts in two columns, in which the words that both have are marked: in green, or by what is not in [brackets]."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    for _ in texts:
        table.add_column(ratio=1, overflow="fold")
    table.add_row(*(Text(name, style="bold") for name in names))
    changes = differences(*texts)
    sides = ([change.before for change in changes], [change.after for change in changes])
    table.add_row(*(_marked(text, spans, color=color) for text, spans in zip(texts, sides, strict=True)))
    shared = "green: words that both have" if color else "[in brackets]: words that only one has"
    return _rendered([Text(f"{said}{' · ' if said else ''}{shared}"), "", table], width, color=color)


def differences(before: str, after: str) -> list[Difference]:
    """Where the words of two texts differ, by the fewest changes of words; case and punctuation are no difference."""
    from rapidfuzz.distance import Levenshtein

    words = [[match for match, _ in zip(_WORD.finditer(text), range(_MOST_WORDS), strict=False)] for text in (before, after)]
    folded = [[match[0].casefold() for match in matches] for matches in words]
    return [
        Difference(_reach(words[0], code.src_start, code.src_end), _reach(words[1], code.dest_start, code.dest_end))
        for code in Levenshtein.opcodes(*folded)
        if code.tag != "equal"
    ]


def _reach(words: list[re.Match[str]], first: int, last: int) -> tuple[int, int]:
    """From the start of the first word to the end of the last one; nothing where there is none."""
    return (words[first].start(), words[last - 1].end()) if first < last else (0, 0)


def _headline(clean: Clean) -> str:
    """How much went, in how many places."""
    gone = sum(repeat.span.end - repeat.span.start for repeat in clean.removed)
    places = len(clean.removed)
    if not places:
        return "nothing was removed"
    return f"{gone:,} of {number(len(clean.repaired), 'character')} removed in {number(places, 'place')}"


def _removal(text: str, repeat: Repeat, place: int) -> list[RenderableType]:
    """One removal: what it is, what went, what stays, what differs."""
    from rich.table import Table
    from rich.text import Text

    gone, kept = text[slice(*repeat.span)], text[slice(*repeat.of)]
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=10)
    table.add_column(overflow="fold")
    table.add_row("   removed", Text.assemble(_place(text, repeat.span), ": ", (_excerpt(gone), "red")))
    if repeat.shared is not None:
        host, where, pattern, articles, of = repeat.shared
        words = {"line": "a line", "start": "the first words", "end": "the last words"}[where]
        counted = f", in {articles:,} of the {number(of, 'article')} that were looked at" if of else ""
        table.add_row("   pattern", Text.assemble((_excerpt(pattern), "green"), f" ({words} of {host}{counted})"))
        return [Text(f"{place}. {repeat.kind} ({_KINDS[repeat.kind]})"), table]
    table.add_row("   kept", Text.assemble(_place(text, repeat.of), ": ", (_excerpt(kept), "green")))
    table.add_row("   differs", Text.assemble(*_told(differences(gone, kept), gone, kept)))
    return [Text(f"{place}. {repeat.kind} ({_KINDS.get(repeat.kind, 'a repeat')}), score {repeat.score:.2f}"), table]


def _told(changes: list[Difference], gone: str, kept: str) -> list[tuple[str, str]]:
    """The differences in words: what the removed text has, and what the kept one has in its place."""
    if not changes:
        return [("in no word", "")]
    parts: list[tuple[str, str]] = []
    for before, after in changes[:_MOST_DIFFERENCES]:
        parts += [("; " if parts else "", ""), (_excerpt(gone[slice(*before)]) or "nothing", "red"), (" → ", "")]
        parts.append((_excerpt(kept[slice(*after)]) or "nothing", "green"))
    more = len(changes) - _MOST_DIFFERENCES
    return [*parts, (f"; and {more} more" if more > 0 else "", "")]


def _place(text: str, span: Span) -> str:
    """The line and the characters of a span."""
    first, last = text.count("\n", 0, span.start) + 1, text.count("\n", 0, span.end) + 1
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    return f"{lines} ({number(span.end - span.start, 'character')})"


def _excerpt(text: str) -> str:
    """The begin and the end of a text, on one line."""
    line = " ".join(text.split())
    half = _EXCERPT // 2
    return line if len(line) <= _EXCERPT else f"{line[:half]} … {line[-half:]}"


def _marked(text: str, only_here: list[tuple[int, int]], *, color: bool) -> Text:
    """The text with the words that both have in green, or, where there is no colour, the others in brackets."""
    from rich.text import Text

    parts: list[tuple[str, str]] = []
    done = 0
    for start, end in only_here:
        if start < end:
            parts += [(text[done:start], "green"), (text[start:end] if color else f"[{text[start:end]}]", "bold red")]
            done = end
    return Text.assemble(*parts, (text[done:], "green"))


def _rendered(parts: list[RenderableType], width: int, *, color: bool) -> str:
    """The parts as text of this width, with the codes of colours where they are wanted."""
    from rich.console import Console

    console = Console(file=io.StringIO(), width=width, force_terminal=color, color_system="standard" if color else None, highlight=False)
    for part in parts:
        console.print(part, markup=False)
    file = console.file
    lines = file.getvalue().splitlines() if isinstance(file, io.StringIO) else []
    return "\n".join(line.rstrip() for line in lines) + "\n"
