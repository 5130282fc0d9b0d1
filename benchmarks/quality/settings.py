"""What each setting of `Repeats` does to the quality, one changed at a time: `python -m benchmarks.quality.settings [--articles PATH]`."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

import dedup
from benchmarks.quality import articles, generate, report, run
from benchmarks.quality.metrics import Answer

VALUES: dict[str, tuple[float, ...]] = {
    "least_score": (0.6, 0.7, 0.9, 0.97),
    "least_block": (12, 48, 100),
    "least_copy": (100, 400, 1000),
    "least_paragraph": (60, 100, 300),
    "body_share": (0.6, 0.7, 0.9, 1.0),
}
_GROUPS = ("structural", "damaged", "better", "incomplete", "negative", "template")


def clean_with(text: str, config: dedup.Config) -> Answer:
    """What `dedup.clean` makes of a text under other settings."""
    result = dedup.clean(text, config)
    return Answer(result.paragraphs, result.text, len(result.removed))


def measure(chosen: list[articles.Article], repeats: dedup.Repeats, pattern: str) -> list[str]:
    """The share of exact answers of each group, in per cent."""
    system = partial(clean_with, config=dedup.Config(repeats=repeats))
    cases = [case for article in chosen for case in generate.cases(article, pattern)]
    cases += list(generate.template_cases(pattern, {article.language for article in chosen}))
    groups = report.summarise([run.attempt(case, system) for case in cases])["group"]
    return [f"{groups[group]['exact %']:.2f}" if group in groups else "" for group in _GROUPS]


def main() -> None:
    """Print a row for the defaults and one for each other value."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.settings", description=__doc__)
    parser.add_argument("--articles", type=Path, default=articles.DEFAULT)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--operators", default="structural|incomplete|negative|template|noise")
    options = parser.parse_args()
    chosen, _ = articles.sample(articles.read_articles(options.articles), options.limit)
    rows = [("defaults", dedup.Repeats())]
    rows += [(f"{name} = {value}", dedup.Repeats(**{name: value})) for name, values in VALUES.items() for value in values]  # type: ignore[arg-type] # each value is of its field's type
    print("| setting |", " | ".join(f"{group} exact %" for group in _GROUPS), "|")
    print("|---|" + "---|" * len(_GROUPS))
    for name, repeats in rows:
        print("|", name, "|", " | ".join(measure(chosen, repeats, options.operators)), "|", flush=True)


if __name__ == "__main__":
    main()
