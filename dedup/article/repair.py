"""Repair: the text with its damage mended, line by line.

Every line is mended on its own, so that a paragraph comes out the same wherever it stands; only
whether entities are turned into characters is decided once for the whole text. The steps and their
order are ftfy's; what is left out is what would change clean text: the width of characters, the
form of quotes, ligatures. ftfy's own loop is not called because three of its steps cost quadratic
time on hostile lines: entities nested thousands deep, the sorting of thousands of combining marks,
and the decoding of very long lines in CESU-8. Here they are linear.

Only lines that `dedup.kernels.sound` cannot clear go through these steps. Where ftfy's own test for
mojibake matches nothing, ftfy leaves the encoding alone; where there is no `&`, no control character,
no surrogate and no character that NFC may change, no other step has anything to do.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import ftfy
import numpy as np
from ftfy import fixes
from ftfy.chardata import HTML_ENTITY_RE, UTF8_CLUES

from dedup.kernels.sound import BREAKS, COMPOSES, DAMAGED, ENTITY, MOJIBAKE, flags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.config import Repair

_BREAKS = "\r\v\f\u2028\u2029"
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]")
# Damage that ftfy's loop needs more rounds for than this is hostile.
_ROUNDS = 8
_MOST_ROUNDS = 100

_ELEMENTS = (
    "a|abbr|article|aside|b|blockquote|body|br|center|cite|code|dd|del|div|dl|dt|em|figcaption|figure|font|footer|form|"
    "h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|li|link|main|meta|nav|noscript|ol|option|p|picture|pre|q|s|"
    "script|section|small|source|span|strike|strong|style|sub|sup|table|tbody|td|tfoot|th|thead|title|tr|u|ul|video"
)
# A closing tag, a tag with an attribute, an XHTML tag, or a bare tag in lower case. A bare tag in upper case is no
# evidence: news wires write stock symbols so (<P>, <S>, <BR>). No part can match across the next angle bracket.
_MARKUP = re.compile(
    rf"<(?:!--|(?i:!doctype[ \t\n])|(?i:/(?:{_ELEMENTS})[ \t\n]*+>)|(?:{_ELEMENTS})>"
    rf"|(?i:(?:{_ELEMENTS})(?:[ \t\n]*+/|[ \t\n]++[a-z-]++[ \t\n]*+=[^<>]*+)>))",
)


def repair(text: str, config: Repair) -> str:
    """The text with mojibake, entities, control characters, line endings and composition mended; a second repair changes nothing."""
    return repair_all([text], config)[0]


def repair_all(texts: Sequence[str], config: Repair) -> list[str]:
    """Each text repaired as `repair` does it; a text that needs none is the same object. A batch saves calls, it changes no result."""
    out = list(texts)
    found = flags(out)
    for row in np.flatnonzero(found).tolist():
        out[row] = _repaired(out[row], int(found[row]), config)
    return out


def _repaired(text: str, found: int, config: Repair) -> str:
    """The text with those of its lines mended that may need it, after the flags `found` in it."""
    if found & BREAKS:
        text = text.replace("\r\n", "\n")
        for mark in _BREAKS:
            text = text.replace(mark, "\n")
    # What no line can hold because the whole text does not is settled here; the lines are looked at for the rest.
    matters = DAMAGED | (MOJIBAKE if config.encoding else 0)
    if found & ENTITY and config.entities and HTML_ENTITY_RE.search(text) and not has_markup(text):
        matters |= ENTITY
    if found & COMPOSES and not unicodedata.is_normalized("NFC", text):
        matters |= COMPOSES
    if not found & matters:
        return text
    lines = text.split("\n")
    each = flags(lines) & matters if len(lines) > 1 else np.array([found & matters])
    rows = [row for row in np.flatnonzero(each).tolist() if not _is_sound(lines[row], int(each[row]))]
    # Asked of `&` alone: an entity may come to light when what stands inside it is removed.
    entities = bool(rows) and config.entities and "&" in text and not has_markup(text)
    for row in rows:
        lines[row] = _mended(lines[row], encoding=config.encoding, entities=entities)
    return "\n".join(lines) if rows else text


def _is_sound(line: str, found: int) -> bool:
    """True when nothing of what the flags warn of is there: the line would be mended to itself."""
    if found & (DAMAGED | MOJIBAKE):
        return False
    if found & ENTITY and HTML_ENTITY_RE.search(line):
        return False
    return not found & COMPOSES or unicodedata.is_normalized("NFC", line)


def has_markup(text: str) -> bool:
    """True when the text holds real HTML tags, so that its entities belong to the markup; `a < b` and `<SRD>` are none."""
    return "<" in text and _MARKUP.search(text) is not None


def _mended(line: str, *, encoding: bool, entities: bool) -> str:
    """One line at the point where a further round of repairs changes nothing."""
    for done in range(_MOST_ROUNDS):
        before = line
        if entities and "&" in line:
            line = fixes.unescape_html(line) if done < _ROUNDS else _unescaped(line)
        line = _round(line, encoding=encoding)
        if line == before:
            break
    if "\n" not in line:
        return line
    # An entity or the mending made a line break: its two sides are lines of their own from now on.
    return "\n".join([_mended(part, encoding=encoding, entities=entities) for part in line.split("\n")])


def _round(line: str, *, encoding: bool) -> str:
    """The line after one round of ftfy's steps behind the entities, each only where it could change something."""
    if encoding and not line.isascii():
        line = fixes.fix_c1_controls(_decoded(line))
    line = fixes.fix_surrogates(fixes.fix_line_breaks(line))
    if _CONTROL.search(line):
        line = fixes.remove_control_chars(fixes.remove_terminal_escapes(line))
    return line if line.isascii() else unicodedata.normalize("NFC", _marks_in_order(line))


# Encodings: a line is decided as a whole up to this many characters, a longer one in pieces. ftfy decodes CESU-8 by
# copying the rest of the line once a character, so that a million characters of it would take most of a minute.
_PIECE = 65_536
_WINDOW = 1_024
_FIRST = UTF8_CLUES["utf8_first_of_2"] + UTF8_CLUES["utf8_first_of_3"] + UTF8_CLUES["utf8_first_of_4"]
# Between two letters of ASCII, or two that no single-byte encoding holds, nothing that ftfy looks for can stand.
_BETWEEN = re.compile(r"[0-9A-Za-z\u2e80-\ud7ff](?=[0-9A-Za-z\u2e80-\ud7ff])")
_BEFORE_SEQUENCE = re.compile(f"[^{_FIRST}](?=[{_FIRST}][{UTF8_CLUES['utf8_continuation_strict']}])")


def _decoded(line: str) -> str:
    """The line with its mojibake decoded."""
    if len(line) <= _PIECE:
        return ftfy.fix_encoding(line)
    pieces, start = [], 0
    while start < len(line):
        end = _cut(line, start)
        pieces.append(ftfy.fix_encoding(line[start:end]))
        start = end
    return "".join(pieces)


def _cut(line: str, start: int) -> int:
    """Where the piece from `start` ends: at the last place in a window where no damaged character would be cut in two."""
    end = start + _PIECE
    if end >= len(line):
        return len(line)
    for place in (_BETWEEN, _BEFORE_SEQUENCE):
        places = [match.end() for match in place.finditer(line, max(start, end - _WINDOW), end + 1)]
        if places:
            return places[-1]
    return end


def _unescaped(line: str) -> str:
    """The line with every entity turned into its character, those too that only appear by turning others, in one pass.

    Entities start at `&` and end at `;` and hold neither inside, so that no two overlap and the order makes no difference.
    """
    out: list[str] = []
    todo = list(reversed(line))
    while todo:
        character = todo.pop()
        out.append(character)
        if character != ";":
            continue
        tail = "".join(out[-28:])
        written = tail[max(tail.rfind("&"), 0) :]
        if HTML_ENTITY_RE.fullmatch(written) and (meant := fixes.unescape_html(written)) != written:
            del out[-len(written) :]
            todo.extend(reversed(meant))
    return "".join(out)


# Combining marks are never letters or white space; all stand above U+02FF.
_MARKS = re.compile(r"[^\w\s\x00-\u02ff]{64,}")
# The only three characters that are starters and yet decompose into marks; NFC never keeps them.
_TIBETAN = str.maketrans({"\u0f73": "\u0f71\u0f72", "\u0f75": "\u0f71\u0f74", "\u0f81": "\u0f71\u0f80"})


def _marks_in_order(line: str) -> str:
    """An equivalent line whose long runs of combining marks are in canonical order, which NFC would take quadratic time to reach."""
    return _MARKS.sub(lambda run: _run_in_order(run[0]), line) if _MARKS.search(line) else line


def _run_in_order(run: str) -> str:
    """The run with the marks between two starters sorted by combining class, equal classes in their order."""
    out: list[str] = []
    marks: list[str] = []
    for character in run.translate(_TIBETAN):
        if unicodedata.combining(character):
            marks.append(character)
            continue
        out.extend(sorted(marks, key=unicodedata.combining))
        marks.clear()
        out.append(character)
    return "".join([*out, *sorted(marks, key=unicodedata.combining)])
