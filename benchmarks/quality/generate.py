"""Every case of the family: a text, and the paragraphs that a reader wants of it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from benchmarks.quality import damage, incomplete, negatives, templates
from benchmarks.quality import layouts as lay
from benchmarks.quality.articles import Article

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from benchmarks.quality.layouts import Operator

GROUPS = ("structural", "damaged", "better", "incomplete", "negative", "template")
SEED = "quality-1"


@dataclass(frozen=True, slots=True)
class Case:
    """One text with its truth; `unchanged` cases must come out as they went in, to the character."""

    operator: str
    group: str
    language: str
    article: str
    size: str
    text: str
    truth: tuple[str, ...]

    @property
    def unchanged(self) -> bool:
        """True where nothing may be removed."""
        return self.group in {"negative", "template"}


def _structural() -> dict[str, Operator]:
    block, after = lay.block_before, lay.block_after
    found: dict[str, Operator] = {
        "block.before": lay.made(block),
        "block.after": lay.made(after),
        "block.between": lay.made(lay.block_between),
        "block.before.unspaced": lay.made(block, glue=""),
        "block.after.unspaced": lay.made(after, glue=""),
        "block.between.unspaced": lay.made(lay.block_between, glue=""),
        "block.before.spaced": lay.made(block, glue=" "),
        "block.before.wide-spaced": lay.made(block, glue="\u3000\u3000"),
        "block.same-line": lay.made(lay.block_same_line),
        "block.same-line.unspaced": lay.made(lay.block_same_line, glue=""),
        "block.blank-lines": lay.made(block, separator="\n\n"),
        "block.windows-lines": lay.made(block, separator="\r\n"),
        "block.indented": lay.indented,
        "block.around": lay.made(lay.block_around),
        "block.header": lay.headed(lay.made(block)),
        "block.after.header": lay.headed(lay.made(after)),
        "block.twice": lay.made(lay.block_and_copy),
        "block.sections": lay.made(lay.sections, least=4),
        "block.sections.unspaced": lay.made(lay.sections, least=4, glue=""),
        "block.nested": lay.made(lay.nested, least=4),
        "block.nested.unspaced": lay.made(lay.nested, least=4, glue=""),
        "copy.twice": lay.made(lay.second),
        "copy.thrice": lay.made(lay.third),
        "copy.twice.header": lay.headed(lay.made(lay.second)),
        "copy.twice.blank-lines": lay.made(lay.second, separator="\n\n"),
        "copy.doubled": lay.made(lay.doubled),
        "copy.doubled.blank-lines": lay.made(lay.doubled, separator="\n\n"),
        "copy.interleaved": lay.made(lay.interleaved, least=3),
        "copy.shuffled": lay.made(lay.shuffled, least=3),
    }
    found |= {f"merged.{which}": lay.merged(which) for which in ("first", "second", "both", "block")}
    found |= {
        f"wrapped.{place}{'.blank-lines' if blank else ''}": lay.wrapped(before=place == "first", blank=blank)
        for place in ("first", "second")
        for blank in (False, True)
    }
    found |= {f"wrapped.block-{place}": lay.wrapped(before=place == "before", block=True) for place in ("before", "after")}
    for part in ("body", "paragraph"):
        found |= {f"teaser.{part}.{'after' if after_ else 'before'}": lay.teaser(part, after=after_) for after_ in (False, True)}
        found |= {f"teaser.{part}.block": lay.teaser(part, layout=block), f"teaser.{part}.twice": lay.teaser(part, layout=lay.second)}
    plain = lay.teaser("paragraph")
    found |= {
        "title.line": lay.headed(lay.made(lambda paragraphs, *_: lay.lines(paragraphs)), title=True),
        "title.block": lay.headed(lay.made(block), title=True),
        "title.twice": lay.headed(lay.made(lay.second), title=True),
        "title.teaser": lay.headed(plain, title=True),
        "summary": lay.summary(),
        "summary.block": lay.summary(block),
        "summary.header": lay.headed(lay.summary()),
    }
    return found


def _damaged() -> dict[str, Operator]:
    found: dict[str, Operator] = {}
    places = {"block-before": lay.block_before, "block-after": lay.block_after, "second": lay.second, "doubled": lay.doubled}
    for name, harm in {**damage.UNCLEAR, **damage.CLEAR, **damage.NOISE}.items():
        found |= {f"{name}.{place}": damage.damaged(layout, harm) for place, layout in places.items()}
    clear = damage.CLEAR | {"spaces-lost": damage.spaces_lost_between_words}
    return found | {f"{name}.first": damage.damaged(lay.first, harm) for name, harm in clear.items()}


def _better() -> dict[str, Operator]:
    found: dict[str, Operator] = {}
    for name in ("mojibake-lossy", "mojibake-question", "garbled", *damage.NOISE):
        harm = damage.CLEAR.get(name) or damage.NOISE[name]
        found |= {
            f"better.{name}.block-before": damage.damaged(damage.exchanged(lay.block_before), harm),
            f"better.{name}.block-after": damage.damaged(damage.exchanged(lay.block_after), harm),
        }
    return found | {f"better.{name}.first": damage.damaged(lay.first, harm) for name, harm in damage.NOISE.items()}


OPERATORS: dict[str, dict[str, Operator]] = {
    "structural": _structural(),
    "damaged": _damaged(),
    "better": _better(),
    "incomplete": incomplete.OPERATORS,
    "negative": negatives.OPERATORS,
}


def names(pattern: str = "") -> list[str]:
    """The names of all operators that a regular expression finds, with their group before a slash."""
    every = [f"{group}/{name}" for group, operators in OPERATORS.items() for name in operators]
    every += [f"template/{name}" for name in templates.BUILDERS]
    return [name for name in every if re.search(pattern, name)]


def cases(article: Article, pattern: str = "") -> Iterator[Case]:
    """The cases of one article, each drawn from a seed of its own."""
    for name in names(pattern):
        group, operator = name.split("/", 1)
        if group == "template":
            continue
        made = OPERATORS[group][operator](article, Random(f"{SEED}|{name}|{article.id}"))
        if made is not None and (group == "negative" or made.text != "\n".join(made.truth)):
            yield Case(operator, group, article.language, article.id, article.size, made.text, made.truth)


def template_cases(pattern: str = "", languages: Iterable[str] = templates.LANGUAGES) -> Iterator[Case]:
    """The cases that are made of patterns alone, five of each kind, language and number of lines."""
    for name in names(pattern):
        group, builder = name.split("/", 1)
        if group != "template":
            continue
        for language in languages:
            for count in templates.COUNTS:
                for turn in range(5):
                    key = f"{language}-{count}-{turn}"
                    made = templates.template(builder, language, count, Random(f"{SEED}|{name}|{key}"))
                    if made is not None:
                        size = Article(key, language, "", made.truth).size
                        yield Case(builder, group, language, key, size, made.text, made.truth)


def digest(found: Iterable[Case]) -> str:
    """The SHA-256 of cases: their operators, texts and truths."""
    hasher = hashlib.sha256()
    for case in found:
        hasher.update(
            json.dumps([case.group, case.operator, case.article, case.text, case.truth], ensure_ascii=False).encode(
                "utf-8", "surrogatepass"
            )
        )
    return hasher.hexdigest()
