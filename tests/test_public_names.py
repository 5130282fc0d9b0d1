"""The names that others build on, and what importing them costs."""

import subprocess
import sys

import pytest

import dedup

HEAVY = [
    "numpy",
    "numba",
    "scipy",
    "datasketch",
    "rapidfuzz",
    "ftfy",
    "cyclopts",
    "rich",
    "orjson",
    "charset_normalizer",
    "htmldate",
    "duckdb",
]


def loaded_after(statement):
    code = f"{statement}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    return set(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split())


def test_the_command_line_loads_no_compiler_before_a_command_needs_it():
    """Each command loads it without what it would look for, SciPy: under a limit of the address space that is not found, but hangs."""
    assert not loaded_after("import dedup.cli") & {"numba", "scipy"}


@pytest.mark.parametrize("name", dedup.__all__)
def test_every_public_name_exists_and_is_documented(name):
    value = getattr(dedup, name)
    assert name == "__version__" or value.__doc__


def test_the_public_names_are_these():
    assert set(dedup.__all__) == {
        *("clean", "clean_all", "clean_texts", "Clean", "Document", "Repeat", "Span", "Config", "Repair", "Repeats"),
        *("deduplicate", "Deduplicated", "Duplicate", "Cluster", "Marks", "Exact", "Near", "Index", "Match", "SharedIndex"),
        *("Boilerplate", "Learning", "Shared", "learn_boilerplate", "find_stretches", "Stretch", "Stretches", "Stretched", "Contained"),
        *("DedupError", "ConfigError", "InputError", "IndexMismatchError", "MissingExtraError", "__version__"),
    }
    assert set(dedup.__all__) <= set(dir(dedup))


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'cleen'"):
        _ = dedup.cleen


def test_import_is_light():
    assert not loaded_after("import dedup") & {*HEAVY, "dataclasses", "typing_extensions"}


def test_the_nouns_settings_and_errors_are_light_too():
    assert not loaded_after("import dedup\ndedup.Config(), dedup.Document('x'), dedup.InputError") & set(HEAVY)


def test_errors_form_the_tree_of_their_docstring():
    for name in ("ConfigError", "InputError", "IndexMismatchError", "MissingExtraError"):
        assert issubclass(getattr(dedup, name), dedup.DedupError)
    assert "pip install 'article-dedup[html]'" in str(dedup.MissingExtraError("trafilatura", "html"))
