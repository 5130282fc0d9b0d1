"""One Sail for all tests of a process."""

import pytest


@pytest.fixture(scope="session")
def sail():
    """A session on Sail, in this process."""
    from pysail.spark import SparkConnectServer

    from dedup.integrations.spark import connect

    server = SparkConnectServer()
    server.start(background=True)
    spark = connect(remote=f"sc://localhost:{server.listening_address[1]}")
    yield spark
    spark.stop()
    server.stop()
