"""JSON as text: parsed to columns, and changed in place so that all that is not changed stays byte for byte."""

from __future__ import annotations

import datetime
import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # the standard library's own, without a type
from typing import TYPE_CHECKING, Any

import orjson

from dedup.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()
_KINDS = {list: "an array", str: "a string", bool: "true or false", int: "a number", float: "a number", type(None): "null"}


def columns_of(text: str) -> dict[str, Any]:
    """The object that a text holds; InputError when it is no JSON or no object."""
    try:
        value = orjson.loads(text)
    except ValueError:
        # What orjson is strict about (NaN, halves of surrogate pairs) Python's own reader takes.
        try:
            value = json.loads(text)
        except json.JSONDecodeError as error:
            message = f"not JSON: {error.msg} (column {error.colno})"
            raise InputError(message) from error
        except (ValueError, RecursionError) as error:
            message = "not JSON: nested too deep" if isinstance(error, RecursionError) else f"not JSON: {error}"
            raise InputError(message) from error
    return as_columns(value)


def as_columns(value: object) -> dict[str, Any]:
    """The value, which is an object; InputError when it is something else."""
    if not isinstance(value, dict):
        message = f"not an object but {_KINDS.get(type(value), 'something else')}"
        raise InputError(message)
    return value


def replaced(text: str, changes: Mapping[str, Any]) -> str:
    """The text of an object in which the values of some keys are new; new keys go to its end, all else stays as it is."""
    missing = dict(changes)
    parts, done = [], 0
    place = _after_space(text, text.index("{") + 1)
    while text[place] != "}":
        key, place = scanstring(text, place + 1, False)
        start = _after_space(text, _after_space(text, place) + 1)
        end = _value_end(text, start)
        if key in changes:
            parts += [text[done:start], dumped(changes[key], ascii_only=text.isascii())]
            done = end
            missing.pop(key, None)
        place = _after_space(text, end)
        if text[place] == ",":
            place = _after_space(text, place + 1)
    close = text.rstrip().rindex("}")
    for key, value in missing.items():
        pair = f"{dumped(key, ascii_only=text.isascii())}: {dumped(value, ascii_only=text.isascii())}"
        parts += [text[done:close], ", " if text[:close].rstrip()[-1] != "{" else "", pair]
        done = close
    return "".join([*parts, text[done:]])


def dumped(value: object, *, ascii_only: bool = False) -> str:
    """The value as JSON; ASCII alone where the file it goes to writes its other strings so."""
    if ascii_only and isinstance(value, str):
        return json.dumps(value)
    try:
        return orjson.dumps(value, default=_plain).decode()
    except TypeError:  # numbers beyond 64 bits, halves of surrogate pairs
        return json.dumps(value, ensure_ascii=False, default=_plain).encode("utf-8", "replace").decode()


def _plain(value: object) -> Any:  # noqa: ANN401 - what JSON can hold
    """What stands for a value that JSON has no form for."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _value_end(text: str, start: int) -> int:
    """Where the value that begins at `start` ends."""
    return _DECODER.raw_decode(text, start)[1]


def _after_space(text: str, place: int) -> int:
    """The first place from `place` on that is no white space."""
    match = _SPACE.match(text, place)
    return match.end() if match else place
