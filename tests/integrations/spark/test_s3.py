"""Inputs, outputs and the work folder on S3, as moto serves it on the loopback, and as `file:` addresses: what one machine writes."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from clusters import sail_process
from engine_rows import corpus
from executable import run

KEYS = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true"}


@pytest.fixture(scope="module")
def store():
    """The rows of an S3 on the loopback, and the address of a Sail that reads them."""
    from boto3 import client
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    s3 = client("s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")  # noqa: S106 - of nothing
    s3.create_bucket(Bucket="news")
    with sail_process(**KEYS, AWS_ENDPOINT=address) as remote:
        yield s3, remote
    s3.close()
    server.stop()


def rows_of(path, kind):
    if kind == "parquet":
        return pq.read_table(path).to_pylist()
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def fetched(s3, prefix, folder, kind):
    """The rows of all files below a prefix."""
    folder.mkdir()
    rows = []
    for number, item in enumerate(s3.list_objects_v2(Bucket="news", Prefix=f"{prefix}/").get("Contents", [])):
        s3.download_file("news", item["Key"], str(folder / str(number)))
        rows += rows_of(folder / str(number), kind)
    return sorted(({**row, "text": row.get("text")} for row in rows), key=lambda row: row["id"])


@pytest.mark.parametrize("kind", ["parquet", "jsonl"])
def test_a_run_on_s3_is_that_of_one_machine(store, tmp_path, kind):
    s3, remote = store
    rows = sorted(corpus(6), key=lambda row: row["id"])
    local = tmp_path / f"a.{kind}"
    if kind == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), local)
    else:
        local.write_text("".join(json.dumps(row) + "\n" for row in rows))
    s3.upload_file(str(local), "news", f"{kind}/in/a.{kind}")
    assert run("run", "-q", local, "-o", tmp_path / f"one.{kind}", "--boilerplate", "off", cwd=tmp_path)[0] == 0
    wanted = sorted(({**row} for row in rows_of(tmp_path / f"one.{kind}", kind)), key=lambda row: row["id"])
    base = f"s3://news/{kind}"
    command = ["run", f"{base}/in/*.{kind}", "-o", f"{base}/out", "--engine", "spark", "--remote", remote, "--work", f"{base}/work"]
    for turn in range(2):  # the second goes on with the stages of the first, and writes in the place of its output
        code, _, said = run(*command, cwd=tmp_path)
        assert code == 0, said
        assert fetched(s3, f"{kind}/out", tmp_path / str(turn), kind) == wanted
        gone = fetched(s3, f"{kind}/out.removed", tmp_path / f"removed-{turn}", kind)
        assert len(gone) == len(rows) - len(wanted) > 0
    stages = {item["Key"].split("/")[2] for item in s3.list_objects_v2(Bucket="news", Prefix=f"{kind}/work/")["Contents"]}
    assert {"cleaned", "cleaned.done", "sketches", "proposed", "removed.done"} <= stages


def test_file_addresses_are_paths(store, tmp_path):
    rows = sorted(corpus(6), key=lambda row: row["id"])
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    assert run("run", "-q", tmp_path / "a.parquet", "-o", tmp_path / "one.parquet", "--boilerplate", "off", cwd=tmp_path)[0] == 0
    base = tmp_path.as_uri()
    command = ["run", "-q", f"{base}/a.parquet", "-o", f"{base}/out", "--engine", "spark", "--remote", store[1], "--work", f"{base}/work"]
    assert run(*command, cwd=tmp_path)[0] == 0
    told = sorted(pq.read_table(tmp_path / "out").to_pylist(), key=lambda row: row["id"])
    assert told == pq.read_table(tmp_path / "one.parquet").to_pylist()


def test_a_bucket_that_is_not_there_is_named(store, tmp_path):
    code, _, said = run("run", "s3://nowhere/a.parquet", "-o", "s3://news/x", "--engine", "spark", "--remote", store[1], cwd=tmp_path)
    assert code == 2
    assert "nowhere" in said
    assert len(said.splitlines()) == 1
