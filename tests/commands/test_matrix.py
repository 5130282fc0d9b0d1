"""Every format with every compression, in and out, through the real executable: one folder in, one file out of it."""

import io
import json
import signal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from compressions import PACK, UNPACK
from executable import run, tree
from pages import PARAGRAPHS, html

from dedup.cli import main
from dedup.files.columns import Row
from dedup.files.formats import FORMATS, kind_of
from dedup.files.read import find_files, read_files
from dedup.files.write import Target, write_rows

BODY = "\r\n".join(PARAGRAPHS)
TWICE = " ".join(PARAGRAPHS) + "\r\n" + BODY
ROWS = [name for name, form in FORMATS.items() if form.rows and form.write]


def delimited(text, mark):
    """The rows of a table; the text of the second one is quoted as a spreadsheet does it."""
    return f'\ufeffid{mark}text{mark}n\r\n007{mark}"{text}"{mark}"1,50"\r\n008{mark}Rain.{mark}"x\t2"\r\n'.encode()


def lines(text):
    """The same as JSON Lines, with a mark, carriage returns and numbers that a parser would write in another way."""
    return f'\ufeff{{"id": "007","text":{json.dumps(text)}, "n" : 1.50}}\r\n{{"id":"008","text":"Rain.","n":1e400}}\r\n'.encode()


def array(text):
    return b"\xef\xbb\xbf[" + lines(text)[3:].replace(b"}\r\n{", b"},\r\n{").rstrip() + b"]\r\n"


def columns(text, write):
    out = io.BytesIO()
    table = pa.table({"id": ["007", "008"], "text": [text, "Rain."], "n": pa.array([1, None], pa.int16())})
    write(table, out)
    return out.getvalue()


def arrow(table, out):
    with pa.ipc.new_file(out, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(table)


# What stands in a file of each format, for a text; a page and an archive become something else.
MADE = {
    "txt": lambda text: f"\ufeff{text}\r\n".encode(),
    "md": lambda text: f"{text}\r\n".encode(),
    "jsonl": lines,
    "json": array,
    "csv": lambda text: delimited(text, ","),
    "tsv": lambda text: delimited(text, "\t"),
    "parquet": lambda text: columns(text, pq.write_table),
    "arrow": lambda text: columns(text, arrow),
}
TABLES = {"parquet": pq.read_table, "arrow": lambda file: pa.ipc.open_file(file).read_all()}


def archive():
    payload = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html(PARAGRAPHS)
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:1>\r\nWARC-Target-URI: http://x.org/a\r\n"
    head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(payload)}\r\n\r\n"
    return head.encode() + payload + b"\r\n\r\n"


def test_each_format_in_each_compression_comes_out_as_it_went_in(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    for suffix, pack in PACK.items():
        for name, made in MADE.items():
            (source / f"{name}{suffix[1:]}.{name}{suffix}").write_bytes(pack(made(TWICE)))
        (source / f"page{suffix[1:]}.html{suffix}").write_bytes(pack(html([" ".join(PARAGRAPHS), *PARAGRAPHS])))
        (source / f"web{suffix[1:]}.warc{suffix}").write_bytes(pack(archive()))
    code, out, error = run("clean", source, "-o", tmp_path / "out")
    assert (code, out) == (0, b""), error
    written = tree(tmp_path / "out")
    assert len(written) == len(PACK) * (len(MADE) + 2)
    for suffix, unpack in UNPACK.items():
        for name, made in MADE.items():
            data = unpack(written[f"{name}{suffix[1:]}.{name}{suffix}"])
            if name in TABLES:
                assert TABLES[name](io.BytesIO(data)).equals(TABLES[name](io.BytesIO(made(BODY))), check_metadata=True), (name, suffix)
            else:
                assert data == made(BODY), (name, suffix)
        assert unpack(written[f"page{suffix[1:]}.txt{suffix}"]).decode().endswith("\n\n" + "\n".join(PARAGRAPHS) + "\n")
        assert json.loads(unpack(written[f"web{suffix[1:]}.jsonl{suffix}"]))["text"] == "\n".join(PARAGRAPHS)


def test_rows_go_to_each_format_in_each_compression(tmp_path, monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    (tmp_path / "in.jsonl").write_bytes(lines(TWICE))
    for name in ROWS:
        for suffix, unpack in UNPACK.items():
            out = tmp_path / f"out.{name}{suffix}"
            assert main(["clean", str(tmp_path / "in.jsonl"), "-o", str(out), "-q"]) == 0
            assert unpack(out.read_bytes())
            documents = [reading.result for reading in read_files(find_files([out]))]
            assert [(document.id, document.text.replace("\r\n", "\n")) for document in documents] == [
                ("007", "\n".join(PARAGRAPHS)),
                ("008", "Rain."),
            ], out.name


@pytest.mark.parametrize("name", ROWS)
def test_dropping_keeps_the_format_and_the_compression(tmp_path, monkeypatch, name):
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    source, out = tmp_path / f"in.{name}.gz", tmp_path / f"out.{name}.gz"
    rows = [Row({"id": str(number), "text": BODY if number < 2 else "Rain is expected."}, number + 1) for number in range(3)]
    write_rows(Target(source, kind_of(source)), rows)
    assert main(["drop", str(source), "-o", str(out), "-q", "--keep", "first"]) == 0
    assert [reading.result.id for reading in read_files(find_files([out]))] == ["0", "2"]
