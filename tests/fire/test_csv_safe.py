"""CSV output holds no formula when that is asked for, and each cell can be had back; else the cells are those that came in."""

import csv
import io
import json

import pytest
from executable import run
from hypothesis import example, given
from hypothesis import strategies as st
from texts import article

from dedup.files import delimited
from dedup.files.columns import Head, Row

FORMULAS = [
    "=1+1",
    "+1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "－1",
    "＋1",
    "＠a",
    '=HYPERLINK("http://a.b","c")',
    "'=1",
    "''@a",
]
HARMLESS = ["a", "", "'a", "1-2", " =1", "a=1", "国", 'a "b"', "x\ny"]
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def table(cells, delimiter=","):
    """A file of the cells, each a row of its own, between a number and a text."""
    rows = [["id", "=cell", "text"], *([str(number), cell, article(number, 20)] for number, cell in enumerate(cells))]
    return "".join(delimiter.join(_quoted(cell, delimiter) for cell in row) + "\n" for row in rows).encode()


def _quoted(cell, delimiter):
    """The cell as a file holds it."""
    return '"' + cell.replace('"', '""') + '"' if set(cell) & {'"', "\r", "\n", delimiter} else cell


def cells_of(data, delimiter=","):
    """The rows of a file, header and all."""
    return list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))


def given_back(cell):
    """The cell as it was before: without one apostrophe where a formula stands behind apostrophes."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(BEGINNINGS) else cell


@pytest.mark.parametrize("verb", ["clean", "drop", "run"])
@pytest.mark.parametrize(("suffix", "delimiter"), [("csv", ","), ("tsv", "\t"), ("csv", ";")])
def test_no_cell_is_a_formula_when_asked(tmp_path, verb, suffix, delimiter):
    data = table([*FORMULAS, *HARMLESS], delimiter)
    (tmp_path / f"in.{suffix}").write_bytes(data)
    for name, options in (("plain", []), ("safe", ["--csv-safe"])):
        code, _, error = run(verb, tmp_path / f"in.{suffix}", "-o", tmp_path / f"{name}.{suffix}", "-q", "--no-near.enabled", *options)
        assert code == 0, error
    assert (tmp_path / f"plain.{suffix}").read_bytes() == data
    before, safe = cells_of(data, delimiter), cells_of((tmp_path / f"safe.{suffix}").read_bytes(), delimiter)
    assert not [cell for row in safe for cell in row if cell.startswith(BEGINNINGS)]
    assert [[given_back(cell) for cell in row] for row in safe] == before
    assert safe[0] == ["id", "'=cell", "text"]
    assert [row[1] for row in safe[1:]] == [f"'{cell}" for cell in FORMULAS] + HARMLESS


def test_values_of_other_formats_and_standard_output_and_the_settings_too(tmp_path):
    rows = [{"id": 1, "=n": -5, "text": "=1 is an article."}, {"id": 2, "=n": None, "text": "-2 is another one of them."}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (tmp_path / "dedup.toml").write_text("[files]\ncsv_safe = true\n", encoding="utf-8")
    code, out, error = run("clean", tmp_path / "in.jsonl", "--to", "csv", "-q", "--config", tmp_path / "dedup.toml")
    assert code == 0, error
    assert cells_of(out) == [["id", "'=n", "text"], ["1", "'-5", "'=1 is an article."], ["2", "", "'-2 is another one of them."]]
    code, out, error = run("clean", tmp_path / "in.jsonl", "-q", "--csv-safe")
    assert (code, [json.loads(line) for line in out.splitlines()]) == (0, rows), error


def test_what_another_spreadsheet_parts_stands_in_quotes(tmp_path):
    (tmp_path / "in.csv").write_text("id,text\n1,a;=1\tb\n", encoding="utf-8")
    assert run("clean", tmp_path / "in.csv", "--csv-safe", "-q")[1] == b'id,text\n1,"a;=1\tb"\n'


@given(st.lists(st.text(st.sampled_from("=+-@\t\r\n'\"\ufeff,; a国＝"), max_size=6), min_size=2, max_size=2), st.sampled_from(",;\t"))
@example(["\ufeff=1", '"=1"'], ",")
def test_any_cells_come_back(cells, delimiter):
    out = io.BytesIO()
    delimited.write(out, [Head(("a", "b")), Row(dict(zip("ab", cells, strict=True)), 1)], delimiter, safe=True)
    safe = cells_of(out.getvalue(), delimiter)[1]
    assert not [cell for cell in safe if cell.startswith(BEGINNINGS)]
    assert [given_back(cell) for cell in safe] == cells
