"""Texts to files: whole or not at all, and never over an input."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dedup.errors import ConfigError
from dedup.files.read import find_files
from dedup.files.write import atomic, refuse_input, targets, write_text


def make(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text", encoding="utf-8")


def places(out, *inputs):
    return [target.path for target in targets(find_files(inputs), [Path(path) for path in inputs], Path(out))[1]]


def test_a_text_is_written_in_utf8_with_plain_line_ends_below_new_folders(tmp_path):
    write_text(tmp_path / "a" / "b.txt", "中\nx\n")
    assert (tmp_path / "a" / "b.txt").read_bytes() == "中\nx\n".encode()


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_the_rights_are_those_that_the_umask_leaves(tmp_path, mask):
    before = os.umask(mask)
    try:
        write_text(tmp_path / "a.txt", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_after_an_error_the_old_file_stands_and_nothing_lies_beside_it(tmp_path, error):
    write_text(tmp_path / "a.txt", "old")

    def fail():
        with atomic(tmp_path / "a.txt") as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "old"


def test_a_name_of_the_full_length_can_be_written(tmp_path):
    write_text(tmp_path / ("n" * 251 + ".txt"), "x")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_link_at_the_target_is_replaced_and_what_it_leads_to_stays(tmp_path):
    make(tmp_path, "real.txt")
    (tmp_path / "link.txt").symlink_to("real.txt")
    write_text(tmp_path / "link.txt", "new")
    assert (tmp_path / "real.txt").read_text(encoding="utf-8") == "text"
    assert not (tmp_path / "link.txt").is_symlink()


def test_a_tree_goes_to_the_same_names(tmp_path):
    make(tmp_path, "in/a.txt", "in/b/c.txt")
    assert places(tmp_path / "out", tmp_path / "in") == [tmp_path / "out/a.txt", tmp_path / "out/b/c.txt"]


def test_a_single_file_goes_to_a_folder_or_to_the_file_that_is_named(tmp_path):
    make(tmp_path, "a.txt", "there.d/x")
    assert places(tmp_path / "out", tmp_path / "a.txt") == [tmp_path / "out/a.txt"]
    assert places(tmp_path / "b.txt", tmp_path / "a.txt") == [tmp_path / "b.txt"]
    assert places(tmp_path / "there.d", tmp_path / "a.txt") == [tmp_path / "there.d/a.txt"]


@pytest.mark.parametrize("out", ["in", "in/out", "in/../in", "link", "link/out", "in/b/new/deep"])
def test_an_output_in_or_at_the_input_folder_is_refused(tmp_path, out):
    make(tmp_path, "in/a.txt", "in/b/c.txt")
    (tmp_path / "link").symlink_to("in")
    with pytest.raises(ConfigError, match="the input folder"):
        places(tmp_path / out, tmp_path / "in")


def test_an_input_is_never_a_target(tmp_path):
    make(tmp_path, "out/in/in/a.txt", "out/in/b.txt", "out/a.txt")
    for out, path in [("out", "out/a.txt"), ("out/a.txt", "out/a.txt")]:
        with pytest.raises(ConfigError, match=r"a\.txt is an input and would be overwritten"):
            places(tmp_path / out, tmp_path / path)
    make(tmp_path, "top/in/in/a.txt", "top/in/a.txt")
    with pytest.raises(ConfigError, match="is an input"):
        places(tmp_path / "top", tmp_path / "top/in")
    with pytest.raises(ConfigError, match="is an input"):
        refuse_input(tmp_path / "out/a.txt", find_files([tmp_path / "out"]))


def test_an_output_above_the_input_is_allowed_when_nothing_is_overwritten(tmp_path):
    make(tmp_path, "top/in/a.txt")
    assert places(tmp_path / "top", tmp_path / "top/in") == [tmp_path / "top/a.txt"]


def test_the_second_of_two_inputs_with_one_name_has_a_problem_that_names_both(tmp_path):
    make(tmp_path, "one/a.txt", "one/b.txt", "two/a.txt")
    inputs = [tmp_path / "one", tmp_path / "two"]
    first, other, second = targets(find_files(inputs), inputs, tmp_path / "out")[0]
    assert (first.problem, other.problem) == (None, None)
    assert str(second.problem) == (
        f"{tmp_path}/two/a.txt: it would be written to {tmp_path}/out/a.txt, as {tmp_path}/one/a.txt is: clean it by itself"
    )


def test_a_file_where_a_folder_should_be_is_refused(tmp_path):
    make(tmp_path, "in/a.txt", "out")
    with pytest.raises(ConfigError, match="is a file"):
        places(tmp_path / "out", tmp_path / "in")


def test_what_a_killed_run_left_is_replaced_and_what_another_run_writes_is_not(tmp_path):
    with atomic(tmp_path / "a.txt") as first:
        first.write(b"first")
        first.flush()
        with atomic(tmp_path / "a.txt") as second:
            second.write(b"second")
            assert len([path for path in tmp_path.iterdir() if path.suffix == ".part"]) == 2
        assert (tmp_path / "a.txt").read_bytes() == b"second"
    assert (tmp_path / "a.txt").read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    begin = "import os; from pathlib import Path; from dedup.files.write import atomic"
    kill = f"{begin}\nwith atomic(Path({str(tmp_path / 'a.txt')!r})): os._exit(9)"
    for _ in range(2):
        assert subprocess.run([sys.executable, "-c", kill], check=False).returncode == 9
        assert len([path for path in tmp_path.iterdir() if path.suffix == ".part"]) == 1
    with atomic(tmp_path / "a.txt") as third:
        third.write(b"third")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_link_in_the_place_of_the_unfinished_file_is_not_followed(tmp_path):
    make(tmp_path, "victim")
    (tmp_path / "out").mkdir()
    with atomic(tmp_path / "out" / "a.txt"):
        (name,) = (path.name for path in (tmp_path / "out").iterdir())
    (tmp_path / "out" / name).symlink_to(tmp_path / "victim")
    write_text(tmp_path / "out" / "a.txt", "new")
    assert (tmp_path / "victim").read_text(encoding="utf-8") == "text"
    assert (tmp_path / "out" / "a.txt").read_text(encoding="utf-8") == "new"
