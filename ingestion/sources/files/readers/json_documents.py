"""JSON documents, which may be of any size: their values one after the other, in little memory.

What a file with an object on each line is belongs to `json_lines`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ijson
import numpy as np

from ingestion.sources.files.readers.base import Limits
from ingestion.sources.files.readers.nesting import Nesting

BLANKS = b" \t\r\n"
PIECE = 65_536
LONGEST_NUMBER = 4_000
# Some values at once, so that they are read into columns together.
BATCH_VALUES = 5_000
BATCH_BYTES = 4 * 1024 * 1024


class BrokenDocument(Exception):
    """A document can't be read on; `line` is where, about, and `problem` why."""

    def __init__(self, line: int, problem: str = "is cut off or no JSON") -> None:
        super().__init__(line)
        self.line = line
        self.problem = problem


class BeyondLimit(BrokenDocument):
    """A document holds more than a setting, `limit`, allows."""

    def __init__(self, line: int, limit: str, problem: str) -> None:
        super().__init__(line, problem)
        self.limit = limit


def is_document(beginning: bytes) -> bool:
    """Return whether a text is a list, or objects of several lines each.

    Of lines with an object each, the first one may be broken: the next one then begins an object.
    """
    text = beginning.lstrip(BLANKS)
    if text.startswith(b"["):
        return True
    first, _, rest = text.partition(b"\n")
    following = rest.lstrip(BLANKS)
    if not first.startswith(b"{") or not following or following.startswith(b"{"):
        return False
    return not _is_whole(first)


def is_part_of_list(beginning: bytes) -> bool:
    """Return whether a text begins with an object and a comma, as a list without its brackets."""
    first = beginning.lstrip(BLANKS).partition(b"\n")[0].rstrip(BLANKS)
    return first.startswith(b"{") and first.endswith(b",") and _is_whole(first)


def _is_whole(text: bytes) -> bool:
    nesting = Nesting()
    nesting.deepest(text)
    return nesting.is_whole


def _longest_number(text: bytes) -> int:
    digits = np.frombuffer(text, np.uint8) - ord("0") < 10
    return int(np.diff(np.flatnonzero(~digits), prepend=-1, append=len(text)).max()) - 1


@dataclass
class Document:
    """The values of a document at a place, in ijson's terms: "item" are the elements of a list."""

    texts: Iterator[bytes]
    place: str
    limits: Limits
    line: int = 1

    def batches(self) -> Iterator[list[Any]]:
        """Yield the values, some at once; BrokenDocument if there is no going on."""
        found: list[Any] = []
        size = 0
        for piece, values in self._values():
            size += len(piece)
            found += values
            if len(found) >= BATCH_VALUES or size >= BATCH_BYTES:
                yield found
                found, size = [], 0
        yield found

    def has_list(self, path: str) -> bool:
        """Read a document and return whether there is a list at a path."""
        found = ijson.sendable_list()
        parser = ijson.parse_coro(found, multiple_values=True)
        for piece in self._pieces():
            self._send(parser, piece)
            if any(place == path and event == "start_array" for place, event, _ in found):
                return True
            del found[:]
        return False

    def first_list(self) -> str | None:
        """Return the path of the first list of objects; None if there is none."""
        found = ijson.sendable_list()
        parser = ijson.parse_coro(found, multiple_values=True)
        for piece in self._checked_pieces():
            self._send(parser, piece)
            for place, event, _ in found:
                if event == "start_map" and place.endswith(".item"):
                    return str(place.removesuffix(".item"))
            del found[:]
        return None

    def _values(self) -> Iterator[tuple[bytes, list[Any]]]:
        found = ijson.sendable_list()
        parser = ijson.items_coro(found, self.place, multiple_values=True)
        since_last = 0
        for piece in self._checked_pieces():
            self._send(parser, piece)
            since_last = 0 if found else since_last + len(piece)
            if since_last > self.limits.row_bytes:
                long = f"has a row of more than {self.limits.row_megabytes} MB"
                raise BeyondLimit(self.line, "row_megabytes", long)
            yield piece, found[:]
            del found[:]
            self.line += piece.count(b"\n")
        self._send(parser, None)

    def _checked_pieces(self) -> Iterator[bytes]:
        """Yield pieces that ijson can read."""
        nesting, tail = Nesting(), b""
        for piece in self._pieces():
            # ijson keeps the path of each place: its memory would grow with the square of the depth
            if nesting.deepest(piece) > self.limits.row_depth:
                deep = f"nests more than {self.limits.row_depth} levels deep"
                raise BeyondLimit(self.line, "row_depth", deep)
            # ijson crashes on whole numbers that Python refuses to read
            tail = tail[-LONGEST_NUMBER:] + piece
            if _longest_number(tail) > LONGEST_NUMBER:
                problem = f"has a number of more than {LONGEST_NUMBER:,} digits"
                raise BrokenDocument(self.line, problem)
            yield piece

    def _pieces(self) -> Iterator[bytes]:
        for text in self.texts:
            for start in range(0, len(text), PIECE):
                yield text[start : start + PIECE]

    def _send(self, parser: Any, piece: bytes | None) -> None:
        """Give the parser a piece, or the end of the document."""
        try:
            if piece is None:
                parser.close()
            else:
                parser.send(piece)
        except (ijson.JSONError, ValueError, ArithmeticError):
            # not from it: its words quote the file
            raise BrokenDocument(self.line) from None
