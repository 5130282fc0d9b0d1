"""Compiled kernels are kept wherever something can be written, also where neither the package nor the home can."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from executable import SEED

import dedup
from dedup.kernels import keeping

FOLD = "from dedup.kernels.fold import fold; print(fold('Ab。').codes.tolist())"


@pytest.fixture
def sealed(tmp_path):
    """A package that nobody can write into, not even root: where its `__pycache__` would be stands a file."""
    package = tmp_path / "site" / "dedup"
    shutil.copytree(Path(dedup.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in (package, *(path for path in package.rglob("*") if path.is_dir())):
        (folder / "__pycache__").touch()
        folder.chmod(0o555)
    yield tmp_path / "site"
    for folder in (package, *(path for path in package.rglob("*") if path.is_dir())):
        folder.chmod(0o755)


def python(site, *arguments, home, temporary):
    """What a Python of its own says that finds the package in `site`."""
    temporary.mkdir(exist_ok=True)
    env = {key: value for key, value in os.environ.items() if not key.startswith(("NUMBA_", "XDG_"))}
    env |= {"PYTHONPATH": str(site), "HOME": str(home), "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-P", *arguments], env=env, capture_output=True, text=True, check=False, cwd=temporary)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_read_only_package_is_compiled_into_the_users_cache(sealed, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    assert python(sealed, "-c", FOLD, home=home, temporary=tmp_path / "temporary") == "[97, 98]\n"
    assert list(home.rglob("fold.*.nbc"))
    assert not list((tmp_path / "temporary").iterdir())


def test_without_a_home_either_it_is_compiled_once_among_temporary_files(sealed, tmp_path):
    home, temporary = tmp_path / "no home", tmp_path / "temporary"
    home.touch()
    first = python(sealed, "-m", "dedup", "clean", str(SEED), home=home, temporary=temporary)
    assert dedup.clean(SEED.read_bytes()).text in first
    kept = {path: path.stat().st_mtime_ns for path in temporary.rglob("*.nb?")}
    assert kept
    assert python(sealed, "-m", "dedup", "clean", str(SEED), home=home, temporary=temporary) == first
    assert {path: path.stat().st_mtime_ns for path in temporary.rglob("*.nb?")} == kept


def test_a_folder_that_others_can_write_into_is_not_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    own = Path(keeping._private_folder())
    assert own.parent == tmp_path
    assert keeping._private_folder() == str(own)
    assert own.stat().st_mode & 0o077 == 0
    own.chmod(0o777)
    other = Path(keeping._private_folder())
    assert other != own
    assert other.stat().st_mode & 0o077 == 0
    own.rmdir()
    own.symlink_to(other)
    assert Path(keeping._private_folder()) not in {own, other}
