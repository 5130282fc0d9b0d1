"""`dedup config`: one configuration through three doors, printed with its meanings."""

import tomllib
from dataclasses import asdict, fields, is_dataclass

import pytest
from executable import run

import dedup
from dedup.report.settings import as_toml, field_texts


def test_the_settings_in_force_are_printed_and_give_themselves(tmp_path):
    code, out, error = run("config", cwd=tmp_path)
    assert (code, error) == (0, "")
    (tmp_path / "dedup.toml").write_bytes(out)
    assert asdict(dedup.Config.load(tmp_path / "dedup.toml")) == asdict(dedup.Config())
    assert run("config", cwd=tmp_path)[1] == out


def test_options_go_over_the_nearest_file_which_goes_over_the_default(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[tool.dedup]\nkeep = "newest"\n[tool.dedup.near]\nthreshold = 0.9\nseed = 5\n', encoding="utf-8"
    )
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    config = tomllib.loads(run("config", "--near.seed", "7", cwd=tmp_path / "a" / "b")[1].decode())
    assert (config["keep"], config["near"]["threshold"], config["near"]["seed"]) == ("newest", 0.9, 7)
    (tmp_path / "a" / "dedup.toml").write_text("[near]\nthreshold = 0.7\n", encoding="utf-8")
    config = tomllib.loads(run("config", cwd=tmp_path / "a" / "b")[1].decode())
    assert (config["keep"], config["near"]["threshold"]) == ("longest", 0.7)


def test_every_field_has_a_meaning_that_stands_above_it():
    texts = field_texts(dedup.config)
    printed = as_toml(dedup.Config())
    for kind in (type(value) for field in fields(dedup.Config()) if is_dataclass(value := getattr(dedup.Config(), field.name))):
        for field in fields(kind):
            meaning = texts[kind.__name__][field.name]
            assert meaning, f"{kind.__name__}.{field.name}"
            assert f"# {meaning.split()[0]} " in printed


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("[neer]\n", r"unknown setting neer; did you mean near\?"),
        ("[near]\nthreshhold = 1\n", r"unknown setting near.threshhold; did you mean near.threshold\?"),
        ("[near]\nthreshold = true\n", "unable to convert near.threshold = True: it must be a number"),
        ("[near]\nseed = 1.5\n", "it must be a whole number"),
        ("[files]\non_error = 'stop'\n", "it must be 'skip' or 'fail'"),
        ("near = 1\n", "it must be a table"),
        ("keep = 'best'\n", "it must be 'longest' or"),
        ("[files]\ntext_field = 5\n", "it must be a string"),
        ("[near]\nthreshold = 2\n", "threshold must"),
        ("[near\n", "not TOML"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_it(tmp_path, toml, reason):
    (tmp_path / "dedup.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(dedup.ConfigError, match=rf"dedup\.toml: .*{reason}"):
        dedup.Config.load(tmp_path / "dedup.toml")


def test_whole_numbers_are_numbers(tmp_path):
    (tmp_path / "dedup.toml").write_text("[near]\nthreshold = 1\n", encoding="utf-8")
    assert dedup.Config.load(tmp_path / "dedup.toml").near.threshold == 1.0
