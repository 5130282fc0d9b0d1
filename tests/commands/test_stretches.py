"""What several articles say in the same words: one copy stays, in the row that is kept."""

import json

import pytest
from executable import run

SHARED = " ".join(f"word{number}" for number in range(60))
WIRE = "\n".join(" ".join(f"wire{line}x{number}" for number in range(12)) for line in range(4))
OWN = " ".join(f"own{number}" for number in range(40))
ROWS = [
    {
        "id": "a",
        "url": "https://one.example/1",
        "date": "2024-05-02",
        "text": f"Own words of the first. {SHARED}. {OWN[::-1]}.",
    },
    {"id": "b", "url": "https://two.example/1", "date": "2024-05-01", "text": f"Something else.\n{SHARED.upper()}!\n{OWN}."},
    {"id": "c", "url": "https://two.example/2", "date": "2024-06-03", "text": f"Before it.\n{WIRE}\nBehind it there is more."},
    {"id": "d", "url": "https://one.example/2", "date": "2024-06-02", "text": WIRE},
]


@pytest.fixture
def news(tmp_path):
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_one_copy_stays_and_the_other_columns_do_too(news):
    out, why, report = (news.with_name(name) for name in ("out.jsonl", "why.jsonl", "report.json"))
    code, _, error = run("stretches", news, "-o", out, "--removed", why, "--report", report, "--stretches.least", "20")
    assert code == 0
    assert "4 rows read, 2 stretches of 20 tokens or more removed in 2 rows" in error
    assert "1 row contained in longer ones" in error
    rows = rows_of(out)
    assert rows[1] == {**ROWS[1], "text": f"Something else.\n{OWN}."}
    assert [rows[0], rows[2]] == [ROWS[0], ROWS[2]]
    first = rows_of(why)[0]
    assert (first["id"], first["of_id"], first["units"]) == ("b", "a", 60)
    assert ROWS[0]["text"][slice(*first["of_span"])] == SHARED
    told = json.loads(report.read_bytes())
    assert told["contained"] == [{"row": 3, "id": "d", "of": 2, "of_id": "c", "share": 1.0, "dropped": False}]
    copies = {(row["source"], row["copier"]): row["months"] for row in told["copies"]}
    assert copies == {("two.example", "one.example"): {"2024-05": 1}, ("one.example", "two.example"): {"2024-06": 1}}


def test_the_policy_says_whose_copy_stays(news):
    out = news.with_name("out.jsonl")
    assert run("stretches", news, "-o", out, "--keep", "oldest")[0] == 0
    assert rows_of(out)[1] == ROWS[1]
    assert rows_of(out)[0]["text"] == f"Own words of the first. {OWN[::-1]}."


def test_what_is_contained_is_dropped_on_demand(news):
    out = news.with_name("out.jsonl")
    assert run("stretches", news, "-o", out, "--contained", "drop")[0] == 0
    assert [row["id"] for row in rows_of(out)] == ["a", "b", "c"]


def test_stretches_are_marked_or_only_told(news):
    out = news.with_name("out.jsonl")
    assert run("stretches", news, "-o", out, "--do", "mark")[0] == 0
    rows = rows_of(out)
    assert [row["text"] for row in rows] == [row["text"] for row in ROWS]
    ((start, end, of),) = rows[1]["stretches"]
    assert (ROWS[1]["text"][start:end], of) == (f"{SHARED.upper()}!\n", "a")
    code, shown, _ = run("stretches", news, "--do", "report")
    assert code == 0
    assert shown.decode().splitlines()[1].split()[:3] == ["one.example", "two.example", "1"]


@pytest.mark.parametrize("kind", ["csv", "parquet", "arrow"])
def test_where_a_column_has_one_type_the_marks_are_json(news, kind):
    rows, out = [news.with_name(f"{name}.{kind}") for name in ("rows", "out")]
    assert run("drop", news, "-o", rows, "-q", "--near.no-enabled")[0] == 0
    assert run("stretches", rows, "-o", out, "--do", "mark")[0] == 0
    assert run("drop", out, "-o", news.with_name("back.jsonl"), "-q", "--near.no-enabled")[0] == 0
    back = rows_of(news.with_name("back.jsonl"))
    assert [row["text"] for row in back] == [row["text"] for row in ROWS]
    marks = [json.loads(row["stretches"]) for row in back]
    assert [len(mark) for mark in marks] == [0, 1, 0, 0]
    assert marks[1][0][2] == "a"
    # What is marked already is marked anew.
    assert run("stretches", out, "-o", news.with_name(f"again.{kind}"), "--do", "mark")[0] == 0
    assert news.with_name(f"again.{kind}").read_bytes() == out.read_bytes() or kind != "csv"


def test_what_holds_no_rows_is_set_aside_in_a_folder_and_refused_alone(news):
    folder = news.with_name("folder")
    folder.mkdir()
    (folder / "rows.jsonl").write_bytes(news.read_bytes())
    (folder / "page.html").write_text("<!doctype html><p>Rain.", encoding="utf-8")
    code, _, error = run("stretches", folder, "-o", news.with_name("out.jsonl"))
    assert code == 3
    assert "page.html: html has no rows to write back" in error
    assert "4 rows read" in error
    assert len(rows_of(news.with_name("out.jsonl"))) == 4
    assert "txt holds no rows" in run("stretches", news, "-o", news.with_name("out.txt"))[2]
    assert run("stretches", news.with_name("none.jsonl"), "-o", news.with_name("none.out.jsonl"))[0] == 3
    assert not news.with_name("none.out.jsonl").exists()


def test_with_parts_on_the_disk_the_output_is_the_same(news):
    rows = [
        {**row, "id": f"{row['id']}{number}", "text": f"{row['text']}\n{' '.join(f'n{number}x{k}' for k in range(900))}"}
        for number in range(60)
        for row in ROWS
    ]
    news.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    made = []
    for memory in ("4000", "1"):
        paths = [news.with_name(f"{name}{memory}") for name in ("out.jsonl", "why.jsonl", "report.json")]
        options = ["-o", paths[0], "--removed", paths[1], "--report", paths[2], "--format", "jsonl", "--stretches.memory", memory]
        assert run("stretches", news, *options)[0] == 0
        made.append([path.read_bytes() for path in paths])
    assert made[0] == made[1]
    assert not [path for path in news.parent.iterdir() if path.name.endswith(".dedup")]


def test_standard_input_is_read_more_than_once(news):
    out = [news.with_name(name) for name in ("file.jsonl", "piped.jsonl")]
    assert run("stretches", news, "-o", out[0])[0] == 0
    assert run("stretches", "-", "-o", out[1], "--format", "jsonl", stdin=news.read_bytes())[0] == 0
    assert out[0].read_bytes() == out[1].read_bytes() != news.read_bytes()


def test_what_cannot_be_written_is_refused(news):
    assert "where to?" in run("stretches", news)[2]
    text = news.with_name("a.txt")
    text.write_text("Rain.", encoding="utf-8")
    assert "has no rows to write back" in run("stretches", text, "-o", news.with_name("x.jsonl"))[2]
    assert run("stretches", news, "-o", news)[0] == 2
