"""Spark's own cluster manager with two workers on the loopback: the same answer when a worker or the driver is killed in mid-run."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from clusters import standalone, without_spark
from engine_rows import corpus, expected

import dedup

DRIVER = Path(__file__).parents[2] / "spark_driver.py"
LONGEST = 400  # seconds that a run may take on a busy machine


@pytest.fixture(scope="module")
def cluster():
    with standalone(2) as started:
        yield started


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Rows as Parquet, and what one machine says of them."""
    rows = sorted(({**row, "id": f"r{row['id']}"} for row in corpus(40)), key=lambda row: row["id"])
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    pq.write_table(pa.Table.from_pylist(rows[::-1]), path)
    one = dedup.deduplicate(rows, text="text")
    wanted = {"evidence": [list(gone) for gone in expected(one)], "report": list(one.report), "kept": [row["id"] for row in one.kept]}
    return path, wanted


def driver(cluster, source, folder):
    """A driver in a process group of its own."""
    command = [sys.executable, "-W", "ignore", DRIVER, cluster.url, source, folder / "work", folder / "told.json"]
    path = os.pathsep.join([str(DRIVER.parent), os.environ.get("PYTHONPATH", "")])
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**without_spark(), "PYTHONPATH": path, "PYSPARK_PYTHON": sys.executable},
        )


def wait_for(path, process, folder):
    """Return when the stage is whole; its process is still at work."""
    until = time.monotonic() + LONGEST
    while not list(path.glob("*.parquet")):
        assert process.poll() is None, (folder / "log").read_text()[-3000:]
        assert time.monotonic() < until, (folder / "log").read_text()[-3000:]
        time.sleep(0.05)


def answer(process, folder):
    assert process.wait(LONGEST) == 0, (folder / "log").read_text()[-3000:]
    return json.loads((folder / "told.json").read_text())


@contextlib.contextmanager
def ended(process):
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_killed_driver_goes_on_when_it_is_run_again(cluster, source, tmp_path):
    path, wanted = source
    with ended(driver(cluster, path, tmp_path)) as process:
        wait_for(tmp_path / "work" / "ranked.done", process, tmp_path)
    assert not (tmp_path / "told.json").exists()
    before = (tmp_path / "work" / "ranked").stat().st_mtime_ns
    with ended(driver(cluster, path, tmp_path)) as process:
        assert answer(process, tmp_path) == wanted
    assert (tmp_path / "work" / "ranked").stat().st_mtime_ns == before


def test_a_killed_worker_changes_nothing(cluster, source, tmp_path):
    path, wanted = source
    with ended(driver(cluster, path, tmp_path)) as process:
        wait_for(tmp_path / "work" / "sketches.done", process, tmp_path)
        os.killpg(cluster.workers[1].pid, signal.SIGKILL)  # and its executor with it
        assert process.poll() is None
        assert answer(process, tmp_path) == wanted
    assert cluster.workers[0].poll() is None
