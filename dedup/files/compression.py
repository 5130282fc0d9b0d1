"""Compression: streams of plain bytes out of and into compressed files, told by suffix and checked by their first bytes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from dedup.errors import InputError, MissingExtraError
from dedup.plural import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    import zstandard
    from typing_extensions import Buffer

SUFFIXES = {".gz": "gzip", ".zst": "zstd", ".bz2": "bzip2", ".xz": "xz"}
# So much of each that no text begins so: an article may well begin with BZh.
MAGIC = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\xfd7zXZ\0": "xz",
    **{b"BZh%d%b" % (level, block): "bzip2" for level in range(1, 10) for block in (b"1AY&", b"\x17rE8")},
}
_LEVEL = {"gzip": 6, "bzip2": 9, "xz": 6, "zstd": 3}  # each tool's own default
_CHUNK = 1 << 18
_BOMB = 1 << 26  # plain bytes up to which nothing is asked
_ZSTD_CHUNK = 1 << 13  # four of its bytes can stand for 131,072


def require(compression: str | None) -> None:
    """Raise MissingExtraError when the package for a compression is not installed."""
    if compression == "zstd":
        try:
            import zstandard  # noqa: F401
        except ImportError as error:
            raise MissingExtraError(package="zstandard", extra="zstd") from error


def decompressed(stream: IO[bytes], compression: str | None, most: int = 0) -> io.BufferedReader:
    """The plain bytes of a stream, read as they are needed; damage is an InputError when it is reached.

    So is a bomb: more than 64 MiB in which a packed byte stands for more than `most` plain ones; 0 for no limit.
    """
    require(compression)
    return io.BufferedReader(_Checked(_opened(stream, compression), compression, stream, most), _CHUNK)


def _opened(stream: IO[bytes], compression: str | None) -> IO[bytes]:
    """The library's own reader."""
    if compression == "gzip":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stream, mode="rb"))
    if compression == "bzip2":
        return bz2.BZ2File(stream, "rb")
    if compression == "xz":
        return lzma.LZMAFile(stream, "rb")
    if compression == "zstd":
        return cast("IO[bytes]", _Zstd(stream))
    return stream


class _Zstd:
    """The bytes of zstd frames; zstandard's own reader takes a file that is cut off for one that ends."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._frame, self._begun = stream, _frame(), False
        self._rest, self._ready = b"", memoryview(b"")

    def read(self, size: int) -> bytes:
        """At most `size` bytes, none at the end; EOFError where a frame is cut off."""
        while not self._ready:
            data = self._rest or self._stream.read(_ZSTD_CHUNK)
            if not data:
                if self._begun:
                    raise EOFError
                return b""
            self._begun, self._rest = True, b""
            self._ready = memoryview(self._frame.decompress(data))
            if self._frame.eof:
                self._begun, self._rest, self._frame = False, self._frame.unused_data, _frame()
        data, self._ready = bytes(self._ready[:size]), self._ready[size:]
        return data


def _frame() -> zstandard.ZstdDecompressionObj:
    """A decoder of one frame."""
    import zstandard

    return zstandard.ZstdDecompressor().decompressobj()


class _Checked(io.RawIOBase):
    """The bytes of a reader, whose ways of saying that the data is damaged become one."""

    def __init__(self, stream: IO[bytes], compression: str | None, packed: IO[bytes], most: int) -> None:
        super().__init__()
        self._compression, self._packed, self._most, self._size = compression, packed, most, 0
        # What comes at once: a reader that gathers more before damage would lose what it has.
        self._read = getattr(stream, "read1", stream.read)

    def readable(self) -> bool:
        """True: it is there to be read."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """The number of bytes that were read into the buffer, 0 at the end."""
        view = memoryview(buffer)
        try:
            data = self._read(min(len(view), _CHUNK)) or b""
        except EOFError as error:
            message = f"the {self._compression} data ends too early: the file is cut off"
            raise InputError(message) from error
        except Exception as error:
            if self._compression is None or not isinstance(error, OSError | zlib.error | lzma.LZMAError | ValueError | _zstd_error()):
                raise
            message = f"the {self._compression} data is damaged: {error}"
            raise InputError(message) from error
        view[: len(data)] = data
        self._size += len(data)
        if self._most and self._size > _BOMB:
            self._refuse_bomb()
        return len(data)

    def _refuse_bomb(self) -> None:
        """Raise InputError when the packed bytes that were read are too few for what came of them."""
        try:
            packed = self._packed.tell()
        except OSError:  # a pipe, which tells no place
            return
        if self._size > self._most * max(packed, 1):
            message = f"a bomb: {number(packed, 'byte')} of {self._compression} data hold more than {self._size:,} (--files.most-expansion)"
            raise InputError(message)


def _zstd_error() -> type[Exception]:
    """What zstandard raises; a class that nothing raises where it is not installed."""
    try:
        from zstandard import ZstdError
    except ImportError:
        return _NeverError
    return ZstdError


class _NeverError(Exception):
    """Raised by nothing."""


@contextmanager
def compressed(file: IO[bytes], compression: str | None) -> Iterator[IO[bytes]]:
    """A stream whose bytes arrive compressed in `file`; the same bytes in give the same bytes out: no names, no times in it."""
    require(compression)
    if compression is None:
        yield file
        return
    level = _LEVEL[compression]
    if compression == "gzip":
        writer = cast("IO[bytes]", gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=level, mtime=0))
    elif compression == "bzip2":
        writer = bz2.BZ2File(file, "wb", compresslevel=level)
    elif compression == "xz":
        writer = lzma.LZMAFile(file, "wb", preset=level)  # noqa: SIM115 - closed below
    else:
        import zstandard

        writer = cast("IO[bytes]", zstandard.ZstdCompressor(level=level, write_checksum=True).stream_writer(file, closefd=False))
    with writer:
        yield writer
