"""A work folder: a run that ended early goes on there, and says so when it is not its own."""

import shutil

import pytest
from engine_rows import corpus, evidence, frame

import dedup
from dedup.integrations.spark import find_duplicates, gathered


def made(folder):
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def test_a_run_of_few_rows_goes_on_too(sail, tmp_path):
    df, work = frame(sail, [{**row, "id": f"r{row['id']}"} for row in corpus(10)], 3), tmp_path / "work"
    usual = find_duplicates(df, "text", work=str(work))
    whole = made(work)
    assert whole.keys() == {f"{name}{end}" for name in ("sketches", "proposed", "removed") for end in ("", ".done")}
    shutil.rmtree(work / "removed.done")
    again = find_duplicates(df, "text", work=str(work))
    assert (evidence(again), again.report) == (evidence(usual), usual.report)
    assert {name for name, at in made(work).items() if at != whole[name]} == {"removed", "removed.done"}


def test_a_run_goes_on_after_the_last_whole_stage(sail, tmp_path, monkeypatch):
    monkeypatch.setattr(gathered, "ROWS", 0)
    df = frame(sail, [{**row, "id": f"r{row['id']}"} for row in corpus(10)], 3)
    work = tmp_path / "work"
    usual = find_duplicates(df, "text")
    told = find_duplicates(df, "text", work=str(work))
    assert evidence(told) == evidence(usual)
    whole = made(work)
    assert {"sketches", "same", "ranked", "cases", "pairs", "edges", "gone", "removed"} <= whole.keys()
    shutil.rmtree(work / "pairs.done")  # as if it had been killed while it wrote the pairs
    for path in (work / "pairs").glob("*.parquet"):
        path.write_bytes(path.read_bytes()[:40])
    again = find_duplicates(df, "text", work=str(work))
    assert (evidence(again), again.report) == (evidence(usual), usual.report)
    now = made(work)
    assert {name for name in whole if whole[name] == now[name]} == {
        f"{name}{end}" for name in ("sketches", "same", "ranked", "cases") for end in ("", ".done")
    }
    for path in (work / "cases.done").glob("*.parquet"):
        path.write_bytes(b"")
    again = find_duplicates(df, "text", work=str(work))
    assert (evidence(again), again.report) == (evidence(usual), usual.report)


def test_a_folder_of_another_run_is_refused(sail, tmp_path):
    rows = [{**row, "id": f"r{row['id']}"} for row in corpus(6)]
    df, work = frame(sail, rows, 2), str(tmp_path / "work")
    find_duplicates(df, "text", work=work)
    with pytest.raises(dedup.ConfigError, match=r"belongs to another run \(other signature\)"):
        find_duplicates(df, "text", keep="first", work=work)
    with pytest.raises(dedup.ConfigError, match="another number of rows"):
        find_duplicates(frame(sail, rows[1:], 2), "text", work=work)
    shutil.rmtree(tmp_path / "work" / "removed.done")
    changed = [{**row, "text": row["text"] and row["text"] + " More of it."} for row in rows]
    with pytest.raises(dedup.InputError, match=r"the text of row .r.*is not what it was"):
        find_duplicates(frame(sail, changed, 2), "text", work=work)
    moved = [{**row, "id": f"{row['id']}+"} for row in rows]
    with pytest.raises(dedup.InputError, match="a row is gone"):
        find_duplicates(frame(sail, moved, 2), "text", work=work)
