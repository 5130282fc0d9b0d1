"""Exposed: the header that begins what is left of an article once its beginning is gone as a repeat.

Cleaned text must not begin with lines that are read as a header when it is cleaned again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dedup.article.cut import Cut
from dedup.article.fields import begins_with_field
from dedup.article.header import NO_HEADER, read_header
from dedup.article.layout import lay_out
from dedup.article.paragraphs import split_paragraphs
from dedup.model import Span

if TYPE_CHECKING:
    from dedup.article.header import Header, Sites
    from dedup.model import Document


def expose_header(text: str, header: Header, document: Document, left: Cut, sites: Sites | None) -> tuple[Header, Document, Cut]:
    """The header, the document that it tells of, and the rest; as they were unless what is left begins with a header.

    Where that is none of whole kept lines as the source has them, such as an address of which a part went, nothing is removed at all.
    """
    if header is not NO_HEADER or not left.removed or not left.paragraphs:
        return header, document, left
    laid = lay_out(text, left.paragraphs).text
    if not begins_with_field(laid) or read_header(laid, document, sites)[0] is NO_HEADER:
        return header, document, left
    return _moved(text, document, left, sites) or (header, document, Cut([[span] for span in split_paragraphs(text, header.end)], []))


def _moved(text: str, document: Document, left: Cut, sites: Sites | None) -> tuple[Header, Document, Cut] | None:
    """The header of whole lines that stands in the source where what is left begins, and the rest; None where none does."""
    start = left.paragraphs[0][0].start
    found, told = read_header(text[start:], document, sites)
    end = start + found.end
    lines = [spans for spans in left.paragraphs if any(start <= span.start < end for span in spans)]
    whole = all(len(spans) == 1 for spans in lines) and lines == left.paragraphs[: len(lines)]
    # What is left may stand in another order than in the source, and with gaps where something went.
    if found is NO_HEADER or not whole or "\n".join(text[slice(*spans[0])] for spans in lines).split() != text[start:end].split():
        return None
    title = found.title_span and Span(start + found.title_span.start, start + found.title_span.end)
    moved = replace(found, span=Span(start, end), title_span=title)
    return moved, told, Cut(left.paragraphs[len(lines) :], left.removed)
