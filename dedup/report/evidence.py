"""The evidence of a run as JSON: for each article what was found and what was removed, and because of which kept text."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from dedup.model import Clean, Document, Span
    from dedup.report.account import Account
    from dedup.report.counts import Counts

_EXCERPT = 240  # characters of a span that a report shows


def evidence(clean: Clean, source: Document, balance: Account, *, changed: bool) -> dict[str, Any]:
    """What a report holds of one article; spans count characters of the repaired text (`Clean.repaired`)."""
    document = clean.document
    return {
        "path": source.id,
        "encoding": source.extra.get("encoding"),
        "encoding_guessed": source.extra.get("encoding_guessed", False),
        "characters_replaced": source.extra.get("characters_replaced", 0),
        "nul_characters": source.text.count("\0"),
        "title": document.title,
        "site": document.site,
        "author": document.author,
        "date": document.date,
        "date_from": document.date_from,
        "url": document.url,
        "changed": changed,
        "paragraphs": len(clean.paragraphs),
        "characters": balance._asdict(),
        "removed": removals(clean),
    }


def removals(clean: Clean) -> list[dict[str, Any]]:
    """Each removal of an article, with the begins of both texts."""
    return [
        {
            "span": list(repeat.span),
            "of": list(repeat.of),
            "score": repeat.score,
            "kind": repeat.kind,
            "text": _excerpt(clean.repaired, repeat.span),
            "of_text": _excerpt(clean.repaired, repeat.of),
            **({} if repeat.shared is None else {"shared": repeat.shared._asdict()}),
        }
        for repeat in clean.removed
    ]


class Report:
    """A report that is written while the run goes on, one article a line, so that it never fills the memory."""

    def __init__(self, file: IO[bytes], signature: str) -> None:
        """Begin the report."""
        self._file, self._separator = file, b"\n"
        file.write(b'{"signature": ' + orjson.dumps(signature) + b',\n"articles": [')

    def add(self, article: dict[str, Any]) -> None:
        """Write the evidence of one article."""
        self._file.write(self._separator + orjson.dumps(article))
        self._separator = b",\n"

    def close(self, counts: Counts, **more: object) -> None:
        """Write what ends the report."""
        self._file.write(report_end(counts, **more))


def report_end(counts: Counts, **more: object) -> bytes:
    """What could not be read, what else there is to say, and the counts, which end a report; it is valid JSON then."""
    unreadable = [{"path": error.path, "line": error.line, "reason": error.reason} for error in counts.unreadable]
    parts = {"unreadable": unreadable, "columns": counts.fields, **more, "counts": counts.as_dict()}
    return b"\n]" + b"".join(b",\n" + orjson.dumps(name) + b": " + orjson.dumps(part) for name, part in parts.items()) + b"}\n"


def _excerpt(text: str, span: Span) -> str:
    """The begin of a span."""
    start, end = span
    return text[start:end] if end - start <= _EXCERPT else f"{text[start : start + _EXCERPT]}…"
