"""Header: the lines before the body that name the article's title, date, address and the like.

A header is read only on evidence, and body text never goes into it. What a header holds beyond the
document's fields is kept in `extra` under its label, and so is what the caller's fields win over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dedup.article.dates import date_in_url, date_in_value
from dedup.article.fields import Entry, Piece, first_of, header_entries, joined, marked_name, pieces_of, text_of, value_of, values_of
from dedup.article.repair import repair
from dedup.article.sites import Sites, folded, host_of, is_name, learned_names, split_site, without_site
from dedup.config import Repair
from dedup.model import Document, HeaderField, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Header", "HeaderField", "Sites", "learn_sites", "read_header"]


_PRINTED = re.compile(r"\S")
_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Header:
    """The header's lines and the blank ones around them; `title_span` is the title's text without the site, where a header has one."""

    span: Span = _NOWHERE
    fields: tuple[HeaderField, ...] = ()
    title_span: Span | None = None

    @property
    def end(self) -> int:
        """Where the body begins: at the start of a line, or at the end of the text."""
        return self.span.end


NO_HEADER = Header()


def read_header(text: str, document: Document, sites: Sites | None) -> tuple[Header, Document]:
    """The header of a repaired text, and the document with what it says; what the caller gave wins over it."""
    entries = header_entries(text)
    if not entries and document.title is None and document.url is None:
        return NO_HEADER, document
    title = first_of(entries, "title")
    site = document.site or value_of(first_of(entries, "site"))
    url = document.url or value_of(first_of(entries, "url"))
    host = host_of(url)
    in_header, header_site, title_span = _title_of(title, site, host, sites) if title else (None, None, None)
    given, given_site = _split(document.title, site, host, sites) if document.title else (None, None)
    found = {
        "title": given or in_header,
        "site": site or given_site or header_site,
        "author": document.author or value_of(first_of(entries, "author")),
        "url": url,
        **_date_of(document, values_of(entries, "date"), url),
    }
    extra = _extra(document, entries, found, in_header if _same(header_site, found["site"]) else None)
    if not _same(given_site, found["site"]):
        extra.setdefault("title", document.title)
    if extra != document.extra:
        found["extra"] = extra
    changed = {name: value for name, value in found.items() if value != getattr(document, name)}
    header = Header(_span(text, entries), tuple(_field(entry) for entry in entries), title_span) if entries else Header()
    return header, replace(document, **changed) if changed else document


def learn_sites(documents: Iterable[Document]) -> dict[str, frozenset[str]]:
    """Host -> the names that end several titles of that host, from what the documents' headers or callers say."""
    return learned_names(pair for document in documents for pair in _host_and_title(document))


_HEAD = 8_192


def _host_and_title(document: Document) -> Iterator[tuple[str, str]]:
    """The host and the title, site and all, of a document that has both."""
    entries = [] if document.title and document.url else header_entries(repair(document.text[:_HEAD], Repair()))
    title = document.title or value_of(first_of(entries, "title"))
    host = host_of(document.url or value_of(first_of(entries, "url")))
    if title and host:
        yield host, title


def _field(entry: Entry) -> HeaderField:
    """The field as the contract has it."""
    return HeaderField(entry.first.key or "", entry.first.label, entry.first.separator, value_of(entry))


def _span(text: str, entries: list[Entry]) -> Span:
    """From the text's start to the first line with text behind the header."""
    last = (entries[-1].more or (entries[-1].first,))[-1]
    body = _PRINTED.search(text, last.end)
    return Span(0, len(text) if body is None else text.rfind("\n", 0, body.start()) + 1)


def _title_of(entry: Entry, site: str | None, host: str | None, sites: Sites | None) -> tuple[str | None, str | None, Span | None]:
    """A title field's title, the site's name that stood behind it, and where the title stands in the text."""
    pieces = pieces_of(entry)
    if value_of(entry) is None:
        return None, None, None
    title, name = _divided(pieces, site, host, sites)
    last = next(piece for piece in reversed(pieces) if piece.at < len(title))
    return title, name, Span(pieces[0].start, last.start + len(title) - last.at)


def _divided(pieces: list[Piece], site: str | None, host: str | None, sites: Sites | None) -> tuple[str, str | None]:
    """The title and the site's name behind it: behind a line break with a mark, or by the evidence of `split_site`."""
    whole, last = text_of(pieces), pieces[-1].text
    if len(pieces) > 1:
        name = marked_name(last) or last
        if name != last or is_name(last, site, host, sites):
            return without_site(text_of(pieces[:-1]), name), name
    return split_site(whole, site, host, sites)


def _split(title: str, site: str | None, host: str | None, sites: Sites | None) -> tuple[str, str | None]:
    """The caller's title without the site's name, and that name; its lines are those of a header's title."""
    lines = [(line.strip(), 0) for line in title.splitlines() if line.strip()]
    return _divided(joined(lines), site, host, sites) if lines else (title, None)


def _date_of(document: Document, values: list[str], url: str | None) -> dict[str, Any]:
    """The date and where it is from: the caller, else the header, else the address."""
    if document.date is not None:
        return {"date": document.date, "date_from": document.date_from or "given"}
    for value in values:
        if (date := date_in_value(value)) is not None:
            return {"date": date, "date_from": "header"}
    date = date_in_url(url) if url else None
    return {"date": date, "date_from": None if date is None else "url"}


def _same(name: str | None, site: str | None) -> bool:
    """True unless a name went off a title that differs from the site's and would be lost with it."""
    return name is None or folded(name) == folded(site or "")


def _extra(document: Document, entries: list[Entry], found: dict[str, Any], title: str | None) -> dict[str, Any]:
    """What the header says beyond the document's fields, under its labels, behind what the caller gave."""
    extra = dict(document.extra)
    kept = {**found, "date": found["date"] and found["date"].isoformat()}
    for entry in entries:
        key, value = entry.first.key or "", value_of(entry)
        said = title if key == "title" else value
        if key and (value is None or said == kept.get(key)):
            continue
        label = "source" if key == "source" and "source" not in extra else entry.first.label
        if label not in extra:
            extra[label] = value
        elif value is not None and value != extra[label]:
            extra[label] = f"{extra[label]}\n{value}"
    return extra
