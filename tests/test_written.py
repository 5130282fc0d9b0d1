"""What cannot be written is named: the file, not a stream that had nothing to do with it."""

import os
import resource
import signal
from pathlib import Path

import numpy as np
import pytest

from dedup.corpus.index import Index
from dedup.corpus.work import Work
from dedup.files.write import atomic
from dedup.written import settle, updater, writer

FULL = Path("/dev/full")


@pytest.fixture
def little_room():
    """Files may have 1,000 bytes, as on a disk that is nearly full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


@pytest.mark.skipif(not FULL.exists(), reason="a system without /dev/full")
def test_a_full_device_is_named():
    with pytest.raises(OSError, match="No space left on device: '/dev/full'"), atomic(FULL) as file:
        file.write(b"x" * 100_000)


@pytest.mark.usefixtures("little_room")
def test_an_output_an_index_a_column_and_a_stage_are_named(tmp_path):
    def named(path):
        return pytest.raises(OSError, match=f"File too large: '{path}'")

    with named(tmp_path / "out"), atomic(tmp_path / "out") as file:
        file.write(b"x" * 2_000)
    index = Index()
    index.add("an article " * 20, "one")
    with named(tmp_path / "index"):
        index.save(tmp_path / "index")
    work = Work(tmp_path / "work", {})
    with named(tmp_path / "work" / "scores.npy"):
        work.stage("scores", lambda: np.zeros(1_000))
    with named(tmp_path / "work" / "texts.column"):
        work.extend("texts", b"x" * 2_000)
        work.checkpoint(1)
    with named(tmp_path / "work" / "texts.column"):
        work.close()
    Work(tmp_path / "work", {}).close()  # nobody holds it
    assert sorted(path.name for path in tmp_path.iterdir()) == ["work"]


def test_stages_of_every_shape_come_back(tmp_path):
    work = Work(tmp_path, {})
    for number, made in enumerate([np.zeros(0), np.zeros((0, 3), np.uint8), np.arange(12, dtype=np.uint64).reshape(3, 4).T, np.ones(5)]):
        back = work.stage(str(number), lambda made=made: made)
        assert (back.dtype, back.shape) == (made.dtype, made.shape)
        assert (back == made).all()


def test_what_is_written_is_there(tmp_path):
    path = tmp_path / "file"
    with writer(path, path, "x") as file:
        assert file.write(b"one") == 3
        settle(file, path)
        assert path.read_bytes() == b"one"
    with updater(path) as file:
        file.seek(0, os.SEEK_END)
        file.write(b" two")
        file.seek(0)
        assert file.read() == b"one two"
    with pytest.raises(FileExistsError), writer(path, path, "x"):
        pass
