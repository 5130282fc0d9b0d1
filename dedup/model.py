"""The nouns: what flows between the stages.

NamedTuple for the many (spans, repeats), frozen dataclass for the few (documents, results). All
positions count characters (code points) of the repaired text, ends exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping

    import numpy as np

Row = TypeVar("Row")


class Span(NamedTuple):
    """The half-open stretch [start, end) of a text, in characters."""

    start: int
    end: int


class Shared(NamedTuple):
    """A pattern that a removed stretch is said by: `articles` of `of` articles of the host say it; 0 where it was not counted.

    `place` is `line` (a whole paragraph), `start` or `end` (of the body); `{}` in the pattern stands for what varies.
    """

    host: str
    place: str
    pattern: str
    articles: int
    of: int


class Repeat(NamedTuple):
    """Evidence for one removal: the text at `span` says again what the kept text at `of` says.

    `score` is the verified similarity of the two folded stretches (1.0: equal letter for letter;
    else the normalised Levenshtein similarity). `kind` is one of `block` (several paragraphs said
    on one line), `copy` (paragraphs said again as paragraphs), `paragraph` (one paragraph said
    again), `teaser` (the start of the text and an ellipsis), `title` (the title as a line of the
    body), `summary` (a labelled line that is a paragraph of the body), or `boilerplate`: what many
    articles of the host say, told by `shared`; then `of` is empty, at the start of `span`.
    """

    span: Span
    of: Span
    score: float
    kind: str
    shared: Shared | None = None


class HeaderField(NamedTuple):
    """One field of an article's header, as it was written.

    `key` is `title`, `site`, `date`, `url`, `author` or `source`, or empty for a field that means
    nothing here; `label` and `separator` are the characters that stood before the value.
    """

    key: str
    label: str
    separator: str
    value: str | None


class Duplicate(NamedTuple):
    """Evidence for the removal of one row: its text says what the text of the kept row `of` says.

    `score` is the verified one, 0 to 1: 1.0 for `kind` `exact` (equal folded letters), else what `Near.measure` measures on
    the two texts (`near`). Rows count from 0; with `old`, `of` counts the rows given as `against`.
    """

    row: int
    id: str | None
    of: int
    of_id: str | None
    score: float
    kind: str
    old: bool = False


class Cluster(NamedTuple):
    """A kept row and the rows that went because of it, each compared with it; with `old`, `of` counts the rows given as `against`."""

    of: int
    of_id: str | None
    rows: tuple[int, ...]
    old: bool = False


class Stretch(NamedTuple):
    """Evidence for a stretch of a row that another row says in the same words: `span` of its text goes, `of_span` of the row `of` stays.

    Spans count characters; that of what goes has the marks and line breaks around it, too. `units` are the tokens or letters.
    """

    row: int
    span: Span
    of: int
    of_span: Span
    units: int


class Contained(NamedTuple):
    """A row of which the share `share` of the units stands in the longer row `of`."""

    row: int
    of: int
    share: float


class Tally(NamedTuple):
    """What a corpus run did, in rows; `compared` counts pairs whose texts were compared, `signature` the rules it went by."""

    rows: int
    kept: int
    exact: int
    near: int
    empty: int
    against: int
    compared: int
    signature: str


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One article as it came: its text, and what is known of it. Identity is the object's, never the value's."""

    text: str
    id: str | None = None
    title: str | None = None
    site: str | None = None
    author: str | None = None
    date: datetime.date | None = None
    date_from: str | None = None  # "header", "url", "given" or None
    url: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


class Laid(NamedTuple):
    """What a body comes out as: its text, its paragraphs, and the spans of the repaired text that make them."""

    text: str
    paragraphs: tuple[str, ...]
    kept: tuple[Span, ...]


class Clean:
    """One article's canonical text with the evidence for everything that is not in it.

    `kept` lists the spans of `repaired` that make the text, in the order of the text (a copy's own
    paragraph that was merged into the better copy stands where it was merged). `header` is the span
    of the header lines, `removed` the evidence for each removal. What lies in none of these is
    white space: `kept`, `removed`, `header` and that white space rebuild `repaired` exactly.

    Nothing of it changes. Of an article that nothing was taken out of, all but `repaired` is made when it is
    asked for: a record of the shape of a NamedTuple would cost as much as the compiled steps together.
    """

    __slots__ = ("_document", "_found", "_laid", "_lay", "_repaired", "_text")

    _document: Document | str
    _repaired: str
    _text: str | None
    _laid: Laid | None
    _lay: Callable[[str, int], Laid] | None
    _found: tuple[Span, tuple[HeaderField, ...], tuple[Repeat, ...]]

    def __init__(
        self,
        document: Document,
        text: str,
        paragraphs: tuple[str, ...],
        repaired: str,
        header: Span,
        fields: tuple[HeaderField, ...],
        kept: tuple[Span, ...],
        removed: tuple[Repeat, ...],
    ) -> None:
        """A result that is known in all its parts."""
        self._document, self._repaired, self._text = document, repaired, text
        self._laid, self._lay = Laid(text, paragraphs, kept), None
        self._found = (header, fields, removed)

    @property
    def document(self) -> Document:
        """The article as it came, and what its header says of it."""
        document = self._document
        if isinstance(document, str):
            document = self._document = Document(document)
        return document

    @property
    def repaired(self) -> str:
        """The whole text, mended: what spans refer to."""
        return self._repaired

    @property
    def text(self) -> str:
        """The canonical body."""
        return self._made().text if self._text is None else self._text

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body's paragraphs."""
        return self._made().paragraphs

    @property
    def kept(self) -> tuple[Span, ...]:
        """The spans that make the text."""
        return self._made().kept

    @property
    def header(self) -> Span:
        """The header's lines and the blank ones around them."""
        return self._found[0]

    @property
    def fields(self) -> tuple[HeaderField, ...]:
        """The header's fields as they were written."""
        return self._found[1]

    @property
    def removed(self) -> tuple[Repeat, ...]:
        """The evidence for each removal."""
        return self._found[2]

    @property
    def changed(self) -> bool:
        """True when the text differs from the text that came in."""
        before = self._document
        return bool(self.removed) or self.text != (before if isinstance(before, str) else before.text)

    def explain(self) -> str:
        """Each removal in words: where it stood, what it said, what kept text says the same, the score, what differs."""
        from dedup.report.explain import explain

        return explain(self)

    def _made(self) -> Laid:
        """The body laid out, now or before."""
        laid = self._laid
        if laid is None:
            assert self._lay is not None  # noqa: S101 - one of the two is always there
            laid = self._laid = self._lay(self._repaired, self._found[0].end)
        return laid

    def __repr__(self) -> str:
        """The result's parts, as a dataclass would name them."""
        names = ("document", "text", "paragraphs", "repaired", "header", "fields", "kept", "removed")
        return f"Clean({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"


NOTHING: tuple[Span, tuple[HeaderField, ...], tuple[Repeat, ...]] = (Span(0, 0), (), ())
"""The header, the fields and the removals of an article that has none."""


def untouched(
    document: Document | str,
    repaired: str,
    lay: Callable[[str, int], Laid],
    *,
    text: str | None = None,
    found: tuple[Span, tuple[HeaderField, ...], tuple[Repeat, ...]] = NOTHING,
) -> Clean:
    """The result for an article of which everything stays, laid out by `lay` when that is asked for; `text` where it is known."""
    clean = Clean.__new__(Clean)
    clean._document = document  # noqa: SLF001 - in their own module
    clean._repaired = repaired  # noqa: SLF001
    clean._text = text  # noqa: SLF001
    clean._laid = None  # noqa: SLF001
    clean._lay = lay  # noqa: SLF001
    clean._found = found  # noqa: SLF001
    return clean


@dataclass(frozen=True, slots=True, eq=False)
class Stretched:
    """Texts of which each stretch stays once, and the evidence for what went; `contained` are rows that a longer one holds.

    Of these the `dropped` ones went whole: their texts are empty.
    """

    texts: list[str]
    removed: tuple[Stretch, ...]
    contained: tuple[Contained, ...]
    dropped: tuple[int, ...] = ()


class Marks(NamedTuple):
    """What became of each row of a corpus, as columns, NumPy arrays of one entry a row.

    `cluster` (int64) numbers the groups from 0, in the order of the rows that stay, old ones first; `kept` is a mask; `of` (int64)
    is the row that says the same and stays, of a row that stays the row itself, and with `old` counts the rows given as `against`;
    `score` (float64) is the verified one, 1.0 of a row that stays.
    """

    cluster: np.ndarray
    kept: np.ndarray
    of: np.ndarray
    score: np.ndarray
    old: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Deduplicated(Generic[Row]):
    """A corpus without its duplicates: the rows that stay, as they came, and the evidence for each that went.

    `keep` is a mask of bool over all rows; `clusters` are in the order of their kept rows, `removed` in the order of rows.
    """

    kept: list[Row]
    removed: tuple[Duplicate, ...]
    keep: np.ndarray
    clusters: tuple[Cluster, ...]
    report: Tally

    def marks(self) -> Marks:
        """The same as columns, to stand beside those of a table."""
        from dedup.corpus.result import marks

        return marks(self)
