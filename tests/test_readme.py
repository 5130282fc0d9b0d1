"""Every example of the README does what it says: the shell's with the real executable, Python's as a doctest.

The examples run in their order, in one folder that holds what a clone holds; `…` in an expected output stands for anything.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import takewhile
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import pytest

import dedup

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """An example: its language, its text, the line of the README that it begins at."""

    language: str
    text: str
    line: int


BLOCKS = [Block(found[1], found[2], README.count("\n", 0, found.start()) + 2) for found in _BLOCK.finditer(README)]


def blocks(language):
    return [block for block in BLOCKS if block.language == language]


def steps(block):
    """The commands of a console block, each with the output that it is said to have; `> ` goes on with a command."""
    lines = block.text.splitlines()
    while lines:
        command = [lines.pop(0).removeprefix("$ "), *(line[2:] for line in takewhile(lambda line: line.startswith("> "), lines))]
        del lines[: len(command) - 1]
        output = list(takewhile(lambda line: not line.startswith("$ "), lines))
        del lines[: len(output)]
        yield "\n".join(command), "\n".join(output)


def agrees(said, got):
    return re.fullmatch(".*".join(map(re.escape, said.split("…"))), got.rstrip("\n"), re.DOTALL) is not None


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    return folder


def test_every_example_is_of_a_kind_that_is_run():
    assert {block.language for block in BLOCKS} <= {"console", "python", "toml", "sh"}
    assert README.count("```") == 2 * len(BLOCKS)


def test_the_shell_examples_print_what_they_say(clone):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8", "COLUMNS": "100"}
    for block in BLOCKS:
        if block.language == "toml":  # its first line names the file
            tomllib.loads(block.text)
            (clone / block.text.splitlines()[0].removeprefix("# ")).write_text(block.text, encoding="utf-8")
        if block.language != "console":
            continue
        assert block.text.startswith("$ "), block
        for command, said in steps(block):
            done = subprocess.run(
                ["bash", "-c", command], cwd=clone, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=300
            )
            assert agrees(said, done.stdout.decode()), f"README.md:{block.line}: $ {command}\n{done.stdout.decode()}"


def test_the_python_examples_return_what_they_say(clone, monkeypatch):
    monkeypatch.chdir(clone)
    names = {"__name__": "readme"}
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_ONLY_FIRST_FAILURE)
    told = []
    for block in blocks("python"):
        test = doctest.DocTestParser().get_doctest(block.text, names, "README.md", "README.md", block.line - 1)
        assert test.examples, block
        runner.run(test, out=told.append, clear_globs=False)
        names = test.globs
    assert not runner.failures, "".join(told)


def test_the_seed_stands_first_in_at_most_15_lines():
    assert BLOCKS[0].language == "console"
    assert len(BLOCKS[0].text.splitlines()) <= 15


def test_the_two_commands_stand_at_the_top_and_are_the_ones_that_the_checks_run():
    first = BLOCKS[1]
    assert first.text.splitlines() == [
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/dedup clean seeds -o cleaned",
        "python3 -m venv .venv && .venv/bin/pip install '.[test]' && .venv/bin/python -m pytest",
    ]
    checks = ROOT / ".ci" / "run"
    if checks.exists():  # not where the tests run beside an installed wheel
        assert all(line in checks.read_text(encoding="utf-8").replace("install -q", "install") for line in first.text.splitlines())


def test_the_settings_have_the_defaults_that_the_table_names():
    named = re.findall(r"^\| `([a-z_.]+)` \| (\S+) \|", README, re.MULTILINE)
    assert named
    for name, said in named:
        default = attrgetter(name)(dedup.Config())
        assert said == (str(default).lower() if isinstance(default, bool) else str(default)), name


LONG = """\
The council met on Tuesday evening in the old town hall and listened to the engineers for three hours before anybody asked about \
the costs of the bridge, which the mayor had promised to publish before the summer and to explain at the next meeting.
It voted for the new bridge over the river, which will open in two years and will carry trams, cyclists and people on foot but \
no cars, as the residents of both banks had asked for since the last flood.
Residents of the east bank, who have waited for a long time, called the vote a relief.\
""".split("\n")
POEM = ["Roses are red", "Violets are blue", "Sugar is sweet", "And so are you"]


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ([LONG[0], LONG[1], LONG[0], LONG[2]], 3),  # a long paragraph again, letter for letter
        ([LONG[0], LONG[1], LONG[0].replace("town hall", "town hell"), LONG[2]], 4),
        ([LONG[0], LONG[2], LONG[1], LONG[2]], 4),  # a short one
        (POEM * 2, 8),
        ([f"{LONG[2]} {LONG[2]}", LONG[0]], 2),
        ([LONG[0], "On Tuesday the council heard engineers for three hours about what the bridge would cost.", LONG[1]], 3),
    ],
)
def test_the_limits_are_what_it_says(text, paragraphs):
    assert len(dedup.clean("\n".join(text)).paragraphs) == paragraphs


def test_what_the_readme_links_to_is_there():
    if not (ROOT / ".github").exists():
        pytest.skip("no checkout")
    assert all((ROOT / link).exists() for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", README))
