"""The floors that the quality on the project's own articles may not fall below: `python -m benchmarks.quality.gate`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.quality import articles, generate, report, run

FLOORS = Path(__file__).with_name("floors.json")
_MEASURED = r"^(?!damaged/han\.)"
"""All operators but those that another package's tables make, which may not be installed."""
_SLACK = 0.005
"""Floors are written to two decimals; a figure may lie this much below by rounding."""


def data_digest(chosen: list[articles.Article]) -> str:
    """The SHA-256 of everything that is measured: articles and all their cases, but for what another package's tables made."""
    parts = [case for article in chosen for case in generate.cases(article, _MEASURED)]
    return generate.digest([*parts, *generate.template_cases()])


def breaches(summary: dict[str, dict[str, dict[str, float]]], floors: dict[str, Any]) -> list[str]:
    """One sentence for each figure below its floor, or above its ceiling."""
    found = []
    for group, row in summary["group"].items():
        least = floors["groups"].get(group, 0.0)
        if row["exact %"] + _SLACK < least:
            found.append(f"{group}: {row['exact %']:.2f} % exact, the floor is {least} %")
    for name, row in summary["operator"].items():
        least = floors["operators"].get(name, floors["each"].get(name.split("/")[0], 0.0))
        if row["exact %"] + _SLACK < least:
            found.append(f"{name}: {row['exact %']:.2f} % exact, the floor is {least} %")
    whole = summary["group"]["all"]
    for column, most in floors["ceilings"].items():
        if whole[column] > most + _SLACK:
            found.append(f"all: {column} is {whole[column]:.3f}, the ceiling is {most}")
    return found


def measured_floors(summary: dict[str, dict[str, dict[str, float]]], floors: dict[str, Any], digest: str) -> dict[str, Any]:
    """The floors as measured now: each operator's and group's share of exact answers, rounded down."""
    down = {key: {name: int(row["exact %"] * 100) / 100 for name, row in summary[key].items()} for key in ("group", "operator")}
    whole = summary["group"]["all"]
    ceilings = {column: round(whole[column] + 0.005, 2) for column in floors["ceilings"]}
    return {**floors, "sha256": digest, "groups": down["group"], "operators": down["operator"], "ceilings": ceilings}


def main() -> int:
    """Zero when every figure holds its floor and the data is the data that the floors were set on."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.gate", description=__doc__)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="set the floors to what is measured now")
    options = parser.parse_args()
    started = time.perf_counter()
    chosen, _ = articles.sample(articles.read_articles(), None)
    digest = data_digest(chosen)
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    if digest != floors["sha256"] and not options.write:
        print(
            f"the cases are others than those of the floors: {digest}, not {floors['sha256']}; measure anew with --write", file=sys.stderr
        )
        return 1
    summary = report.summarise(run.run(chosen, _MEASURED, workers=options.workers))
    print(report.table("group", summary["group"]))
    if options.write:
        FLOORS.write_text(json.dumps(measured_floors(summary, floors, digest), indent=1) + "\n", encoding="utf-8")
        return 0
    found = breaches(summary, floors)
    print("\n".join(found) or f"every floor holds ({time.perf_counter() - started:.1f} s; cases {digest[:16]})")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
