"""WARC: the pages and the plain texts of a web archive, one row each; pictures, scripts and the like are passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.errors import InputError, MissingExtraError
from dedup.files import page
from dedup.files.columns import Head, Row
from dedup.files.decode import decode
from dedup.files.lines import too_large

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

COLUMNS = ("id", *page.COLUMNS)
_PAGES = ("text/html", "application/xhtml+xml")


def require() -> None:
    """Raise MissingExtraError when fastwarc or trafilatura is not installed."""
    try:
        import fastwarc  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(package="fastwarc", extra="warc") from error
    page.require()


def read(stream: io.BufferedReader, largest: int) -> Iterator[Head | Row | InputError]:
    """The rows of the responses, resources and conversions in an archive; `line` is the number of the record."""
    from fastwarc import ArchiveIterator, WarcRecordType

    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    if not stream.peek(5).startswith(b"WARC/"):
        message = "not a WARC archive"
        raise InputError(message)
    yield Head(COLUMNS)
    number = 0
    for number, record in enumerate(ArchiveIterator(stream, parse_http=True), 1):
        if record.record_type & wanted:
            kind = _kind(record)
            if kind is None:
                continue
            data = record.reader.read(largest + 1)
            if len(data) > largest:
                yield InputError(too_large(largest), line=number)
                continue
            try:
                yield Row(_columns(record.headers, data, kind), number)
            except InputError as error:
                yield InputError(error.reason, line=number)


def _kind(record: Any) -> str | None:  # noqa: ANN401 - fastwarc's own
    """`page` or `text` by the content type of what was fetched, None for everything else."""
    content = (record.http_content_type or record.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    return "page" if content in _PAGES else "text" if content == "text/plain" else None


def _columns(headers: Any, data: bytes, kind: str) -> dict[str, Any]:  # noqa: ANN401 - fastwarc's own
    """The row of a record."""
    url = headers.get("WARC-Target-URI")
    name = (headers.get("WARC-Record-ID") or "").strip("<>") or None
    if kind == "page":
        return {"id": name, **page.columns_of(data, url)}
    return {"id": name, **dict.fromkeys(page.COLUMNS), "url": url, "text": decode(data).text if data else ""}
