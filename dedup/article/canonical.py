"""Choose: which of two stretches that say the same stays; the order in which it is decided.

The evidence is measured (`claims`), each claim is a scrape's repeat or the author's (`blocks`, `rules`,
`scattered`, by `sameness`), of a repeat one side stays (`preference`, `settling`), and what is then
left beside removed letters goes with them (`leftovers`). Heavier claims are settled first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.article.blocks import find_blocks
from dedup.article.body import Body
from dedup.article.claims import measure
from dedup.article.differences import number_marks
from dedup.article.leftovers import project_breaks, resolve
from dedup.article.removals import TITLE, Choice, no_removals
from dedup.article.rules import kind_of, repeats_code
from dedup.article.scattered import settle_scattered
from dedup.article.settling import settle
from dedup.kernels.fold import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.article.evidence import Evidence
    from dedup.article.removals import Removals
    from dedup.config import Repeats
    from dedup.model import Span


def choose(text: str, paragraphs: Sequence[Span], evidence: Evidence, title: str | None, config: Repeats) -> Choice:
    """What is removed of one article, and for which kept letters."""
    body = Body(text, paragraphs, evidence, config)
    found = measure(body)
    removals = no_removals(len(body.letters))
    blocks = find_blocks(body, found.claims)
    rest = []
    for index, claim in enumerate(found.claims):
        if repeats_code(body, claim):
            continue
        kind = "block" if index in blocks else kind_of(body, claim, removals)
        if kind:
            settle(body, found, removals, claim, kind)
        else:
            rest.append(claim)
    settle_scattered(body, found, removals, rest)
    if title:
        _settle_title(body, removals, title)
    resolve(body, removals)
    return Choice(removals.target, removals.kind, project_breaks(body, removals))


def _settle_title(body: Body, removals: Removals, title: str) -> None:
    """The first kept line goes when it is the title, unless it is all that the body has."""
    kept = (line for line in range(len(body.lines.starts)) if removals.is_kept(body.lines.span(line)))
    first = next(kept, None)
    if first is None or next(kept, None) is None:
        return
    wanted = fold(title).codes.tobytes().decode("utf-32-le", "surrogatepass")
    span = body.lines.span(first)
    if wanted and body.letters[slice(*span)] == wanted and number_marks(body.line_text(first)) == number_marks(title):
        removals.remove_line(span, TITLE, "title")
