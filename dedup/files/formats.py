"""Formats: which one a file has, by its suffix, by what it was said to be, or by its first bytes; and who reads and writes it."""

from __future__ import annotations

from functools import cache, partial
from typing import IO, TYPE_CHECKING, NamedTuple

from dedup.errors import ConfigError, InputError
from dedup.files import columnar, compression, delimited, json_array, jsonl, page, txt, warc

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import PurePath

    from dedup.files.columns import Head, Row


class Format(NamedTuple):
    """How files of a format are read and written.

    In some a file is an article, in the others (`rows`) a row is, and most of these have `columns` of their own. `out` is
    the format that its results have when no other is asked for: a web page's article is a text, an archive's articles are
    rows. `typed` values stand as they are, and become Python objects only for the other formats. `magic` begins every file of
    the format.
    """

    suffixes: tuple[str, ...]
    read: Callable[[io.BufferedReader, int], Iterator[Head | Row | InputError]]
    write: Callable[[IO[bytes], Iterable[Head | Row]], None] | None
    out: str
    rows: bool = True
    columns: bool = True
    typed: bool = False
    require: Callable[[], None] | None = None
    magic: tuple[bytes, ...] = ()


_TAB = "\t"
_PEEK = 1_024  # bytes that are looked at to tell a format
# So much of each that no text begins so: a column may well be called PAR1, and an article begin with WARC/1.0.
_PARQUET = (b"PAR1\x15",)  # the first field of a page's header, or of the footer of no pages
_ARROW = (b"ARROW1\0\0",)
_WARC = tuple(b"WARC/%b%b" % (version, end) for version in (b"0.17", b"0.18", b"1.0", b"1.1") for end in (b"\r\n", b"\n"))
_MAGIC_LENGTH = 16
_PAGE = (b"<!doctype html", b"<html")
FORMATS = {
    "txt": Format((".txt",), txt.read, txt.write, "txt", rows=False, columns=False),
    "md": Format((".md", ".markdown"), txt.read, txt.write, "md", rows=False, columns=False),
    "html": Format((".html", ".htm", ".xhtml"), page.read, page.write, "txt", rows=False, columns=False, require=page.require),
    "jsonl": Format((".jsonl", ".ndjson"), jsonl.read, jsonl.write, "jsonl"),
    "json": Format((".json",), json_array.read, json_array.write, "json"),
    "csv": Format((".csv",), delimited.read, delimited.write, "csv"),
    "tsv": Format((".tsv", ".tab"), partial(delimited.read, delimiter=_TAB), partial(delimited.write, delimiter=_TAB), "tsv"),
    "parquet": Format(
        (".parquet", ".pq"),
        columnar.read_parquet,
        columnar.write_parquet,
        "parquet",
        typed=True,
        require=columnar.require,
        magic=_PARQUET,
    ),
    "arrow": Format(
        (".arrow", ".feather", ".ipc", ".arrows"),
        columnar.read_arrow,
        columnar.write_arrow,
        "arrow",
        typed=True,
        require=columnar.require,
        magic=(*_ARROW, b"\xff\xff\xff\xff"),
    ),
    "warc": Format((".warc",), warc.read, None, "jsonl", columns=False, require=warc.require, magic=_WARC),
}
_SAFE = {"csv": partial(delimited.write, safe=True), "tsv": partial(delimited.write, delimiter=_TAB, safe=True)}
_BY_SUFFIX = {suffix: name for name, form in FORMATS.items() for suffix in form.suffixes}
# What a file is when it begins so, whatever its suffix says.
_MAGIC = {
    **{magic: f"{name} data" for magic, name in compression.MAGIC.items()},
    **dict.fromkeys(_PARQUET, "Parquet data"),
    **dict.fromkeys(_ARROW, "Arrow data"),
    **dict.fromkeys(_WARC, "a WARC archive"),
    b"%PDF-": "a PDF document",
    b"PK\3\4": "a ZIP archive",
}


class Kind(NamedTuple):
    """What a file holds and how it is compressed; `name` is empty where only its content can tell, and `told` where a user said it."""

    name: str
    compression: str | None = None
    told: bool = False

    @property
    def format(self) -> Format:
        """Who reads and writes it."""
        return FORMATS[self.name]

    @property
    def suffix(self) -> str:
        """The suffix that files of this kind have."""
        packed = next((suffix for suffix, name in compression.SUFFIXES.items() if name == self.compression), "")
        return self.format.suffixes[0] + packed


def writer_of(kind: Kind, *, safe: bool) -> Callable[[IO[bytes], Iterable[Head | Row]], None] | None:
    """Who writes files of the kind, with `safe` so that no cell of a CSV or TSV file is a formula; None for what is only read."""
    return _SAFE.get(kind.name, kind.format.write) if safe else kind.format.write


def kind_of(path: PurePath, given: str | None = None) -> Kind:
    """The kind that a path's suffixes say, or the given format; a name that says nothing gives an empty one."""
    packed = compression.SUFFIXES.get(path.suffix.lower())
    suffix = (path.with_suffix("") if packed else path).suffix.lower()
    return _kind(checked(given) if given else _BY_SUFFIX.get(suffix, ""), packed, bool(given))


@cache
def _kind(name: str, compression: str | None, told: bool) -> Kind:  # noqa: FBT001 - as Kind has them
    """The kind, one object for all files of it."""
    return Kind(name, compression, told)


def checked(name: str) -> str:
    """The name of a format; ConfigError, with what was perhaps meant, when there is none of this name."""
    lowered = name.lower().lstrip(".")
    found = lowered if lowered in FORMATS else _BY_SUFFIX.get(f".{lowered}")
    if found is None:
        import difflib

        close = difflib.get_close_matches(lowered, FORMATS, 1)
        hint = f"did you mean {close[0]}?" if close else f"one of {', '.join(FORMATS)}"
        message = f"unknown format {name!r}: {hint}"
        raise ConfigError(message)
    return found


def without_suffix(path: PurePath) -> PurePath:
    """The path without the suffixes that say its format and its compression."""
    if path.suffix.lower() in compression.SUFFIXES:
        path = path.with_suffix("")
    return path.with_suffix("") if path.suffix.lower() in _BY_SUFFIX else path


def require(kind: Kind) -> None:
    """Raise MissingExtraError when a package that this kind needs is not installed."""
    compression.require(kind.compression)
    if kind.name and kind.format.require:
        kind.format.require()


def opened(stream: io.BufferedReader, kind: Kind, most_expansion: int = 0) -> tuple[io.BufferedReader, Kind]:
    """The plain bytes of a stream, and its kind, which its first bytes tell where its name did not.

    Raises InputError when the first bytes say that the name lies.
    """
    head = stream.peek(_MAGIC_LENGTH)[:_MAGIC_LENGTH]
    packed = next((name for magic, name in compression.MAGIC.items() if head.startswith(magic)), None)
    if kind.compression is None and not kind.name and packed:
        kind = Kind("", packed)
    if kind.compression is not None and head and packed != kind.compression:
        message = f"named like a {kind.compression} file, but not {kind.compression} data"
        raise InputError(message)
    if kind.compression is not None:
        stream = compression.decompressed(stream, kind.compression, most_expansion)
        head = stream.peek(_MAGIC_LENGTH)[:_MAGIC_LENGTH]
    if not kind.name:
        kind = Kind(_sniffed(stream), kind.compression)
        require(kind)
        return stream, kind
    form = kind.format
    real = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)
    if real is not None and not any(head.startswith(magic) for magic in form.magic):
        message = f"named like a {form.suffixes[0]} file, but {real}"
        raise InputError(message)
    if kind.name in {"txt", "md"} and not kind.told and is_page(stream.peek(_PEEK)[:_PEEK]):
        message = f"named like a {form.suffixes[0]} file, but an HTML page (--format html, or txt to take it as it is)"
        raise InputError(message)
    return stream, kind


def is_page(head: bytes) -> bool:
    """True when a file that begins so is an HTML page."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return start.startswith(_PAGE) or (start.startswith(b"<?xml") and any(mark in start for mark in _PAGE))


def _sniffed(stream: io.BufferedReader) -> str:
    """The format that the first bytes look like; a plain text when they look like nothing else."""
    head = stream.peek(_PEEK)[:_PEEK]
    for name, form in FORMATS.items():
        if form.magic and head.startswith(form.magic):
            return name
    if is_page(head):
        return "html"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    # `{{template}}` and `[1] a footnote` begin articles too.
    if start[:1] == b"{" and start[1:].lstrip()[:1] in {b'"', b"}"}:
        return "jsonl" if b"\n" not in start[:2] else "json"
    return "json" if start[:1] == b"[" and start[1:].lstrip()[:1] in {b"{", b"]"} else "txt"
