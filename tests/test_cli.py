"""The real executable: what it writes, what it says, how it ends."""

import os
import re
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import orjson
import pytest

import dedup
from dedup.cli import main

SEEDS = Path(__file__).parent.parent / "seeds"
SEED = next(SEEDS.glob("*.txt"))
DEDUP = Path(sys.executable).with_name("dedup")
BODY = "The council met on Tuesday evening and voted for the new bridge over the river, which will open in two years."
NO_UTF8 = os.fsdecode(b"caf\xe9.txt")


def run(*arguments, stdin=b"", env=None, cwd=None):
    done = subprocess.run([DEDUP, *arguments], input=stdin, capture_output=True, check=False, cwd=cwd, env={**os.environ, **(env or {})})
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@cache
def seed_output():
    return run("clean", SEED)[1]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_text(f"Title: A\nURL: http://x.com/\n\n{BODY}\n", encoding="utf-8")
    (tmp_path / "in" / "sub" / "b.txt").write_text(BODY, encoding="utf-8")
    return tmp_path


def tree(path):
    return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


# --- the main job ---


def test_a_tree_goes_to_a_tree_and_a_second_time_changes_nothing(tmp_path):
    code, out, error = run("clean", SEEDS, "-o", tmp_path / "once")
    assert (code, out) == (0, "")
    assert re.fullmatch(
        r"dedup: \d+ articles? read, \d+ changed, [\d,]+ characters? removed in [\d,]+ places? \(\d+\.\d s\)  dedup:clean\|\S+\n", error
    )
    assert tree(tmp_path / "once").keys() == tree(SEEDS).keys()
    code, _, error = run("clean", tmp_path / "once", "-o", tmp_path / "twice")
    assert code == 0
    assert " 0 changed, 0 characters removed" in error
    assert tree(tmp_path / "twice") == tree(tmp_path / "once")


def test_one_file_and_standard_input_go_to_standard_output(tmp_path):
    from_file = seed_output()
    assert from_file.startswith("Title: 在中国式现代化中走在前列\nSite: 深思网\nDate: 2023-12-10\nURL: http://www.szlilun.com/")
    assert run("clean", "-", stdin=SEED.read_bytes())[:2] == (0, from_file)
    assert run("clean", SEED, "-o", tmp_path / "new" / "x.txt")[:2] == (0, "")
    assert (tmp_path / "new" / "x.txt").read_text(encoding="utf-8") == from_file


def test_python_m_dedup_is_the_same_command():
    done = subprocess.run([sys.executable, "-m", "dedup", "clean", SEED], capture_output=True, check=True)
    assert done.stdout.decode() == seed_output()


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_output_is_utf8_under_every_locale(locale):
    env = {"LC_ALL": locale, "LANG": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert run("clean", SEED, env=env)[1] == seed_output()
    assert run("clean", "没有.txt", env=env)[2].startswith("dedup: 没有.txt: No such file")


def test_several_inputs_go_to_one_folder(folder):
    code, _, error = run("clean", folder / "in" / "sub", folder / "in" / "a.txt", "-o", folder / "out")
    assert (code, tree(folder / "out").keys()) == (0, {"a.txt", "b.txt"})
    assert error.startswith("dedup: 2 articles read")


def test_the_report_holds_the_evidence(tmp_path):
    assert run("clean", SEEDS, "-o", tmp_path / "out", "--report", tmp_path / "deep" / "r.json", "-q") == (0, "", "")
    report = orjson.loads((tmp_path / "deep" / "r.json").read_bytes())
    assert report["signature"].startswith("dedup:clean|repair:ftfy")
    assert report["unreadable"] == []
    article = next(article for article in report["articles"] if article["path"] == SEED.name)
    assert (article["title"], article["site"]) == ("在中国式现代化中走在前列", "深思网")
    assert (article["date"], article["date_from"]) == ("2023-12-10", "url")
    (removed,) = article["removed"]
    assert (removed["kind"], removed["score"]) == ("block", 1.0)
    assert removed["span"][1] - removed["span"][0] == article["characters"]["removed"] == 1163
    assert removed["text"][:200] == removed["of_text"].replace("\n", "")[:200]
    assert report["counts"]["characters"]["removed"] >= 1163


def test_the_same_input_gives_the_same_bytes_whatever_the_hash_seed(tmp_path):
    for seed in ("1", "2"):
        run("clean", SEEDS, "-o", tmp_path / seed, "--report", tmp_path / f"{seed}.json", env={"PYTHONHASHSEED": seed})
    assert tree(tmp_path / "1") == tree(tmp_path / "2")
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()


def test_a_site_is_learned_from_the_titles_of_its_host(tmp_path):
    (tmp_path / "in").mkdir()
    for number, title in enumerate(("Bridge opens", "Mayor resigns", "Rain ahead", "School wins")):
        text = f"Title: {title} - Daily Planet\nURL: http://www.unrelated.org/{number}\n\n{BODY} {number}"
        (tmp_path / "in" / f"{number}.txt").write_text(text, encoding="utf-8")
    run("clean", tmp_path / "in", "-o", tmp_path / "out")
    assert (tmp_path / "out" / "0.txt").read_text(encoding="utf-8").startswith("Title: Bridge opens\nSite: Daily Planet\n")
    assert run("clean", tmp_path / "in" / "0.txt")[1].startswith("Title: Bridge opens - Daily Planet\nURL")


# --- bad input ---


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b" \n\t\r\n", ""),
        (b"Title: T\nDate: None\n", "Title: T\nDate: None\n"),
        (f"one\0two, {BODY}".encode(), f"onetwo, {BODY}\n"),
        ("这是一篇文章".encode()[:-1], "这是一篇文\ufffd\n"),
        (b"caf\xe9 cr\xe8me", "café crème\n"),
        (("新华社北京十二月十日电，国家统计局发布数据。" * 2).encode("gb18030"), "新华社北京十二月十日电，国家统计局发布数据。" * 2 + "\n"),
        (b"\xef\xbb\xbfTitle: T\r\n\r\nBody\r\n", "\ufeffTitle: T\r\n\r\nBody\r\n"),
    ],
)
def test_odd_texts_have_clear_results(data, text):
    code, out, error = run("clean", "-", stdin=data)
    assert (code, out) == (0, text)
    assert "1 article read" in error
    assert ("without a body" in error) == (not text or text.startswith("Title: T\nDate"))
    assert ("undecodable" in error) == ("\ufffd" in text)


def test_what_cannot_be_read_is_named_the_rest_is_done_and_the_exit_code_tells(folder):
    source = folder / "in"
    (source / "nul.txt").write_bytes(b"\0" * 64)
    (source / "binary.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    (source / "unreadable.txt").symlink_to("/proc/self/mem")
    os.mkfifo(source / "pipe.txt")
    (source / "loop").symlink_to(source)
    (folder / "empty").mkdir()
    code, _, error = run("clean", source, folder / "empty", folder / "missing.txt", "-o", folder / "out", "--report", folder / "r.json")
    assert code == 3
    assert tree(folder / "out").keys() == {"a.txt", "sub/b.txt"}
    reasons = {
        "in/nul.txt": "not a text: it consists of NUL bytes",
        "in/binary.txt": "not a text in any known encoding",
        "in/unreadable.txt": "a link out of the folder is not followed (--files.follow-links)",
        "in/pipe.txt": "a named pipe is not an article",
        "in/loop": "a link to a folder is not followed",
        "empty": "no article in this folder: no file has a suffix that names a format",
        "missing.txt": "No such file or directory",
    }
    assert set(error.splitlines()[:-1]) == {f"dedup: {folder}/{name}: {reason}" for name, reason in reasons.items()}
    assert error.splitlines()[-1].startswith("dedup: 2 articles read, ")
    assert ", 7 unreadable (" in error
    report = orjson.loads((folder / "r.json").read_bytes())
    assert {item["path"]: item["reason"] for item in report["unreadable"]} == {
        f"{folder}/{name}": reason for name, reason in reasons.items()
    }
    assert report["counts"]["unreadable"] == 7


@pytest.mark.parametrize("out", ["in", "in/out", "in/sub", "in/a.txt/.."])
def test_an_output_that_is_or_lies_in_the_input_is_refused_before_anything_is_written(folder, out):
    before = tree(folder)
    code, _, error = run("clean", folder / "in", "-o", folder / out)
    assert code == 2
    assert "the input folder" in error
    assert str(folder / "in") in error
    assert tree(folder) == before


def test_a_file_is_never_written_over_itself(folder):
    before = tree(folder)
    for arguments in (
        ["a.txt", "-o", "a.txt"],
        ["a.txt", "-o", "."],
        ["sub", "-o", ".", "a.txt"],
        ["sub/b.txt", "-o", "x.txt", "--report", "sub/b.txt"],
    ):
        code, _, error = run("clean", *arguments, cwd=folder / "in")
        assert code == 2
        assert "would be overwritten" in error
    assert tree(folder) == before


def test_a_name_that_is_not_utf8_goes_through(folder):
    source = folder / "in" / NO_UTF8
    source.write_text(BODY, encoding="utf-8")
    code, _, error = run("clean", folder / "in", "-o", folder / "out", "--report", folder / "r.json")
    assert code == 0
    assert (folder / "out" / NO_UTF8).read_text(encoding="utf-8") == BODY + "\n"
    assert rb"caf\\xe9.txt" in (folder / "r.json").read_bytes()
    source.write_bytes(b"\0")
    code, _, error = run("clean", source)
    assert code == 3
    assert error.startswith(rf"dedup: {folder}/in/caf\xe9.txt: not a text")


@pytest.mark.parametrize("name", ["with space.txt", "new\nline.txt", "📰.txt", "-dash.txt", "..txt"])
def test_odd_names_go_through(folder, name):
    (folder / "in" / name).write_text(BODY, encoding="utf-8")
    assert run("clean", folder / "in", "-o", folder / "out")[0] == 0
    assert (folder / "out" / name).read_text(encoding="utf-8") == BODY + "\n"


def test_an_output_that_cannot_be_written_is_named(folder):
    (folder / "out").mkdir()
    (folder / "out" / "sub").write_text("a file where a folder should be", encoding="utf-8")
    code, _, error = run("clean", folder / "in", "-o", folder / "out")
    assert code == 2
    assert f"{folder}/out/sub/b.txt: cannot be written: " in error
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([DEDUP, "clean", SEED], stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (2, b"dedup: standard output: No space left on device\n")


# --- usage ---


def test_without_arguments_the_help_is_shown():
    code, out, error = run()
    assert (code, error) == (0, "")
    assert "Usage: dedup COMMAND" in out


@pytest.mark.parametrize(
    "command",
    [
        *["", "clean", "drop", "run", "check", "explain", "report", "stretches", "boilerplate", "config", "completion"],
        *["index", "index add", "index find", "index info"],
    ],
)
def test_the_help_fits_a_screen_and_has_examples(command):
    code, out, _ = run(*command.split(), "--help", env={"COLUMNS": "80"})
    assert code == 0
    assert len(out.splitlines()) <= 24
    assert max(map(len, out.splitlines())) <= 80
    assert "Example" in out
    assert f"  dedup {command}" in out


def test_the_version_is_the_packages():
    assert re.fullmatch(r"dedup \d+\.\d+\.\d+\n", run("--version")[1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["claen", "x"], 'Did you mean "clean"?'),
        (["clean", "x", "--outptu", "y"], "Did you mean --output?"),
        (["clean", "x", "--repeats.least-scor", "1"], "Did you mean --repeats.least-score?"),
        (["clean", "x", "--repeats.least-score", "much"], "unable to convert"),
        (["clean", "x", "--no-repeats.enabld"], "Did you mean --repeats.enabled?"),
        (["clean", "x", "--repeats.least-score", "2"], "least_score must lie between 0 and 1"),
        (["clean"], "nothing to clean: name a file"),
        (["clean", "x", "y"], "-o FOLDER"),
        (["clean", "."], "-o FOLDER"),
        (["clean", "x", "--config", "missing.toml"], "missing.toml: No such file or directory"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_was_meant(arguments, message, tmp_path):
    code, out, error = run(*arguments, cwd=tmp_path, env={"COLUMNS": "200"})
    assert (code, out) == (2, "")
    assert message in error


@pytest.mark.parametrize(
    ("toml", "code", "said"),
    [
        ("[repeats]\nleast_score = 0.9", 0, ">=0.9"),
        ("[repeats]\nleast_scor = 0.9", 2, "d.toml: unknown setting repeats.least_scor; did you mean repeats.least_score?"),
        ("[repeats]\nleast_score = 9", 2, "must lie between"),
        ("[repeats]\nleast_score = 'x'", 2, "unable to convert"),
        ("[repeats", 2, "d.toml: not TOML"),
    ],
)
def test_settings_come_from_a_file(toml, code, said, tmp_path):
    (tmp_path / "d.toml").write_text(toml, encoding="utf-8")
    done, _, error = run("clean", SEED, "--config", "d.toml", cwd=tmp_path, env={"COLUMNS": "300"})
    assert (done, said in error) == (code, True), error


def test_an_option_goes_over_the_file_and_the_file_over_the_default(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.dedup.repeats]\nleast_score = 0.9\nleast_copy = 300\n", encoding="utf-8")
    error = run("clean", SEED, "--config", tmp_path / "pyproject.toml", "--repeats.least-score", "0.95")[2]
    assert "|repeats:block24/copy300/paragraph150/body0.8>=0.95|" in error


@pytest.mark.parametrize(
    "spelling",
    [["--no-near.enabled"], ["--near.no-enabled"], ["--near.enabled=false"], ["--near.enabled", "false"], ["--near.enabled", "False"]],
)
def test_a_switch_is_turned_off_by_each_usual_spelling(spelling):
    assert run("config", *spelling)[1].split("[near]")[1].split("enabled = ")[1].startswith("false\n")
    assert run("config", "--near.enabled", "true")[1] == run("config")[1]


# --- how it ends ---


def test_a_closed_pipe_ends_quietly():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([DEDUP, "clean", SEED], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_leaves_no_unfinished_file(folder, number, code):
    process = subprocess.Popen(
        [DEDUP, "clean", folder / "in" / "a.txt", "-", "-o", folder / "out", "--report", folder / "r.json"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while not (folder / "out" / "a.txt").exists():  # it waits for its standard input after that
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(number)
    _, error = process.communicate()
    assert process.returncode == code
    how = "interrupted" if number == signal.SIGINT else "terminated"
    said = f"dedup: {how}: no unfinished file is left; 1 article read, what of it is done is kept under {folder}/out\n"
    assert error.decode() == said
    assert tree(folder / "out").keys() == {"a.txt"}
    assert sorted(path.name for path in folder.iterdir()) == ["in", "out"]


@pytest.mark.parametrize("error", [ValueError("odd"), RecursionError("deep")])
def test_a_defect_of_ours_sets_one_article_aside_and_ends_with_70(folder, monkeypatch, capfd, error):
    clean = dedup.clean

    def fail(document, config, **learned):
        if isinstance(document, list) or document.id == "a.txt":  # together, or that one
            raise error
        return clean(document, config, **learned)

    monkeypatch.setattr(dedup, "clean", fail)
    monkeypatch.setattr(dedup, "clean_all", fail)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert main(["clean", str(folder / "in"), "-o", str(folder / "out")]) == 70
    assert tree(folder / "out").keys() == {"sub/b.txt"}
    assert capfd.readouterr().err.startswith(
        f"dedup: {folder}/in/a.txt: internal error, please report it: {type(error).__name__}: {error}\n"
    )


def test_an_account_that_does_not_balance_is_never_written(folder, monkeypatch, capfd):
    clean = dedup.clean

    def unbalanced(articles, *args, **known):
        one = clean(articles[0], *args, **known)
        return [dedup.Clean(one.document, one.text, one.paragraphs, one.repaired, one.header, one.fields, (), one.removed)]

    monkeypatch.setattr(dedup, "clean_all", unbalanced)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert main(["clean", str(folder / "in" / "a.txt"), "-o", str(folder / "out")]) == 70
    assert not (folder / "out").exists()
    assert "neither kept nor removed" in capfd.readouterr().err
