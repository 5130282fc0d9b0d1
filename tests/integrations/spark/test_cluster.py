"""Spark's own cluster manager with two workers on the loopback: the same answer when a worker or the driver is killed in mid-run."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
import pytest
from clusters import standalone, without_spark
from engine_rows import corpus, expected

import dedup

PAGE = Path(__file__).parents[3] / "docs" / "spark.md"
DRIVER = Path(__file__).parents[2] / "spark_driver.py"
STRANGERS = Path(__file__).parents[2] / "spark_strangers.py"
PYTHON = "{}.{}".format(*sys.version_info)
LONGEST = 600  # seconds that a run may take on a busy machine


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


def driver(cluster, source, folder, partitions="7", ways="bins"):
    """A driver in a process group of its own."""
    return started(DRIVER, folder, cluster.url, source, partitions, ways, folder / "work", folder / "told.json")


def started(program, folder, *arguments):
    command = [sys.executable, "-W", "ignore", program, *arguments]
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


def told(process, folder):
    assert process.wait(LONGEST) == 0, (folder / "log").read_text()[-3000:]
    return json.loads((folder / "told.json").read_text())


def answer(process, folder):
    """That of a run in one way and number of partitions."""
    (one,) = told(process, folder).values()
    return one


@contextlib.contextmanager
def ended(process):
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_killed_driver_goes_on_when_it_is_run_again(cluster, source, tmp_path):
    """And whatever the partitions of rows and shuffles: the second driver takes others, and then all of them anew."""
    path, wanted = source
    with ended(driver(cluster, path, tmp_path)) as process:
        wait_for(tmp_path / "work" / "ranked.done", process, tmp_path)
    assert not (tmp_path / "told.json").exists()
    before = (tmp_path / "work" / "ranked").stat().st_mtime_ns
    with ended(driver(cluster, path, tmp_path, partitions="2,1,7,200", ways="bins,one task")) as process:
        answers = told(process, tmp_path)
    assert answers.keys() == {f"{way}, {number}" for way in ("one task", "bins") for number in (1, 2, 7, 200)}
    for said in answers.values():
        assert said == wanted
    assert (tmp_path / "work" / "ranked").stat().st_mtime_ns == before


def program(folder, name, package=None, first=None):
    """What starts a Python whose path begins with a folder, which holds this package of the name of ours, and runs a line first."""
    path = folder / name
    path.mkdir()
    if package is not None:
        shutil.copytree(Path(dedup.__file__).parent, path / "dedup", ignore=shutil.ignore_patterns("__pycache__"))
        package(path / "dedup")
    if first is not None:
        (path / "sitecustomize.py").write_text(first)
    script = path / "python"
    script.write_text(f'#!/bin/sh\nPYTHONPATH={path}:"$PYTHONPATH" exec {sys.executable} "$@"\n')
    script.chmod(0o755)
    return str(script)


HIDDEN = """
import sys

class Finder:
    def find_spec(self, name, *more):
        if name == "dedup":
            raise ModuleNotFoundError("No module named 'dedup'")

sys.meta_path.insert(0, Finder())
"""
OLDER = """
import sys
from collections import namedtuple

sys.version_info = namedtuple("v", "major minor micro releaselevel serial")(3, 8, 0, "final", 0)
"""


def other_version(package):
    text = (package / "__init__.py").read_text()
    assert text.count(f'__version__ = "{dedup.__version__}"') == 1
    (package / "__init__.py").write_text(text.replace(dedup.__version__, "0.0.9"))


def without_a_function(package):
    path = package / "integrations" / "spark" / "sketching.py"
    text = path.read_text()
    assert text.count("def _batches(") == 1
    path.write_text(text.replace("def _batches(", "def _rows("))


def test_executors_that_have_something_else_are_named(cluster, tmp_path):
    """Each of the programs runs the tasks in the place of Python; what they have is told in one line."""
    other = "have article-dedup 0.0.9, the driver {version}: install the same version on both"
    wanted = {
        program(tmp_path, "other", other_version): other,
        program(tmp_path, "older", without_a_function): "have another article-dedup than the driver",
        program(tmp_path, "none", first=HIDDEN): "the executors have no dedup: install article-dedup[spark]",
        program(tmp_path, "python", first=OLDER): f"versions of Python: set PYSPARK_PYTHON to a Python {PYTHON}, the driver's",
    }
    with ended(started(STRANGERS, tmp_path, cluster.url, tmp_path / "told.json", *wanted)) as process:
        said = told(process, tmp_path)
    assert said["told"].keys() == wanted.keys()
    for name, words in wanted.items():
        kind, message = said["told"][name]
        assert kind == "ConfigError", message
        assert words.format(version=said["version"]) in message
        assert len(message.splitlines()) == 1
    assert other.format(version=said["version"]) in said["cleaning"]


def test_three_commands_of_the_page_give_one_answer(cluster, tmp_path):
    """As they stand in docs/spark.md, on this cluster in the place of YARN and in the Python that is here."""
    (tmp_path / "in").mkdir()
    rows = sorted(corpus(6), key=lambda row: row["id"])
    for number, part in enumerate((rows[:30], rows[30:])):
        pq.write_table(pa.Table.from_pylist(part), tmp_path / "in" / f"{number}.parquet")
    page = re.search(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)[1]
    for ours, theirs in (
        ("dedup run in/*.parquet -o out  ", "dedup run in/*.parquet -o one --boilerplate off"),
        ("--archives env.tar.gz#env --master yarn", f"--conf spark.driver.host=127.0.0.1 --master {cluster.url}"),
        ("./env/bin/python", sys.executable),
        ("hdfs:///news", f"file://{tmp_path}/in"),
        ("hdfs:///out", f"file://{tmp_path}/submitted"),
        ("hdfs:///tmp/out", f"file://{tmp_path}/work"),
    ):
        assert page.count(ours) == 1, ours
        page = page.replace(ours, theirs)
    home = Path(pyspark.__file__).parent
    path = os.pathsep.join([str(Path(sys.executable).parent), str(home / "bin"), os.environ["PATH"]])
    env = without_spark() | {"PATH": path, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(["sh", "-e", "-c", page], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "\tat " not in done.stderr
    one, local, submitted = (
        sorted((row for file in (tmp_path / name).glob("*.parquet") for row in pq.read_table(file).to_pylist()), key=lambda row: row["id"])
        for name in ("one", "out", "submitted")
    )
    assert 0 < len(one) < len(rows)
    assert local == submitted == one
    assert (tmp_path / "work" / "removed.done").is_dir()


def test_a_killed_worker_changes_nothing(cluster, source, tmp_path):
    path, wanted = source
    with ended(driver(cluster, path, tmp_path)) as process:
        wait_for(tmp_path / "work" / "sketches.done", process, tmp_path)
        os.killpg(cluster.workers[1].pid, signal.SIGKILL)  # and its executor with it
        assert process.poll() is None
        assert answer(process, tmp_path) == wanted
    assert cluster.workers[0].poll() is None
