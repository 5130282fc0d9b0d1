"""What sites put into their articles: learned, written down, taken out, explained."""

import json
import random

import pytest
from executable import run

LINES = ["Editor: {name}", "Subscribe to the Town Post"]


@pytest.fixture
def folder(tmp_path):
    rng = random.Random(2)
    rows = []
    for number in range(12):
        words = " ".join("".join(rng.choice("bdfglmnrstv") + rng.choice("aeiou") for _ in range(3)) for _ in range(30))
        text = "\n".join([words, *LINES]).replace("{name}", rng.choice(["Ann Lee", "Bob Ray"]))
        rows.append({"id": str(number), "url": f"https://town.example/{number}", "text": text})
    (tmp_path / "news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path


def texts(path):
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_it_is_learned_edited_and_used(folder):
    news, site, out = folder / "news.jsonl", folder / "site.toml", folder / "out.jsonl"
    code, _, error = run("boilerplate", news, "-o", site)
    assert (code, error) == (0, "dedup: 2 patterns of 1 site\n")
    written = site.read_text(encoding="utf-8")
    assert '"Editor: {}",  # in 12 of 12 articles' in written
    assert run("boilerplate", news)[1].decode() == written
    site.write_text(written.replace('  "Subscribe to the Town Post",', "  #"), encoding="utf-8")
    code, _, error = run("clean", news, "-o", out, "--boilerplate", site, "--report", folder / "why.json")
    assert code == 0
    assert "in 12 places, 12 places by 1 pattern of 1 site" in error
    assert "|boilerplate:file|" in error
    assert all(text.endswith(LINES[1]) and "Editor" not in text for text in texts(out))
    gone = json.loads((folder / "why.json").read_bytes())["articles"][0]["removed"][0]
    assert (gone["kind"], gone["of_text"]) == ("boilerplate", "")
    assert gone["shared"] == {"host": "town.example", "place": "line", "pattern": "Editor: {}", "articles": 0, "of": 0}


def test_clean_leaves_it_alone_and_run_takes_it_out(folder):
    news = folder / "news.jsonl"
    assert "0 changed" in run("clean", news, "-o", folder / "clean.jsonl")[2]
    code, _, error = run("run", news, "-o", folder / "corpus.jsonl")
    assert code == 0
    assert "24 places by 2 patterns of 1 site" in error
    assert not any("Subscribe" in text for text in texts(folder / "corpus.jsonl"))
    assert '["town.example"]' in (folder / "corpus.boilerplate.toml").read_text(encoding="utf-8")
    assert json.loads((folder / "corpus.report.json").read_bytes())["counts"]["boilerplate"] == {"town.example": 2}
    code, _, error = run("run", news, "-o", folder / "whole.jsonl", "--boilerplate", "off")
    assert "pattern" not in error
    assert all("Subscribe" in text for text in texts(folder / "whole.jsonl"))
    assert not (folder / "whole.boilerplate.toml").exists()


def test_explain_shows_the_pattern_and_who_says_it(folder):
    code, out, _ = run("explain", folder / "news.jsonl", "--boilerplate", "learn")
    assert code == 0
    said = " ".join(out.decode().split())
    assert "1. boilerplate (what the site puts into its articles)" in said
    assert "Editor: {} (a line of town.example, in 12 of the 12 articles that were looked at)" in said


def test_a_file_that_is_not_there_is_a_matter_of_usage(folder):
    code, _, error = run("clean", folder / "news.jsonl", "-o", folder / "x.jsonl", "--boilerplate", folder / "no.toml")
    assert code == 2
    assert "no.toml: No such file" in error
    assert run("boilerplate", folder / "no.jsonl")[0] == 3


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def seen(folder):
    """An index of nine of the articles; the other three, too few to teach anything, are in `few.jsonl`."""
    lines = (folder / "news.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "old.jsonl").write_text("".join(lines[:9]), encoding="utf-8")
    (folder / "few.jsonl").write_text("".join(lines[9:]), encoding="utf-8")
    assert run("index", "add", folder / "seen.index", folder / "old.jsonl")[0] == 0
    return folder / "seen.index"


def test_it_is_learned_from_an_index_and_a_folder_together(folder, seen):
    wanted = run("boilerplate", folder / "news.jsonl")[1]
    assert wanted.count(b"in 12 of 12 articles") == 2
    assert run("boilerplate", seen, folder / "few.jsonl")[1] == wanted
    for alone in (seen, folder / "few.jsonl"):
        code, _, error = run("boilerplate", alone)
        assert (code, error) == (0, "dedup: 0 patterns of 0 sites\n")
    assert run("boilerplate", seen, "--learning.least-articles", "9")[1].count(b"in 9 of 9 articles") == 2
    assert run("index", "add", seen, folder / "few.jsonl")[0] == 0
    assert run("boilerplate", seen)[1] == wanted


def test_run_and_clean_take_out_what_an_index_helps_to_learn(folder, seen):
    few = folder / "few.jsonl"
    assert "0 changed" in run("run", few, "-o", folder / "alone.jsonl")[2]
    for command in ("run", "clean"):
        code, _, error = run(command, few, "-o", folder / f"{command}.jsonl", "--boilerplate", seen)
        assert code == 0
        assert "6 places by 2 patterns of 1 site" in error
        assert not any("Subscribe" in text for text in texts(folder / f"{command}.jsonl"))


def test_an_index_that_is_damaged_is_refused_by_name(folder, seen):
    data = seen.read_bytes()
    seen.write_bytes(data.replace(b"Subscribe", b"subscribe", 1))
    code, _, error = run("boilerplate", seen)
    assert code == 3
    assert "seen.index: the index is damaged: its sample are not what was saved" in error
    assert run("clean", folder / "few.jsonl", "--boilerplate", seen)[0] == 3


def test_it_is_learned_from_standard_input(folder):
    data = (folder / "news.jsonl").read_bytes()
    assert run("boilerplate", "-", stdin=data)[1] == run("boilerplate", folder / "news.jsonl")[1]
    for command in (("run", "-", "-o", folder / "out.jsonl"), ("clean", "-", "--boilerplate", "learn", "-o", folder / "out.jsonl")):
        code, _, error = run(*command, "--format", "jsonl", stdin=data)
        assert code == 0
        assert "24 places by 2 patterns of 1 site" in error
        assert len(rows_of(folder / "out.jsonl")) == 12
        assert not any("Subscribe" in text for text in texts(folder / "out.jsonl"))
