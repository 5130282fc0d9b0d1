"""A system over all cases, article by article, in processes of their own."""

from __future__ import annotations

import contextlib
import re
import signal
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from benchmarks.quality import generate
from benchmarks.quality.metrics import Answer, Outcome, failed, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from benchmarks.quality.articles import Article
    from benchmarks.quality.generate import Case


def ours(text: str) -> Answer:
    """What `dedup.clean` makes of a text."""
    import dedup

    result = dedup.clean(text)
    return Answer(result.paragraphs, result.text, len(result.removed))


def lines(text: str) -> Answer:
    """What exact line de-duplication makes of a text: the first of equal lines stays."""
    found = [line for line in text.splitlines() if line.strip()]
    kept = tuple(dict.fromkeys(found))
    return Answer(kept, text if len(kept) == len(found) else "\n".join(kept), len(found) - len(kept))


SYSTEMS: dict[str, Callable[[str], Answer]] = {"dedup": ours, "lines": lines}


_PATIENCE = 120
"""Processor seconds after which a system has failed on a case: by the clock, a machine that stood still failed two sound ones."""
_FIRST = 8
"""Cases that a system has seen before its time counts: what it compiles on first use takes longer than any case."""


def _too_late(*_: object) -> None:
    message = f"no answer within {_PATIENCE} processor seconds"
    raise TimeoutError(message)


def attempt(case: Case, system: Callable[[str], Answer]) -> Outcome:
    """The outcome of one case, also where the system raises or goes on for ever."""
    if hasattr(signal, "setitimer"):  # POSIX; only the main thread of a process may ask for it, and it does
        signal.signal(signal.SIGPROF, _too_late)
        signal.setitimer(signal.ITIMER_PROF, _PATIENCE)
    try:
        return judge(case, system(case.text))
    except Exception as error:  # noqa: BLE001 - what a system raises is a figure of it
        return failed(case, f"{type(error).__name__}: {error}")
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)


def _warm_up(articles: Sequence[Article], pattern: str, system: str) -> None:
    for case in islice((case for article in articles[:1] for case in generate.cases(article, pattern)), _FIRST):
        with contextlib.suppress(Exception):
            SYSTEMS[system](case.text)


def _article(article: Article, pattern: str, system: str) -> list[Outcome]:
    return [attempt(case, SYSTEMS[system]) for case in generate.cases(article, pattern)]


def run(articles: Sequence[Article], pattern: str = "", system: str = "dedup", workers: int = 1) -> list[Outcome]:
    """The outcomes of all cases, sorted by the operators' order and then the articles'; the same for any number of workers."""
    _warm_up(articles, pattern, system)
    work = partial(_article, pattern=pattern, system=system)
    if workers > 1 and len(articles) > 1:
        with ProcessPoolExecutor(workers) as pool:
            found = [
                outcome for part in pool.map(work, articles, chunksize=max(1, min(16, len(articles) // (workers * 4)))) for outcome in part
            ]
    else:
        found = [outcome for article in articles for outcome in work(article)]
    languages = dict.fromkeys(a.language for a in articles)
    found += [attempt(case, SYSTEMS[system]) for case in generate.template_cases(pattern, languages)]
    order = {name: place for place, name in enumerate(generate.names())}
    return sorted(found, key=lambda o: order[f"{o.group}/{o.operator}"])


def find_case(outcome: Outcome, articles: Iterable[Article]) -> Case:
    """The case that an outcome judges, made again."""
    pattern = f"^{re.escape(outcome.group)}/{re.escape(outcome.operator)}$"
    if outcome.group == "template":
        return next(c for c in generate.template_cases(pattern, [outcome.language]) if c.article == outcome.article)
    article = next(a for a in articles if a.id == outcome.article)
    return next(generate.cases(article, pattern))
