"""One Sail for all tests of a process, and both ways of an answer."""

import os

import pytest

from dedup.integrations.spark import gathered


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
        monkeypatch.setattr(gathered, "ROWS", 0)
    return request.param
