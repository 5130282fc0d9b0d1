"""The language that a text is shown in, by its script: what a browser needs to choose glyphs, hyphens and a voice."""

from __future__ import annotations

import re

_LOOKED_AT = 400  # letters
# Kana stands before Han: a Japanese text has both. A script that several languages are written in names the one that is written most.
_SCRIPTS = {
    "ja": "\u3040-\u30ff",
    "ko": "\uac00-\ud7af\u1100-\u11ff",
    "zh": "\u4e00-\u9fff\u3400-\u4dbf",
    "ar": "\u0600-\u06ff\u0750-\u077f",
    "he": "\u0590-\u05ff",
    "hi": "\u0900-\u097f",
    "bn": "\u0980-\u09ff",
    "ta": "\u0b80-\u0bff",
    "th": "\u0e00-\u0e7f",
    "el": "\u0370-\u03ff",
    "ru": "\u0400-\u04ff",
}
_FOUND = {name: re.compile(f"[{letters}]") for name, letters in _SCRIPTS.items()}


def language(text: str) -> str:
    """The code of the language whose script a tenth of the text is in, the empty string where there is none but the Latin one."""
    begin = text[:_LOOKED_AT]
    return next((name for name, letters in _FOUND.items() if len(letters.findall(begin)) * 10 > len(begin)), "")
