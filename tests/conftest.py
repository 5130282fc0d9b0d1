"""Fixtures that more than one folder of tests uses."""

import os
import shutil
import signal
import socket
import subprocess
import time

import pytest
from hypothesis import settings

# How long an example takes says how loaded the machine is; 0.2 s, the default, failed where 20 processes shared two cores.
settings.register_profile("patient", settings.get_profile("ci" if os.environ.get("CI") else "default"), deadline=None)
settings.load_profile("patient")

# Processes that are sent Ctrl-C must hear it, whoever began the tests: a script's `&` and nohup ignore it for all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

NEEDED = "redis-server is not installed: apt-get install redis-server"


os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "false"  # else it calls home in a thread, and each test of it waits for the network


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory):
    """The port of a Redis server that ends with the tests of the module."""
    if not shutil.which("redis-server"):
        # On a machine that checks everything, a missing server is a failure; on a reader's own it is said.
        assert not os.environ.get("CI"), NEEDED
        pytest.skip(NEEDED)
    folder = tmp_path_factory.mktemp("redis")
    server, number = started(folder)
    while server is None:  # another process was faster on its port
        server, number = started(folder)
    try:
        yield number
    finally:
        server.terminate()
        server.wait()


def started(folder):
    """A Redis server, once it answers, and its port; None when it ended at once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    said = folder / f"{number}.log"
    command = ["redis-server", "--port", str(number), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder), "--daemonize", "no"]
    with said.open("wb") as log:
        server = subprocess.Popen(command, stdout=log)
    while server.poll() is None:
        # Its own word: whoever answers on the port could be another.
        if b"Ready to accept connections" in said.read_bytes():
            return server, number
        time.sleep(0.05)
    assert b"Address already in use" in said.read_bytes(), said.read_text()
    return None, number


@pytest.fixture(scope="session")
def sail():
    """A session on Sail, in this process."""
    from pysail.spark import SparkConnectServer

    from dedup.integrations.spark import connect

    # Its sessions end after five minutes in which nobody asks: tests of another module may stand between two of these.
    os.environ.setdefault("SAIL_SPARK__SESSION_TIMEOUT_SECS", "36000")
    server = SparkConnectServer()
    server.start(background=True)
    spark = connect(remote=f"sc://localhost:{server.listening_address[1]}")
    yield spark
    spark.stop()
    server.stop()


@pytest.fixture(params=["one task", "bins"])
def way(request, monkeypatch):
    """Few rows are settled in one task, many in bins: the tests' rows in either way."""
    if request.param == "bins":
        from dedup.integrations.spark import gathered

        monkeypatch.setattr(gathered, "ROWS", 0)
    return request.param
