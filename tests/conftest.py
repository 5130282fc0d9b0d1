"""Fixtures that more than one folder of tests uses."""

import os
import shutil
import socket
import subprocess
import time

import pytest

NEEDED = "redis-server is not installed: apt-get install redis-server"


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory):
    """The port of a Redis server that ends with the tests of the module."""
    if not shutil.which("redis-server"):
        # On a machine that checks everything, a missing server is a failure; on a reader's own it is said.
        assert not os.environ.get("CI"), NEEDED
        pytest.skip(NEEDED)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    server = subprocess.Popen(
        ["redis-server", "--port", str(number), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder), "--daemonize", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", number)) == 0:
                    break
            time.sleep(0.05)
        yield number
    finally:
        server.terminate()
        server.wait()
