"""Compiled kernels are kept in the user's cache folder, or wherever something can be written."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from executable import SEED

import dedup
from dedup.kernels import keeping

KERNEL = "from dedup.kernels.keeping import kernel\n{more}\n\n\n@kernel\ndef {name}():\n    return {value}\n"
FOLD = "from dedup.kernels.fold import fold; print(fold('Ab。').codes.tolist())"


@pytest.fixture
def package(tmp_path):
    """A folder in which another Python finds a copy of the package that has compiled nothing yet."""
    shutil.copytree(Path(dedup.__file__).parent, tmp_path / "site" / "dedup", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "site"


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


def kept_in(folder):
    """The compiled kernels below a folder."""
    return sorted(folder.rglob("*.nb?"))


def test_kernels_are_kept_in_the_users_cache_and_loaded_from_there(package, tmp_path):
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    assert python(package, "-c", FOLD, home=home, temporary=temporary) == "[97, 98]\n"
    places = kept_in(home / ".cache" / "dedup" / "kernels")
    assert places
    assert not kept_in(package)
    times = [path.stat().st_mtime_ns for path in places]
    assert python(package, "-c", FOLD, home=home, temporary=temporary) == "[97, 98]\n"
    assert [path.stat().st_mtime_ns for path in kept_in(home)] == times, "the second process compiled"
    assert not list(temporary.iterdir())


def test_kernels_of_changed_sources_are_compiled_anew(package, tmp_path):
    """Also where the file of the kernel itself is the same, which is all that numba looks at."""
    home = tmp_path / "home"
    home.mkdir()
    kernels = package / "dedup" / "kernels"
    (kernels / "inner.py").write_text(KERNEL.format(name="inner", more="", value="20"), encoding="utf-8")
    (kernels / "outer.py").write_text(
        KERNEL.format(name="outer", more="from dedup.kernels.inner import inner", value="inner()"), encoding="utf-8"
    )
    ask = ("-c", "from dedup.kernels.outer import outer; print(outer())")
    assert python(package, *ask, home=home, temporary=tmp_path / "temporary") == "20\n"
    (kernels / "inner.py").write_text(KERNEL.format(name="inner", more="", value="1000"), encoding="utf-8")
    assert python(package, *ask, home=home, temporary=tmp_path / "temporary") == "1000\n"


def test_kernels_of_others_stay_where_they_are(package, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (package / "stranger.py").write_text("import numba\n\n\n@numba.njit(cache=True)\ndef f():\n    return 3\n", encoding="utf-8")
    ask = ("-c", "import dedup.kernels.fold, numba, stranger; print(stranger.f(), numba.config.CACHE_DIR or None)")
    assert python(package, *ask, home=home, temporary=tmp_path / "temporary") == "3 None\n"
    assert {path.parent for path in kept_in(package)} == {package / "__pycache__"}


def test_of_folders_of_other_sources_the_last_used_are_left(tmp_path):
    now = time.time()
    for number in range(12):
        (tmp_path / str(number)).mkdir()
        os.utime(tmp_path / str(number), (now - number * 100_000, now - number * 100_000))
    keeping._forget_old(tmp_path / "3")
    assert {path.name for path in tmp_path.iterdir()} == {"0", "1", "2", "3", "4", "5", "6", "7", "8"}
    for path in tmp_path.iterdir():
        os.utime(path)
    (tmp_path / "9").mkdir()
    keeping._forget_old(tmp_path / "3")
    assert len(list(tmp_path.iterdir())) == 10, "another process may have just loaded from one"


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
    own = keeping._private_folder()
    assert own.parent == tmp_path
    assert keeping._private_folder() == own
    assert own.stat().st_mode & 0o077 == 0
    own.chmod(0o777)
    other = keeping._private_folder()
    assert other != own
    assert other.stat().st_mode & 0o077 == 0
    own.rmdir()
    own.symlink_to(other)
    assert keeping._private_folder() not in {own, other}
