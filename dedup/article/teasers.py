"""Teasers: lines that begin what another line says in full, and lines that a label makes a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.article.body import NEARLY, SHORT_PROSE
from dedup.article.calls import ENDS_SENTENCE, closing_call, summary_label
from dedup.kernels.fold import fold

if TYPE_CHECKING:
    from dedup.article.body import Body
    from dedup.article.structure import Side

_LEAST = 16  # weight of a teaser; less is a phrase
_UNFINISHED = 32  # weight of a last line that breaks off, when it is how the body begins
_SENTENCE_END = 4  # characters after a stretch in which its sentence may end


def is_teaser_line(body: Body, side: Side, other: Side) -> bool:
    """True when the side is a line that ends in a call to read on or breaks off, and begins what the other side says."""
    weight = body.weigh(*side.span)
    if side.breaks or weight < _LEAST or not (body.begins_line(side) and body.begins_line(other)):
        return False
    call = closing_call(body.text, body.paragraphs[side.first])
    if not call and not (_breaks_off(body, side, other) and weight >= (SHORT_PROSE if other.first else _UNFINISHED)):
        return False
    if body.ends_line(other) and len(other.covered) < 2 and (not call or weight < SHORT_PROSE):
        return False  # all of the paragraph, so no teaser of it
    marker = len(fold(call).codes) if call else 0
    return body.lines.ends[side.first] - side.span.end <= marker + NEARLY


def _breaks_off(body: Body, side: Side, other: Side) -> bool:
    """True for the first or last line of the body, when it ends where the other side's sentence goes on."""
    if side.first not in (0, len(body.paragraphs) - 1):
        return False
    end = int(body.evidence.at[other.span.end - 1]) + 1
    return ENDS_SENTENCE.search(body.text, end, end + _SENTENCE_END) is None and other.span.end not in body.ends


def is_summary_line(body: Body, side: Side, other: Side) -> bool:
    """True when the side is a line that a label introduces, and the other side is whole lines."""
    if side.breaks or not other.covered:
        return False
    label = summary_label(body.text, body.paragraphs[side.first])
    if not label:
        return False
    size = len(fold(label).codes)
    return side.span.start - body.lines.starts[side.first] <= size + 1 and body.ends_line(side)
