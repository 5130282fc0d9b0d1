"""Inputs, outputs and the work folder behind Hadoop's own client (`webhdfs:`), on Spark: what one machine writes."""

import json
import os

import pyarrow.parquet as pq
from clusters import without_spark
from engine_rows import corpus
from executable import run
from webhdfs import served


def test_a_run_on_a_file_system_of_hadoop_is_that_of_one_machine(tmp_path, monkeypatch):
    """JSON Lines are read there, stages and Parquet written and read."""
    for name in sorted(os.environ.keys() - without_spark().keys()):
        monkeypatch.delenv(name)
    rows = sorted(corpus(4), key=lambda row: row["id"])
    there = tmp_path / "there"
    (there / "in").mkdir(parents=True)
    for number, part in enumerate((rows[:20], rows[20:])):
        (there / "in" / f"{number}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in part))
    command = ["run", "-q", *sorted(map(str, (there / "in").iterdir())), "-o", "one.jsonl", "--boilerplate", "off"]
    assert run(*command, cwd=tmp_path)[0] == 0
    with served(there) as base:
        command = ["run", "-q", f"{base}/in/*.jsonl", "-o", f"{base}/out", "--to", "parquet", "--engine", "spark", "--master", "local[1]"]
        code, _, said = run(*command, "--work", f"{base}/work", cwd=tmp_path, env={"SPARK_LOCAL_IP": "127.0.0.1"})
        assert code == 0, said
    wanted = [json.loads(line) for line in (tmp_path / "one.jsonl").read_text().splitlines()]
    told = [row for path in (there / "out").glob("*.parquet") for row in pq.read_table(path).to_pylist()]
    assert sorted(told, key=lambda row: row["id"]) == [{**row, "text": row.get("text")} for row in wanted]
    assert 0 < len(told) < len(rows)
    assert {"cleaned", "cleaned.done", "sketches.done", "removed.done"} <= {path.name for path in (there / "work").iterdir()}
    assert not list(there.rglob("_temporary"))
    assert sorted(path.name for path in there.iterdir()) == ["in", "out", "out.removed", "out.repeats", "work"]
