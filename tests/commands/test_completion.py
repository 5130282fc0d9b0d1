"""Shells complete the command: each shell itself is asked."""

import os
import pty
import select
import shutil
import subprocess
import time

import pytest
from executable import run

_BASH = """
source {script}
function=$(complete -p dedup | sed 's/.*-F \\([^ ]*\\).*/\\1/')
ask() {{
  COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
  $function dedup "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD-1]}}"
  echo "${{COMPREPLY[@]}}"
}}
ask dedup cl
ask dedup clean --on-e
ask dedup clean --on-error ""
"""


@pytest.fixture
def script(tmp_path):
    """Where what the command prints for a shell is saved, under a name."""

    def save(shell, name):
        code, out, _ = run("completion", shell)
        assert code == 0
        (tmp_path / name).write_bytes(out)
        return tmp_path / name

    return save


def needs(shell):
    """A shell that is not there: a failure on a machine that checks everything."""
    if not shutil.which(shell):
        assert not os.environ.get("CI"), f"not installed: apt-get install {shell}"
        pytest.skip(f"not installed: {shell}")


def test_bash_completes_commands_options_and_values(script):
    asked = _BASH.format(script=script("bash", "dedup.bash"))
    done = subprocess.run(["bash", "--norc", "-c", asked], capture_output=True, text=True, check=True)
    command, option, values = done.stdout.splitlines()
    assert (command, option, set(values.split())) == ("clean", "--on-error", {"skip", "fail"})


def test_fish_completes_commands_options_and_values(script):
    needs("fish")
    source = f"source {script('fish', 'dedup.fish')}"
    asked = ["dedup cl", "dedup clean --on-e", "dedup clean --on-error "]
    said = [
        subprocess.run(["fish", "--no-config", "-c", f"{source}; complete -C '{line}'"], capture_output=True, text=True, check=True).stdout
        for line in asked
    ]
    assert [{line.partition("\t")[0] for line in out.splitlines()} for out in said] == [{"clean"}, {"--on-error"}, {"skip", "fail"}]


@pytest.mark.parametrize("name", ["_dedup", "_cyclopts_dedup", "sourced"])
def test_zsh_completes_from_its_function_path_and_when_sourced(script, name):
    needs("zsh")
    path = script("zsh", name)
    load = f"source {path}" if name == "sourced" else ":"
    terminal, its_end = pty.openpty()
    environment = {**os.environ, "TERM": "dumb"}
    process = subprocess.Popen(["zsh", "-f", "-i"], stdin=its_end, stdout=its_end, stderr=its_end, env=environment, start_new_session=True)
    os.close(its_end)
    try:
        os.write(terminal, f"fpath=({path.parent} $fpath); autoload -U compinit; compinit -u -D; {load}; echo rea''dy\n".encode())
        _await(terminal, b"ready\r")
        os.write(terminal, b"dedup cl\t")
        _await(terminal, b"dedup clean")
        os.write(terminal, b"--on-err\t")
        _await(terminal, b"--on-error")
    finally:
        os.close(terminal)
        process.kill()
        process.wait()


def _await(terminal, wanted, patience=120):
    """The terminal shows what is wanted."""
    shown, end = b"", time.monotonic() + patience
    while wanted not in shown:
        assert time.monotonic() < end, shown
        if select.select([terminal], [], [], 1)[0]:
            shown += os.read(terminal, 1 << 16)
