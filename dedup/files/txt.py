"""Text files: a file is an article; a result has the header lines that came, with what was found out, and the paragraphs."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from dedup.errors import InputError
from dedup.files.columns import Head, Row
from dedup.files.decode import decode
from dedup.files.lines import BOM, too_large
from dedup.model import HeaderField

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Iterator

    from dedup.model import Clean, Document

_UTF8_MARK = b"\xef\xbb\xbf"


def read(stream: io.BufferedReader, largest: int) -> Iterator[Head | Row | InputError]:
    """The one row of a text file; `origin` is its byte order mark when it is UTF-8 with one."""
    data = stream.read(largest + 1)
    if len(data) > largest:
        raise InputError(too_large(largest))
    text, encoding, guessed, replaced = decode(data)
    yield Head(("text",))
    yield Row({"text": text}, 1, BOM if data.startswith(_UTF8_MARK) else "", {}, encoding, guessed, replaced)


def write(file: IO[bytes], items: Iterable[Head | Row]) -> None:
    """The texts stand in `file`, each with the byte order mark that it came with."""
    for item in items:
        if isinstance(item, Row):
            mark = item.origin if isinstance(item.origin, str) else ""
            file.write((mark + str(item.values["text"])).encode("utf-8", "replace"))


def with_line_ends(text: str, like: str) -> str:
    r"""The text with `\r\n` at the ends of its lines when most lines of the other text end so."""
    returns = like.count("\r\n")
    return text.replace("\n", "\r\n") if returns * 2 > like.count("\n") else text


# The word for a site in the language of the header, told by its word for the title.
_SITE = {
    **dict.fromkeys(("标题", "题目", "题名"), "网站"),
    **dict.fromkeys(("標題", "題目", "題名"), "網站"),
    **dict.fromkeys(("タイトル", "見出し"), "サイト"),
    "제목": "사이트",
}


def render(clean: Clean, *, with_header: bool = False) -> str:
    """The file for a result; read again and cleaned again it comes out the same.

    A header has the lines of the input, in its order and its words. The title is without the name of the site, which
    gets a line of its own after it; a date from the URL stands where the header said there was none; what is still
    unknown reads `None`. A text that came without a header goes without one, unless `with_header` asks for what is known.
    """
    fields = clean.fields or _found(clean.document) * with_header
    lines = [_line(field, _value(field, clean.document)) for field in fields]
    title = next((place for place, field in enumerate(fields) if field.key == "title"), None)
    if title is not None and clean.document.site and not any(field.key == "site" for field in fields):
        label = _site_label(fields[title].label)
        lines.insert(title + 1, _line(fields[title]._replace(label=label), clean.document.site))
    blocks = [block for block in ("\n".join(lines), clean.text) if block]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _found(document: Document) -> tuple[HeaderField, ...]:
    """The fields of a header for what is known of a document."""
    known = {"title": document.title, "author": document.author, "date": document.date, "url": document.url}
    labels = {"title": "Title", "author": "Author", "date": "Date", "url": "URL"}
    return tuple(HeaderField(key, labels[key], ": ", str(value)) for key, value in known.items() if value is not None)


def _line(field: HeaderField, value: str | None) -> str:
    """The field as a line; `Date:` with nothing behind it becomes `Date: None`."""
    separator = field.separator
    if value is None and separator.endswith(":"):
        separator += " "
    return f"{field.label}{separator}{value}"


def _value(field: HeaderField, document: Document) -> str | None:
    """What the line says: the title without the site, what was found where it said nothing, else what it said."""
    if field.key == "title":
        return document.title
    if field.value is None and field.key == "date":
        return None if document.date is None else document.date.isoformat()
    if field.value is None and field.key in {"site", "url", "author"}:
        found: str | None = getattr(document, field.key)
        return found
    return field.value


def _site_label(title: str) -> str:
    """`Site`, in the language and the case of the label of the title."""
    label = _SITE.get(title, "Site")
    return label.upper() if title.isupper() else label.lower() if title.islower() else label
