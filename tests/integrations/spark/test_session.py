"""What is missing on this machine or on the cluster is said in one line, with what to do about it."""

import os
import re
import sys
import venv
from pathlib import Path

import pytest
from clusters import free_port, sail_process
from executable import run
from pyspark.errors import PySparkException

import dedup
from dedup.integrations.spark.session import connect, explained


def test_the_command_says_what_is_missing(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": 1, "text": "a"}\n')
    nowhere = free_port()
    for place, env, words in (
        (["--master", "local[1]"], {"PATH": str(Path(sys.executable).parent), "JAVA_HOME": ""}, "Spark needs Java 17 or newer: apt-get"),
        (["--remote", f"sc://127.0.0.1:{nowhere}"], {}, f"127.0.0.1:{nowhere} cannot be reached (Connection refused): is it running"),
        (["--master", f"spark://127.0.0.1:{nowhere}"], {}, f"127.0.0.1:{nowhere} cannot be reached (Connection refused): is it running"),
    ):
        code, _, said = run("run", "a.jsonl", "-o", "out", "--engine", "spark", *place, cwd=tmp_path, env=env)
        assert code == 2
        assert words in said
        assert len(said.splitlines()) == 1
        assert not (tmp_path / "out").exists()


def test_executors_without_the_package_are_named(tmp_path, monkeypatch):
    """Its workers run a Python in which nothing is installed; nothing that Spark logs, and no traceback, is shown after its first lines."""
    (tmp_path / "a.jsonl").write_text('{"id": 1, "text": "a"}\n')
    venv.create(tmp_path / "bare")
    for name in [name for name in os.environ if name.startswith("SPARK_")]:  # of a Connect session in this process
        monkeypatch.delenv(name)
    env = {"PYSPARK_PYTHON": str(tmp_path / "bare" / "bin" / "python"), "SPARK_LOCAL_IP": "127.0.0.1"}
    code, _, said = run("run", "a.jsonl", "-q", "-o", "out", "--engine", "spark", "--master", "local[1]", cwd=tmp_path, env=env)
    assert code == 2
    assert re.fullmatch(r"dedup: the executors have no \w+: install article-dedup.*", said.splitlines()[-1])
    assert "\tat " not in said


def test_quiet_draws_no_bar(tmp_path, monkeypatch):
    """Also where the user's own settings ask for one; without -q they are followed. The bar comes after half a second of a stage."""
    rows = "".join(f'{{"id": {number}, "text": "a"}}\n' for number in range(3))
    (tmp_path / "a.jsonl").write_text(rows)
    (tmp_path / "conf").mkdir()
    settings = "spark.ui.showConsoleProgress true\nspark.ui.enabled false\nspark.sql.shuffle.partitions 1\n"
    (tmp_path / "conf" / "spark-defaults.conf").write_text(settings)
    for name in [name for name in os.environ if name.startswith("SPARK_")]:  # of a Connect session in this process
        monkeypatch.delenv(name)
    env = {"SPARK_CONF_DIR": str(tmp_path / "conf"), "SPARK_LOCAL_IP": "127.0.0.1"}
    drawn = []
    for options in ([], ["-q"]):
        place = ["--engine", "spark", "--master", "local[1]", "-o", f"out{len(drawn)}"]
        code, _, said = run("run", "a.jsonl", *options, *place, cwd=tmp_path, env=env)
        assert code == 0, said
        drawn.append("[Stage " in said)
    assert drawn == [True, False]


def test_a_server_whose_pyspark_is_another_is_told(tmp_path):
    """The Sail takes its PySpark for one that it does not know, as it does after an upgrade of PySpark alone."""
    (tmp_path / "a.jsonl").write_text('{"id": 1, "text": "a"}\n')
    with sail_process("import pyspark.version, pyspark; pyspark.version.__version__ = pyspark.__version__ = '4.9.0'") as remote:
        code, _, said = run("run", "a.jsonl", "-q", "-o", "out", "--engine", "spark", "--remote", remote, cwd=tmp_path)
    assert code == 2
    assert "different versions of Spark (unsupported PySpark version: 4.9.0" in said
    assert len(said.splitlines()) == 1


def fail(message):
    with explained():
        raise RuntimeError(message)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ("ModuleNotFoundError: No module named 'dedup.corpus'\n", "the executors have no dedup.corpus: install"),
        ("ModuleNotFoundError: No module named 'dedup'\n", "the executors have no dedup: install article-dedup"),
        ("[PYTHON_VERSION_MISMATCH] Python in worker has different version: 3.9 than that in driver: 3.12", "PYSPARK_PYTHON"),
        ("invalid argument: unsupported PySpark version: 4.3.0", "different versions of Spark .*4.3.0.*pip install the PySpark"),
        ("java.io.InvalidClassException: org.apache.spark; local class incompatible", "different versions of Spark"),
        ("[JAVA_GATEWAY_EXITED] Java gateway process exited before sending its port number.", "Java 17 or newer"),
        ("org.apache.spark.SparkException: All masters are unresponsive! Giving up.", "the master cannot be reached"),
        ("[INVALID_HANDLE.SESSION_NOT_FOUND] The handle x is invalid. Session not found.", "cannot be reached.*when it is started again"),
    ],
)
def test_what_engines_say_is_told_in_our_words(failure, words):
    with pytest.raises(dedup.ConfigError, match=words):
        fail(failure)


def test_what_nobody_knows_is_left_as_it_is():
    with pytest.raises(RuntimeError, match="odd"):
        fail("odd")


def test_what_nobody_knows_is_one_line_to_a_user():
    for said, words in (
        ("x\n\n  y", "the engine failed: x y"),
        ('Job\nTraceback (most recent call last):\n  File "a"\n    b\nOSError: no space\n\tat org', "the engine failed: OSError: no space"),
    ):
        with pytest.raises(dedup.ConfigError) as raised, explained(wholly=True):
            raise PySparkException(said)
        assert str(raised.value) == words


def test_an_address_that_is_none():
    with pytest.raises(dedup.ConfigError, match="a remote is sc://host:port"):
        connect(remote="http://x")
    with pytest.raises(dedup.ConfigError, match="not both"):
        connect(master="local", remote="sc://x")
