"""A request to end is heard wherever the run is: compiling, importing, waiting, before it has begun."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.executable import DEDUP

BOTH = pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])

# A request comes while a frame of the module is running, is not lost there, and is raised when the module is left.
_INSIDE = """
import os, signal, sys, types
from dedup.commands import signals
signals.listen()
signals._MOST = 60  # however long the machine leaves this process waiting
module = types.ModuleType({module!r})
code = '''
import os
def ask(number):
    try:
        os.kill(os.getpid(), number)
        for _ in range(100): pass
    except BaseException as error:
        print("lost", type(error).__name__, flush=True)
        os._exit(0)
'''
exec(compile(code, "a", "exec"), module.__dict__)
try:
    module.ask({number})
    signal.pause()
except (KeyboardInterrupt, SystemExit) as error:
    print(type(error).__name__, error, signals.asked())
"""


@BOTH
@pytest.mark.parametrize(("module", "heard_late"), [("numba.core.dispatcher", True), ("importlib._bootstrap", True), ("json", False)])
def test_a_request_is_raised_where_it_is_not_lost(number, code, module, heard_late):
    done = subprocess.run(
        [sys.executable, "-c", _INSIDE.format(module=module, number=int(number))], capture_output=True, text=True, check=True
    )
    error = "KeyboardInterrupt " if number == signal.SIGINT else f"SystemExit {code}"
    late = f"{error} {int(number)}\n"
    assert (done.stdout == late) is heard_late, done.stdout
    assert ("lost" in done.stdout) is not heard_late


_WAITED = """
import importlib, os, signal
from dedup.commands import signals
signals.listen()
loading = type(os)("importlib._bootstrap")
exec("import os\\ndef ask(number): os.kill(os.getpid(), number)", loading.__dict__)
loading.ask({number})
try:
    signals.hear()
except (KeyboardInterrupt, SystemExit) as error:
    print(type(error).__name__)
signals.stop_listening()
signals.restore({{{number}: signal.SIG_DFL}})
signals.listen()
signals.hear()
"""


@BOTH
def test_a_request_that_came_while_something_was_loaded_is_heard_after_it_and_by_no_later_run(number, code):
    done = subprocess.run([sys.executable, "-c", _WAITED.format(number=int(number))], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("KeyboardInterrupt\n" if code == 130 else "SystemExit\n", "")


_LOST = """
import gc, os, signal, weakref
from dedup.commands import signals
signals.listen()
class Thing: pass
def callback(_):
    os.kill(os.getpid(), {number})
    for _ in range(100): pass
thing = Thing()
kept = weakref.ref(thing, callback)
try:
    del thing
    signal.pause()
except (KeyboardInterrupt, SystemExit) as error:
    print(type(error).__name__)
"""


@BOTH
def test_a_request_that_is_lost_in_a_callback_comes_again(number, code):
    done = subprocess.run([sys.executable, "-c", _LOST.format(number=int(number))], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("KeyboardInterrupt\n" if code == 130 else "SystemExit\n", "")


@BOTH
@pytest.mark.parametrize("command", ["clean", "drop", "run"])
def test_a_request_while_kernels_compile_ends_the_run(tmp_path, number, code, command):
    (tmp_path / "in.jsonl").write_bytes(b'{"text": "A line.\\nAnother line of the same text."}\n' * 400)
    process = subprocess.Popen(
        [DEDUP, command, tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl"],
        stderr=subprocess.PIPE,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")},
    )
    while not list((tmp_path / "cache").rglob("*.nbi")):  # one kernel is compiled, the next is being compiled
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(number)
    error = process.communicate()[1].decode()
    assert process.returncode == code, error
    assert error.splitlines()[-1].startswith("dedup: "), error
    assert "Traceback" not in error
    assert not (tmp_path / "out.jsonl").exists()


@BOTH
def test_a_request_before_anything_has_begun_ends_without_a_traceback(number, code):
    for delay in (0.1, 0.2, 0.3):
        process = subprocess.Popen([sys.executable, "-m", "dedup", "clean", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(delay)
        process.send_signal(number)
        error = process.communicate()[1].decode()
        # the interpreter itself may not have begun: then it ends by the signal, as any program does
        assert process.returncode == -number or (process.returncode == code and "Traceback" not in error), error


def test_a_run_that_was_started_to_ignore_a_request_ignores_it():
    ignoring = ["bash", "-c", 'trap "" INT; exec "$0" "$@"', DEDUP, "clean", "-"]
    process = subprocess.Popen(ignoring, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(b"A line.\n")
    assert (process.returncode, out) == (0, b"A line.\n"), error
