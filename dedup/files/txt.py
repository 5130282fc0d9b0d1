"""A result as a text file: the header lines that came, with what was found out, an empty line, the paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.model import Clean, Document, HeaderField

# The word for a site in the language of the header, told by its word for the title.
_SITE = {
    **dict.fromkeys(("标题", "题目", "题名"), "网站"),
    **dict.fromkeys(("標題", "題目", "題名"), "網站"),
    **dict.fromkeys(("タイトル", "見出し"), "サイト"),
    "제목": "사이트",
}


def render(clean: Clean) -> str:
    """The file for a result; read again and cleaned again it comes out the same.

    A header has the lines of the input, in its order and its words. The title is without the name of the site, which
    gets a line of its own after it; a date from the URL stands where the header said there was none; what is still
    unknown reads `None`. A text that came without a header goes without one.
    """
    fields = clean.fields
    lines = [_line(field, _value(field, clean.document)) for field in fields]
    title = next((place for place, field in enumerate(fields) if field.key == "title"), None)
    if title is not None and clean.document.site and not any(field.key == "site" for field in fields):
        label = _site_label(fields[title].label)
        lines.insert(title + 1, _line(fields[title]._replace(label=label), clean.document.site))
    blocks = [block for block in ("\n".join(lines), clean.text) if block]
    return "\n\n".join(blocks) + "\n" if blocks else ""


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
