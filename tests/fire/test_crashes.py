"""Killed at any moment and started again: the bytes of an undisturbed run, nothing half-written, nothing left over."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from corpora import lines, rows, short_rows
from executable import DEDUP, limited, run, tree, wait_until_read
from injected import CALLS, STRACE, calls, failing_at, killed_at

from dedup.cli import main

_MOST_SECONDS = 2.0  # of processor time from the signal to the end
# Of the long set: 5 rounds of 20 moments each, of each command 100.
ROUNDS = int(os.environ.get("DEDUP_FIRE_ROUNDS", "5"))
ROWS = int(os.environ.get("DEDUP_FIRE_ROWS", "50000"))
LONG = [pytest.param(ROWS, 20, seed, id=f"long-{seed}", marks=pytest.mark.fire_long) for seed in range(1, ROUNDS + 1)]
SHARES = 4  # of the points at which a run is killed, each a test of its own, so that processors share them
needs_strace = pytest.mark.skipif(STRACE is None or not sys.platform.startswith("linux"), reason="strace: apt-get install strace")


def arguments_of(command, folder, name="out"):
    """A run or a drop over the corpus of a folder."""
    out = folder / name
    if command == "run":
        return ["run", folder / "in.jsonl", "-o", out / "corpus.jsonl", "-q", "-j", "1"]
    return ["drop", folder / "in.jsonl", "-o", out / "kept.jsonl", "--removed", out / "gone.jsonl", "--work", out / "work", "-q", "-j", "1"]


def whole(before, folder):
    """No finished file is half-written: each that has its name has the bytes of the undisturbed run."""
    for name, data in tree(folder).items():
        if name in before:
            assert data == before[name], name


def undisturbed(command, folder, count):
    (folder / "in.jsonl").write_bytes(lines(rows(count) if count <= 3_000 else short_rows(count)))
    (folder / "calm").mkdir()
    (folder / "out").mkdir()
    assert run(*arguments_of(command, folder, "calm"))[0] == 0
    return tree(folder / "calm")


def goes_on(command, folder, before, execute=run):
    """The same command once more ends well, with the same bytes, and leaves nothing else."""
    whole(before, folder / "out")
    code, _, error = execute(*arguments_of(command, folder))
    assert code == 0, error
    assert tree(folder / "out") == before
    empty(folder / "out")


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    """A folder with a corpus, the bytes of an undisturbed run over it, and how long that takes once all is compiled; made once a size."""
    made = {}

    def of(command, count):
        if (command, count) not in made:
            folder = tmp_path_factory.mktemp("calm")
            before = undisturbed(command, folder, count)
            empty(folder / "calm")
            started = time.perf_counter()
            assert run(*arguments_of(command, folder, "calm"))[0] == 0
            made[command, count] = folder, before, time.perf_counter() - started
        return made[command, count]

    return of


def empty(folder):
    """Nothing is in the folder."""
    for path in folder.iterdir():
        path.unlink()


def done_so_far(out):
    """The stages that the work folders say are done."""
    found = set()
    for path in sorted(out.rglob("manifest.json")):
        saved = json.loads(path.read_bytes())
        found |= {(str(path), stage) for stage in saved["stages"]}
        if saved["progress"] is not None:
            found.add((str(path), "rows"))
    return found


@pytest.mark.parametrize(("count", "moments", "seed"), [(1_000, 10, 0), *LONG])
@pytest.mark.parametrize("command", ["run", "drop"])
def test_killed_at_random_moments(calm, command, count, moments, seed):
    folder, before, usual = calm(command, count)
    out, chance = folder / "out", random.Random(seed)
    reached, killed, ended = set(), 0, 0
    while killed < moments:
        process = subprocess.Popen([DEDUP, *arguments_of(command, folder)], stderr=subprocess.DEVNULL)
        # The first one anywhere; those after it soon, as it goes on from there and is killed again.
        first = killed % 10 == 0
        time.sleep(usual * (chance.random() if first else min(0.06 + chance.expovariate(25), 1)))
        process.kill()
        if not process.wait():  # done before it was killed: the machine is less busy than when the time was taken
            assert tree(out) == before
            empty(out)
            usual, reached, ended = usual * 0.8, set(), ended + 1
            assert ended < 40, "the run is over before it can be killed"
            continue
        whole(before, out)
        killed += 1
        reached, lost = done_so_far(out), reached
        # No work is lost but that of the stage in hand; what is done as a whole has no work folder any more.
        assert lost <= reached or tree(out).keys() >= before.keys(), (killed, lost - reached)
        if killed == moments or (count <= 1_000 and killed % 5 == 0):
            goes_on(command, folder, before)
            reached = set()


def run_within(*arguments):
    """Exit code of a run in this process, which spares the second in which the executable starts."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    hook = sys.unraisablehook
    try:
        return main([str(argument) for argument in arguments]), b"", ""
    finally:
        sys.unraisablehook = hook
        for number, handler in handlers.items():
            signal.signal(number, handler)


@needs_strace
@pytest.mark.parametrize(
    ("every", "share"), [(12, 6), *(pytest.param(SHARES, share, id=f"all-{share}", marks=pytest.mark.fire_long) for share in range(SHARES))]
)
@pytest.mark.parametrize("command", ["run", "drop"])
def test_killed_at_each_write_fsync_and_rename(tmp_path, command, every, share):
    before = undisturbed(command, tmp_path, 60)
    found = calls(arguments_of(command, tmp_path), tmp_path / "log")
    assert set(found) == set(CALLS)
    empty(tmp_path / "out")
    points = [(call, number) for call in CALLS for number in range(1, found[call] + 1)]
    killed = 0
    for place, (call, number) in enumerate(points[share::every]):
        code = killed_at(arguments_of(command, tmp_path), tmp_path / "log", call, number)
        assert code in {-signal.SIGKILL, 128 + signal.SIGKILL, 0}, (call, number, code)
        killed += code != 0  # how many writes there are may differ by one that is about time
        goes_on(command, tmp_path, before, run_within if place % 8 else run)
    assert killed >= len(points[share::every]) - 1


@needs_strace
@pytest.mark.parametrize(("command", "error"), [("run", "ENOSPC"), ("drop", "EIO"), ("run", "EDQUOT")])
def test_an_error_of_the_disk_is_told_and_the_next_run_gives_the_same_bytes(tmp_path, command, error):
    before = undisturbed(command, tmp_path, 60)
    found = calls(arguments_of(command, tmp_path), tmp_path / "log")
    for path in (tmp_path / "out").iterdir():
        path.unlink()
    points = [(call, number) for call in CALLS for number in range(1, found[call] + 1)]
    for call, number in points[:: max(1, len(points) // 4)]:
        done = failing_at(arguments_of(command, tmp_path), tmp_path / "log", call, number, error)
        assert done.returncode != 0, (call, number)
        assert b"Traceback" not in done.stderr, (call, number, done.stderr.decode())
        goes_on(command, tmp_path, before)


IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def told_of_no_room(folder, small, error):
    """A run into the folder ends with the error, which names the file, and nothing has its name; returns the arguments of the next one."""
    command = ["run", folder / "in.jsonl", "-o", small / "corpus.jsonl", "-q", "-j", "1"]
    code, _, told = run(*command)
    assert (code, error in told) == (2, True), told
    assert "standard output" not in told  # but the file that could not be written
    assert not (small / "corpus.jsonl").exists()
    return command


@pytest.mark.skipif(not IS_ROOT, reason="mounts a small disk, which takes root")
def test_a_full_disk(tmp_path):
    before = undisturbed("run", tmp_path, 3_000)
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", small], check=False).returncode:
        pytest.skip("no tmpfs can be mounted here, as in a container without rights")
    try:
        command = told_of_no_room(tmp_path, small, "No space left on device")
        subprocess.run(["mount", "-o", "remount,size=50m", small], check=True)
        assert run(*command)[0] == 0
        assert tree(small) == before
    finally:
        subprocess.run(["umount", small], check=True)


def tried(*command):
    """Whether the command ended well."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not IS_ROOT, reason="mounts a disk with a quota, which takes root")
@pytest.mark.skipif(shutil.which("mkfs.btrfs") is None, reason="mkfs.btrfs: apt-get install btrfs-progs")
def test_a_quota_of_a_file_system(tmp_path):
    """By Btrfs, which counts what a folder takes itself; ext4 and XFS need a kernel that was built with their quotas."""
    before = undisturbed("run", tmp_path, 3_000)
    image, disk, small = tmp_path / "image", tmp_path / "disk", tmp_path / "disk" / "small"
    with image.open("wb") as file:
        file.truncate(256 << 20)
    disk.mkdir()
    if not (tried("mkfs.btrfs", "-q", image) and tried("mount", "-o", "loop", image, disk)):
        pytest.skip("no Btrfs can be mounted here, as in a container without rights")
    try:
        if not (tried("btrfs", "quota", "enable", disk) and tried("btrfs", "subvolume", "create", small)):
            pytest.skip("this Btrfs knows no quotas")
        subprocess.run(["btrfs", "qgroup", "limit", "700K", small], check=True)
        command = told_of_no_room(tmp_path, small, "Disk quota exceeded")
        subprocess.run(["btrfs", "qgroup", "limit", "none", small], check=True)
        assert run(*command)[0] == 0
        assert tree(small) == before
    finally:
        subprocess.run(["umount", disk], check=True)


STEPS = range(300, 1_300, 100)  # MB: up to 600 LLVM aborts when it compiles


@pytest.mark.parametrize("fresh", [False, pytest.param(True, marks=pytest.mark.fire_long)], ids=["kept", "compiled"])
@pytest.mark.parametrize(
    "megabytes", [400, 900, *(pytest.param(more, marks=pytest.mark.fire_long) for more in STEPS if more not in {400, 900})]
)
def test_a_limit_of_the_address_space(tmp_path, megabytes, fresh):
    (tmp_path / "in.jsonl").write_bytes(lines(rows(300)))
    command = [sys.executable, "-m", "dedup", "run", tmp_path / "in.jsonl", "-o", tmp_path / "corpus.jsonl", "-q", "-j", "1"]
    done = subprocess.run(
        limited(resource.RLIMIT_AS, megabytes << 20, *command),
        capture_output=True,
        check=False,
        timeout=3_600,  # a hang, not a machine that others use: what is compiled anew takes a minute of processor time
        env={**os.environ, **({"NUMBA_CACHE_DIR": str(tmp_path / "cache")} if fresh else {})},
    )
    assert done.returncode in {0, 2, 3}, done
    assert b"Traceback" not in done.stderr, done
    if done.returncode:
        assert f"{megabytes} MB".encode() in done.stderr or b"memory" in done.stderr, done
        assert not (tmp_path / "corpus.jsonl").exists()
        assert run(*command[3:])[0] == 0
    assert run("run", tmp_path / "in.jsonl", "-o", tmp_path / "again.jsonl", "-q", "-j", "1")[0] == 0
    assert (tmp_path / "corpus.jsonl").read_bytes() == (tmp_path / "again.jsonl").read_bytes()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_end_is_heard_where_the_address_space_is_limited(tmp_path, number):
    """There another process watches the run, and hands on what it is sent."""
    command = [sys.executable, "-m", "dedup", "clean", "-", "--format", "jsonl", "-o", tmp_path / "out.jsonl"]
    process = subprocess.Popen(limited(resource.RLIMIT_AS, 4 << 30, *command), stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(b'{"text": "One sentence."}\n')
    process.stdin.flush()
    wait_until_read(process)
    process.send_signal(number)
    process.wait(timeout=120)  # its input stays open: at its end the run would be done before the request has been handed on
    _, error = process.communicate()
    assert process.returncode == 128 + number, error
    assert b"no unfinished file is left" in error
    assert "out.jsonl" not in tree(tmp_path)


def test_a_work_folder_of_another_run_is_emptied_and_a_damaged_one_too(tmp_path):
    before = undisturbed("run", tmp_path, 60)
    stale = tmp_path / "out" / ".corpus.jsonl.dedup"
    for manifest in (b"{", b"[]", b'{"of": {"version": "0"}, "sizes": {}, "stages": [], "progress": {"code": 0, "counts": {}}}'):
        (stale / "work").mkdir(parents=True)
        (stale / "manifest.json").write_bytes(manifest)
        (stale / "articles").write_bytes(b"{}\n")
        (stale / "work" / "file.column").write_bytes(b"x" * 99)
        goes_on("run", tmp_path, before)


@pytest.mark.parametrize("command", ["clean", "run"])
def test_two_runs_into_one_output_at_once(tmp_path, command):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("One.\n", encoding="utf-8")
    first = subprocess.Popen([DEDUP, command, tmp_path / "in", "-", "-o", tmp_path / "out", "-q"], stdin=subprocess.PIPE)
    while not (tmp_path / "out").exists():
        assert first.poll() is None
        time.sleep(0.01)
    time.sleep(0.5)
    code, _, error = run(command, tmp_path / "in", "-o", tmp_path / "out")
    assert (code, f"another run is writing into {tmp_path}/out" in error) == (2, True), error
    first.communicate(b"Two.\n")
    assert first.returncode == 0
    assert tree(tmp_path / "out").keys() == {"a.txt", "stdin"} or tree(tmp_path / "out").keys() == {"a.txt", "stdin.txt"}
    assert not (tmp_path / ".out.dedup").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["run", "drop"])
def test_a_request_to_end_is_heard(tmp_path, command, number):
    (tmp_path / "out").mkdir()
    (tmp_path / "in.jsonl").write_bytes(lines(rows(4_000)))
    for delay in (0.8, 1.6):
        process = subprocess.Popen([DEDUP, *arguments_of(command, tmp_path)], stderr=subprocess.PIPE)
        time.sleep(delay)
        os.kill(process.pid, number)  # send_signal would reap a process that is done already
        used = _processor_time(process.pid)
        error = process.stderr.read()
        process.stderr.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode in {128 + number, 0, -number}, error  # it may be done already, or not have begun
        assert b"Traceback" not in error or process.returncode == -number
        assert usage.ru_utime + usage.ru_stime - used < _MOST_SECONDS or not process.returncode


def _processor_time(pid):
    """Seconds of processor time that a process has used."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
