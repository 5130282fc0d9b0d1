"""Formats through the real executable: in and out, from files, folders and streams."""

import gzip
import io
import json
import subprocess

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from compressions import PACK, UNPACK
from executable import DEDUP, SEED, run, tree
from pages import PARAGRAPHS, html

from dedup.files.columns import Row
from dedup.files.formats import kind_of
from dedup.files.read import find_files, read_files
from dedup.files.write import Target, write_rows

BODY = "\n".join(PARAGRAPHS)
TWICE = " ".join(PARAGRAPHS) + "\n" + BODY
ROWS = [{"id": 7, "body": TWICE, "n": [1.5, None]}, {"id": 8, "body": "Tom &amp; Jerry", "n": []}]
JSONL = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
CLEANED = JSONL.replace(json.dumps(TWICE).encode(), json.dumps(BODY).encode()).replace(b"&amp;", b"&")


@pytest.mark.parametrize("suffix", PACK)
def test_rows_keep_everything_but_their_text_and_the_compression_stays(tmp_path, suffix):
    source = tmp_path / f"in.jsonl{suffix}"
    source.write_bytes(PACK[suffix](JSONL))
    code, out, error = run("clean", source, "-o", tmp_path / "out")
    assert (code, out) == (0, b"")
    assert "text from 'body', id from 'id' (guessed from the names of the columns)" in error
    data = (tmp_path / "out" / source.name).read_bytes()
    assert UNPACK[suffix](data) == CLEANED
    assert run("clean", source)[1] == CLEANED
    run("clean", tmp_path / "out", "-o", tmp_path / "again")
    assert (tmp_path / "again" / source.name).read_bytes() == data


def test_a_folder_of_all_formats_goes_to_the_same_names(tmp_path):
    folder, names = tmp_path / "in", ("a.jsonl", "b.json", "c.csv", "d.tsv", "e.parquet", "f.arrow")
    for name in names:
        write_rows(Target(folder / name, kind_of(folder / name)), [Row({"id": row["id"], "body": row["body"]}, 1) for row in ROWS])
    (folder / "g.md").write_text(TWICE, encoding="utf-8")
    (folder / "h.html").write_bytes(html(PARAGRAPHS))
    code, _, error = run("clean", folder, "-o", tmp_path / "out", "--report", tmp_path / "r.json")
    assert code == 0
    assert error.splitlines()[-1].startswith("dedup: 14 articles read, ")
    assert {*tree(tmp_path / "out")} == {*tree(folder)} - {"h.html"} | {"h.txt"}
    for name in names:
        documents = [reading.result for reading in read_files(find_files([tmp_path / "out" / name]))]
        assert [document.text for document in documents] == [BODY, "Tom & Jerry"], name
        assert documents[0].id == "7"
    columns = json.loads((tmp_path / "r.json").read_bytes())["columns"]
    assert columns == {f"{folder}/{names[0]}": "text from 'body', id from 'id'"}  # once for all files that are alike


def test_thirty_columns_of_parquet_go_out_as_thirty(tmp_path):
    columns = {f"c{number}": [number, None] for number in range(29)} | {"body": [TWICE, "second"]}
    pq.write_table(pa.table(columns), tmp_path / "in.parquet")
    assert run("clean", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet")[0] == 0
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.schema.equals(pq.read_schema(tmp_path / "in.parquet"), check_metadata=True)
    assert table.to_pydict() == {**columns, "body": [BODY, "second"]}


def test_parquet_goes_through_pipes(tmp_path):
    pq.write_table(pa.table({"text": [TWICE]}), tmp_path / "in.parquet")
    code, out, _ = run("clean", "-", stdin=(tmp_path / "in.parquet").read_bytes())
    assert code == 0
    assert pq.read_table(io.BytesIO(out)).to_pydict() == {"text": [BODY]}


def test_text_files_keep_their_line_ends_and_their_mark(tmp_path):
    (tmp_path / "in").mkdir()
    source = ("\ufeff" + TWICE.replace("\n", "\r\n") + "\r\n").encode()
    (tmp_path / "in" / "a.txt").write_bytes(source)
    (tmp_path / "in" / "b.txt.gz").write_bytes(gzip.compress(BODY.encode()))
    assert run("clean", tmp_path / "in", "-o", tmp_path / "out")[0] == 0
    assert (tmp_path / "out" / "a.txt").read_bytes() == ("\ufeff" + BODY.replace("\n", "\r\n") + "\r\n").encode()
    assert gzip.decompress((tmp_path / "out" / "b.txt.gz").read_bytes()) == BODY.encode() + b"\n"


def test_a_page_becomes_an_article_or_a_row_or_a_page(tmp_path):
    page = tmp_path / "p.html"
    page.write_bytes(html([" ".join(PARAGRAPHS), *PARAGRAPHS]))
    text = run("clean", page)[1].decode()
    assert text == f"Title: Bridge opens\nAuthor: Ann Lee\nDate: 2023-12-10\nURL: http://x.org/bridge\n\n{BODY}\n"
    row = json.loads(run("clean", page, "--to", "jsonl")[1])
    assert (row["title"], row["text"]) == ("Bridge opens", BODY)
    assert run("clean", page, "--to", "html")[1].decode().count(PARAGRAPHS[2]) == 1


def test_many_files_go_to_one_file_of_rows(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.html").write_bytes(html(PARAGRAPHS))
    (tmp_path / "in" / "b.txt").write_bytes(SEED.read_bytes())
    assert run("clean", tmp_path / "in", "-o", tmp_path / "all.csv")[0] == 0
    assert run("clean", tmp_path / "in", "-o", tmp_path / "all.parquet")[0] == 0
    rows = pq.read_table(tmp_path / "all.parquet").to_pylist()
    assert [row["id"] for row in rows] == ["a.html", "b.txt"]
    assert (rows[1]["title"], rows[1]["site"], rows[1]["date"]) == ("在中国式现代化中走在前列", "深思网", "2023-12-10")


def test_a_named_column_is_the_text_and_a_typo_is_told(tmp_path):
    (tmp_path / "in.jsonl").write_bytes(JSONL)
    code, out, error = run("clean", tmp_path / "in.jsonl", "--text-field", "bdoy")
    assert (code, out) == (3, b"")
    assert "in.jsonl:1: no such column; did you mean 'body'? (field 'bdoy')" in error
    (tmp_path / "dedup.toml").write_text('[files]\ntext_field = "body"\nid_field = "id"\n', encoding="utf-8")
    code, out, error = run("clean", "in.jsonl", cwd=tmp_path)
    assert (code, out) == (0, CLEANED)
    assert "guessed" not in error


def test_the_format_of_a_stream_is_told_or_said():
    assert run("clean", "-", stdin=JSONL)[1] == CLEANED
    assert run("clean", "-", "--format", "txt", stdin=b'{"a": 1}')[1] == b'{"a": 1}\n'
    code, _, error = run("clean", "-", "--format", "jsnl", stdin=JSONL)
    assert (code, error) == (2, "dedup: unknown format 'jsnl': did you mean jsonl?\n")


def test_clean_and_drop_compose():
    cleaning = subprocess.Popen([DEDUP, "clean", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    dropping = subprocess.Popen([DEDUP, "drop", "-"], stdin=cleaning.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    cleaning.stdout.close()
    cleaning.stdin.write(JSONL + JSONL)
    cleaning.stdin.close()
    out, _ = dropping.communicate(timeout=60)
    assert (cleaning.wait(timeout=60), dropping.returncode) == (0, 0)
    cleaning.stderr.close()
    assert out.count(b"\n") == 2


def test_a_dry_run_says_what_would_change_and_writes_nothing(tmp_path):
    (tmp_path / "in.jsonl").write_bytes(JSONL)
    code, out, error = run("clean", tmp_path / "in.jsonl", "-o", tmp_path / "out", "--dry-run", "--report", tmp_path / "r.json")
    assert (code, out) == (0, b"")
    assert f"dedup: {tmp_path}/in.jsonl:1: would change, " in error
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_the_result_is_the_same_for_any_number_of_processes(tmp_path):
    (tmp_path / "in.jsonl").write_bytes(JSONL * 300)
    for jobs in ("1", "2"):
        code, _, error = run("clean", tmp_path / "in.jsonl", "-o", tmp_path / f"{jobs}.jsonl", "-j", jobs)
        assert (code, "600 articles read" in error) == (0, True)
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("name", "package", "extra"),
    [
        ("a.html", "trafilatura", "html"),
        ("a.parquet", "pyarrow", "parquet"),
        ("a.txt.zst", "zstandard", "zstd"),
        ("a.warc", "fastwarc", "warc"),
    ],
)
def test_a_missing_package_is_named_with_the_command_that_brings_it(tmp_path, name, package, extra):
    (tmp_path / name).write_bytes(b"x")
    (tmp_path / "hidden" / package).mkdir(parents=True)
    (tmp_path / "hidden" / package / "__init__.py").write_text("raise ImportError", encoding="utf-8")
    code, _, error = run("clean", tmp_path / name, env={"PYTHONPATH": str(tmp_path / "hidden")})
    assert (code, error) == (2, f"dedup: {package} is not installed: pip install 'article-dedup[{extra}]'\n")
