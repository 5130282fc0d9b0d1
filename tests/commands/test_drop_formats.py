"""`dedup drop` and `dedup check` with the real executable on rows that are not JSON Lines: what stays is as it was, in its own format."""

import csv
import datetime
import gzip
import json
import subprocess

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import dedup
from tests.commands.test_drop import article, corpus
from tests.executable import DEDUP

ROWS = corpus(30)
RESULT = dedup.deduplicate(ROWS)
GONE = {gone.row for gone in RESULT.removed}
STAYS = [number for number in range(len(ROWS)) if number not in GONE]
FROM_CSV = list(csv.DictReader(["id,body,date,n\n", *(f'{row["id"]},"{row["body"]}",{row["date"]},0{row["id"][1:]}\n' for row in ROWS)]))


def dedup_of(*arguments, code=0, **given):
    """What the executable says when it ends with this code."""
    done = subprocess.run([DEDUP, *map(str, arguments)], capture_output=True, check=False, timeout=60, **given)
    assert done.returncode == code, done.stderr.decode()
    return done.stderr.decode() + done.stdout.decode()


def told(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def csv_text(rows):
    return "id,body,date,n\r\n" + "".join(f'{row["id"]},"{row["body"]}",{row["date"]},0{row["id"][1:]}\r\n' for row in rows)


def table():
    """Five columns, of which one is a list and one a timestamp, in two groups of rows."""
    schema = pa.schema(
        [
            pa.field("n", pa.int16(), metadata={"unit": "rows"}),
            ("body", pa.large_string()),
            ("tags", pa.list_(pa.string())),
            ("at", pa.timestamp("us", tz="UTC")),
            ("id", pa.string()),
        ],
        metadata={"made": "by hand"},
    )
    at = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    return pa.Table.from_pylist(
        [
            {
                "n": number,
                "body": row["body"],
                "tags": None if number % 5 == 0 else ["a", str(number)],
                "at": at + datetime.timedelta(number, 1),
                "id": row["id"],
            }
            for number, row in enumerate(ROWS)
        ],
        schema,
    )


@pytest.mark.parametrize("packed", [False, True])
def test_csv(tmp_path, packed):
    source, kept, removed = tmp_path / f"a.csv{'.gz' * packed}", tmp_path / f"kept.csv{'.gz' * packed}", tmp_path / "removed.jsonl"
    pack, unpack = (gzip.compress, gzip.decompress) if packed else (bytes, bytes)
    source.write_bytes(pack(csv_text(ROWS).encode()))
    said = dedup_of("drop", source, "-o", kept, "--removed", removed)
    assert f"30 rows read, {len(GONE)} removed" in said
    assert unpack(kept.read_bytes()).decode() == csv_text(ROWS[number] for number in STAYS)
    assert [
        (gone["row"], gone["id"], gone["path"], gone["line"], gone["of"], gone["of_id"], gone["of_line"]) for gone in told(removed)
    ] == [(gone.row, gone.id, str(source), gone.row + 2, gone.of, gone.of_id, gone.of + 2) for gone in RESULT.removed]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([source.name, kept.name, "removed.jsonl"])
    gone = min(GONE)
    assert f"{source}:{gone + 2}" in dedup_of("explain", removed, f"r{gone}", env={"COLUMNS": "400"})


def test_json_array(tmp_path):
    source, kept, removed = tmp_path / "a.json", tmp_path / "kept.json", tmp_path / "removed.jsonl"
    rows = [{**row, "x": {"deep": [number, None, 1.50]}, "é": True} for number, row in enumerate(ROWS)]
    source.write_text(json.dumps(rows, indent=2), "utf-8")
    dedup_of("drop", source, "-o", kept, "--removed", removed, "--keep", "oldest", "-q")
    result = dedup.deduplicate(rows, keep="oldest")
    assert json.loads(kept.read_text("utf-8")) == result.kept
    assert '    "\\u00e9": true\n' in kept.read_text("utf-8")
    assert [(gone["row"], gone["of"]) for gone in told(removed)] == [(gone.row, gone.of) for gone in result.removed]


@pytest.mark.parametrize("suffix", [".parquet", ".parquet.gz", ".arrow"])
def test_typed_columns(tmp_path, suffix):
    source, kept, removed = tmp_path / f"a{suffix}", tmp_path / f"kept{suffix}", tmp_path / "removed.jsonl"
    made, out = table(), pa.BufferOutputStream()
    if suffix == ".arrow":
        with pa.ipc.new_file(out, made.schema) as writer:
            writer.write_table(made, 12)
    else:
        pq.write_table(made, out, row_group_size=12)
    data = out.getvalue().to_pybytes()
    source.write_bytes(gzip.compress(data) if suffix.endswith(".gz") else data)
    dedup_of("drop", source, "-o", kept, "--removed", removed, "--work", tmp_path / "work", "-q")
    data = gzip.decompress(kept.read_bytes()) if suffix.endswith(".gz") else kept.read_bytes()
    result = pa.ipc.open_file(data).read_all() if suffix == ".arrow" else pq.read_table(pa.BufferReader(data))
    assert result.schema.equals(made.schema, check_metadata=suffix == ".arrow")
    assert result.to_pylist() == made.take(STAYS).to_pylist()
    assert [(gone["row"], gone["line"], gone["path"], gone["of_line"]) for gone in told(removed)] == [
        (gone.row, gone.row + 1, str(source), gone.of + 1) for gone in RESULT.removed
    ]
    assert not (tmp_path / "work").exists()


def test_the_suffix_of_the_output_is_its_format(tmp_path):
    (tmp_path / "a.csv").write_text(csv_text(ROWS[:15]), newline="")
    lines = "".join(json.dumps(row) + "\n" for row in FROM_CSV[15:])
    (tmp_path / "b.jsonl").write_text(lines)
    for name in ("kept.jsonl.gz", "kept.parquet", "kept.tsv", "kept"):
        dedup_of("drop", tmp_path / "a.csv", tmp_path / "b.jsonl", "-o", tmp_path / name, "-q")
    expected = [FROM_CSV[number] for number in STAYS]
    assert [json.loads(line) for line in gzip.decompress((tmp_path / "kept.jsonl.gz").read_bytes()).splitlines()] == expected
    assert pq.read_table(tmp_path / "kept.parquet").to_pylist() == expected
    assert list(csv.DictReader((tmp_path / "kept.tsv").read_text().splitlines(), delimiter="\t")) == expected
    assert list(csv.DictReader((tmp_path / "kept").read_text().splitlines())) == expected
    (tmp_path / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    dedup_of("drop", tmp_path / "c.jsonl", "-o", tmp_path / "plain.jsonl", "-q")
    dedup_of("drop", tmp_path / "c.jsonl", "-o", tmp_path / "packed.jsonl.gz", "-q")
    assert gzip.decompress((tmp_path / "packed.jsonl.gz").read_bytes()) == (tmp_path / "plain.jsonl").read_bytes()
    dedup_of("drop", tmp_path / "c.jsonl", "-o", tmp_path / "c.json", "-q")
    assert json.loads((tmp_path / "c.json").read_text()) == RESULT.kept
    for name in ("kept.txt", "kept.warc"):
        dedup_of("drop", tmp_path / "a.csv", "-o", tmp_path / name, code=2)


def test_standard_streams_and_old_rows_of_another_format(tmp_path):
    (tmp_path / "old.json").write_text(json.dumps(ROWS[9:12]))
    given = csv_text(ROWS).encode()
    removed = tmp_path / "removed.jsonl"
    arguments = [DEDUP, "drop", "-", "--format", "csv", "--removed", removed, "-q"]
    done = subprocess.run(arguments, input=given, capture_output=True, check=True)
    assert done.stdout.decode() == csv_text(ROWS[number] for number in STAYS)
    assert {gone["path"] for gone in told(removed)} == {"<stdin>"}
    (tmp_path / "a.csv").write_bytes(given)
    dedup_of("drop", tmp_path / "a.csv", "--against", tmp_path / "old.json", "-o", tmp_path / "fresh.csv", "--removed", removed, "-q")
    result = dedup.deduplicate(ROWS, against=ROWS[9:12])
    assert (tmp_path / "fresh.csv").read_bytes().decode() == csv_text(result.kept)
    gone = [gone for gone in told(removed) if gone["old"]]
    assert len(gone) == sum(gone.old for gone in result.removed) > 0
    assert {row["of_path"] for row in gone} == {str(tmp_path / "old.json")}


def test_bad_rows_are_named_and_the_rest_is_done(tmp_path):
    source, kept = tmp_path / "a.csv", tmp_path / "kept.csv"
    good = csv_text(ROWS).split("\r\n")
    source.write_text("\r\n".join([*good[:4], "one,two", *good[4:8], "x,y,z,0,1", *good[8:]]), newline="")
    said = dedup_of("drop", source, "-o", kept, code=3)
    assert f"{source}:5: the row has 2 cells, the header 4" in said
    assert f"{source}:10: " in said
    assert "30 rows read" in said
    assert "2 unreadable" in said
    assert kept.read_bytes().decode() == csv_text(ROWS[number] for number in STAYS)
    dedup_of("drop", source, "-o", tmp_path / "none.csv", "--on-error", "fail", code=3)
    array = tmp_path / "b.json"
    array.write_text(json.dumps([ROWS[0], 5, {"x": 1}, {"body": 7}, *ROWS[1:]]).replace("}, {", "},\n{").replace("5, ", "\n5,\n"))
    said = dedup_of("drop", array, "-o", tmp_path / "kept.json", code=3)
    assert [line.split(": ")[1] for line in said.splitlines() if str(array) in line] == [f"{array}:{line}" for line in (2, 3, 4)]
    broken = tmp_path / "c.parquet"
    broken.write_bytes(b"PAR1 and no more")
    assert f"{broken}: not Parquet" in dedup_of("drop", broken, "-o", tmp_path / "c2.parquet", code=3)
    assert not (tmp_path / "c2.parquet").exists()
    dedup_of("drop", tmp_path / "none.csv", "-o", tmp_path / "none2.csv", code=3)
    assert not (tmp_path / "none2.csv").exists()
    other = tmp_path / "d.csv"
    other.write_text("a,b\n1,2\n")
    assert "no column is named like a text" in dedup_of("drop", other, "-o", tmp_path / "d2.csv", code=3)


def test_check(tmp_path):
    (tmp_path / "a.csv").write_text(csv_text(ROWS), newline="")
    pq.write_table(table(), tmp_path / "a.parquet")
    for name in ("a.csv", "a.parquet"):
        assert f"{len(GONE)} duplicates in 30 rows" in dedup_of("check", tmp_path / name, code=1)
        dedup_of("check", tmp_path / name, "--max-duplicates", len(GONE), "-q")
    texts = tmp_path / "texts"
    (texts / "more").mkdir(parents=True)
    for number in range(4):
        (texts / "more" / f"{number}.txt").write_text(article(number))
    (texts / "x.md").write_text("# Title\n\nAnother one.\n")
    assert "0 duplicates in 5 rows" in dedup_of("check", texts)
    (texts / "z.txt").write_text(article(2).upper())
    assert "1 duplicate in 6 rows" in dedup_of("check", texts, "-q", code=1)
    dedup_of("check", texts, "--max-duplicates", "1", "-q")
    (texts / "bad.csv").write_text("a\n1\n")
    assert "bad.csv" in dedup_of("check", texts, "--max-duplicates", "1", code=3)
    assert "dedup check" in dedup_of("drop", texts, "-o", tmp_path / "x", code=2)
