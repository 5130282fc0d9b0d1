"""Compressed streams: what goes in comes out, the same bytes every time, and damage is named."""

import io
import random

import pytest

from dedup.errors import InputError, MissingExtraError
from dedup.files.compression import compressed, decompressed

DATA = random.Random(5).randbytes(300_000)
METHODS = ["gzip", "zstd", "bzip2", "xz"]


def packed(method, data=DATA):
    out = io.BytesIO()
    with compressed(out, method) as stream:
        stream.write(data)
    return out.getvalue()


@pytest.mark.parametrize("method", [None, *METHODS])
def test_what_goes_in_comes_out_and_the_bytes_are_the_same_every_time(method):
    data = packed(method)
    assert decompressed(io.BytesIO(data), method).read() == DATA
    assert packed(method) == data


@pytest.mark.parametrize("method", METHODS)
def test_files_one_after_the_other_are_one(method):
    assert decompressed(io.BytesIO(packed(method) + packed(method, b"end")), method).read() == DATA + b"end"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("share", [0.0001, 0.5, 0.9999])
def test_a_file_that_is_cut_off_is_an_error_behind_what_is_whole(method, share):
    data = packed(method)
    stream = decompressed(io.BytesIO(data[: int(len(data) * share)]), method)
    with pytest.raises(InputError, match=f"the {method} data ends too early"):
        stream.read()


@pytest.mark.parametrize("method", METHODS)
def test_damage_is_an_error(method):
    data = packed(method)
    middle = len(data) // 2
    with pytest.raises(InputError, match=f"the {method} data"):
        decompressed(io.BytesIO(data[:middle] + b"damage" * 20 + data[middle + 120 :]), method).read()


def test_a_missing_package_is_named_with_the_command_that_brings_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "zstandard", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'article-dedup\[zstd\]'"):
        decompressed(io.BytesIO(), "zstd")
