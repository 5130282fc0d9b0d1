"""HTML: a page's main text and what it says of itself, found by trafilatura; and an article as a plain page."""

from __future__ import annotations

import html
import logging
from typing import IO, TYPE_CHECKING, Any

from dedup.errors import InputError, MissingExtraError
from dedup.files.columns import Head, Row
from dedup.files.lines import too_large

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Iterator

COLUMNS = ("title", "site", "author", "date", "url", "text")
_DATES = {"extensive_search": False, "original_date": True}  # else htmldate takes a year of the text for the article's


def require() -> None:
    """Raise MissingExtraError when trafilatura is not installed."""
    try:
        import trafilatura  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(package="trafilatura", extra="html") from error
    for name in ("trafilatura", "htmldate"):  # what they have to say about a page is no message of ours
        logging.getLogger(name).addHandler(logging.NullHandler())


def read(stream: io.BufferedReader, largest: int) -> Iterator[Head | Row | InputError]:
    """The one row of a page."""
    data = stream.read(largest + 1)
    if len(data) > largest:
        raise InputError(too_large(largest))
    yield Head(COLUMNS)
    yield Row(columns_of(data), 1)


def columns_of(data: bytes, url: str | None = None) -> dict[str, Any]:
    """What trafilatura finds in a page; the text is empty where it finds none. Raises InputError when it fails."""
    import trafilatura

    columns: dict[str, Any] = {**dict.fromkeys(COLUMNS), "url": url, "text": ""}
    if not data.strip():
        return columns
    try:
        found = trafilatura.bare_extraction(data, url=url, with_metadata=True, include_comments=False, date_extraction_params=_DATES)
    except Exception as error:
        message = f"trafilatura cannot read the page: {type(error).__name__}: {error}"
        raise InputError(message) from error
    if found is not None:
        known = found if isinstance(found, dict) else found.as_dict()
        columns |= {
            "title": known.get("title"),
            "site": None if known.get("sitename") == known.get("hostname") else known.get("sitename"),  # the host is in the address
            "author": known.get("author"),
            "date": known.get("date"),
            "url": known.get("url") or url,
            "text": known.get("text") or "",
        }
    return columns


def write(file: IO[bytes], items: Iterable[Head | Row]) -> None:
    """The article stands in `file` as a page with its title, its metadata and a paragraph for each line."""
    for item in items:
        if isinstance(item, Row):
            file.write(_page(item.values).encode("utf-8", "replace"))


def _page(values: dict[str, Any]) -> str:
    """The page of an article."""
    known = {name: html.escape(str(value)) for name, value in values.items() if value is not None}
    head = ['<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">']
    tags = {
        "title": "<title>{}</title>",
        "site": '<meta property="og:site_name" content="{}">',
        "author": '<meta name="author" content="{}">',
        "date": '<meta property="article:published_time" content="{}">',
        "url": '<link rel="canonical" href="{}">',
    }
    head += [tag.format(known[name]) for name, tag in tags.items() if name in known]
    heading = [f"<h1>{known['title']}</h1>"] if "title" in known else []
    paragraphs = [f"<p>{line}</p>" for line in known.get("text", "").split("\n") if line.strip()]
    return "\n".join([*head, "</head>\n<body>\n<article>", *heading, *paragraphs, "</article>\n</body>\n</html>\n"])
