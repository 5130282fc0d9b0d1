"""Bytes to text: what a byte order mark or strict UTF-8 says, else a guess that is checked and named."""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import NamedTuple

from dedup.errors import InputError

_MARKS = (  # UTF-32 before UTF-16: its mark begins with the other's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# In the order of preference when two fit equally well: every Korean text is also common Chinese
# letters read as GB 18030, the reverse is next to impossible.
_CANDIDATES = ("cp949", "euc_jp", "cp932", "cp950", "big5hkscs", "gb18030", "cp1252", "utf-16-le", "utf-16-be")
_SINGLE_BYTE = ("cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "cp866", "mac_roman")
_SAMPLE = 65_536  # characters looked at for a guess
_LEAST_FIT = 0.7  # share of common letters: right guesses measure 0.9 and more, wrong ones 0.6 and less
_LEAST_KANA = 0.1  # share of kana in Japanese prose; 0.3 and more is usual
_MOST_ACCENTS = 0.34  # share of letters beyond ASCII in western text
_MOST_DAMAGE = 0.002  # characters of a text that may be undecodable under a guessed encoding
_VALID_PER_DAMAGE = 4  # sequences beyond ASCII that are right UTF-8, for each that is not
_MOST_NULS = 0.1  # share of NUL characters in what is still a text


class Decoded(NamedTuple):
    """A text, the codec that gave it, whether that was a guess, and how many U+FFFD stand for undecodable bytes."""

    text: str
    encoding: str
    guessed: bool
    replaced: int


def decode(data: bytes) -> Decoded:
    """The text of `data`, every byte of it read or counted as replaced.

    Raises InputError when the bytes are no text in any encoding known here.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_damaged(data[len(mark) :], encoding, guessed=False))
    wide = _wide(data) if b"\0" in data else None
    return _checked(wide or _utf8(data) or _guess(data))


def _checked(decoded: Decoded) -> Decoded:
    """The same, when it is a text and not the bytes of something else."""
    if decoded.text.count("\0") > _MOST_NULS * len(decoded.text):
        raise InputError("not a text: it consists of NUL bytes" if not decoded.text.strip("\0") else "not a text: it is full of NUL bytes")
    if decoded.replaced * 2 > len(decoded.text):
        message = f"not a text: most of it is invalid {decoded.encoding}"
        raise InputError(message)
    return decoded


def _damaged(data: bytes, encoding: str, *, guessed: bool) -> Decoded:
    """The text with U+FFFD for what cannot be decoded; those that the source holds itself are not counted."""
    text = data.decode(encoding, "replace")
    replaced = text.count("\ufffd")
    if replaced and encoding.startswith("utf"):
        replaced -= data.count("\ufffd".encode(encoding))
    return Decoded(text, encoding, guessed, max(replaced, 0))


def _utf8(data: bytes) -> Decoded | None:
    """The text when the bytes are UTF-8 but for a few that were lost or cut, else None."""
    if b"\x1b$" in data and data.isascii():
        try:
            return Decoded(data.decode("iso2022_jp"), "iso2022_jp", guessed=True, replaced=0)
        except UnicodeDecodeError:
            return Decoded(data.decode("ascii"), "utf-8", guessed=False, replaced=0)
    decoded = _damaged(data, "utf-8", guessed=False)
    if decoded.replaced:
        # Guessing comes after this: one cut letter would turn a whole article into another encoding's gibberish.
        valid = len(decoded.text) - sum(map(str.isascii, decoded.text)) - decoded.replaced
        if valid < _VALID_PER_DAMAGE * decoded.replaced:
            return None
    return decoded


def _wide(data: bytes) -> Decoded | None:
    """The text of UTF-16 or UTF-32 bytes without a mark, told by their NUL bytes; None when they are something else."""
    for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and _fit(text, encoding) >= _LEAST_FIT:
            return Decoded(text, encoding, guessed=True, replaced=0)
    return None


def _guess(data: bytes) -> Decoded:
    """The candidate under which most letters are common ones, else what charset-normalizer finds.

    charset-normalizer alone takes one Chinese article in thirty for UTF-16 or Korean, and `It\u2019s` in
    Windows-1252 for Big5; it is better than we are at telling the single-byte alphabets apart.
    """
    best, best_fit = None, _LEAST_FIT
    for encoding in _CANDIDATES:
        decoded = _damaged(data, encoding, guessed=True)
        if decoded.replaced > _MOST_DAMAGE * len(decoded.text):
            continue
        fit = _fit(decoded.text, encoding) - (decoded.replaced > 0) * 0.05
        if fit > best_fit:
            best, best_fit = decoded, fit
    return best or _normalizer(data)


def _normalizer(data: bytes) -> Decoded:
    """What charset-normalizer holds most likely; InputError when it finds nothing."""
    from charset_normalizer import from_bytes  # only few files need it

    match = from_bytes(data, cp_isolation=list(_SINGLE_BYTE)).best()
    if match is None or _controls(str(match)):
        message = "not a text in any known encoding"
        raise InputError(message)
    return Decoded(str(match), match.encoding, guessed=True, replaced=0)


def _controls(text: str) -> bool:
    """True when more than one character in fifty is a control character that no text uses."""
    return len(text) < 50 * sum(map(text[:_SAMPLE].count, _CONTROLS))


_CONTROLS = "".join(map(chr, (*range(9), *range(14, 27), 28, 29, 30, 31, *range(0x7F, 0xA0))))


def _fit(text: str, encoding: str) -> float:
    """Share, 0 to 1, of the characters beyond ASCII that are common in the texts this encoding is used for."""
    sample = text[:_SAMPLE]
    wide = encoding.startswith("utf")
    beyond = sample if wide else [char for char in sample if char > "~" or (char < " " and char in _CONTROLS)]
    if not beyond:
        return 1.0
    if encoding == "cp1252" and len(beyond) > _MOST_ACCENTS * sum(map(str.isalnum, sample)):
        return 0.0
    if encoding in {"euc_jp", "cp932"} and sum("\u3040" < char < "\u3100" for char in beyond) < _LEAST_KANA * len(beyond):
        return 0.0
    hits = sum(map(_common(encoding).__contains__, beyond))
    if not wide and encoding != "cp1252":
        hits -= len(_INSIDE_A_WORD.findall(sample))
    return hits / len(beyond) + (0.03 if encoding == "cp949" else 0.0)


_INSIDE_A_WORD = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f](?=[a-z])")  # no ideograph stands there: an accented letter does


@cache
def _common(encoding: str) -> frozenset[str]:
    """The everyday characters of an encoding: the first level of its national standard, punctuation and full-width forms."""
    general = {*map(chr, range(0x2010, 0x2040)), *map(chr, range(0x3000, 0x3020)), *map(chr, range(0xFF01, 0xFF5F)), *"·…—￥€℃％°"}
    if encoding.startswith("utf"):
        ascii_text = {*map(chr, range(0x20, 0x7F)), *"\t\n\r"}
        others = {*map(chr, range(0x400, 0x460)), *map(chr, range(0x620, 0x660))}
        return frozenset(ascii_text.union(others, *map(_common, ("cp949", "euc_jp", "gb18030", "cp1252"))))
    if encoding == "cp1252":
        return frozenset({*map(chr, range(0xC0, 0x100)), *"‘’‚“”„–—…€•™«»¿¡§°ºª£©®·\u00a0ŒœŠšŽžŸ²³½´"} - {*"×÷þÞðÐ"})
    if encoding == "cp949":
        return frozenset(general | _rows("euc_kr", 0xB0, 0xC8))
    if encoding in {"euc_jp", "cp932"}:
        return frozenset(general | _rows("euc_jp", 0xB0, 0xCF) | {*map(chr, range(0x3041, 0x3100))})
    traditional = _rows("big5", 0xA4, 0xC6, 0x40)
    return frozenset(general | traditional | (_rows("gb2312", 0xB0, 0xD7) if encoding == "gb18030" else set()))


def _rows(encoding: str, first: int, last: int, least: int = 0xA1) -> set[str]:
    """The characters of the double-byte rows first..last, with second bytes from `least` on."""
    pairs = (bytes((row, cell)) for row in range(first, last + 1) for cell in range(least, 0xFF))
    return {char for pair in pairs for char in pair.decode(encoding, "ignore") if char > "~"}
