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
    source: Any = _Forward(stream)
    for number, record in enumerate(ArchiveIterator(source, parse_http=True, auto_decode="all"), 1):
        kind = _kind(record) if record.record_type & wanted else None
        if kind is not None:
            yield _row(record, kind, number, largest)


class _Forward:
    """A stream that can only be read; fastwarc asks one that could seek for more than a pipe can do."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream, self._place = stream, 0

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes."""
        data = self._stream.read(size)
        self._place += len(data)
        return data

    def tell(self) -> int:
        """The number of bytes that were read."""
        return self._place


def _row(record: Any, kind: str, number: int, largest: int) -> Row | InputError:  # noqa: ANN401 - fastwarc's own
    """The row of a record that holds a page or a text."""
    data = record.reader.read(largest + 1)
    if len(data) > largest:
        return InputError(too_large(largest), line=number)
    headers = record.http_headers
    encoded = headers is not None and any(headers.get(name) for name in ("Content-Encoding", "Transfer-Encoding"))
    if not encoded and len(data) < record.content_length:
        return InputError("the record is cut off", line=number)
    try:
        return Row(_columns(record.headers, data, kind), number)
    except InputError as error:
        return InputError(error.reason, line=number)


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
