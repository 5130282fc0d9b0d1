"""Which of two variants is likelier text, in the scripts that the table knows, and no verdict in the others."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from dedup.kernels import plausible
from dedup.kernels.plausible import log_odds

TABLE = Path(plausible.__file__).with_name("plausible_table.npz")

DAMAGED = [
    ("zh substituted", "经济发展情况", "经济岁展情况"),
    ("zh place", "在北京举行会", "在北点举行会"),
    ("en substituted", "thegovernmentsaid", "thegovermxentsaid"),
    ("en doubled", "thepeopleofthe", "theppeopleofthe"),
    ("en dropped", "presidentwas", "presdentwas"),
    ("fr", "legouvernement", "legouvqrnement"),
    ("de", "diegesellschaft", "diegesellsfhaft"),
    ("es", "porqueestamos", "porquzestamos"),
    ("ru", "небылоничего", "небшлоничего"),
    ("ar", "الحكومة", "الحكوفة"),
    ("fa", "جمهوری", "جمهغری"),
    ("th", "ประเทศไทย", "ประเขศไทย"),
]


@pytest.mark.parametrize(("sound", "damaged"), [case[1:] for case in DAMAGED], ids=[case[0] for case in DAMAGED])
def test_the_sound_variant_is_likelier(sound, damaged):
    assert log_odds(sound, damaged) > 0.5
    assert log_odds(damaged, sound) == pytest.approx(-log_odds(sound, damaged))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("सरकार", "सरकजर"),  # Devanagari
        ("대한민국정부", "대한가국정부"),
        ("これからの", "これきらの"),
        ("in2019the", "in2018the"),  # digits are no language
        ("same", "same"),
        ("", ""),
    ],
)
def test_nothing_is_said_where_nothing_is_known(one, other):
    assert log_odds(one, other) == 0


def test_a_letter_that_no_source_has_is_unlikely():
    assert log_odds("governmentsaid", "gover□mentsaid") > 2
    assert log_odds("经济发展", "经济\ue000展") > 2


def test_the_table_is_the_one_that_was_measured():
    assert TABLE.stat().st_size <= 300_000
    assert hashlib.sha256(TABLE.read_bytes()).hexdigest() == "8c360e43443e50da606bdc858bc6315b74d3d32b345104ded55d3c4f2daf24cf"


def test_the_table_is_read_when_it_is_first_needed():
    code = "import dedup.article.canonical as c, dedup.kernels.plausible as p; print(p._table.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "0"
