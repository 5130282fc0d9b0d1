"""Messages: a count and its noun agree, whatever the count is."""

import ast
import re
from pathlib import Path

import pytest

import dedup
from dedup.plural import number

# `{name} rows`, `{name:,} old rows`: a value and a plural, which is wrong when the value is 1.
PLURAL = re.compile(r"^ (?:[a-z]+ )?(rows|\w*[a-z]{2}[^s\W]s)\b")
VERBS = {"belongs", "copies", "does", "ends", "holds", "sees", "stands"}
# What is never 1: the largest number that fits, more than fits, and what the maker of a table says to its author.
MANY = {("dropping.py", " bytes"), ("ranking.py", " distinct texts"), ("sound_table.py", " classes"), ("sound_table.py", " states")}


def plurals():
    """Each place where a message has a plural behind a value: the file, the line and the words."""
    for path in sorted(Path(dedup.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.JoinedStr):
                continue
            for value, behind in zip(node.values, node.values[1:], strict=False):
                if not isinstance(value, ast.FormattedValue) or not isinstance(behind, ast.Constant):
                    continue
                found = PLURAL.match(behind.value)
                if found and found[1] not in VERBS and (path.name, found[0]) not in MANY:
                    yield path.name, behind.lineno, ast.unparse(value.value), found[0]


def test_no_message_has_a_plural_behind_a_value():
    assert [*plurals()] == []


@pytest.mark.parametrize(
    ("count", "noun", "said"),
    [
        (0, "row", "0 rows"),
        (1, "row", "1 row"),
        (2, "row", "2 rows"),
        (1_000, "old row", "1,000 old rows"),
        (1, "stretch", "1 stretch"),
        (2, "stretch", "2 stretches"),
    ],
)
def test_a_count_has_its_noun(count, noun, said):
    assert number(count, noun) == said
