"""What is missing on this machine or on the cluster is said in one line, with what to do about it."""

import sys
from pathlib import Path

import pytest
from clusters import free_port
from executable import run

import dedup
from dedup.config import Config
from dedup.integrations.spark.session import connect, explained
from dedup.integrations.spark.sketching import _batches


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


def fail(message):
    with explained():
        raise RuntimeError(message)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ("ModuleNotFoundError: No module named 'dedup'\n", "the executors have no dedup: install article-dedup"),
        ("[PYTHON_VERSION_MISMATCH] Python in worker has different version: 3.9 than that in driver: 3.12", "PYSPARK_PYTHON"),
        ("invalid argument: unsupported PySpark version: 4.3.0", "different versions of Spark .*4.3.0.*pip install the PySpark"),
        ("java.io.InvalidClassException: org.apache.spark; local class incompatible", "different versions of Spark"),
        ("[JAVA_GATEWAY_EXITED] Java gateway process exited before sending its port number.", "Java 17 or newer"),
        ("org.apache.spark.SparkException: All masters are unresponsive! Giving up.", "the master cannot be reached"),
    ],
)
def test_what_engines_say_is_told_in_our_words(failure, words):
    with pytest.raises(dedup.ConfigError, match=words):
        fail(failure)


def test_what_nobody_knows_is_left_as_it_is():
    with pytest.raises(RuntimeError, match="odd"):
        fail("odd")


def test_executors_of_another_version_are_named():
    with pytest.raises(dedup.ConfigError, match=r"the driver 0\.0\.9: install the same version"):
        next(_batches(iter([]), Config(), "longest", "0.0.9"))


def test_an_address_that_is_none():
    with pytest.raises(dedup.ConfigError, match="a remote is sc://host:port"):
        connect(remote="http://x")
    with pytest.raises(dedup.ConfigError, match="not both"):
        connect(master="local", remote="sc://x")
