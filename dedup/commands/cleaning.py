"""What cleaning makes of an item: the result or the reason why there is none, and the row to write for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import dedup
from dedup.errors import InputError
from dedup.files.columns import Row
from dedup.files.read import STDIN, read_files
from dedup.files.txt import render, with_line_ends
from dedup.model import Clean, Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dedup.article.boilerplate import Boilerplate
    from dedup.article.header import Sites
    from dedup.config import Config, Files
    from dedup.files.formats import Kind
    from dedup.files.read import Item, Source


class Failure(NamedTuple):
    """Why an article has no result; a `defect` is ours, everything else is the input's."""

    reason: str
    field: str | None
    defect: bool


Outcome = Clean | Failure
_MOST_DOCUMENTS, _MOST_ITEMS, _MOST_CHARACTERS = 1_024, 4_096, 1 << 20  # of a batch


def clean_document(config: Config, sites: Sites | None, document: Document, boilerplate: Boilerplate | None = None) -> Outcome:
    """The result for a document, or why there is none."""
    try:
        return dedup.clean(document, config, sites=sites, boilerplate=boilerplate)
    except InputError as error:
        return Failure(error.reason, error.field, defect=False)
    except Exception as error:  # noqa: BLE001 - one article must not take the others with it, whatever is wrong with it or with us
        return Failure(f"internal error, please report it: {type(error).__name__}: {error}", None, defect=True)


def clean_documents(
    config: Config, sites: Sites | None, documents: list[Document], boilerplate: Boilerplate | None = None
) -> list[Outcome]:
    """The results for documents, which are looked at together; where that fails, each by itself."""
    try:
        return list(dedup.clean_all(documents, config, sites=sites, boilerplate=boilerplate))
    except Exception:  # noqa: BLE001 - which of them it was is found out one by one
        return [clean_document(config, sites, document, boilerplate) for document in documents]


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in batches, the first with one document, so that a small run begins at once.

    A file that is an article is in one batch with its end: it is written before the next file is waited for.
    """
    batch: list[Item] = []
    size, count, most = 0, 0, 1
    for item in items:
        batch.append(item)
        if item.document is not None:
            size, count = size + len(item.document.text), count + 1
        if (count >= most or size >= _MOST_CHARACTERS or len(batch) >= _MOST_ITEMS) and (
            item.content is None or item.source.kind.format.rows
        ):
            yield batch
            batch, size, count, most = [], 0, 0, min(4 * most, _MOST_DOCUMENTS)
    if batch:
        yield batch


def documents_of(batch: list[Item]) -> list[Document] | None:
    """The documents of a batch; None for none."""
    return [item.document for item in batch if item.document is not None] or None


def weight(documents: list[Document]) -> int:
    """The characters of documents, by which processes are given their shares."""
    return sum(len(document.text) for document in documents)


def learn(sources: Sequence[Source], files: Files) -> Sites | None:
    """What the headers of all text files together say about the names of their sites; None for a single file.

    Rows are not read ahead: their titles are in a column, which stays as it is.
    """
    from dedup.article.header import learn_sites  # help and errors of usage come without the library's weight

    texts = [source for source in sources if source.path is not STDIN and source.kind.name in {"txt", "md"}]
    if len(texts) < 2:  # one file cannot bear witness for another
        return None
    return learn_sites(reading.result for reading in read_files(texts, files) if isinstance(reading.result, Document))


def cleaned_row(item: Item, clean: Clean, kind: Kind) -> tuple[Row, bool]:
    """The row to write in a file of this kind, and whether its text changed.

    A row with columns of its own has a new text and everything else as it was. An article goes to a file as its text
    with a header, to rows as a column for each thing that is known of it.
    """
    row, document, own = item.content, item.document, item.source.kind
    if not isinstance(row, Row) or document is None:
        message = "an item without a row has nothing to write"
        raise TypeError(message)
    if own.format.columns:
        text = cell_text(clean, document)
        changed = text != document.text
        return (row._replace(changes={item.fields.text or "": text}) if changed else row), changed
    if kind.format.rows or kind.name == "html":
        return row._replace(columns=article_columns(clean), origin=None), clean.text != document.text
    text = with_line_ends(render(clean, with_header=own.name == "html"), document.text)
    return row._replace(columns={"text": text}), text != document.text


def article_columns(clean: Clean) -> dict[str, str | None]:
    """An article as a row: what is known of it, and its text without the header."""
    document = clean.document
    return {
        "id": document.id,
        "title": document.title,
        "site": document.site,
        "author": document.author,
        "date": None if document.date is None else document.date.isoformat(),
        "url": document.url,
        "text": clean.text,
    }


def cell_text(clean: Clean, document: Document) -> str:
    """The cleaned text for a row's column, with the header lines that stood in it, ended as it was.

    Where columns say the title and the like, the header stays in its own words: it may say something else.
    """
    given = document.title or document.date or document.url or document.site or document.author
    header = clean.repaired[clean.header.start : clean.header.end].strip()
    text = "\n\n".join(part for part in (header, clean.text) if part) if given else render(clean).removesuffix("\n")
    end = "\n" if text and document.text.endswith("\n") else ""
    return with_line_ends(text + end, document.text)
