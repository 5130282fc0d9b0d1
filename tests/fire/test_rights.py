"""What may not be read is named, what cannot be written is told before anything is half there, and an input that changes is refused."""

import os
import resource
import shutil
import subprocess
import sys

import pytest
from corpora import lines, rows
from executable import DEDUP, limited, run, tree, wait_until_idle

from dedup import InputError
from dedup.files.places import Names, Place, Reader

VERBS = ["clean", "run", "drop"]
SETPRIV = shutil.which("setpriv")


def without_rights(*arguments):
    """A run by somebody for whom rights hold; root is one without the capabilities to pass over them."""
    command = [DEDUP, *arguments]
    if os.geteuid() == 0:
        if SETPRIV is None:
            pytest.skip("setpriv is not installed: apt-get install util-linux")
        command = [SETPRIV, "--bounding-set", "-dac_override,-dac_read_search", *command]
    done = subprocess.run(command, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stderr.decode()


@pytest.fixture
def forbidden():
    """A function that takes all rights from paths, which get them back in the end."""
    changed = []

    def forbid(path, mode=0):
        changed.append((path, path.stat().st_mode))
        path.chmod(mode)

    yield forbid
    for path, mode in changed:
        path.chmod(mode)


@pytest.mark.parametrize("verb", VERBS)
def test_folders_and_files_that_may_not_be_read_are_named_and_the_rest_is_done(tmp_path, forbidden, verb):
    for name in ("open", "closed", "shut"):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "a.jsonl").write_bytes(lines(rows(5, seed=len(name))))
    forbidden(tmp_path / "in" / "closed")
    forbidden(tmp_path / "in" / "shut" / "a.jsonl")
    code, error = without_rights(verb, tmp_path / "in", "-o", tmp_path / "out.jsonl")
    assert code == 3, error
    assert f"{tmp_path}/in/closed: Permission denied" in error
    assert f"{tmp_path}/in/shut/a.jsonl: Permission denied" in error
    assert (tmp_path / "out.jsonl").read_bytes().count(b"\n") >= 3


@pytest.mark.parametrize("verb", VERBS)
def test_an_output_that_may_not_be_written_is_told_and_nothing_is_left(tmp_path, forbidden, verb):
    (tmp_path / "in.jsonl").write_bytes(lines(rows(20)))
    (tmp_path / "out").mkdir()
    forbidden(tmp_path / "out", 0o555)
    code, error = without_rights(verb, tmp_path / "in.jsonl", "-o", tmp_path / "out" / "corpus.jsonl")
    assert code == 2, error
    assert "Permission denied" in error
    assert f"{tmp_path}/out" in error
    assert not tree(tmp_path / "out")


@pytest.mark.parametrize("verb", VERBS)
def test_a_limit_of_the_size_of_files_is_told_and_the_next_run_gives_the_same_bytes(tmp_path, verb):
    (tmp_path / "in.jsonl").write_bytes(lines(rows(300)))
    for name in ("out", "calm"):
        (tmp_path / name).mkdir()
    assert run(verb, tmp_path / "in.jsonl", "-o", tmp_path / "calm" / "corpus.jsonl", "-q", "-j", "1")[0] == 0
    command = [verb, tmp_path / "in.jsonl", "-o", tmp_path / "out" / "corpus.jsonl", "-q", "-j", "1"]
    done = subprocess.run(limited(resource.RLIMIT_FSIZE, 50_000, DEDUP, *command), capture_output=True, check=False)
    assert done.returncode == 2, done.stderr.decode()
    assert b"File too large" in done.stderr
    assert b"Traceback" not in done.stderr
    assert not (tmp_path / "out" / "corpus.jsonl").exists()
    assert run(*command)[0] == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "calm")


@pytest.mark.parametrize("verb", ["run", "drop"])
def test_a_file_that_changes_while_the_run_goes_on_is_refused(tmp_path, verb):
    (tmp_path / "in.jsonl").write_bytes(lines(rows(20)))
    command = [DEDUP, verb, tmp_path / "in.jsonl", "-", "--format", "jsonl", "-o", tmp_path / "out.jsonl", "-q"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_until_idle(process)  # it has read the file, and waits for more
    (tmp_path / "in.jsonl").write_bytes(lines(rows(20, seed=2)))
    _, error = process.communicate(lines(rows(5, seed=3)))
    assert process.returncode == 3, error
    assert f"{tmp_path}/in.jsonl: the file has changed since it was read".encode() in error
    assert tree(tmp_path).keys() == {"in.jsonl"}


def test_two_drops_into_one_output_at_once(tmp_path):
    (tmp_path / "in.jsonl").write_bytes(lines(rows(20)))
    output = ["-o", tmp_path / "out.jsonl"]
    first = subprocess.Popen([DEDUP, "drop", "-", "--format", "jsonl", *output, "-q"], stdin=subprocess.PIPE)
    wait_until_idle(first)
    code, _, error = run("drop", tmp_path / "in.jsonl", *output)
    assert (code, f"another run is writing {tmp_path}/out.jsonl" in error) == (2, True), error
    first.communicate(lines(rows(5)))
    assert first.returncode == 0
    assert tree(tmp_path).keys() == {"in.jsonl", "out.jsonl"}


@pytest.mark.fire_long
@pytest.mark.parametrize("verb", VERBS)
def test_a_hundred_thousand_files(tmp_path, verb):
    """Each is read and accounted for: `drop` reads rows alone, and gets a file a row."""
    made = rows(1_000, sentences=1)
    for folder in range(100):
        (tmp_path / "in" / str(folder)).mkdir(parents=True)
        for number, row in enumerate(made):
            text = f"{folder} {number}: {row['text']}\n"
            path = tmp_path / "in" / str(folder) / str(number)
            if verb == "drop":
                path.with_suffix(".jsonl").write_bytes(lines([{"text": text}]))
            else:
                path.with_suffix(".txt").write_text(text)
    out, gone = tmp_path / ("out" if verb == "clean" else "out.jsonl"), tmp_path / "out.removed.jsonl"
    told = ["--removed", gone] if verb == "drop" else []
    process = subprocess.Popen([DEDUP, verb, tmp_path / "in", "-o", out, *told, "-q"])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    sys.stdout.write(f"{verb}: {usage.ru_maxrss >> 10} MB, {usage.ru_utime + usage.ru_stime:.0f} s of processor time\n")
    assert usage.ru_maxrss < 800 << 10, f"{usage.ru_maxrss >> 10} MB"
    if verb == "clean":
        assert sum(len(names) for _, _, names in os.walk(out)) == 100_000
    else:
        kept, removed = (path.read_bytes().count(b"\n") for path in (out, gone))
        assert kept + removed == 100_000
        assert kept < 100_000


@pytest.mark.parametrize("command", [("drop", "-o", "out.jsonl"), ("check",), ("run", "-o", "out"), ("clean", "-o", "out")])
def test_more_files_than_may_be_open(tmp_path, command):
    (tmp_path / "in").mkdir()
    for number, row in enumerate(rows(300, sentences=1)):
        (tmp_path / "in" / f"{number:03}.jsonl").write_bytes(lines([row]))
    (tmp_path / "in" / "again.jsonl").write_bytes((tmp_path / "in" / "000.jsonl").read_bytes())
    verb, *others = command
    done = subprocess.run(limited(resource.RLIMIT_NOFILE, 128, DEDUP, verb, "in", *others), cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == (1 if verb == "check" else 0), done.stderr
    if verb == "drop":
        one = tmp_path / "one.jsonl"
        one.write_bytes(b"".join(path.read_bytes() for path in sorted((tmp_path / "in").iterdir())))
        assert run("drop", one, "-o", tmp_path / "kept.jsonl", "-q")[0] == 0
        assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "kept.jsonl").read_bytes()


def test_a_file_that_is_opened_again_and_is_another_is_named(tmp_path):
    paths = [tmp_path / f"{number}.jsonl" for number in range(3)]
    for path in paths:
        path.write_bytes(lines([{"text": "One row of three."}]))
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (4, before[1]))
    try:
        reader = Reader(paths, Names())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    place = Place(1, 0, len(paths[1].read_bytes()), 1)
    assert reader.text(place) == "One row of three."
    paths[1].write_bytes(lines([{"text": "Two rows of two."}]) * 2)
    with pytest.raises(InputError, match=r"1\.jsonl: the file has changed"):
        reader.text(place)
    reader.close()
