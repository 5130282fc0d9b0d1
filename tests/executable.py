"""The real executable, run as a user runs it."""

import fcntl
import os
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

DEDUP = Path(sys.executable).with_name("dedup")
SEEDS = Path(__file__).parent.parent / "seeds"
SEED = next(SEEDS.glob("*.txt"))


def run(*arguments, stdin=b"", env=None, cwd=None):
    """Exit code, standard output and standard error; never a traceback."""
    done = subprocess.run([DEDUP, *arguments], input=stdin, capture_output=True, check=False, cwd=cwd, env={**os.environ, **(env or {})})
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout, done.stderr.decode()


def limited(limit, most, *command):
    """The command under a limit of the system's (`resource.RLIMIT_AS`), most bytes of it; what forks here would take threads along."""
    code = f"import os, resource, sys; resource.setrlimit({limit}, ({most}, {most})); os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", code, *command]


def tree(path):
    """Relative name -> bytes."""
    return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


def wait_until_read(process):
    """Return when the process has taken all that was written to its standard input."""
    while struct.unpack("i", fcntl.ioctl(process.stdin, termios.FIONREAD, b"    "))[0]:
        assert process.poll() is None
        time.sleep(0.01)


def wait_until_idle(process):
    """Return when the process has used no processor time for half a second: it waits for its input."""
    used = None
    while (now := Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]) != used:
        assert process.poll() is None
        used = now
        time.sleep(0.5)
