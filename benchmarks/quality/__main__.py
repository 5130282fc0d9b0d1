"""The quality of `dedup.clean`, in figures: `python -m benchmarks.quality [--articles PATH] [--operators PATTERN]`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.quality import articles, generate, report, run

if TYPE_CHECKING:
    from benchmarks.quality.metrics import Outcome


def arguments() -> argparse.ArgumentParser:
    """The command line's options."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument(
        "--articles", type=Path, default=articles.DEFAULT, help="JSON Lines with `paragraphs` (.gz too); the project's own by default"
    )
    parser.add_argument("--limit", type=int, default=None, help="at most so many articles, evenly spread")
    parser.add_argument("--article", default=None, help="only the article of this id")
    parser.add_argument("--operators", default="", help="only operators whose group/name this regular expression finds")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--show", type=int, default=0, help="show so many failing cases of each operator")
    parser.add_argument("--failing", action="store_true", help="only operators that are not wholly exact in the table")
    parser.add_argument("--json", type=Path, default=None, help="write the figures to this file")
    parser.add_argument("--list", action="store_true", help="name the operators and stop")
    parser.add_argument("--system", default="dedup", help="what is measured; see benchmarks.quality.peers")
    return parser


def main() -> int:
    """Zero when the run was made, whatever its figures."""
    options = arguments().parse_args()
    if options.list:
        print("\n".join(generate.names(options.operators)))
        return 0
    chosen, unfit = articles.sample(articles.read_articles(options.articles), options.limit)
    if options.article is not None:
        chosen = [a for a in chosen if a.id == options.article]
    print(f"{options.articles.name}: {len(chosen)} articles; set aside {sum(unfit.values())} {unfit or ''}", file=sys.stderr)
    started = time.perf_counter()
    outcomes = run.run(chosen, options.operators, options.system, options.workers)
    seconds = time.perf_counter() - started
    summary = report.summarise(outcomes)
    shown = summary
    if options.failing:
        shown = summary | {"operator": {name: row for name, row in summary["operator"].items() if row["exact %"] < 100}}
    print(report.as_text(shown))
    facts = {"articles": options.articles.name, "count": len(chosen), "sha256": articles.digest(chosen), "system": options.system}
    print(f"\n{len(outcomes):,} cases in {seconds:.1f} s; articles {facts['sha256'][:16]}", file=sys.stderr)
    if options.show:
        _show(outcomes, chosen, options.system, options.show)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(report.as_json(summary, facts), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _show(outcomes: list[Outcome], chosen: list[articles.Article], system: str, most: int) -> None:
    seen: Counter[str] = Counter()
    for outcome in outcomes:
        name = f"{outcome.group}/{outcome.operator}"
        if not outcome.exact and seen[name] < most:
            seen[name] += 1
            case = run.find_case(outcome, chosen)
            answer = () if outcome.error else run.SYSTEMS[system](case.text).paragraphs
            print("\n" + report.difference(case, answer, outcome))


if __name__ == "__main__":
    sys.exit(main())
