"""Every example of the README and of the pages in docs/ does what it says: the shell's with the real executable, Python's as a doctest.

The examples of a page run in their order, in one folder that holds what a clone holds; `…` in an expected output stands for anything.
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
PAGES = {str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]}
_BLOCK = re.compile(r"^```([\w{}]*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """An example: its language, its text, the line of the page that it begins at."""

    language: str
    text: str
    line: int


def blocks(page):
    return [Block(found[1], found[2], PAGES[page].count("\n", 0, found.start()) + 2) for found in _BLOCK.finditer(PAGES[page])]


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


@pytest.fixture
def clone(tmp_path):
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    return tmp_path


@pytest.mark.parametrize("page", PAGES)
def test_every_example_is_of_a_kind_that_is_known(page):
    assert {block.language for block in blocks(page)} <= {"console", "python", "toml", "sh", "{include}", "{toctree}"}
    assert PAGES[page].count("```") == 2 * len(blocks(page))


@pytest.mark.parametrize("page", PAGES)
def test_the_shell_examples_print_what_they_say(page, clone):
    text = "".join(block.text for block in blocks(page) if block.language == "console")
    if missing := [tool for tool in ("jq", "parallel") if re.search(rf"[$|] {tool} ", text) and not shutil.which(tool)]:
        # On a machine that checks everything, a missing tool is a failure; on a reader's own it is said.
        needed = f"not installed: apt-get install {' '.join(missing)}"
        assert not os.environ.get("CI"), needed
        pytest.skip(needed)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8", "COLUMNS": "100"}
    for block in blocks(page):
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
            assert agrees(said, done.stdout.decode()), f"{page}:{block.line}: $ {command}\n{done.stdout.decode()}"


@pytest.mark.parametrize("page", PAGES)
def test_the_python_examples_return_what_they_say(page, clone, monkeypatch):
    monkeypatch.chdir(clone)
    names = {"__name__": "example"}
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_ONLY_FIRST_FAILURE)
    told = []
    for block in blocks(page):
        if block.language != "python":
            continue
        test = doctest.DocTestParser().get_doctest(block.text, names, page, page, block.line - 1)
        assert test.examples, block
        runner.run(test, out=told.append, clear_globs=False)
        names = test.globs
    assert not runner.failures, "".join(told)


def test_the_seed_stands_first_in_at_most_15_lines():
    first = blocks("README.md")[0]
    assert first.language == "console"
    assert len(first.text.splitlines()) <= 15


def test_the_readme_is_one_that_is_read():
    assert PAGES["README.md"].count("\n") <= 400


def test_the_two_commands_stand_at_the_top_and_are_the_ones_that_the_checks_run():
    first = blocks("README.md")[1]
    assert first.text.splitlines() == [
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/dedup clean seeds -o cleaned",
        "python3 -m venv .venv && .venv/bin/pip install '.[test]' && .venv/bin/python -m pytest",
    ]
    checks = ROOT / ".ci" / "run"
    if checks.exists():  # not where the tests run beside an installed wheel
        assert all(line in checks.read_text(encoding="utf-8").replace("install -q", "install") for line in first.text.splitlines())


def test_the_settings_have_the_defaults_that_the_table_names():
    named = re.findall(r"^\| `([a-z_.]+)` \| (\S+) \|", PAGES["docs/settings.md"], re.MULTILINE)
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


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_links_to_is_there(page):
    if not (ROOT / ".github").exists():
        pytest.skip("no checkout")
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", PAGES[page])
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_every_page_can_be_reached_from_the_readme():
    assert [page for page in PAGES if page not in {"README.md", "docs/index.md"} and f"]({page})" not in PAGES["README.md"]] == []
