"""Values that another format cannot take over: the row is named with its column and set aside, the rest is done."""

import json
import os
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from executable import run

BODY = "The council met on Tuesday evening and voted for the new bridge over the river, which will open in two years."
FAR = 10**16  # milliseconds after 1970: the year 318857, where Python's dates end with 9999
ROWS = 5


@pytest.fixture
def far(tmp_path):
    """Five rows, of which the third has a time and the fifth a duration that Python has no value for."""
    table = pa.table(
        {
            "id": list(range(ROWS)),
            "text": [f"{number} {BODY} Row {number} says {'something ' * number}of its own." for number in range(ROWS)],
            "when": pa.array([0, 1, FAR, 3, 4], pa.timestamp("ms")),
            "long": pa.array([0, 1, 2, 3, FAR], pa.duration("s")),
        }
    )
    pq.write_table(table, tmp_path / "far.parquet")
    return tmp_path


@pytest.mark.parametrize("command", ["clean", "drop", "run", "stretches"])
@pytest.mark.parametrize("name", ["out.jsonl", "out.csv.gz"])
def test_a_value_beyond_python_costs_its_row_and_names_its_column(far, command, name):
    code, out, error = run(command, "far.parquet", "-o", name, "--near.threshold", "0.99", "--files.jobs", "1", cwd=far)
    assert (code, out) == (3, b"")
    assert "dedup: far.parquet:3: the value cannot be read: date value out of range (field 'when')\n" in error
    assert "dedup: far.parquet:5: the value cannot be read: Python int too large to convert to C int (field 'long')\n" in error
    assert ", 2 unreadable (" in error
    rows = [json.loads(line) for line in run("clean", name, "--to", "jsonl", cwd=far)[1].splitlines()]
    assert [str(row["id"]) for row in rows] == ["0", "1", "3"]


@pytest.mark.parametrize("name", ["out.parquet", "out.arrow"])
def test_the_same_value_goes_from_columns_to_columns(far, name):
    assert run("clean", "far.parquet", "-o", name, "-q", cwd=far) == (0, b"", "")
    table = pa.ipc.open_file(far / name).read_all() if name == "out.arrow" else pq.read_table(far / name)
    assert table.equals(pq.read_table(far / "far.parquet"))


@pytest.mark.parametrize("command", ["clean", "drop", "run"])
@pytest.mark.parametrize("kind", [pa.date32(), pa.timestamp("ms")])
def test_a_date_beyond_python_costs_no_row_where_columns_go_to_columns(tmp_path, command, kind):
    days = pa.array([10**8, 1], pa.int32()).cast(kind) if kind == pa.date32() else pa.array([10**17, 1], kind)
    table = pa.table({"id": [1, 2], "text": ["One sentence about the harbour.", f"{BODY} Another."], "date": days})
    pq.write_table(table, tmp_path / "far.parquet")
    code, _, error = run(command, "far.parquet", "-o", "out.parquet", "--files.jobs", "1", cwd=tmp_path)
    assert (code, "unreadable" in error) == (0, False), error
    assert pq.read_table(tmp_path / "out.parquet").column("date").equals(table.column("date"))


@pytest.mark.parametrize("command", ["clean", "drop", "run"])
@pytest.mark.parametrize("name", ["out.parquet", "out.arrow"])
def test_values_of_several_types_become_words_and_no_row_is_lost(tmp_path, command, name):
    texts = [" ".join(f"word{number * 40 + word}" for word in range(40)) + "." for number in range(4)]
    rows = [{"id": key, "text": text, "n": 1} for key, text in zip([1, "two", 3, None], texts, strict=True)]
    rows[-1]["late"] = {"a": 1}
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    code, _, error = run(command, "in.jsonl", "-o", name, "--near.threshold", "0.99", cwd=tmp_path)
    assert code == 0, error
    table = pa.ipc.open_file(tmp_path / name).read_all() if name == "out.arrow" else pq.read_table(tmp_path / name)
    assert table.column("id").to_pylist() == ["1", "two", "3", None]
    assert (str(table.schema.field("n").type), table.column("late").to_pylist()) == ("int64", [None, None, None, {"a": 1}])


def test_files_of_several_shapes_go_to_one_by_the_names_of_their_columns(far):
    other = pa.table({"when": pa.array([FAR], pa.timestamp("s")), "text": [BODY], "id": pa.array([7], pa.int32())})
    (far / "in").mkdir()
    (far / "far.parquet").rename(far / "in" / "a.parquet")
    pq.write_table(other.set_column(0, "when", pa.array([FAR // 1000], pa.timestamp("s"))), far / "in" / "b.parquet")
    assert run("clean", "in", "-o", "all.parquet", cwd=far)[0] == 0
    table = pq.read_table(far / "all.parquet")
    assert table.schema.equals(pq.read_schema(far / "in" / "a.parquet"))
    assert table.column("when").cast(pa.int64()).to_pylist() == [0, 1, FAR, 3, 4, FAR]
    assert (table.column("id").to_pylist()[-1], table.column("long")[-1].as_py()) == (7, None)


def test_nanoseconds_stay_whether_pandas_is_there_or_not(tmp_path):
    second = 1_700_000_000 * 10**9
    table = pa.table(
        {
            "text": [BODY, BODY + " And more."],
            "t": pa.array([second + 123_456_789, second + 123_456_000], pa.timestamp("ns", "Asia/Shanghai")),
            "u": pa.array([second + 1, None], pa.timestamp("ns")),
            "o": pa.array([3_601 * 10**9 + 1, 3_601 * 10**9], pa.time64("ns")),
            "d": pa.array([3_601 * 10**9 + 1, -1_000], pa.duration("ns")),
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    (tmp_path / "hidden" / "pandas").mkdir(parents=True)
    (tmp_path / "hidden" / "pandas" / "__init__.py").write_text("raise ImportError", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "hidden"), os.environ.get("PYTHONPATH", "")])
    whole = run("clean", "in.parquet", "--to", "jsonl", "-q", cwd=tmp_path)
    without = run("clean", "in.parquet", "--to", "jsonl", "-q", cwd=tmp_path, env={"PYTHONPATH": path})
    assert whole == without
    first, last = (json.loads(line) for line in whole[1].splitlines())
    assert (first["t"], last["t"]) == ("2023-11-15T06:13:20.123456789+08:00", "2023-11-15T06:13:20.123456+08:00")
    assert (first["u"], last["u"]) == ("2023-11-14T22:13:20.000000001", None)
    assert (first["o"], last["o"]) == ("01:00:01.000000001", "01:00:01")
    assert (first["d"], last["d"]) == ("1:00:01.000000001", "-1 day, 23:59:59.999999")


def test_a_bad_line_has_the_same_words_and_a_good_one_is_a_row_whatever_the_command(tmp_path):
    lines = [b'{"id":"a","text":"one"}', b"5", b"{bad", b'{"id":"b","text":7}', b'{"id":"c"}', b'{"id":"d","text":"two","n":NaN}']
    lines += [b'{"id":"e","text":"caf\xe9 au lait"}', b'{"id":"f","text":"three \\ud800"}', b"[1]"]
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    reasons = {
        2: "not an object but a number",
        3: "not JSON: Expecting property name enclosed in double quotes (column 2)",
        4: "the text is int, not a string (field 'text')",
        5: "the row has no such field (field 'text')",
        9: "not an object but an array",
    }
    commands = ["clean", "run", "drop", "check", "stretches", "index add", "index find", "explain", "boilerplate"]
    for command in commands:
        target = ["i"] if command.startswith("index") else []
        output = ["-o", f"{command}.jsonl"] if command in {"clean", "run", "drop", "stretches", "boilerplate"} else []
        code, _, error = run(*command.split(), *target, "in.jsonl", *output, cwd=tmp_path)
        said = [line for line in error.splitlines() if re.match(r"dedup: in.jsonl:\d+: (?!.*U\+FFFD)", line)]
        assert (code, said) == (3, [f"dedup: in.jsonl:{line}: {reason}" for line, reason in reasons.items()]), command
        assert ", 5 unreadable" in error or command in {"explain", "boilerplate"}, (command, error)
    for command in ("clean", "run", "drop", "stretches"):
        written = (tmp_path / f"{command}.jsonl").read_bytes().decode().splitlines()
        assert [line[7] for line in written] == ["a", "d", "e", "f"], command


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("piped", [False, True])
def test_lines_in_any_encoding_are_compared(tmp_path, encoding, piped):
    texts = [
        said := "国家统计局发布数据，新华社北京十二月十日电。" * 3,
        said + "！",
        "这座桥将在两年之后开放，市长昨天说，没有人反对。" * 3,
    ]
    rows = [f'{{"id":{number},"TEXT":"{text}"}}\r\n' for number, text in enumerate(texts)]
    (tmp_path / "in.jsonl").write_bytes("".join([*rows, "{bad\r\n"]).encode(encoding))
    stdin = (tmp_path / "in.jsonl").read_bytes() if piped else b""
    code, _, error = run("drop", "-" if piped else "in.jsonl", "--format", "jsonl", "-o", "out.jsonl", cwd=tmp_path, stdin=stdin)
    assert (code, f"{'<stdin>' if piped else 'in.jsonl'}:4: not JSON" in error) == (3, True), error
    assert (tmp_path / "out.jsonl").read_bytes() == "".join([rows[0], rows[2]]).encode("utf-8-sig" if encoding == "utf-8-sig" else "utf-8")


def test_one_mark_stands_at_the_beginning_of_what_came_with_one(tmp_path):
    rows = [json.dumps({"id": name, "text": f"{name} {BODY} {name * 20}"}) + "\n" for name in "abc"]
    (tmp_path / "1.jsonl").write_text(rows[0] + rows[1], encoding="utf-8-sig")
    (tmp_path / "2.jsonl").write_text(rows[2], encoding="utf-8-sig")
    for command in ("clean", "drop", "run", "stretches"):
        out = ["-o", f"{command}.jsonl", "-q", "--near.threshold", "1", "--stretches.least", "100"]
        assert run(command, "1.jsonl", "2.jsonl", *out, cwd=tmp_path) == (0, b"", "")
        assert (tmp_path / f"{command}.jsonl").read_bytes() == "".join(rows).encode("utf-8-sig"), command
    (tmp_path / "1.jsonl").write_text("5\n" + rows[1], encoding="utf-8-sig")
    for command in ("clean", "drop", "run", "stretches"):
        assert run(command, "1.jsonl", "-o", f"{command}.jsonl", "-q", cwd=tmp_path)[0] == 3
        assert (tmp_path / f"{command}.jsonl").read_bytes() == rows[1].encode("utf-8-sig"), command


def test_an_output_whose_name_and_format_differ_is_refused(tmp_path):
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": BODY}) + "\n", encoding="utf-8")
    for name, to in (("y.jsonl", "csv"), ("y.csv.gz", "tsv"), ("y.txt", "jsonl")):
        for command in ("clean", "run"):
            code, _, error = run(command, "in.jsonl", "-o", name, "--to", to, cwd=tmp_path)
            own = name.split(".")[1]
            assert (code, error) == (2, f"dedup: {name} is named like {own}, but --to says {to}: leave out --to, or name the file so\n")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
    for name, to in (("y.jsonl", "jsonl"), ("y.ndjson", "JSONL"), ("y.dat", "csv"), ("y.csv.gz", "csv")):
        assert run("clean", "in.jsonl", "-o", name, "--to", to, "-q", cwd=tmp_path) == (0, b"", ""), name
        assert (tmp_path / name).exists()


@pytest.mark.parametrize("command", ["clean", "run", "drop", "stretches"])
def test_a_silent_dry_run_says_nothing(tmp_path, command):
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": "Tom &amp; Jerry"}) + "\n", encoding="utf-8")
    assert run(command, "in.jsonl", "-o", "out.jsonl", "--dry-run", "-q", cwd=tmp_path) == (0, b"", "")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
