r"""Garbled lines: text that was decoded with the wrong encoding and lost bytes on the way, so that it cannot be repaired.

UTF-8 read as Windows-1252 or as GBK still shows most of its letters to who reads the bytes back; letters written as `\\u4e2d`,
as a page's data holds them, show all.
These letters are good enough to find the sound copy of such a line; they are never put out.
"""

from __future__ import annotations

import re

import ftfy.bad_codecs  # noqa: F401 — registers sloppy-windows-1252

# UTF-8's lead and continuation bytes as Windows-1252 shows them, and what common marks and letters become in GBK.
_AS_WINDOWS = re.compile(
    "[\u00c0-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122\ufffd?]"
)
_AS_GBK = re.compile("[锛銆鐨鏄浜鍦鍥鍜鎴鏉鈥鍏鏈鎬璁涓]")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_LEAST_ESCAPED = 4  # escapes in a row of text: fewer are a text about them
_LEAST_SHARE = 0.6  # of the bytes that must read as UTF-8
_UNKNOWN = -1
_SOUND = 0x1000  # added to a character that is none of the encoding's


def may_be_garbled(text: str) -> bool:
    """False for nearly every text: a quick look before its lines are looked at one by one."""
    return any(mark in text for mark in ("\ufffd", "ã€", "ï¼", "å", "æ", "ç", "Ð", "Ø", "Ù", "à¤", "à¸", "锛", "銆", "鐨", "鈥", "\\u"))


def letters_behind(line: str) -> tuple[str, list[int]] | None:
    """The characters that a garbled line was, each with its place in the line; None for a line that is not garbled."""
    if "\\u" in line and len(_ESCAPED.findall(line)) >= max(_LEAST_ESCAPED, len(line) // 24):
        return _unescaped(line)
    if len(_AS_WINDOWS.findall(line)) * 12 > len(line):
        return _read_back(line, "sloppy-windows-1252")
    if len(_AS_GBK.findall(line)) * 20 > len(line) or (has_losses(line) and not line.isascii()):
        return _read_back(line, "gb18030")
    return None


def has_losses(line: str) -> bool:
    """True when at least one letter in thirty is a replacement character."""
    return line.count("\ufffd") * 30 > len(line)


def _unescaped(line: str) -> tuple[str, list[int]]:
    """The line's characters with those that are escaped read, halves of a pair left out."""
    found: list[str] = []
    at: list[int] = []
    end = 0
    for escape in _ESCAPED.finditer(line):
        found += line[end : escape.start()]
        at += range(end, escape.start())
        char = chr(int(escape[1], 16))
        if not "\ud800" <= char <= "\udfff":
            found.append(char)
            at.append(escape.start())
        end = escape.end()
    return "".join(found) + line[end:], [*at, *range(end, len(line))]


def _read_back(line: str, encoding: str) -> tuple[str, list[int]] | None:
    """The line's bytes read as UTF-8, bytes that were lost left out with their character."""
    values: list[int] = []
    places: list[int] = []
    for place, char in enumerate(line):
        try:
            encoded = [_UNKNOWN] if char in "\ufffd?" else list(char.encode(encoding))
        except UnicodeEncodeError:
            encoded = [_SOUND + ord(char)]  # what a repair has mended already
        values += encoded
        places += [place] * len(encoded)
    found, at, good = [], [], 0
    i = 0
    while i < len(values):
        size = _sequence(values, i)
        part = values[i : i + size]
        if values[i] >= _SOUND:
            good += size
            found.append(chr(values[i] - _SOUND))
            at.append(places[i])
        elif size > 1 or 0 <= values[i] < 0x80:
            good += size
            if _UNKNOWN not in part:
                found.append(bytes(part).decode("utf-8", "ignore"))
                at.append(places[i])
        i += size
    pairs = [(char, place) for char, place in zip(found, at, strict=True) if char]
    if good < _LEAST_SHARE * len(values) or not pairs:
        return None
    return "".join(char for char, _ in pairs), [place for _, place in pairs]


def _sequence(values: list[int], start: int) -> int:
    """How many bytes from `start` on make one UTF-8 sequence, lost continuation bytes allowed; 1 where none begins."""
    lead = values[start]
    size = 2 if 0xC2 <= lead < 0xE0 else 3 if 0xE0 <= lead < 0xF0 else 4 if 0xF0 <= lead < 0xF5 else 1
    rest = values[start + 1 : start + size]
    if len(rest) < size - 1 or any(value != _UNKNOWN and not 0x80 <= value < 0xC0 for value in rest):
        return 1
    return size
