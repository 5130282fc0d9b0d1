"""A signature names every rule, so that equal ones mean equal rules."""

import dataclasses

from dedup.config import Config, Repair, Repeats
from dedup.report.signature import signature


def test_the_default_reads_like_this():
    parts = dict(part.split(":", 1) for part in signature(Config()).split("|"))
    assert parts.keys() == {"dedup", "repair", "repeats", "v"}
    assert parts["dedup"] == "clean"
    assert parts["repair"].startswith("ftfy6")
    assert parts["repeats"] == "block24/copy200/paragraph150/body0.8>=0.8"


def test_every_setting_shows():
    default = signature(Config())
    for section, cls in (("repair", Repair), ("repeats", Repeats)):
        for field in dataclasses.fields(cls):
            other = not field.default if isinstance(field.default, bool) else field.default / 2 if field.default < 1 else field.default + 1
            assert signature(Config(**{section: cls(**{field.name: other})})) != default, field.name
