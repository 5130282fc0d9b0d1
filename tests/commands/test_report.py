"""`dedup report`: the page of what `run`, `drop` and `clean` wrote, and what it says of files that are something else."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from executable import SEEDS, run, tree
from texts import article, changed

from dedup.commands.reread import with_texts
from dedup.config import Config
from dedup.report.page.charts import arc, bars, by_time, cluster_sizes, nice

COUNTS = b'{"read": 1, "changed": 0, "unreadable": 0, "characters": {}}}'


@pytest.fixture
def folder(tmp_path):
    rows = [
        {"id": f"r{seed}-{k}", "body": text} for seed in range(8) for k, text in enumerate((article(seed), changed(article(seed), 0.03)))
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path


def test_pages_of_clean_and_of_drop(folder):
    assert run("clean", SEEDS, "-o", folder / "cleaned", "--report", folder / "r.json", "-q")[0] == 0
    code, _, error = run("report", folder / "r.json", "-o", folder / "clean.html")
    assert (code, error) == (0, f"dedup: 1 removal in {folder}/clean.html\n")
    page = (folder / "clean.html").read_text(encoding="utf-8")
    assert "1,163 of 2,445 characters" in page
    assert 'id="threshold"' not in page
    assert run("drop", folder / "in.jsonl", "-o", folder / "kept.jsonl", "--removed", folder / "gone.jsonl", "-q")[0] == 0
    code, _, error = run("report", folder / "gone.jsonl", "-o", folder / "drop.html")
    assert (code, error.splitlines()[0]) == (0, f"dedup: texts read again from {folder}/in.jsonl")
    page = (folder / "drop.html").read_text(encoding="utf-8")
    assert "under the settings in force when this page was made" in page
    assert "can be opened for their figures only" not in page
    assert page.count("text/plain") == 1
    assert run("report", folder / "gone.jsonl", folder / "r.json", "-o", folder / "both.html")[0] == 0
    assert "1,163 of 2,445 characters" in (folder / "both.html").read_text(encoding="utf-8")


def test_rows_that_drop_removed_are_read_again_where_they_stand(folder):
    body = article(1)
    (folder / "a.csv").write_text(f"id,body,url,date\n1,{body},https://www.one.example/,2024-03-01\n2,Rain.,,\n", encoding="utf-8")
    (folder / "b.jsonl").write_text(f'{{"id": "3", "body": "{body} More.", "url": "https://two.example/x"}}\n', encoding="utf-8")
    assert run("drop", folder / "a.csv", folder / "b.jsonl", "-o", folder / "kept.jsonl", "--removed", folder / "g.jsonl", "-q")[0] == 0
    with TemporaryDirectory() as made:
        again = with_texts(folder / "g.jsonl", Path(made), Config().files)
        (row,) = (json.loads(line) for line in again.path.read_text(encoding="utf-8").splitlines())
    assert (row["id"], row["text"], row["url"], row["date"]) == ("1", body, "https://www.one.example/", "2024-03-01")
    assert (row["of_id"], row["of_text"], row["of_url"]) == ("3", f"{body} More.", "https://two.example/x")
    assert (again.files, again.missing) == (sorted([f"{folder}/a.csv", f"{folder}/b.jsonl"]), 0)
    (folder / "b.jsonl").unlink()
    code, _, error = run("report", folder / "g.jsonl", "-o", folder / "g.html")
    assert (code, f"texts read again from {folder}/a.csv; 1 row not there any more" in error) == (0, True)
    (folder / "a.csv").unlink()
    assert run("report", folder / "g.jsonl", "-o", folder / "g.html")[2] == f"dedup: 1 removal in {folder}/g.html\n"
    assert "1 of them can be opened for their figures only" in (folder / "g.html").read_text(encoding="utf-8")


def test_a_run_of_nothing_and_a_dry_run(folder):
    (folder / "empty.jsonl").write_text('{"id": "a", "text": "Rain."}\n', encoding="utf-8")
    assert run("run", folder / "empty.jsonl", "-o", folder / "out.jsonl", "--html", folder / "page.html", "--sample", "5", "-q")[0] == 0
    assert "Nothing was removed." in (folder / "page.html").read_text(encoding="utf-8")
    assert (folder / "out.labels.csv").read_bytes().count(b"\n") == 1
    before = tree(folder)
    assert run("run", folder / "in.jsonl", "-o", folder / "dry", "--html", folder / "dry.html", "--sample", "5", "--dry-run", "-q")[0] == 0
    assert tree(folder) == before


def test_the_same_page_whatever_the_workers_and_the_hash_seed(folder):
    for name, jobs, seed in (("a", "1", "1"), ("b", "2", "2")):
        options = ("--html", folder / f"{name}.html", "--sample", "9", "-q", "-j", jobs)
        assert run("run", folder / "in.jsonl", "-o", folder / f"{name}.jsonl", *options, env={"PYTHONHASHSEED": seed})[0] == 0
    for suffix in ("html", "labels.csv", "report.json", "removed.jsonl"):
        assert (folder / f"a.{suffix}").read_bytes() == (folder / f"b.{suffix}").read_bytes()


def test_marks_that_are_there_are_never_written_over(folder):
    (folder / "out.labels.csv").write_text("label,score\nsame,0.8\n", encoding="utf-8")
    code, _, error = run("run", folder / "in.jsonl", "-o", folder / "out.jsonl", "--sample", "5")
    assert (code, "may hold marks" in error) == (2, True)
    assert (folder / "out.labels.csv").read_text(encoding="utf-8") == "label,score\nsame,0.8\n"
    assert not (folder / "out.jsonl").exists()


def test_a_sample_is_cells_that_no_spreadsheet_computes(folder):
    rows = [{"id": f"={k}", "text": "=SUM(A1) " + text} for k, text in enumerate((article(1), changed(article(1), 0.1)))]
    (folder / "f.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run("run", folder / "f.jsonl", "-o", folder / "f.out.jsonl", "--sample", "5", "-q")[0] == 0
    cells = (folder / "f.out.labels.csv").read_text(encoding="utf-8").splitlines()[1].split(",")
    assert [cell for cell in cells if cell.lstrip('"').startswith("=")] == []
    assert sum(cell.startswith("'=") for cell in cells) == 4


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b'{"id": 1}\n', 3, "gone.jsonl:1: the line does not say what was dropped"),
        (b'{"of": 1, "of_path": "a", "score": "high", "kind": "near"}\n', 3, "gone.jsonl:1: the line does not say"),
        (b'{"of": 1, "of_path": "a", "score": 1, "kind": "near"}\n{"of', 3, "gone.jsonl:2: not JSON"),
        (b'{"signature": "x",\n"articles": [\n{"path"', 3, "gone.jsonl:3: the file is not whole"),
        (b'{"signature": "x",\n"articles": [\n],\n"unreadable": [],', 3, "gone.jsonl: the file is not whole"),
        (b'{"signature": "x",\n"articles": [\n\n],\n"unreadable": [], "counts": {}}', 3, "gone.jsonl: this is not what"),
        (b'{"signature": "x",\n"articles": [\n{"removed": [{"kind": 1}]}\n],\n', 3, "gone.jsonl:3: this is not what"),
        (b'{"signature": "x", "articles": []}', 3, "gone.jsonl:1: this is not the file"),
        (
            b'{"signature": "x",\n"articles": [\n\n],\n"near": {"threshold": 7}, "unreadable": [], "counts": ' + COUNTS,
            3,
            "the settings are none of this version",
        ),
    ],
)
def test_what_is_no_evidence_is_named_and_no_page_is_left(tmp_path, data, code, said):
    (tmp_path / "gone.jsonl").write_bytes(data)
    got, _, error = run("report", tmp_path / "gone.jsonl", "-o", tmp_path / "page.html")
    assert (got, [path.name for path in tmp_path.iterdir()]) == (code, ["gone.jsonl"])
    assert said in error


def test_usage(folder):
    for arguments in ([], ["x.jsonl"], ["-o", folder / "p.html"]):
        assert run("report", *arguments)[0] == 2
    assert run("report", folder / "nowhere.jsonl", "-o", folder / "p.html")[0] == 3
    assert run("report", folder / "in.jsonl", "-o", folder / "in.jsonl")[0] == 2
    assert run("report", folder / "in.jsonl", folder / "in.jsonl", "-o", folder / "p.html")[0] == 2
    assert run("run", folder / "in.jsonl", "-o", folder / "out", "--html", folder / "in.jsonl")[0] == 2
    assert run("run", folder / "in.jsonl", "-o", folder / "out", "--html", folder / "out.report.json")[0] == 2
    assert run("run", folder / "in.jsonl", "-o", folder / "out", "--sample", "-1")[0] == 2


def test_bars_have_the_height_of_their_values():
    chart = bars([(str(k), k, "") for k in range(7)])
    assert [round(bar.height / chart.bars[6].height * 6, 1) for bar in chart.bars] == list(range(7))
    assert [nice(value) for value in (0, 1, 2, 3, 9, 11, 61, 100, 101)] == [2, 2, 2, 4, 10, 20, 80, 100, 200]


def test_every_duplicate_is_in_a_bar_of_its_time_and_every_cluster_in_one_of_its_size():
    for days in ({"2024-03-01": 2, "2024-03-05": 1}, {"2023-12-30": 2, "2024-12-05": 1}, {"1990-01-01": 4, "2024-03-01": 1, "no day": 9}):
        span, values = by_time(days)
        assert sum(value for _, value, _ in values) == sum(value for day, value in days.items() if day != "no day")
        assert [label for label, _, _ in values] == sorted(label for label, _, _ in values)
        assert len(values) <= 124
        assert span in {"day", "month", "year"}
    sizes = {k: k for k in range(1, 2000)}
    values = cluster_sizes(sizes)
    assert sum(value for _, value, _ in values) == len(sizes)
    assert [value for label, value, _ in values if label in {"2", "6–10", "1,001+"}] == [1, 5, 1000]
    assert cluster_sizes({}) == []


def test_an_arc_stands_on_both_stretches():
    for span in ((0, 10, 50, 60), (50, 60, 0, 10), (0, 50, 50, 100), (3, 3, 3, 4)):
        path, removed, kept = arc(span, 100, 500, 40)
        assert path.startswith(f"M{min(removed.x, kept.x):.1f},40")
        assert (removed.x, kept.x) == (span[0] * 5, span[2] * 5)
        assert (removed.width, kept.width) == (max((span[1] - span[0]) * 5, 2), max((span[3] - span[2]) * 5, 2))


def test_settings_of_the_run_are_those_of_the_page(folder):
    assert run("run", folder / "in.jsonl", "-o", folder / "out", "--near.threshold", "0.9", "--html", folder / "page.html", "-q")[0] == 0
    assert Config().near.threshold != 0.9
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert "threshold 0.9</text>" in page
    assert "under the settings in force when" not in page
