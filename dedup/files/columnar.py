"""Parquet and Arrow files: batches of typed columns; all columns go out with the types, the order and the metadata they came with."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from collections.abc import Mapping
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from dedup.errors import ConfigError, InputError, MissingExtraError
from dedup.files.columns import Head, Row
from dedup.files.widening import Widening

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

_BATCH = 1_024  # rows read at once
_SHOWN = 60  # characters of a value that does not fit
_GROUP = 1 << 26  # bytes after which a group of rows is written


class Kind(NamedTuple):
    """The columns of a file, and how it is stored: the codec of each Parquet column, or `file` or `stream` for Arrow."""

    schema: pa.Schema
    codecs: Mapping[str, str] | str


class Cell(NamedTuple):
    """Where a row stands: its batch, its place in it, and the group of rows the batch is from."""

    batch: pa.RecordBatch
    place: int
    group: int


class Columns(Mapping[str, Any]):
    """A row of a batch as a mapping whose values become Python objects when they are asked for."""

    __slots__ = ("_batch", "_index")

    def __init__(self, batch: pa.RecordBatch, index: int) -> None:
        """Point at a row."""
        self._batch, self._index = batch, index

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - whatever the column holds
        """The value of a column. Raises InputError for one that Python cannot hold, such as a date in the year 20000."""
        try:
            return _python(self._batch.column(name)[self._index])
        except (ValueError, OverflowError) as error:  # pyarrow's own errors are ValueErrors
            message = f"the value cannot be read: {_first_line(error)}"
            raise InputError(message, field=name) from error

    def __iter__(self) -> Iterator[str]:
        """The names of the columns in their order."""
        return iter(self._batch.schema.names)

    def __len__(self) -> int:
        """The number of columns."""
        return len(self._batch.schema.names)


def _python(value: pa.Scalar) -> Any:  # noqa: ANN401 - whatever it holds
    """The value as a Python object; a time with nanoseconds, for which Python has none, in its usual letters.

    Left to pyarrow it is an object of pandas where that is installed, else an error, or a time without its nanoseconds.
    """
    import pyarrow as pa

    kind = value.type
    if (str(kind) not in {"time64[ns]", "duration[ns]"} and not (pa.types.is_timestamp(kind) and kind.unit == "ns")) or not value.is_valid:
        return value.as_py()
    whole, rest = divmod(value.value, 1_000_000_000)
    if pa.types.is_timestamp(kind):
        second = pa.scalar(whole, pa.timestamp("s", kind.tz)).as_py()
    else:
        second = pa.scalar(whole, pa.time32("s") if pa.types.is_time(kind) else pa.duration("s")).as_py()
    if rest % 1_000 == 0:
        fraction = datetime.timedelta(microseconds=rest // 1_000)
        return second.replace(microsecond=rest // 1_000) if hasattr(second, "replace") else second + fraction
    if isinstance(second, datetime.timedelta):
        return f"{second}.{rest:09}"
    text = second.isoformat()
    place = text.index(":") + 6  # behind the seconds, before the zone
    return f"{text[:place]}.{rest:09}{text[place:]}"


def require() -> None:
    """Raise MissingExtraError when pyarrow is not installed."""
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(package="pyarrow", extra="parquet") from error


def read_parquet(stream: IO[bytes], largest: int) -> Iterator[Head | Row | InputError]:
    """The rows of a Parquet file; a damaged group of rows is an InputError with the number of its first row."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    del largest  # columns are read page by page
    try:
        file = pq.ParquetFile(_seekable(stream), page_checksum_verification=True)
        schema = file.schema_arrow
        _refuse_equal_names(schema)
    except (pa.ArrowException, OSError, ValueError) as error:
        yield InputError(f"not Parquet, or damaged: {_first_line(error)}")
        return
    number, begun = 0, False
    for group in range(file.num_row_groups):
        first = number
        try:
            for batch in file.iter_batches(_BATCH, row_groups=[group]):
                batch.validate(full=True)
                if not begun:  # only now: asked for the codecs of a damaged group, pyarrow aborts the process
                    yield Head(tuple(schema.names), Kind(schema, _codecs(file, group)))
                    begun = True
                yield from _rows(batch, group, number)
                number += batch.num_rows
        except (pa.ArrowException, OSError, ValueError) as error:
            behind = first + file.metadata.row_group(group).num_rows
            yield InputError(f"rows {number + 1:,} to {behind:,} are damaged: {_first_line(error)}", line=number + 1)
            number = behind
    if not begun:
        yield Head(tuple(schema.names), Kind(schema, "snappy"))


def read_arrow(stream: IO[bytes], largest: int) -> Iterator[Head | Row | InputError]:
    """The rows of an Arrow (Feather) file or stream; behind a damaged batch nothing is read."""
    import pyarrow as pa

    del largest
    number = 0
    try:
        source = _seekable(stream)
        is_file = source.read(6) == b"ARROW1"
        source.seek(0)
        reader = pa.ipc.open_file(source) if is_file else pa.ipc.open_stream(source)
        _refuse_equal_names(reader.schema)
        yield Head(tuple(reader.schema.names), Kind(reader.schema, "file" if is_file else "stream"))
        batches = map(reader.get_batch, range(reader.num_record_batches)) if is_file else reader
        for group, batch in enumerate(batches):
            batch.validate(full=True)  # on wrong offsets pyarrow aborts the process, or reads what is not its own
            yield from _rows(batch, group, number)
            number += batch.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        yield InputError(f"not Arrow, or damaged: {_first_line(error)}", line=number + 1 if number else None)


def _rows(batch: pa.RecordBatch, group: int, before: int) -> Iterator[Row]:
    """The rows of a batch."""
    for index in range(batch.num_rows):
        yield Row(Columns(batch, index), before + index + 1, Cell(batch, index, group))


def _seekable(stream: IO[bytes]) -> IO[bytes]:
    """The stream, or a copy on the disk when it can only be read forwards: the directory of these files stands at their end."""
    if stream.seekable():
        return stream
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - closed with its last reference
    try:
        shutil.copyfileobj(stream, copy)
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return copy


def _refuse_equal_names(schema: pa.Schema) -> None:
    if len(set(schema.names)) != len(schema.names):
        message = "two columns have the same name"
        raise ValueError(message)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _codecs(file: Any, number: int) -> dict[str, str]:  # noqa: ANN401 - pyarrow's ParquetFile
    """The compression of each column in a group of rows."""
    group = file.metadata.row_group(number)
    columns = [group.column(place) for place in range(group.num_columns)]
    return {column.path_in_schema: "none" if column.compression == "UNCOMPRESSED" else column.compression.lower() for column in columns}


def with_text(head: Head, name: str) -> Head:
    """The head with one more column, of texts, unless it has it."""
    if head.columns is None or name in head.columns:
        return head
    columns, kind = (*head.columns, name), head.origin
    if not isinstance(kind, Kind):
        return Head(columns)
    import pyarrow as pa

    codecs = kind.codecs if isinstance(kind.codecs, str) else "snappy"
    return Head(columns, Kind(kind.schema.append(pa.field(name, pa.string())), codecs))


def write_parquet(file: IO[bytes], items: Iterable[Head | Row]) -> None:
    """The rows stand in `file` as Parquet; groups of rows end where they did in the input, or after 64 MB."""
    import pyarrow.parquet as pq

    kind, tables = _tables(items)
    codecs = kind.codecs if isinstance(kind.codecs, Mapping) or kind.codecs not in {"file", "stream"} else "snappy"
    with pq.ParquetWriter(file, kind.schema, compression=codecs, write_page_checksum=True) as writer:
        for table in tables:
            writer.write_table(table, row_group_size=max(1, table.num_rows))


def write_arrow(file: IO[bytes], items: Iterable[Head | Row]) -> None:
    """The rows stand in `file` as an Arrow file, or as a stream when they came in one."""
    import pyarrow as pa

    kind, tables = _tables(items)
    begin = pa.ipc.new_stream if kind.codecs == "stream" else pa.ipc.new_file
    with begin(file, kind.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        try:
            for table in tables:
                writer.write_table(table)
        except pa.ArrowInvalid as error:  # such as a second dictionary for a column, which a file cannot hold
            message = f"not to be written as an Arrow file: {_first_line(error)}"
            raise ConfigError(message) from error


def _tables(items: Iterable[Head | Row]) -> tuple[Kind, Iterator[pa.Table]]:
    """The kind of the file, and the rows in tables of one group each: as the first typed file has it, else as all rows need it."""
    waiting = iter(items)
    kind: Kind | None = None
    sample: Row | None = None
    widening = Widening()
    for item in waiting:
        if isinstance(item, Head):
            kind = item.origin if isinstance(item.origin, Kind) else None
            sample = sample or item.sample
        elif isinstance(item.origin, Cell):  # whose head was not handed on
            kind, waiting = Kind(item.origin.batch.schema, "snappy"), chain([item], waiting)
        else:
            widening.add(item)
        if kind is not None:
            break
    if sample is not None and not widening.rows and kind is None:
        widening.add(sample)
        return Kind(widening.widened().schema, "snappy"), iter(())
    widened = widening.widened(kind and kind.schema)
    return Kind(widened.schema, kind.codecs if kind else "snappy"), _grouped(widened.schema, [], chain(widened.rows(), waiting))


def _grouped(schema: pa.Schema, rows: list[Row], items: Iterator[Head | Row]) -> Iterator[pa.Table]:
    """The rows in tables, one for each group of rows and batch that they are from."""
    import pyarrow as pa

    batches: list[pa.RecordBatch] = []
    size, before = 0, None
    for item in items:
        if isinstance(item, Head):
            continue
        origin = item.origin if isinstance(item.origin, Cell) else None
        first = rows[0].origin if rows and isinstance(rows[0].origin, Cell) else None
        if rows and (origin is None or first is None or origin.batch is not first.batch) and (origin or first or len(rows) >= _BATCH):
            batches.append(_batch(schema, rows))
            size, rows, before = size + batches[-1].nbytes, [], first
            if size >= _GROUP or (before and origin and before.group != origin.group):
                yield pa.Table.from_batches(batches, schema)
                batches, size = [], 0
        rows.append(item)
    if rows:
        batches.append(_batch(schema, rows))
    if batches:
        yield pa.Table.from_batches(batches, schema)


def _batch(schema: pa.Schema, rows: list[Row]) -> pa.RecordBatch:
    """The rows, which are all of one batch or of none, as a batch of the file's columns."""
    import pyarrow as pa

    origin = rows[0].origin
    names = dict.fromkeys(name for row in rows for name in (*row.columns, *row.changes))
    if other := [name for name in names if name not in schema.names]:
        message = f"the column {other[0]!r} is not one of the output's ({', '.join(schema.names)}): write .jsonl, or file by file"
        raise ConfigError(message)
    try:
        if not isinstance(origin, Cell):
            return pa.RecordBatch.from_pylist([row.values for row in rows], schema)
        cells = [row.origin.place for row in rows if isinstance(row.origin, Cell)]
        whole = len(cells) == origin.batch.num_rows
        batch = _fitted(origin.batch if whole else origin.batch.take(pa.array(cells)), schema)
    except (pa.ArrowException, TypeError, OverflowError) as error:
        message = f"{_misfit(schema, rows) or _first_line(error)}: write .jsonl, or file by file"
        raise ConfigError(message) from error
    for name in dict.fromkeys(name for row in rows for name in row.changes):
        place = schema.get_field_index(name)
        values = [row.changes[name] if name in row.changes else row.columns[name] for row in rows]
        batch = batch.set_column(place, schema.field(place), _array(values, schema.field(place).type))
    return batch


def _misfit(schema: pa.Schema, rows: list[Row]) -> str:
    """The first value of the rows that its column cannot hold, in words; empty where each by itself fits."""
    import pyarrow as pa

    for row in rows:
        for name, value in row.values.items():
            try:
                pa.array([value], schema.field(name).type)
            except (pa.ArrowException, TypeError, OverflowError):
                shown = repr(value) if len(repr(value)) <= _SHOWN else f"{repr(value)[:_SHOWN]}…"
                return f"the column {name!r} is {schema.field(name).type} in the output, and line {row.line} of an input says {shown}"
    return ""


def _fitted(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch with the columns of the schema, in their order and types; what it lacks is null."""
    import pyarrow as pa

    if batch.schema == schema:
        return batch
    arrays = [
        batch.column(field.name).cast(field.type) if field.name in batch.schema.names else pa.nulls(batch.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    """The values as an array of this type, encoded in a dictionary where the type says so."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return pa.array(values, kind.value_type).dictionary_encode().cast(kind)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        values = [value.encode() if isinstance(value, str) else value for value in values]
    return pa.array(values, kind)
