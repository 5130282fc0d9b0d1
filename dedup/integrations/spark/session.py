"""Sessions of an engine, and its failures in words that say what to do."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import sys
import tempfile
from typing import TYPE_CHECKING

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from dedup.errors import ConfigError, DedupError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql.connect.client.retries import RetryPolicy

_PATIENCE = 10  # seconds
_RETRIES = 5  # of a server that is gone, 17 s in all; the client's own 15 are ten minutes in which a run says nothing
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
_REMOTE = re.compile(r"sc://[^/\s]+(/.*)?")
_PORT = re.compile(r":\d+$")
_RAISED = re.compile(r"[\w.]+(Error|Exception|Interrupt|Exit)\b")
_OURS = {kind: re.compile(rf"dedup\.errors\.{kind.__name__}: ([^\n]+)") for kind in (InputError, ConfigError)}
# What a failure says, and what to do about it; the first that fits is told.
_UNREACHABLE = (
    "All masters are unresponsive|Connection refused|UNAVAILABLE|failed to connect|Name or service not known|DNS resolution failed"
    r"|UnknownHostException|INVALID_HANDLE\.SESSION_\w+"
)
_NO_JAVA = "JAVA_GATEWAY_EXITED|JAVA_HOME is not set|JAVA_NOT_FOUND|java: (?:command )?not found|UnsupportedClassVersionError"
_JAVA = "Spark needs Java 17 or newer: apt-get install openjdk-17-jre-headless, or set JAVA_HOME; Sail (--remote sc://…) needs none"
_OWN = ("SPARK_HOME", "SPARK_CONF_DIR", "PYSPARK_SUBMIT_ARGS")  # settings of the user's
LOCAL = {
    # A run of some minutes on one machine ends before the second compiler has earned what it takes: 50,000 rows in 8.7 instead of
    # 11.9 CPU seconds, 200,000 in 26 instead of 32.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "16",  # 200 are for a cluster
}
"""Settings of a session on a `local` master, where the user has none."""
_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
_REASONS = {
    re.compile(r"No module named '?([\w.]+)"): "the executors have no {0}: "
    "install article-dedup[spark] in their Python (PYSPARK_PYTHON), or ship an environment with "
    "spark-submit --archives env.tar.gz#env and PYSPARK_PYTHON=./env/bin/python",
    re.compile(r"Can't get attribute '(\w+)' on <module 'dedup"): "the executors have another article-dedup than the driver "
    "(no {0}): install the same version on both",
    re.compile(r"(PYTHON_VERSION_MISMATCH|Python in worker has different version)"): "driver and executors run different versions "
    f"of Python: set PYSPARK_PYTHON to a Python {_PYTHON}, the driver's",
    re.compile(r"(local class incompatible|InvalidClassException|unsupported PySpark version[^\n]*)"): "driver and cluster speak "
    "different versions of Spark ({0}): pip install the PySpark of the cluster's version (pysail 0.7 takes PySpark up to 4.2)",
    re.compile(r"\[PATH_NOT_FOUND\] ([^\n]{1,4096}?)\.? SQLSTATE"): "{0}",
    re.compile(f"({_NO_JAVA})"): _JAVA,
    re.compile(f"({_UNREACHABLE})"): "the master cannot be reached ({0}): is it running, and is its address right? "
    "A run that was given a work folder goes on after its last whole stage when it is started again",
}


def connect(master: str | None = None, remote: str | None = None, *, quiet: bool = False, bar: bool = True) -> SparkSession:
    """A session on a master (`local[2]`, `spark://host:7077`, `yarn` …) or a server of Spark Connect (`sc://host:port`).

    `quiet`: the driver's log, which tells each failure with its stack, is off unless `spark.log.level` says otherwise.
    Without `bar`, Spark draws none of a stage's progress, which it does on a cluster where its own setting does not say otherwise.
    Raises ConfigError when there is none.
    """
    if master and remote:
        message = "a session has a master or a remote, not both"
        raise ConfigError(message)
    builder = SparkSession.builder.appName("dedup")
    with explained():
        if remote:
            if not _REMOTE.fullmatch(remote):
                message = f"a remote is sc://host:port, not {remote!r}"
                raise ConfigError(message)
            _knock(remote.removeprefix("sc://").split("/")[0], 15002)
            spark = builder.remote(remote).getOrCreate()
            spark.client.set_retry_policies([_retries()])
            spark.range(1).count()  # a session is lazy: whether it is understood shows now
            return spark
        if master and shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
            raise ConfigError(_JAVA)
        if master and master.startswith("local"):
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # its workers are this machine's, but the path may name another Python
            for name, value in {} if any(map(os.environ.get, _OWN)) else LOCAL.items():
                builder = builder.config(name, value)
        if master and master.startswith("spark://"):
            _knock(master.removeprefix("spark://").split(",")[0], 7077)
        if not bar:
            builder = builder.config("spark.ui.showConsoleProgress", "false")
        spark = (builder.master(master) if master else builder).getOrCreate()
        if quiet and not spark.conf.get("spark.log.level", None):
            spark.sparkContext.setLogLevel("OFF")
        return spark


def _knock(address: str, usual: int) -> None:
    """ConfigError when nobody listens there: the clients of both engines would ask again for ten minutes."""
    host, _, port = address.rpartition(":") if _PORT.search(address) else (address, "", str(usual))
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()
    except OSError as error:
        message = f"{host}:{port} cannot be reached ({error.strerror or error}): is it running, and is its address right?"
        raise ConfigError(message) from error


def _retries() -> RetryPolicy:
    """How often the client of a server asks again."""
    from pyspark.sql.connect.client.retries import DefaultPolicy

    return DefaultPolicy(max_retries=_RETRIES)


def work_folder(spark: SparkSession, given: str | None) -> str:
    """The folder for the stages: a temporary one where all is on this machine; ConfigError where it must be named."""
    if given:
        return given
    if not _is_here(spark):
        message = "name a folder that the driver and all executors reach: work='hdfs://…', 's3a://…' or a shared path"
        raise ConfigError(message)
    folder = tempfile.mkdtemp(prefix="dedup-spark-")
    import atexit

    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # the results are read from it as long as the process lives
    return folder


def _is_here(spark: SparkSession) -> bool:
    """True when the engine runs on this machine."""
    if type(spark).__module__.startswith("pyspark.sql.connect"):
        return spark.client.host in _LOOPBACK
    master = spark.conf.get("spark.master", "") or ""
    return master.startswith("local") or any(f"//{host}:" in master for host in _LOOPBACK)


@contextlib.contextmanager
def explained(*, wholly: bool = False) -> Iterator[None]:
    """What the engine raises in here is raised as ConfigError that says what to do, or as the InputError that an executor raised.

    What we know no words for stays the engine's error, or `wholly`, too, is a ConfigError with the begin of it.
    """
    try:
        yield
    except DedupError:
        raise
    except Exception as error:
        told = _told(error)
        if told is None and wholly and isinstance(error, PySparkException):
            told = ConfigError(f"the engine failed: {_short(str(error))}")
        if told is None:
            raise
        raise told from error


def _short(text: str) -> str:
    """The begin of what an engine says on one line; of what a Python worker of it says, the last: what went wrong, not where."""
    said = text.partition("Traceback (most recent call last):")[2] or text
    lines = [line for line in said.splitlines() if _RAISED.match(line)]
    return (lines[-1] if said is not text and lines else " ".join(text.split()))[:300]


def _told(error: Exception) -> DedupError | None:
    """The error in our words; None where it says nothing that we know."""
    text = str(error)
    if isinstance(error, ModuleNotFoundError | ImportError) and not isinstance(error, PySparkException):
        return None
    for kind, pattern in _OURS.items():
        if found := pattern.search(text):
            return kind(found[1])
    for pattern, words in _REASONS.items():
        if found := pattern.search(text):
            return ConfigError(words.format(found[1]))
    return None
