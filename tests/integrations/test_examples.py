"""The example in each module's docstring returns what it says, and a module whose package is missing says the pip command."""

import doctest
import pkgutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import dedup
import dedup.integrations

ROOT = Path(__file__).parent.parent.parent
# The examples of spark are run by its own page, docs/spark.md.
NAMES = [
    module.name for module in pkgutil.iter_modules(dedup.integrations.__path__) if module.name != "spark"
]  # which has tests of its own
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL | doctest.REPORT_ONLY_FIRST_FAILURE
PACKAGES = {
    "datasets": ("datasets", "datasets"),
    "datatrove": ("datatrove", "datatrove"),
    "frames": ("narwhals", "frames"),
    "haystack": ("haystack", "haystack"),
    "langchain": ("langchain_core", "langchain"),
    "llamaindex": ("llama_index", "llamaindex"),
    "polars": ("polars", "polars"),
    "scrapy": ("scrapy", "scrapy"),
    "sklearn": ("sklearn", "sklearn"),
    "spark": ("pyspark", "spark"),
    "trafilatura": ("trafilatura", "html"),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_example_in_the_docstring(name):
    module = import_module(f"dedup.integrations.{name}")
    done = doctest.testmod(module, optionflags=FLAGS)
    assert done.attempted > 2
    assert not done.failed


@pytest.mark.parametrize("name", PACKAGES)
def test_a_missing_package_is_told_with_the_command_that_installs_it(name):
    package, extra = PACKAGES[name]
    code = f"import sys; sys.modules[{package!r}] = None\nimport dedup.integrations.{name}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"MissingExtraError: {package.replace('_', '-')}" in done.stderr.replace("scikit-learn", "sklearn")
    assert f"pip install 'article-dedup[{extra}]'" in done.stderr
    assert extra in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]


def test_a_shared_index_without_its_package_says_the_command_too(monkeypatch):
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(dedup.MissingExtraError, match=r"redis is not installed: pip install 'article-dedup\[redis\]'"):
        dedup.SharedIndex()


def test_every_module_is_named_in_the_map_and_imports_nothing_before_it_is_asked_for():
    assert all(f"\n    {name} " in dedup.integrations.__doc__ for name in NAMES)
    code = "import dedup.integrations, sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {*loaded} & {package for package, _ in PACKAGES.values()}
