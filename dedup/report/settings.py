"""The settings in force as TOML, each under the text that its field has in the source."""

from __future__ import annotations

import ast
import inspect
import textwrap
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import dedup.config

if TYPE_CHECKING:
    from types import ModuleType

_WIDTH = 96


def as_toml(config: dedup.config.Config) -> str:
    """A `dedup.toml` that gives this configuration, with the meaning of each setting as its comment."""
    sections: list[str] = []
    plain: list[str] = []
    for field in fields(config):
        value = getattr(config, field.name)
        if is_dataclass(value):
            sections.append(_section(field.name, value))
        else:
            plain.append(_setting(field.name, value, field_texts(dedup.config)["Config"].get(field.name, "")))
    return "\n".join([*plain, *sections])


def _section(name: str, settings: Any) -> str:  # noqa: ANN401 - any dataclass of settings
    """One table: what it is for, and its settings."""
    texts = field_texts(dedup.config)[type(settings).__name__]
    body = [_setting(field.name, getattr(settings, field.name), texts.get(field.name, "")) for field in fields(settings)]
    return "\n".join([f"{_comment(inspect.getdoc(type(settings)) or '')}[{name}]\n", *body])


def _setting(name: str, value: object, text: str) -> str:
    """The meaning and the value; a setting without a value is a comment, because TOML has no nothing."""
    line = f"# {name} =" if value is None else f"{name} = {_value(value)}"
    return f"{_comment(text)}{line}\n"


def _comment(text: str) -> str:
    """The text as lines of a comment."""
    lines = [line for part in text.split("\n\n") for line in textwrap.wrap(" ".join(part.split()), _WIDTH - 2)]
    return "".join(f"# {line}\n" for line in lines)


def _value(value: object) -> str:
    """The value in TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        import json

        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)


@cache
def field_texts(module: ModuleType) -> dict[str, dict[str, str]]:
    """Class -> field -> the string that stands under the field in the module's source."""
    texts: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef):
            texts[node.name] = {
                before.target.id: inspect.cleandoc(after.value.value)
                for before, after in zip(node.body, node.body[1:], strict=False)
                if isinstance(before, ast.AnnAssign)
                and isinstance(before.target, ast.Name)
                and isinstance(after, ast.Expr)
                and isinstance(after.value, ast.Constant)
                and isinstance(after.value.value, str)
            }
    return texts
