"""Bytes of a file as UTF-8 text blocks: compression, encodings, and what is wrong with them."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from ingestion.errors import SourceAnswerBroken, SourceUnreachable

BLOCK = 4 * 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"


def is_compressed(path: Path) -> bool:
    """Tell by its first bytes whether a file is gzipped."""
    with path.open("rb") as stream:
        return stream.read(2) == GZIP_MAGIC


def is_resumable(encoding: str) -> bool:
    """Tell whether text in this encoding can be read from after any newline on."""
    name = codecs.lookup(encoding).name
    return name in ("utf-8", "utf-8-sig", "ascii") or name.startswith(("iso8859", "cp125"))


def text_blocks(
    source: str, path: Path, encoding: str, offset: int = 0, end: int | None = None
) -> Iterator[bytes]:
    """Give a file's text in UTF-8, unzipped and without a byte order mark.

    `offset` and `end` bound the bytes of a file that is not compressed: a file that grows
    while it is read is read up to where it was.
    """
    decoder = codecs.getincrementaldecoder(_without_mark(encoding))()
    lines = 0
    for raw in _raw_blocks(source, path, offset, end):
        try:
            text = decoder.decode(raw)
        except UnicodeDecodeError as error:
            line = lines + error.object[: error.start].count(b"\n") + 1
            raise SourceAnswerBroken(
                source,
                f"{path.name} is not {encoding}: line {line}"
                + (" after the part that was loaded before" if offset else "")
                + f" has the byte 0x{error.object[error.start]:02x}",
                'Set `encoding` to what the file is in, such as "latin-1" or "cp1252"',
            ) from error
        lines += raw.count(b"\n")
        yield text.encode("utf-8")
    if decoder.getstate()[0]:
        raise SourceAnswerBroken(
            source, f"{path.name} ends in the middle of a character", "Copy the file again"
        )


def _without_mark(encoding: str) -> str:
    return "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding


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
            f"{path.name} is cut off or damaged: {error}",
            "Export or copy the file again; nothing of it was loaded",
        ) from error
    except OSError as error:
        raise SourceUnreachable(
            source, f"{path} can't be read: {error.strerror or error}", "Check the path and rights"
        ) from error


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if is_compressed(path) else path.open("rb")
