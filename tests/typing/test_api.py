"""The package's types reach its users: mypy and pyright, both strict, accept api.py and refuse each wrong line of wrong.py."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
WRONG = {number for number, line in enumerate((HERE / "wrong.py").read_text(encoding="utf-8").splitlines(), 1) if line.endswith("# wrong")}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What both checkers say: for each file the numbers of the lines."""
    folder = tmp_path_factory.mktemp("typing")
    for name in ("api.py", "wrong.py"):
        shutil.copy(HERE / name, folder)
    (folder / "mypy.ini").write_text("[mypy]\nstrict = True\n")
    (folder / "pyrightconfig.json").write_text(json.dumps({"typeCheckingMode": "strict", "include": ["api.py", "wrong.py"]}))
    return folder


def run(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)


def lines(found):
    told = {"api.py": set(), "wrong.py": set()}
    for name, line in found:
        told[Path(name).name].add(int(line))
    return told


def test_it_runs():
    done = subprocess.run([sys.executable, HERE / "api.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_mypy(told):
    done = run([sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "api.py", "wrong.py"], told)
    found = re.findall(r"^(\S+\.py):(\d+): error", done.stdout, re.MULTILINE)
    assert lines(found) == {"api.py": set(), "wrong.py": WRONG}, done.stdout + done.stderr


def test_pyright(told):
    done = run([sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson"], told)
    try:
        report = json.loads(done.stdout)
    except ValueError:  # the first run fetches pyright from npm
        assert not os.environ.get("CI"), done.stdout + done.stderr
        pytest.skip("pyright cannot be fetched here")
    errors = [message for message in report["generalDiagnostics"] if message["severity"] == "error"]
    found = [(message["file"], message["range"]["start"]["line"] + 1) for message in errors]
    assert lines(found) == {"api.py": set(), "wrong.py": WRONG}, errors
