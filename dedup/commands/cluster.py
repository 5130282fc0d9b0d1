"""`dedup run --engine spark`: the same articles, on a cluster: read, cleaned, compared and written by the executors."""

from __future__ import annotations

import time
import warnings
from typing import TYPE_CHECKING, NamedTuple

import orjson

from dedup.commands.cleaning import Failure, cell_text, clean_documents
from dedup.commands.options import DEFECT, DONE
from dedup.commands.talk import say
from dedup.errors import ConfigError
from dedup.files.columns import Row, choose_fields, said
from dedup.files.rows import document_from_row
from dedup.plural import number
from dedup.report.account import AccountError, account
from dedup.report.evidence import removals
from dedup.report.signature import corpus_signature, signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from dedup.article.boilerplate import Boilerplate
    from dedup.commands.cleaning import Outcome
    from dedup.config import Config
    from dedup.files.columns import Fields
    from dedup.integrations.spark import Found
    from dedup.model import Document

_READ = {".parquet": "parquet", ".jsonl": "json", ".ndjson": "json", ".json": "json", ".gz": "json", ".zst": "json", ".bz2": "json"}
_SAID, _REPEATS, _FAILURE = "dedup_said", "dedup_repeats", "dedup_failure"


class Place(NamedTuple):
    """Where a run takes place: a master of Spark or a server of Spark Connect, and a folder for the stages."""

    master: str | None
    remote: str | None
    work: str | None


def run_on_cluster(
    names: Sequence[str],
    output: str,
    to: str | None,
    kind: str | None,
    place: Place,
    config: Config,
    boilerplate: Boilerplate | None,
    *,
    quiet: bool,
) -> int:
    """The exit code. What stays is in `output`, what went in `OUTPUT.removed`, what was removed inside articles in `OUTPUT.repeats`."""
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)  # which is not used
    warnings.filterwarnings("ignore", r"\[RETRIES_EXCEEDED\]")  # what it means is said
    from dedup.integrations.spark import connect, find_duplicates
    from dedup.integrations.spark.session import explained, work_folder
    from dedup.integrations.spark.stages import Stages

    started = time.perf_counter()
    kind, to = _format(names, kind), _format([output], to, otherwise=_format(names, kind))
    with explained(wholly=True):
        spark = connect(place.master, place.remote, quiet=True, bar=not quiet)
        rows = _read(spark, names, kind)
        fields = choose_fields(rows.columns, config.files)
        if (words := said(fields, config.files)) and not quiet:
            say(f"{names[0]}: {words} (guessed from the names of the columns)")
        rules = f"{signature(config, 'run', learned='off' if boilerplate is None else 'file')}  {corpus_signature(config)}"
        work = work_folder(spark, place.work)
        same = {"signature": rules, "inputs": sorted(names), "columns": dict(rows.dtypes)}
        same |= {} if boilerplate is None else {"boilerplate": boilerplate.as_toml()}
        stages = Stages(spark, work, same, fresh=not place.work)
        cleaned = stages.frame("cleaned", lambda: _cleaned(rows, fields, config, boilerplate))
        failed = cleaned.filter(f"{_FAILURE} is not null")
        sound = cleaned.filter(f"{_FAILURE} is null").drop(_FAILURE)
        # found without its texts' old names: the comparison is of what cleaning made of them
        found = find_duplicates(sound, _SAID, id=fields.id, date=fields.date, config=config, work=place.work)
        _write(found.kept.select(*rows.columns), output, to)
        _write(_evidence(found), f"{output}.removed", to)
        repeats = found.rows.filter(f"{_REPEATS} is not null").selectExpr(f"`{found.id}` as id", f"{_REPEATS} as removed")
        _write(repeats, f"{output}.repeats", to)
        changed, reasons = repeats.count(), [row[0] for row in failed.select(_FAILURE).limit(10).collect()]
        count = failed.count() if reasons else 0
    for reason in reasons:
        say(reason)
    if not quiet:
        tally = found.report
        told = [f"{number(tally.rows + count, 'article')} read", f"text removed in {changed:,}"]
        told += [
            f"{number(tally.exact + tally.near, 'duplicate')} dropped ({tally.exact:,} exact, {tally.near:,} near)",
            f"{tally.kept:,} kept",
        ]
        told += [f"{count:,} failed"] * bool(count)
        say(f"{', '.join(told)} ({time.perf_counter() - started:.1f} s)  {rules}")
    return DEFECT if count else DONE


def _format(names: Sequence[str], given: str | None, otherwise: str | None = None) -> str:
    """`parquet` or `json`; ConfigError for a name that says neither."""
    if given is not None:
        named = {"parquet": "parquet", "jsonl": "json", "ndjson": "json", "json": "json"}.get(given)
        if named is None:
            message = f"an engine reads and writes parquet and jsonl, not {given!r}"
            raise ConfigError(message)
        return named
    found = {_READ[end] for name in names for end in _READ if name.rstrip("/*").endswith(end)}
    if len(found) > 1:
        message = f"the inputs are of several formats ({', '.join(sorted(found))}): name one with --format"
        raise ConfigError(message)
    return found.pop() if found else otherwise or "parquet"


def _read(spark: SparkSession, names: Sequence[str], kind: str) -> DataFrame:
    """The rows of all inputs."""
    return spark.read.parquet(*names) if kind == "parquet" else spark.read.json(list(names))


def _write(frame: DataFrame, path: str, kind: str) -> None:
    """The frame as a folder of files, in the place of one of that name."""
    writer = frame.write.mode("overwrite")
    if kind == "parquet":
        writer.parquet(path)
    else:
        writer.json(path)


def _evidence(found: Found) -> DataFrame:
    """A row for each article that went: the kept one that says the same, the score, and both texts."""
    texts = found.rows.selectExpr(f"`{found.id}` as id", f"{_SAID} as text")
    kept = texts.selectExpr("id as of", "text as of_text")
    told = found.removed.join(texts, "id").join(kept, "of")
    return told.selectExpr("id", "kind", "score", "of as of_id", "text", "of_text")


def _cleaned(rows: DataFrame, fields: Fields, config: Config, boilerplate: Boilerplate | None) -> DataFrame:
    """The rows with canonical texts, what they are compared by, what was removed (JSON), and why an article has no result."""
    from pyspark.sql.types import StringType, StructField, StructType

    from dedup.integrations.spark.executors import on_executors

    made = [StructField(name, StringType()) for name in (_SAID, _REPEATS, _FAILURE)]
    return rows.mapInArrow(on_executors(_articles, fields, config, boilerplate), StructType([*rows.schema.fields, *made]))


def _articles(
    batches: Iterator[pa.RecordBatch], fields: Fields, config: Config, boilerplate: Boilerplate | None
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    names = [name for name in fields if name is not None]
    for batch in batches:
        columns = [batch.column(batch.schema.get_field_index(name)).to_pylist() for name in names]
        rows = [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]
        documents = [document_from_row(Row(row, number), fields, "") for number, row in enumerate(rows, 1)]
        made = [
            _article(row[fields.text or ""], document, outcome)
            for row, document, outcome in zip(rows, documents, clean_documents(config, None, documents, boilerplate), strict=True)
        ]
        place = batch.schema.get_field_index(fields.text or "")
        field = batch.schema.field(place)
        texts, *more = zip(*made, strict=True) if made else [()] * 4
        changed = batch.set_column(place, field, pa.array(texts, field.type))
        told = [pa.array(column, pa.string()) for column in more]
        yield pa.RecordBatch.from_arrays([*changed.columns, *told], [*changed.schema.names, _SAID, _REPEATS, _FAILURE])


def _article(before: str | None, document: Document, outcome: Outcome) -> tuple[str | None, str | None, str | None, str | None]:
    """The cell, what it is compared by, what was removed, and why there is no result; the account of a result is checked."""
    if isinstance(outcome, Failure):
        return before, None, None, f"{document.id or 'a row'}: {outcome.reason}"
    try:
        account(outcome)
    except AccountError as error:
        return before, None, None, f"{document.id or 'a row'}: internal error, please report it: {error}"
    text = cell_text(outcome, document)
    removed = orjson.dumps(removals(outcome)).decode() if outcome.removed else None
    return before if text == document.text else text, outcome.text, removed, None
