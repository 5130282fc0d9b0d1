"""The page: figures and charts in the template, the removals as data behind it, style and scripts under a strict policy."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import orjson

from dedup.report.page.charts import WIDTH, arc, bars, by_time, cluster_sizes, curves, histogram
from dedup.report.page.detection import detection
from dedup.report.page.flows import WIDTH as FLOW_WIDTH
from dedup.report.page.flows import flows
from dedup.report.page.languages import language
from dedup.report.page.texts import CUT, pack, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedup.config import Near
    from dedup.report.page.evidence import Evidence, Removal
    from dedup.report.page.flows import Flows

_FOLDER = Path(__file__).parent
_SCRIPTS = ("data.js", "compare.js", "opened.js", "table.js", "marks.js")
MOST_TEXTS = 24_000_000  # bytes of packed texts: some 24,000 pairs of 2,000 letters, and a page that opens at once
_MOST_SITES, _MOST_CLUSTERS, _MOST_ARTICLES = 12, 15, 6
_REACH, _STEP = 0.1, 0.01  # of the histogram below the threshold, where the evidence has none
_CURVE_START, _CURVE_POINTS = 0.5, 50
_MOST_DATES = 5  # under a chart, where a phone has room for no more
_ARC = 46  # height of the bands above an article's line


def write_page(evidence: Evidence, near: Near, file: IO[bytes], most_texts: int = MOST_TEXTS) -> None:
    """The page stands in the file: the same evidence and settings give the same bytes."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"language": language, "comma": "{:,}".format, "score": "{:.2f}".format}
    style, *scripts = [(_FOLDER / name).read_text(encoding="utf-8") for name in ("page.css", *_SCRIPTS)]
    packed = pack(evidence, most_texts)
    data = _data(evidence, near, packed.piece, packed.number)
    for part in environment.get_template("page.html.j2").generate(
        policy=policy(style, scripts),
        style=Markup(style),  # noqa: S704 - the project's own file
        scripts=[Markup(script) for script in scripts],  # noqa: S704 - the project's own files
        data=Markup(embedded(data)),  # noqa: S704 - JSON without a character that could end the element
        pieces=packed.pieces,
        cut=CUT,
        unopened=sum(piece < 0 for piece in packed.piece),
        **_told(evidence, near),
    ):
        file.write(part.encode("utf-8", "replace"))


def policy(style: str, scripts: Iterable[str]) -> str:
    """A Content-Security-Policy under which these run and apply, and nothing else does or is fetched."""
    hashes = " ".join(map(_hash, scripts))
    return (
        f"default-src 'none'; script-src {hashes}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def embedded(data: object) -> str:
    """The data as JSON that can stand in a script element: no text of an article can end it."""
    return orjson.dumps(data).replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026").decode()


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _data(evidence: Evidence, near: Near, pieces: list[int], numbers: list[int]) -> dict[str, Any]:
    """What the scripts show: the removals by columns, what is said often by its number."""
    kinds, sites = _Numbers(), _Numbers()
    rows = evidence.rows
    return {
        "columns": {
            "kind": [kinds[row.kind] for row in rows],
            "score": [round(row.score, 4) for row in rows],
            "name": [row.name for row in rows],
            "title": [row.title for row in rows],
            "site": [sites[row.site] for row in rows],
            "day": [row.day for row in rows],
            "size": [row.size for row in rows],
            "of": [row.of for row in rows],
            "piece": pieces,
            "number": numbers,
            "span": [row.span if row.of < 0 else 0 for row in rows],
            "length": [row.length for row in rows],
            "place": [row.place if row.of < 0 else -1 for row in rows],
        },
        "kinds": list(kinds),
        "sites": list(sites),
        "kept": [[kept.name, kept.title, sites[kept.site]] for kept in evidence.kept],
        "pairs": _pairs(evidence),
        "threshold": near.threshold,
    }


class _Numbers(dict[str, int]):
    """A number for each value, in the order in which they come."""

    def __missing__(self, value: str) -> int:
        self[value] = len(self)
        return self[value]


def _pairs(evidence: Evidence) -> list[dict[str, Any]]:
    """The pairs about the threshold, the nearest first."""
    if not evidence.borderline:
        return []
    threshold = evidence.borderline["threshold"]
    pairs = sorted(evidence.borderline["pairs"], key=lambda pair: (abs(pair["score"] - threshold), pair["row"], pair["of"]))
    shown = [{name: value for name, value in pair.items() if name not in {"text", "of_text", "texts"}} for pair in pairs]
    return [{**told, "texts": shortened(pair["texts"])} for told, pair in zip(shown, pairs, strict=True)]


def _told(evidence: Evidence, near: Near) -> dict[str, Any]:
    """The figures and the charts."""
    about = evidence.borderline
    gone = evidence.kinds["exact"] + evidence.kinds["near"]
    points = [_CURVE_START + k * (1 - _CURVE_START) / _CURVE_POINTS for k in range(_CURVE_POINTS + 1)]
    lines = {name: [(x, detection(x, near, weight)) for x in points] for name, weight in (("alphabets", 1), ("Han, Kana, Hangul", 2))}
    start = max(near.threshold - _REACH, 0.0)
    below = about["histogram"] if about else []
    span, times = by_time(evidence.days)
    largest = sorted(evidence.sizes.items(), key=lambda item: (-item[1], item[0]))[:_MOST_CLUSTERS]
    return {
        "signature": "  ".join(filter(None, (evidence.signature, evidence.stretches.signature if evidence.stretches else ""))),
        "counts": evidence.counts,
        "kinds": {kind: evidence.kinds[kind] for kind in sorted(evidence.kinds)},
        "removals": evidence.kinds.total(),
        "beyond": evidence.beyond,
        "duplicates": gone,
        "inside": evidence.kinds.total() - gone,
        "clusters": len(evidence.sizes),
        "unreadable": evidence.unreadable,
        "near": near,
        "given": evidence.near is not None,
        "scores": histogram(below, evidence.scores, near.threshold, _STEP, start),
        "near_chart": bool(sum(evidence.scores.values()) or sum(below)),
        "curve": curves(lines, _CURVE_START, near.threshold),
        "chance": [(name, dict(points)[max(dict(points), key=lambda x: -abs(x - near.threshold))]) for name, points in lines.items()],
        "about": about,
        "changes": [(value, number, number - _at(about)) for value, number in about["removed"]] if about else [],
        "sizes": bars(cluster_sizes(evidence.sizes), every=1),
        "sites": sorted(((site, n) for site, n in evidence.sites.items() if n), key=lambda item: (-item[1], item[0]))[:_MOST_SITES],
        "other_sites": max(sum(map(bool, evidence.sites.values())) - _MOST_SITES, 0),
        "times": bars(times, every=-(-len(times) // _MOST_DATES) or 1),
        "span": span,
        "largest": [(evidence.kept[of], of, number + 1, evidence.least[of]) for of, number in largest],
        "articles": _articles(evidence.rows),
        "width": WIDTH,
        "arc": _ARC,
        "shared": evidence.stretches,
        "copies": _copies(evidence),
        "flow_width": FLOW_WIDTH,
    }


def _copies(evidence: Evidence) -> list[tuple[str, str, Flows]]:
    """Who copies whom: a name for the page, what is copied, and the drawing with its table."""
    shared = evidence.stretches
    found = [("articles", "whole articles", evidence.copies.table()), ("stretches", "stretches", shared.copies if shared else [])]
    return [(name, what, flows(table)) for name, what, table in found if table]


def _at(about: dict[str, Any]) -> int:
    """How many rows go at the threshold in force."""
    return int(next((number for value, number in about["removed"] if abs(value - about["threshold"]) < _STEP / 2), 0))


def _articles(rows: list[Removal]) -> list[dict[str, Any]]:
    """The articles that lost the most inside, with a band for each stretch."""
    grouped: dict[int, list[Removal]] = {}
    for row in rows:
        if row.of < 0:
            grouped.setdefault(row.place, []).append(row)
    chosen = sorted(grouped.values(), key=lambda some: (-sum(row.size for row in some), some[0].place))[:_MOST_ARTICLES]
    return [
        {
            "name": some[0].name,
            "title": some[0].title or some[0].name,
            "size": sum(row.size for row in some),
            "length": some[0].length,
            "kinds": ", ".join(sorted({row.kind for row in some})),
            "arcs": [arc(row.span, row.length, WIDTH, _ARC) for row in some],
        }
        for some in chosen
    ]
