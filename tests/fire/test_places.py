"""Nothing outside of the input is read, and what fuzzing found stays mended."""

import os

import pytest
from executable import run, tree
from targets import TARGETS, found


def test_links_out_of_the_tree_devices_and_folders_without_rights(tmp_path):
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("Secret.\n", encoding="utf-8")
    (tmp_path / "in" / "a.txt").write_text("One sentence.\n", encoding="utf-8")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "outside")
    (tmp_path / "in" / "file.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    (tmp_path / "in" / "null.txt").symlink_to("/dev/null")
    (tmp_path / "in" / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "in" / "round.txt").symlink_to("round.txt")
    os.mkfifo(tmp_path / "in" / "pipe.txt")
    code, _, error = run("clean", tmp_path / "in", "-o", tmp_path / "out")
    assert code == 3
    assert tree(tmp_path / "out").keys() == {"a.txt"}
    for name in ("folder", "file.txt", "null.txt", "zero.txt", "round.txt", "pipe.txt"):
        assert f"{tmp_path}/in/{name}: " in error, name


@pytest.mark.parametrize("target", TARGETS)
def test_what_fuzzing_found(target):
    inputs = found(target)
    assert len(inputs) > 20
    for data in inputs:
        TARGETS[target](data)
