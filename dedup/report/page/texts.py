"""The texts that a reader may open, packed: the doubtful removals first, in small compressed pieces, up to a size."""

from __future__ import annotations

import zlib
from base64 import b64encode
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import IO

    from dedup.report.page.evidence import Evidence, Removal

CUT = 20_000  # characters of a text that are shown; the longest news item of 22,000 has 14,000
_PIECE = 1 << 17  # bytes of JSON in a piece: unpacked in a few milliseconds when one of its texts is opened


class Packed(NamedTuple):
    """Pieces, each base64 of zlib of a JSON list of pairs of texts, and for each removal its piece and its number there; -1: none."""

    pieces: list[str]
    piece: list[int]
    number: list[int]


def pack(evidence: Evidence, most: int) -> Packed:
    """The texts of as many removals as fit in `most` bytes: near-duplicates from the least score on, stretches, then equal rows."""
    order = sorted(range(len(evidence.rows)), key=lambda row: _doubt(evidence.rows[row]))
    packed = Packed([], [-1] * len(order), [-1] * len(order))
    with _Reader(evidence) as reader:
        waiting: list[tuple[int, list[str]]] = []
        held = size = 0
        for row in order:
            texts = reader.texts(evidence.rows[row])
            if texts is None:
                continue
            waiting.append((row, texts))
            held += sum(map(len, texts)) + 8
            if held >= _PIECE:
                size += _put(waiting, packed)
                waiting, held = [], 0
            if size >= most:
                break
        _put(waiting, packed)
    return packed


def shortened(texts: Sequence[str]) -> list[str]:
    """The texts, cut where they are too long to be shown; one text where both are equal."""
    cut = [text if len(text) <= CUT else text[:CUT] + "…" for text in texts]
    return cut[:1] if cut[0] == cut[1] else cut


def _doubt(row: Removal) -> tuple[bool, float]:
    """What sorts the removals that a reader looks at first to the front."""
    return row.kind == "exact", row.score


def _put(waiting: Iterable[tuple[int, list[str]]], packed: Packed) -> int:
    """The bytes of the new piece."""
    rows = list(waiting)
    if not rows:
        return 0
    data = zlib.compress(orjson.dumps([texts for _, texts in rows]), 9)
    for number, (row, _) in enumerate(rows):
        packed.piece[row], packed.number[row] = len(packed.pieces), number
    packed.pieces.append(b64encode(data).decode())
    return len(packed.pieces[-1])


class _Reader:
    """The texts of removals, read where the evidence stands."""

    def __init__(self, evidence: Evidence) -> None:
        self._files: list[IO[bytes] | None] = [
            None if path is None else path.open("rb") for path in (evidence.removed_file, evidence.report_file)
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            if file is not None:
                file.close()

    def texts(self, row: Removal) -> list[str] | None:
        """What went and what stays; None where the evidence does not hold it."""
        file = self._files[row.of < 0]
        if file is None:
            return None
        file.seek(row.place)
        line: dict[str, Any] = orjson.loads(file.readline().rstrip(b",\n"))
        found = line if row.of >= 0 else line["removed"][row.number]
        texts = [text for side in ("text", "of_text") if isinstance(text := found.get(side), str)]
        return shortened(texts) if len(texts) == 2 else None
