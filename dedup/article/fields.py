"""Fields: the lines of a text's first block as the fields of a header, on evidence only.

A line is a field when its label is known and its value is of the field's kind. A line without a label
continues a field when it starts with a mark such as `_` or `|`, or when a date or an address follows it.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from dedup.article.dates import date_in_value
from dedup.article.labels import KEYS, OTHERS, folded_label, meaning


class Line(NamedTuple):
    """A line without the white space around it; `key` is None where it is no field, "" where its label is unknown."""

    text: str
    start: int
    key: str | None
    label: str
    separator: str
    value: str

    @property
    def end(self) -> int:
        """Where the line's text ends."""
        return self.start + len(self.text)


class Entry(NamedTuple):
    """A field's first line and the lines that continue it."""

    first: Line
    more: tuple[Line, ...] = ()


_MOST_LINES = 40
_LONGEST_LINE = 4_200
_LONGEST_TITLE = 1_000
_LONGEST_NAME = 200
LONGEST_SHORT = 60
_LONGEST_CONTINUATION = 120
_MOST_CONTINUATIONS = 2
_FIELD = re.compile(r"([^\W\d_](?:[^:\uff1a]{0,38}[^\s:\uff1a])?)(\s{0,8}[:\uff1a]\s*)")
_TEXT = re.compile(r"\S")
_PUNCTUATION = re.compile(r"[,;.!?()“”\"，、；。！？（）《》【】]")
_ADDRESS = re.compile(r"(?=\S*[./])[^\s\u3002\uff0c]+")
_SENTENCE_END = tuple(".!?。！？…")
UNDERSCORE = ("_", "|", "\uff5c")
# What a site's name stands behind: `_name`, `| name`, `- name`, `-名`; `-5 degrees` is no name, and `——` leads a Chinese subtitle.
_MARK = re.compile(r"(?:[_|\uff5c]\s*)+|(?:[\u2013\u2014»·-]|::)(?:\s+|(?<=-)(?=[^\x00-\x7f\u2013\u2014]))")


def header_entries(text: str) -> list[Entry]:
    """The header's fields in their order, or none where the text does not start with a header."""
    if not begins_with_field(text):
        return []
    lines, closed = _first_block(text)
    entries: list[Entry] = []  # what is sure
    draft: list[Entry] = []  # with what only a known field behind it would make sure
    loose = False  # the draft holds a line without a label or without a value
    for number, line in enumerate(lines):
        following = lines[number + 1].key if number + 1 < len(lines) else "end" if closed else None
        if line.key == "title" and first_of(draft, "title"):
            break
        if line.key is not None:
            other = line.key == "" and bool(entries) and folded_label(line.label) in OTHERS
            sure = line.key in {"date", "url"} or (not loose and (line.key != "" or (other and draft == entries)))
            draft.append(Entry(line))
        elif draft and (way := _continues(line, draft[-1], following)):
            sure = way == "surely"
            draft[-1] = draft[-1]._replace(more=(*draft[-1].more, line))
        else:
            break
        loose = not sure and (loose or not (line.key or (line.value and line.label)))
        entries = draft[:] if sure else entries
    whole = closed and sum(1 + len(entry.more) for entry in entries) == len(lines)
    return entries if _is_header(entries, whole=whole) else []


def begins_with_field(text: str) -> bool:
    """True when the first line that is not blank is a field; most texts are bodies, and are read no further."""
    first = _TEXT.search(text)
    if first is None or _FIELD.match(text, first.start()) is None:
        return False
    end = text.find("\n", first.start(), first.start() + _LONGEST_LINE)
    line = text[first.start() : end if end >= 0 else first.start() + _LONGEST_LINE + 1]
    return len(line) <= _LONGEST_LINE and _line(line.strip(), first.start()).key is not None


def _continues(line: Line, entry: Entry, following: str | None) -> Literal["surely", "perhaps", ""]:
    """Whether an unlabelled line goes on with the field before it; `perhaps`: when a known field comes behind it."""
    key, value, text = entry.first.key, entry.first.value, line.text
    if key in {"date", "url"} and not value and not entry.more:
        return "surely" if _is_of_kind(key, text) and (key == "url" or date_in_value(text)) else ""
    short = len(text) <= _LONGEST_CONTINUATION and len(entry.more) < _MOST_CONTINUATIONS
    if not short or line.label or (value and meaning(value) is None) or not key or key == "date":
        return ""
    if key == "url":
        return "perhaps" if following and text.isascii() and " " not in text else ""
    if key == "title" and text.startswith(UNDERSCORE):  # but neither the `_emphasis_` nor the `| table |` of a body
        return "" if text.endswith(UNDERSCORE) else "surely"
    if key == "title" and marked_name(text):
        return "surely" if following else ""
    return "" if text.endswith(("。", ".", "；", ";", "：", ":")) else "perhaps"


def _is_header(entries: list[Entry], *, whole: bool) -> bool:
    """True when the fields are evidence enough: a title first, two kinds of field, or a date or an address that is the `whole` block."""
    keys = [entry.first.key for entry in entries if entry.first.key]
    if len(set(keys)) > 1:
        return bool(entries[0].first.key) or "title" in keys
    if not keys or folded_label(entries[0].first.label) not in KEYS:
        return False
    value = value_of(entries[0])
    if keys[0] == "title":
        return value is not None or whole
    if keys[0] == "date":
        return whole and value is not None and date_in_value(value) is not None
    return whole and keys[0] == "url" and value is not None and value.startswith(("http://", "https://", "www."))


def _first_block(text: str) -> tuple[list[Line], bool]:
    """The lines up to the first blank one, as far as a header can reach, and whether a blank line or the end follows them."""
    first = _TEXT.search(text)
    if first is None:
        return [], True
    lines: list[Line] = []
    position = first.start()
    while len(lines) < _MOST_LINES:
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        if end - position > _LONGEST_LINE:
            return lines, False
        raw = text[position:end]
        content = raw.strip()
        if not content:
            return lines, True
        lines.append(_line(content, position + raw.index(content)))
        position = end + 1
        if position > len(text):
            return lines, True
    return lines, False


def _line(text: str, start: int) -> Line:
    """The line as a field when its label and its value are such as a header has, else as text."""
    match = _FIELD.match(text)
    if match is None or len(match[1].split()) > 4:
        return Line(text, start, None, "", "", text)
    label, separator, value = match[1], match[2], text[match.end() :]
    key = KEYS.get(folded_label(label), "")
    if key and _is_of_kind(key, value):
        return Line(text, start, key, label, separator, value)
    plain = not _PUNCTUATION.search(label) and not value.startswith("//")
    short = len(value) <= _LONGEST_NAME and not value.endswith(_SENTENCE_END)
    return Line(text, start, "" if plain and short else None, label, separator, value)


def _is_of_kind(key: str, value: str) -> bool:
    """True when the value is such as this field holds, or says that there is none."""
    if meaning(value) is None:
        return True
    if key == "title":
        return len(value) <= _LONGEST_TITLE
    if key == "url":
        return _ADDRESS.fullmatch(value) is not None
    if key == "date":
        return len(value) <= _LONGEST_NAME and any(map(str.isdigit, value)) and not value.endswith(("。", "!", "?", "！", "？"))
    return len(value) <= _LONGEST_NAME and not (value.endswith(_SENTENCE_END) and len(value) > LONGEST_SHORT)


def marked_name(line: str) -> str:
    """What stands behind the mark at the line's start, when it can be the name of a site; else nothing."""
    match = _MARK.match(line)
    name = line[match.end() :] if match else ""
    return name if len(name) <= LONGEST_SHORT and any(map(str.isalnum, name)) else ""


class Piece(NamedTuple):
    """A stretch of a value: its text, where it starts in the joined value, and where in the text."""

    text: str
    at: int
    start: int


def pieces_of(entry: Entry) -> list[Piece]:
    """The lines of a field's value, joined without a space where the script has none."""
    first = entry.first
    lines = [(first.value, first.end - len(first.value))] if first.value else []
    return joined([*lines, *((line.text, line.start) for line in entry.more)], spaces=first.key != "url")


def joined(lines: list[tuple[str, int]], *, spaces: bool = True) -> list[Piece]:
    """The lines as pieces of one value, with a space between two that are written with spaces."""
    pieces: list[Piece] = []
    for text, start in lines:
        at = 0
        if pieces:
            before = pieces[-1]
            apart = spaces and before.text[-1:] < "\u2e80" and text[:1] < "\u2e80" and not text.startswith(UNDERSCORE)
            at = before.at + len(before.text) + apart
        pieces.append(Piece(text, at, start))
    return pieces


def text_of(pieces: list[Piece]) -> str:
    """The joined value."""
    value = ""
    for piece in pieces:
        value += " " * (piece.at - len(value)) + piece.text
    return value


def value_of(entry: Entry | None) -> str | None:
    """The joined value of a field, or None where there is no field or it says that there is no value."""
    return None if entry is None else meaning(text_of(pieces_of(entry)))


def values_of(entries: list[Entry], key: str) -> list[str]:
    """The values of all fields of one kind that have one."""
    return [value for entry in entries if entry.first.key == key and (value := value_of(entry)) is not None]


def first_of(entries: list[Entry], key: str) -> Entry | None:
    """The first field of a kind that says something, else the first of them, else None."""
    of_kind = [entry for entry in entries if entry.first.key == key]
    return next((entry for entry in of_kind if value_of(entry) is not None), next(iter(of_kind), None))
