"""Hostile texts at their full sizes: `dedup clean` of each in a process of its own costs what its length costs, in time and in memory."""

import json
import subprocess
import sys

import pytest
from executable import DEDUP
from hostile import TEXTS

_MOST_GROWTH = 2.7  # of the processor time at twice the length
_LEAST = 0.5  # seconds below which a ratio says nothing
_MOST_BYTES = 160  # a character, above what a text of one line takes
_MOST_OF_LINES = 240  # of lines of one character, each a Python object: 197 were measured
# Between the tests and the executable, as the peak of a process counts what it was before it was another program.
_MEASURED = """
import json, os, sys
pid = os.fork()
if not pid:
    os.execv(sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024]))
"""
# Name -> the generator in TEXTS and the length in characters; lines are two characters, of the equal ones seven.
SIZES = {
    "one character": 50_000_000,
    "equal lines": 7_000_000,
    "short lines": 2_000_000,
    "a and then b": 20_000_000,
    "fibonacci": 10_000_000,
    "thue-morse": 10_000_000,
    "de bruijn": 1 << 20,
    "combining marks": 100_000,
    "one line": 20_000_000,
}
_MORE = {"one line": lambda size: "".join(f"item {number * 2_654_435_761 % 4_294_967_291:x}, " for number in range(size // 14))}


def cleaned(text, folder):
    """The processor seconds and the peak bytes of `dedup clean`, which ends well and writes the text."""
    (folder / "in.txt").write_bytes(text.encode())
    command = [DEDUP, "clean", folder / "in.txt", "-o", folder / "out.txt", "-q", "-j", "1", "--files.largest", str(1 << 30)]
    done = subprocess.run([sys.executable, "-S", "-c", _MEASURED, *command], capture_output=True, check=True)
    assert not done.stderr, done.stderr.decode()
    code, seconds, peak = json.loads(done.stdout)
    assert code == 0
    assert (folder / "out.txt").stat().st_size > 0
    return seconds, peak


@pytest.mark.fire_long
@pytest.mark.parametrize("name", SIZES)
def test_a_text_at_full_size_costs_what_its_length_costs(name, tmp_path):
    make = _MORE.get(name) or TEXTS[name]
    cleaned("A line.\n" * 3, tmp_path)  # what is compiled is kept
    start, least = cleaned("A line.\n" * 3, tmp_path)
    half, whole = make(SIZES[name] // 2), make(SIZES[name])
    for _ in range(2):  # what a loaded machine adds is not there each time
        before, _ = cleaned(half, tmp_path)
        after, peak = cleaned(whole, tmp_path)
        figures = before - start, after - start, (peak - least) / len(whole)
        sys.stdout.write("{}: {:,} characters, {:.2f} and {:.2f} s, {:.1f} bytes each\n".format(name, len(whole), *figures))
        if after - start <= _MOST_GROWTH * max(before - start, _LEAST):
            break
    assert after - start <= _MOST_GROWTH * max(before - start, _LEAST), (before, after, start)
    assert (peak - least) / max(len(whole), 1_000_000) <= (_MOST_OF_LINES if name == "short lines" else _MOST_BYTES)
