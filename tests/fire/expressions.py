"""The regular expressions of the package, and how it uses each."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import dedup

SEARCHES = {"search", "finditer", "findall", "sub", "subn", "split"}
AT_ONE_PLACE = {"match", "fullmatch"}


def expressions():
    """Name -> the pattern and the methods that the package calls of it: all of them where it is not called by its name alone."""
    used = _methods()
    found = {}
    for module in pkgutil.walk_packages(dedup.__path__, "dedup."):
        if module.name.endswith("__main__"):
            continue
        try:
            names = vars(importlib.import_module(module.name))
        except (ImportError, dedup.MissingExtraError):  # an integration whose package is not installed
            continue
        for name, value in names.items():
            for number, one in enumerate(_patterns(value)):
                where = name if one is value else f"{name}.{number}"
                found[f"{module.name}.{where}"] = one, used.get((module.name, name)) or SEARCHES | AT_ONE_PLACE
    return found


def _patterns(value):
    """The expressions that a value is or holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _patterns([*value, *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _patterns(one)


def _methods():
    """(module, name) -> the methods called of it there; nothing for a name that is also given to something else."""
    used, given = {}, set()
    package = Path(dedup.__file__).parent
    for path in package.rglob("*.py"):
        module = ".".join(("dedup", *path.relative_to(package).with_suffix("").parts)).removesuffix(".__init__")
        tree = ast.parse(path.read_text("utf-8"))
        # A name from another module is that module's: what is called of it here is called of the expression there.
        homes = {
            alias.asname or alias.name: (node.module, alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        called = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        # What is called of one expression of a table is called of each of them.
        called |= {id(node.value): called[id(node)] for node in ast.walk(tree) if isinstance(node, ast.Subscript) and id(node) in called}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                name = homes.get(node.id, (module, node.id))
                if called.get(id(node)) in SEARCHES | AT_ONE_PLACE | {"pattern", "flags"}:
                    used.setdefault(name, set()).add(called[id(node)])
                else:
                    given.add(name)
    return {key: methods & (SEARCHES | AT_ONE_PLACE) for key, methods in used.items() if key not in given}


def written_elsewhere():
    """`module: line` of each expression that no name of a module holds, so that `expressions` cannot find it."""
    package = Path(dedup.__file__).parent
    found = []
    for path in sorted(package.rglob("*.py")):
        module = ".".join(("dedup", *path.relative_to(package).with_suffix("").parts)).removesuffix(".__init__")
        tree = ast.parse(path.read_text("utf-8"))
        held = {id(node) for one in tree.body if isinstance(one, ast.Assign | ast.AnnAssign) for node in ast.walk(one)}
        found += [
            f"{module}: {ast.unparse(node)}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and ast.unparse(node.func) in {f"re.{name}" for name in SEARCHES | AT_ONE_PLACE | {"compile"}}
            and not (node.func.attr == "compile" and id(node) in held)
        ]
    return found


def use(pattern, methods, text):
    """Look for the pattern everywhere in the text, or at its beginning alone, as the package does."""
    if methods & SEARCHES:
        for _ in pattern.finditer(text):
            pass
    if "match" in methods:
        pattern.match(text)
    if "fullmatch" in methods:
        pattern.fullmatch(text)
