"""Damaged files and bombs: a clear error or a right answer, never a crash, a hang, or a wrong answer in silence."""

import bz2
import gzip
import json
import lzma
import os
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard
from corpora import lines, rows
from executable import run
from flipping import FILES

import dedup

HERE = Path(__file__).parent
COUNTS = [50, pytest.param(1_000, marks=pytest.mark.fire_long)]
LINE = json.dumps({"text": "One sentence that says nothing.", "more": "a" * 800_000}).encode() + b"\n"


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("name", FILES)
def test_flipped_bits_and_cut_files(name, count):
    paths = [str(Path(dedup.__file__).parent.parent), str(HERE), str(HERE.parent)]
    done = subprocess.run(
        [sys.executable, HERE / "flipping.py", name, "0", str(count)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60 + count,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
    assert done.returncode == 0, f"{name}: exit {done.returncode} at seed {done.stdout.split()[-1:]}\n{done.stderr[-2000:]}"
    assert done.stdout.split() == [str(seed) for seed in range(count)]


def packed(name, data):
    """The data under a compression."""
    pack = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.ZstdCompressor(level=3).compress}[name]
    return pack(data)


def read(path):
    """The rows of a file of JSON Lines."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.mark.parametrize("packing", ["gz", "zst"])
@pytest.mark.parametrize("verb", ["clean", "drop"])
def test_a_bomb_is_set_aside_by_its_ratio_and_the_rest_is_done(tmp_path, verb, packing):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"bomb.jsonl.{packing}").write_bytes(packed(packing, LINE * (80_000_000 // len(LINE))))
    (tmp_path / "in" / "sound.jsonl").write_bytes(lines(rows(3)))
    out = tmp_path / ("out" if verb == "clean" else "out.jsonl")
    code, _, error = run(verb, tmp_path / "in", "-o", out)
    assert (code, "1 unreadable" in error) == (3, True), error
    assert f"bomb.jsonl.{packing}" in error
    assert "a bomb: " in error
    assert "(--files.most-expansion)" in error
    kept = {row.get("id") for row in read(out / "sound.jsonl" if out.is_dir() else out)}
    assert kept >= {row["id"] for row in rows(3)}


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_the_limit_by_ratio_is_a_setting(tmp_path, packing):
    plain = LINE * (70_000_000 // len(LINE))
    data = packed(packing, plain)
    (tmp_path / f"in.jsonl.{packing}").write_bytes(data)
    command = ["check", tmp_path / f"in.jsonl.{packing}", "-q", "--max-duplicates", "100%", "--files.most-expansion"]
    assert run(*command, str(len(plain) // len(data) * 2))[0] == 0
    assert run(*command, str(len(plain) // len(data) // 2))[0] == 3


def test_what_packs_well_is_no_bomb(tmp_path):
    row = lines([{"text": " ".join(f"{number} words" for number in range(400))}])
    data = packed("gz", row * (70_000_000 // len(row)))
    assert 70_000_000 / len(data) > 100
    (tmp_path / "in.jsonl.gz").write_bytes(data)
    assert run("check", tmp_path / "in.jsonl.gz", "-q", "--max-duplicates", "100%")[0] == 0


@pytest.mark.parametrize("packing", ["gz", "zst", "bz2", "xz"])
def test_a_bomb_of_one_article_is_set_aside_by_its_size(tmp_path, packing):
    (tmp_path / f"bomb.txt.{packing}").write_bytes(packed(packing, b"a" * 60_000_000))
    code, out, error = run("clean", tmp_path / f"bomb.txt.{packing}", "--files.largest", "1000000")
    assert (code, out) == (3, b"")
    assert "larger than 1,000,000 bytes (--files.largest)" in error


@pytest.mark.parametrize(("packing", "cut"), [("gz", False), ("gz", True), ("zst", False), ("xz", True)])
def test_a_damaged_file_among_others_is_named_and_the_rest_is_done(tmp_path, packing, cut):
    corpus = tmp_path / "in"
    corpus.mkdir()
    for number in (1, 3):
        (corpus / f"{number}.jsonl").write_bytes(lines(rows(20, seed=number)))
    data = bytearray(packed(packing, lines(rows(20, seed=2))))
    data[len(data) // 2] ^= 0x10
    (corpus / f"2.jsonl.{packing}").write_bytes(data[: len(data) // 2] if cut else data)
    code, _, error = run("drop", corpus, "-o", tmp_path / "out.jsonl", "--removed", tmp_path / "removed.jsonl")
    assert (code, "1 unreadable" in error) == (3, True), error
    assert f"{corpus}/2.jsonl.{packing}" in error
    assert "data" in error
    assert run("drop", corpus / "1.jsonl", corpus / "3.jsonl", "-o", tmp_path / "rest.jsonl", "-q")[0] == 0
    kept = [row["text"] for row in read(tmp_path / "out.jsonl")]
    assert {row["text"] for row in read(tmp_path / "rest.jsonl")} <= set(kept)
    assert len(kept) == len(set(kept))


def test_the_whole_lines_before_the_damage_are_kept(tmp_path):
    made = [{"id": f"row {number}", "text": " ".join(f"w{number * 40 + word}" for word in range(40))} for number in range(20_000)]
    data = packed("gz", lines(made))
    (tmp_path / "in.jsonl.gz").write_bytes(data[: len(data) * 3 // 4])
    code, _, error = run("drop", tmp_path / "in.jsonl.gz", "-o", tmp_path / "out.jsonl")
    kept = (tmp_path / "out.jsonl").read_bytes().splitlines()
    assert code == 3
    assert f"in.jsonl.gz:{len(kept) + 1}: the gzip data ends too early" in error
    assert 10_000 < len(kept) < 20_000
    assert [json.loads(line) for line in kept] == made[: len(kept)]


def test_a_date_that_python_cannot_hold_is_named_and_the_rest_is_done(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    days = pa.array([10**8, 1], pa.date32())
    pq.write_table(pa.table({"text": ["One sentence here.", "Another sentence there."], "date": days}), tmp_path / "far.parquet")
    code, _, error = run("clean", tmp_path / "far.parquet", "-o", tmp_path / "out.jsonl")
    assert code == 3
    assert "far.parquet:1: the value cannot be read: date value out of range (field 'date')" in error
    assert [row["text"] for row in read(tmp_path / "out.jsonl")] == ["Another sentence there."]
