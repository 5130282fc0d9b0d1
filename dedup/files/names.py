"""Names of files, for people and for order: bytes that are no UTF-8 and control characters are shown escaped."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePath

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def shown(path: PurePath | str) -> str:
    r"""The name as text that can be printed and saved anywhere: `b"\xe9.txt"` is shown as `\xe9.txt`, on one line."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def order(path: PurePath | str) -> bytes:
    """The key that sorts names the same way under every locale: their bytes."""
    return os.fsencode(path)
