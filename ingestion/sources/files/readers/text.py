"""Bytes of a file as blocks of UTF-8 text: compression, encodings, and what is wrong with them."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from ingestion.errors import SourceAnswerBroken, SourceUnreachable
from ingestion.sources.files.paths import readable

BLOCK = 4 * 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"
NO_TEXT = {
    b"PK\x03\x04": (
        "a zip archive or a spreadsheet",
        "Give it the ending .zip, .xlsx or .ods, or set `format`",
    ),
    b"\xd0\xcf\x11\xe0": ("a spreadsheet of the old kind", "Save it as .xlsx, or export it as CSV"),
    b"PAR1\x15": ("Parquet", 'Set `format` to "parquet"'),
}
# The longer marks first: UTF-32's begins with UTF-16's.
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    codecs.BOM_UTF8: "utf-8",
}


def is_compressed(path: Path) -> bool:
    """Return whether a file is gzipped, by its first bytes."""
    with path.open("rb") as stream:
        return stream.read(2) == GZIP_MAGIC


def is_resumable(encoding: str) -> bool:
    """Return whether text in this encoding can be read from any newline on."""
    name = codecs.lookup(encoding).name
    return name in ("utf-8", "utf-8-sig", "ascii") or name.startswith(("iso8859", "cp125"))


def text_blocks(
    source: str, path: Path, encoding: str, offset: int = 0, end: int | None = None
) -> Iterator[bytes]:
    """Yield a file's text in UTF-8, unzipped and without a byte order mark.

    `offset` and `end` bound the bytes of a file that is not compressed: of a file that
    grows while it is read, only what was there at first is read.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    file = readable(path.name)
    lines = 0
    is_beginning = offset == 0
    for raw in _raw_blocks(source, path, offset, end):
        if is_beginning:
            _look_at(source, file, encoding, raw)
        try:
            text = decoder.decode(raw)
        except UnicodeDecodeError as error:
            line = lines + error.object[: error.start].count(b"\n") + 1
            raise SourceAnswerBroken(
                source,
                f"{file} is not {encoding}: line {line}"
                + (" after the part that was loaded before" if offset else "")
                + f" has the byte 0x{error.object[error.start]:02x}",
                'Set `encoding` to what the file is in, such as "latin-1" or "cp1252"',
            ) from error
        except UnicodeError as error:
            name = codecs.lookup(encoding).name
            raise SourceAnswerBroken(
                source,
                f"{file} doesn't begin with the byte order mark of {encoding}",
                f'Set `encoding` to "{name}-le" or "{name}-be"',
            ) from error
        lines += raw.count(b"\n")
        yield (text.removeprefix("\ufeff") if is_beginning else text).encode("utf-8")
        is_beginning = False
    if decoder.getstate()[0]:
        raise SourceAnswerBroken(
            source, f"{file} ends in the middle of a character", "Copy the file again"
        )


def _look_at(source: str, file: str, encoding: str, beginning: bytes) -> None:
    """Look at a file's first bytes; SourceAnswerBroken if it isn't what is configured."""
    for magic, (kind, remedy) in NO_TEXT.items():
        if beginning.startswith(magic):
            raise SourceAnswerBroken(source, f"{file} is {kind}, not text", remedy)
    marks = (name for mark, name in BYTE_ORDER_MARKS.items() if beginning.startswith(mark))
    marked = next(marks, None)
    if marked and not codecs.lookup(encoding).name.startswith(marked):
        raise SourceAnswerBroken(
            source,
            f"{file} is {marked}, not {encoding}, by its byte order mark",
            f'Set `encoding` to "{marked}"',
        )


def _raw_blocks(source: str, path: Path, offset: int, end: int | None) -> Iterator[bytes]:
    try:
        with _open(path) as stream:
            stream.seek(offset)
            while block := stream.read(BLOCK if end is None else min(BLOCK, end - offset)):
                offset += len(block)
                yield block
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise SourceAnswerBroken(
            source,
            f"{readable(path.name)} is cut off or damaged: {error}",
            "Export or copy the file again; nothing of it was loaded",
        ) from error
    except OSError as error:
        raise SourceUnreachable(
            source,
            f"{readable(str(path))} can't be read: {error.strerror or error}",
            "Check the path and rights",
        ) from error


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if is_compressed(path) else path.open("rb")
