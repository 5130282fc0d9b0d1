"""Code: source text, configuration, commands and markup tables, which say the same lines again on purpose."""

from __future__ import annotations

import re

from dedup.article.markup import without_tags

# Of 19,043 English and 3,245 Chinese news articles one in a thousand has more than 0.028 and 0.008 of these marks a letter or
# digit, of their paragraphs one in a hundred 0.022 and 0; nine of ten Python files have more than 0.056, half of them 0.089, and
# nine of ten pages of commands and their answers in JSON 0.048. Without keys and options, the second line, these had 0.029.
CODE_SHARE = 0.04
_MARK = re.compile(
    r"[{}\[\]=_\\|;<>#$@^~`*&+]|(?<=\w)\(|\)(?=[:;,.\[{)])"
    r"|\"(?=:\s)|(?<!\S)--(?=[a-z])|(?<!\S)-(?=[a-z]\b)|(?<=[a-z]):(?=[a-z])|::"
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
# News agencies' `<CSRA.S>`, `<Delhi Petroleum Pty Ltd>`.
_NAME = re.compile(r"(?<!\w)<(?:[A-Z]+\.[A-Z]+|[A-Z][\w.]*(?: [A-Z][\w.]*)+)>")
_LEAST = 4  # marks: three stars or a pair of brackets and a sign are no code


def is_code(text: str) -> bool:
    """True when the marks of code stand in the text as often as they do in code; HTML's tags and entities are none."""
    marks = len(_MARK.findall(text))
    if marks < _LEAST or marks < CODE_SHARE * len(text) / 4:
        return False
    bare = _NAME.sub("", _ENTITY.sub("", without_tags(text)))
    marks = len(_MARK.findall(bare))
    return marks >= _LEAST and marks >= CODE_SHARE * sum(map(str.isalnum, bare))
