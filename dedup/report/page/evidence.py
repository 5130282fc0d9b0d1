"""What `run`, `drop` and `clean` wrote, read again: a line of `removed.jsonl` or a stretch in `report.json` is a removal."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from dedup.errors import InputError
from dedup.report.copying import Copies, Copying, from_rows, side_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_ROWS = 200_000  # removals in the page's table: 40 MB of it; what is beyond is counted
_LONGEST = 300  # characters of a title, a name or a site
_EVIDENCE = {"of", "of_path", "score", "kind"}
_BEGIN, _ARTICLES, _END = b'{"signature": ', b'"articles": [\n', b"],\n"
_STRETCHES = _BEGIN + b'"dedup:stretches|'


class Removal(NamedTuple):
    """One removal: of a row because of the kept row `of` (a number in `Evidence.kept`), or with -1 of a stretch inside an article.

    `place` is the first byte of its line in the file that names it, `number` which of that article's stretches it is, `span` and
    `length` characters of the article. `size` is how many characters went, -1 where the evidence does not say.
    """

    kind: str
    score: float
    name: str
    title: str
    site: str
    day: str
    size: int
    of: int
    place: int
    number: int = 0
    span: tuple[int, int, int, int] = (0, 0, 0, 0)
    length: int = 0


class Kept(NamedTuple):
    """A kept row: what it is called, its title, its site."""

    name: str
    title: str
    site: str


class Shared(NamedTuple):
    """What `stretches --report` tells: rows, stretches that several of them say, rows contained in longer ones, who copies whom."""

    signature: str
    rows: int
    stretches: int
    contained: int
    copies: list[Copying]


@dataclass(slots=True)
class Evidence:
    """All that a page tells of; `rows` are at most MOST_ROWS, the rest is only counted."""

    signature: str = ""
    rows: list[Removal] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)
    """Near-duplicates by hundredths of their score."""
    sizes: Counter[int] = field(default_factory=Counter)
    """Rows that went by the number in `kept` of the row that stayed."""
    least: dict[int, float] = field(default_factory=dict)
    """The least score of those rows."""
    sites: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)
    """Rows that went by site and by day, as far as these are known."""
    copies: Copies = field(default_factory=Copies)
    """Who copies whom, by the rows that went."""
    stretches: Shared | None = None
    beyond: int = 0
    counts: dict[str, Any] = field(default_factory=dict)
    near: dict[str, Any] | None = None
    borderline: dict[str, Any] | None = None
    unreadable: list[dict[str, Any]] = field(default_factory=list)
    removed_file: Path | None = None
    report_file: Path | None = None

    def add(self, row: Removal) -> None:
        """One more removal is listed as long as there is room."""
        self.kinds[row.kind] += 1
        if len(self.rows) < MOST_ROWS:
            self.rows.append(row)
        else:
            self.beyond += 1


def read_evidence(removed: Path | None, report: Path | None, stretches: Path | None = None) -> Evidence:
    """The evidence of the files, any of which may be missing. Raises InputError, with the line, for a file that is something else."""
    evidence = Evidence(removed_file=removed, report_file=report)
    if removed is not None:
        _read_removed(removed, evidence)
    if report is not None:
        _read_report(report, evidence)
    if stretches is not None:
        with _as_written(stretches, None):
            told = _json(stretches.read_bytes(), stretches, None)
            rows, number, contained = told["rows"] + 0, told["stretches"] + 0, len(told["contained"])
            evidence.stretches = Shared(told["signature"] + "", rows, number, contained, from_rows(told["copies"]))
    return evidence


def kind_of(path: Path) -> str:
    """`report` for what `clean --report` and `run` write, `stretches` for what `stretches --report` does, else `removed`."""
    with path.open("rb") as file:
        begin = file.read(len(_STRETCHES))
    return "stretches" if begin == _STRETCHES else "report" if begin.startswith(_BEGIN) else "removed"


def _read_removed(path: Path, evidence: Evidence) -> None:
    """The rows that went, and the rows because of which they did."""
    numbers: dict[tuple[Any, ...], int] = {}
    for place, line, row in _lines(path):
        if not isinstance(row, dict) or not row.keys() >= _EVIDENCE or not isinstance(row["score"], int | float):
            reason = "the line does not say what was dropped: it is to be the file that drop --removed or run wrote"
            raise InputError(reason, path=str(path), line=line)
        key = (row["of_path"], row.get("of_line"), row["of"], row.get("old", False))
        if key not in numbers:
            numbers[key] = len(evidence.kept)
            evidence.kept.append(Kept(name_of(row, "of_"), _said(row.get("of_title")), site_of(row, "of_")))
        of, score, day = numbers[key], float(row["score"]), _said(row.get("date"))[:10]
        gone, text = side_of(row, ""), row.get("text")
        site, size = _said(gone.host), len(text) if isinstance(text, str) else -1
        evidence.copies.add(gone, side_of(row, "of_"), max(size, 0))
        evidence.add(Removal(str(row["kind"]), score, name_of(row, ""), _said(row.get("title")), site, day, size, of, place))
        evidence.sizes[of] += 1
        evidence.least[of] = min(score, evidence.least.get(of, 1.0))
        evidence.scores[int(score * 100 + 1e-6)] += row["kind"] == "near"
        evidence.sites[site] += bool(site)
        evidence.days[day] += bool(day)


def _lines(path: Path) -> Iterator[tuple[int, int, Any]]:
    """The first byte, the number and the value of each line."""
    with path.open("rb", buffering=1 << 20) as file:
        place = 0
        for line, data in enumerate(file, 1):
            if not data.isspace():
                try:
                    yield place, line, orjson.loads(data)
                except orjson.JSONDecodeError as error:
                    reason = f"not JSON: {error.msg}"
                    raise InputError(reason, path=str(path), line=line) from error
            place += len(data)


def _read_report(path: Path, evidence: Evidence) -> None:
    """The stretches that went inside articles, the counts and the settings."""
    with path.open("rb", buffering=1 << 20) as file:
        first = file.readline()
        if not first.startswith(_BEGIN) or file.readline() != _ARTICLES:
            reason = "this is not the file that clean --report or run wrote"
            raise InputError(reason, path=str(path), line=1)
        place = len(first) + len(_ARTICLES)
        evidence.signature = _json(first.removeprefix(_BEGIN).rstrip(b",\n"), path, 1)
        for line, data in enumerate(file, 3):
            if data == _END:
                break
            if data != b"\n":
                with _as_written(path, line):
                    _read_article(_json(data.rstrip(b",\n"), path, line), place, evidence)
            place += len(data)
        rest = _json(b"{" + file.read(), path, None)
    with _as_written(path, None):
        _read_rest(rest, evidence)


def _read_article(article: dict[str, Any], place: int, evidence: Evidence) -> None:
    """The stretches that went inside one article."""
    if not article["removed"]:
        return
    length = sum(article["characters"].values())
    name, title, site, day = _said(article["path"]), _said(article["title"]), site_of(article, ""), _said(article["date"])[:10]
    for number, gone in enumerate(article["removed"]):
        span = (*gone["span"], *gone["of"])
        size = gone["span"][1] - gone["span"][0]
        evidence.add(Removal(gone["kind"], gone["score"], name, title, site, day, size, -1, place, number, span, length))


def _read_rest(rest: dict[str, Any], evidence: Evidence) -> None:
    """What stands behind the articles."""
    counts, about = rest["counts"], rest.get("borderline")
    evidence.counts = {name: counts[name] + 0 for name in ("read", "changed", "unreadable")}
    evidence.counts["characters"] = {name: value + 0 for name, value in counts["characters"].items()}
    evidence.near, evidence.unreadable = (
        rest.get("near"),
        [{name: one.get(name) for name in ("path", "line", "reason")} for one in rest["unreadable"]],
    )
    if about is not None:
        pairs = [{**pair, "texts": [pair["text"] + "", pair["of_text"] + ""]} for pair in about["pairs"]]
        numbers = ("score", "from", "to", "pairs", "row", "of")
        evidence.borderline = {
            "threshold": about["threshold"] + 0.0,
            "histogram": [value + 0 for value in about["histogram"]],
            "removed": [(value + 0.0, number + 0) for value, number in about["removed"]],
            "pairs": [pair for pair in pairs if all(pair[name] + 0 >= 0 for name in numbers)],
        }


@contextmanager
def _as_written(path: Path, line: int | None) -> Iterator[None]:
    """InputError where the evidence is not as this version writes it."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        reason = f"this is not what clean --report or run wrote: {type(error).__name__}: {error}"
        raise InputError(reason, path=str(path), line=line) from error


def _json(data: bytes, path: Path, line: int | None) -> Any:  # noqa: ANN401 - what JSON holds
    """The value; InputError when it is none."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        reason = f"the file is not whole: {error.msg}"
        raise InputError(reason, path=str(path), line=line) from error


def name_of(row: dict[str, Any], side: str) -> str:
    """The id of a row, else the file and the line."""
    if (name := row.get(f"{side}id")) is not None:
        return _said(name)
    line = row.get(f"{side}line")
    return _said(row.get(f"{side}path")) + (f":{line}" if line is not None else "")


def site_of(row: dict[str, Any], side: str) -> str:
    """The host of the address, without www., else what the article says of its site."""
    return _said(side_of(row, side).host)


def _said(value: object) -> str:
    """The value as text, nothing for null; cut where it would fill the page."""
    text = "" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
