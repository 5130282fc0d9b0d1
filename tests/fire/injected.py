"""Faults that are injected into the real executable: strace stops it at the n-th write, fsync or rename, or makes that call fail."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter

from executable import DEDUP

CALLS = ("write", "fsync", "rename")
STRACE = shutil.which("strace")
_CALL = re.compile(r"^(?:\d+ +)?(write|fsync|rename)\(", re.MULTILINE)


def trace(arguments, log, *options, env=None):
    """The finished process, whose writes, fsyncs and renames are in the log; without the interpreter's own caches."""
    command = [STRACE, "-f", "-qq", "-o", log, "-e", "trace=write,fsync,rename", *options, DEDUP, *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        check=False,
        timeout=300,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(env or {})},
    )


def calls(arguments, log):
    """How often an undisturbed run makes each call."""
    done = trace(arguments, log)
    assert done.returncode == 0, done.stderr.decode()
    return Counter(_CALL.findall(log.read_text(errors="replace")))


def killed_at(arguments, log, call, number):
    """The exit code of a run that is killed as it makes the call for the n-th time."""
    return trace(arguments, log, "-e", f"inject={call}:signal=SIGKILL:when={number}").returncode


def failing_at(arguments, log, call, number, error):
    """A run whose n-th call of this name, and each one after it, fails."""
    return trace(arguments, log, "-e", f"inject={call}:error={error}:when={number}+")
