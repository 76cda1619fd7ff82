"""Where the records of CSV text start and end, with quoted newlines, without parsing them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

QUOTE, NEWLINE, RETURN = 0x22, 0x0A, 0x0D
MEGABYTE = 1024 * 1024
LONGEST = 16 * MEGABYTE


class RowTooLong(Exception):
    """A row is longer than allowed; `line` is where it begins."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True)
class Block:
    """Whole records of CSV text; `ends` are the offsets just after each record's newline."""

    text: bytes
    ends: np.ndarray
    first_line: int
    is_unclosed: bool = False

    @cached_property
    def starts(self) -> np.ndarray:
        return np.concatenate(([0], self.ends[:-1]))

    @property
    def end(self) -> int:
        """Where the last record ends; 0 if none does."""
        return int(self.ends[-1]) if len(self.ends) else 0

    def lines(self) -> np.ndarray:
        """Return the line number on which each record starts."""
        return self.first_line + np.searchsorted(newlines(self.text), self.starts)

    def record(self, number: int) -> str:
        """Return the text of a record."""
        raw = self.text[self.starts[number] : self.ends[number]]
        return raw.decode("utf-8").rstrip("\r\n")

    def texts(self, number: int) -> list[str]:
        """Return the lines of a record that are not empty."""
        return [line for line in re.split("\r\n|\n|\r", self.record(number)) if line]

    def filled(self) -> np.ndarray:
        """Return the numbers of the records that are not empty lines."""
        lengths = self.ends - self.starts
        codes = np.frombuffer(self.text, np.uint8)
        is_empty = (lengths == 1) | ((lengths == 2) & (codes[self.starts] == RETURN))
        return np.flatnonzero(~is_empty)


def blocks(
    texts: Iterator[bytes], delimiter: str, first_line: int = 1, longest: int = LONGEST
) -> Iterator[Block]:
    """Cut a stream of text into blocks of whole records; RowTooLong if one is too long."""
    find = partial(record_ends, delimiter=delimiter)
    for block in _cut(texts, find, first_line, longest):
        if block.end == len(block.text):
            yield block
        else:
            # the newline that was added closes the last record, unless a quote is open
            ends = np.append(block.ends, len(block.text))
            yield Block(block.text, ends, block.first_line, is_unclosed=True)


def lines_of(
    texts: Iterator[bytes], first_line: int = 1, longest: int = LONGEST
) -> Iterator[Block]:
    """Cut a stream of text into blocks of whole lines, whatever quotes they have."""
    return _cut(texts, lambda text: newlines(text) + 1, first_line, longest)


def after_lines(texts: Iterator[bytes], count: int, longest: int = LONGEST) -> Iterator[bytes]:
    """Skip the first lines of a stream of text, whatever quotes they have."""
    if not count:
        yield from texts
        return
    for block in lines_of(texts, longest=longest):
        skipped = min(count, len(block.ends))
        count -= skipped
        yield block.text[block.ends[skipped - 1] :] if skipped else block.text


def _cut(
    texts: Iterator[bytes],
    find_ends: Callable[[bytes], np.ndarray],
    first_line: int,
    longest: int,
) -> Iterator[Block]:
    """Cut a stream of text at the ends that are found in it; the last one may want a newline.

    Where there is none, it is looked for again when the text has doubled: so the time is linear.
    """
    pieces: list[bytes] = []
    size = wanted = 0
    for text in texts:
        pieces.append(text)
        size += len(text)
        if size < wanted and size <= longest:
            continue
        whole = b"".join(pieces)
        block = Block(whole, find_ends(whole), first_line)
        _require_short(block, longest)
        pieces, wanted = [whole[block.end :]], 0 if block.end else 2 * size
        size -= block.end
        if block.end:
            block = Block(whole[: block.end], block.ends, first_line)
            yield block
            first_line += len(newlines(block.text))
    if size:
        whole = b"".join(pieces)
        block = Block(whole, find_ends(whole), first_line)
        if block.end < len(whole):
            block = Block(whole + b"\n", find_ends(whole + b"\n"), first_line)
        _require_short(block, longest)
        yield block


def _require_short(block: Block, longest: int) -> None:
    """Raise RowTooLong if a record, or what stands after the last one, is too long."""
    if len(block.text) <= longest:
        return
    bounds = np.concatenate(([0], block.ends, [len(block.text)]))
    long = np.flatnonzero(np.diff(bounds) > longest)
    if len(long):
        raise RowTooLong(block.first_line + len(newlines(block.text[: bounds[long[0]]])))


def newlines(text: bytes) -> np.ndarray:
    """Return the offsets of line ends: LF, CR LF, or a CR alone."""
    codes = np.frombuffer(text, np.uint8)
    ends = codes == NEWLINE
    if b"\r" in text:
        following = np.append(codes[1:], NEWLINE)
        ends |= (codes == RETURN) & (following != NEWLINE)
    return np.flatnonzero(ends)


def record_ends(text: bytes, delimiter: str) -> np.ndarray:
    """Return the offsets just after each newline that is outside of quotes."""
    ends = newlines(text)
    if b'"' not in text:
        return ends + 1
    quotes = np.flatnonzero(np.frombuffer(text, np.uint8) == QUOTE)
    if not _quotes_are_regular(text, quotes, delimiter):
        return _outside(ends, _quoted_spans(text, delimiter)) + 1
    # with an even number of quotes before it, a newline is outside
    return ends[np.searchsorted(quotes, ends) % 2 == 0] + 1


def broken_records(block: Block, delimiter: str) -> np.ndarray:
    """Return the numbers of the records in which something stands behind a closing quote.

    Such as "A "B" C": where its field ends is anybody's guess.
    """
    if b'"' not in block.text:
        return np.array([], int)
    codes = np.frombuffer(block.text, np.uint8)
    quotes = np.flatnonzero(codes == QUOTE)
    if _quotes_are_regular(block.text, quotes, delimiter):
        closing = quotes[1::2]
    else:
        closing = _quoted_spans(block.text, delimiter)[:, 1] - 1
    closing = closing[closing + 1 < len(codes)]
    allowed = [QUOTE, NEWLINE, RETURN, ord(delimiter)]
    broken = closing[~np.isin(codes[closing + 1], allowed)]
    return np.unique(np.searchsorted(block.ends, broken, side="right"))


def _quotes_are_regular(text: bytes, quotes: np.ndarray, delimiter: str) -> bool:
    """Return whether each opening quote starts a field or follows a quote (an escaped one).

    Then every quote toggles between inside and outside; a stray one, as in 5" pipe, doesn't.
    """
    opening = quotes[0::2]
    opening = opening[opening > 0]
    before = np.frombuffer(text, np.uint8)[opening - 1]
    return bool(np.isin(before, [QUOTE, NEWLINE, RETURN, ord(delimiter)]).all())


def _quoted_spans(text: bytes, delimiter: str) -> np.ndarray:
    """Find the quoted fields one after the other: slow and right, for text with stray quotes."""
    separator = re.escape(delimiter).encode()
    field = re.compile(rb"(?:\A|[\r\n]|" + separator + rb')"[^"]*(?:""[^"]*)*(?:"|\Z)')
    return np.array([match.span() for match in field.finditer(text)], int).reshape(-1, 2)


def _outside(positions: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Keep the positions that lie in no span; a span begins one before its quote."""
    if len(spans) == 0:
        return positions
    span = np.searchsorted(spans[:, 0], positions, side="left") - 1
    inside = (span >= 0) & (positions < spans[span, 1])
    return positions[~inside]
