"""Engines that the tests start on the loopback: Sail in this process, Spark's master and workers as processes."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def builder(master, events=None):
    """A small session of Spark on a master: few partitions, little memory, no window."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.executor.memory": "1g",
        "spark.sql.shuffle.partitions": "8",
        "spark.ui.showConsoleProgress": "false",
        "spark.pyspark.python": sys.executable,
        "spark.shuffle.io.maxRetries": "1",  # what a lost worker held is made anew at once
        "spark.shuffle.io.retryWait": "1s",
    }
    if events is not None:
        settings |= {"spark.eventLog.enabled": "true", "spark.eventLog.dir": f"file://{events}", "spark.eventLog.compress": "false"}
    made = SparkSession.builder.master(master).appName("dedup-tests")
    for name, value in settings.items():
        made = made.config(name, value)
    return made


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Cluster:
    """A master and its workers, each in a process group of its own."""

    url: str
    master: subprocess.Popen
    workers: list[subprocess.Popen] = field(default_factory=list)


def without_spark():
    """The environment, without what a Connect session in this process has left in it for the next one."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SPARK_")}


_SAIL = """
import sys
from pysail.spark import SparkConnectServer
server = SparkConnectServer()
server.start(background=True)
print(server.listening_address[1], flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def sail_process(first="", **environment):
    """The address of a Sail in a process of its own, which runs a line of Python first."""
    with sail_and_process(first, **environment) as (address, _):
        yield address


@contextlib.contextmanager
def sail_and_process(first="", **environment):
    """The same, and the process."""
    command = [sys.executable, "-W", "ignore", "-c", f"{first}\n{_SAIL}"]
    sail = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **environment}
    )
    try:
        yield f"sc://127.0.0.1:{int(sail.stdout.readline())}", sail
    finally:
        sail.kill()
        sail.communicate()


@contextlib.contextmanager
def standalone(workers, cores=1):
    """Spark's own cluster manager on the loopback, with so many workers."""
    import tempfile

    import pyspark

    home = Path(pyspark.__file__).parent
    folder = Path(tempfile.mkdtemp(prefix="dedup-cluster-"))
    environment = {
        **without_spark(),
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_WORKER_DIR": str(folder / "work"),
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])) if (ROOT / "dedup").is_dir() else "",
    }
    port = free_port()
    url = f"spark://127.0.0.1:{port}"
    started = []

    def start(kind, *arguments):
        log = (folder / f"{kind}-{len(started)}.log").open("wb")
        command = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{kind}", *arguments]
        started.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True))
        log.close()
        return started[-1], Path(log.name)

    def wait(log, words):
        for _ in range(600):
            if words in log.read_text(errors="replace"):
                return
            time.sleep(0.1)
        raise AssertionError(log.read_text(errors="replace")[-2000:])

    try:
        master, log = start("master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
        wait(log, "I have been elected leader")
        cluster = Cluster(url, master)
        for _ in range(workers):
            worker, log = start("worker.Worker", "--host", "127.0.0.1", "--cores", str(cores), "--memory", "1g", "--webui-port", "0", url)
            wait(log, "Successfully registered with master")
            cluster.workers.append(worker)
        yield cluster
    finally:
        for process in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)
