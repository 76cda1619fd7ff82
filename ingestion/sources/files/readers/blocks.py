"""Where the records of CSV text start and end, with quoted newlines, without parsing them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

QUOTE, NEWLINE, RETURN = 0x22, 0x0A, 0x0D


@dataclass(frozen=True)
class Block:
    """Whole records of CSV text; `ends` are the offsets just after each record's newline."""

    text: bytes
    ends: np.ndarray
    first_line: int
    is_unclosed: bool = False

    @property
    def starts(self) -> np.ndarray:
        return np.concatenate(([0], self.ends[:-1]))

    def lines(self) -> np.ndarray:
        """Return the line number on which each record starts."""
        return self.first_line + np.searchsorted(newlines(self.text), self.starts)

    def record(self, number: int) -> str:
        """Return the text of a record."""
        raw = self.text[self.starts[number] : self.ends[number]]
        return raw.decode("utf-8").rstrip("\r\n")

    def filled(self) -> np.ndarray:
        """Return the numbers of the records that are not empty lines."""
        lengths = self.ends - self.starts
        candidates = np.flatnonzero(lengths <= 2)
        empty = [i for i in candidates if not self.record(int(i))]
        return np.delete(np.arange(len(self.ends)), empty)


def blocks(texts: Iterator[bytes], delimiter: str, first_line: int = 1) -> Iterator[Block]:
    """Cut a stream of text into blocks of whole records."""
    rest = b""
    for text in texts:
        rest += text
        ends = record_ends(rest, delimiter)
        if len(ends) == 0:
            continue
        block = Block(rest[: ends[-1]], ends, first_line)
        yield block
        first_line += len(newlines(block.text))
        rest = rest[ends[-1] :]
    if rest:
        # an added newline closes the last record, unless a quote is open
        ends = record_ends(rest + b"\n", delimiter)
        is_unclosed = len(ends) == 0 or ends[-1] != len(rest) + 1
        ends = np.append(ends, len(rest) + 1) if is_unclosed else ends
        yield Block(rest + b"\n", ends, first_line, is_unclosed)


def after_lines(texts: Iterator[bytes], count: int) -> Iterator[bytes]:
    """Skip the first lines of a stream of text, whatever quotes they have."""
    rest = b""
    for text in texts:
        if not count:
            yield text
            continue
        rest += text
        ends = newlines(rest)
        if len(ends) >= count:
            rest, count = rest[ends[count - 1] + 1 :], 0
            yield rest


def lines_of(texts: Iterator[bytes], first_line: int = 1) -> Iterator[Block]:
    """Cut a stream of text into blocks of whole lines, whatever quotes they have."""
    rest = b""
    for text in texts:
        whole, newline, tail = text.rpartition(b"\n")
        if not newline:
            rest += tail
            continue
        block = rest + whole + newline
        ends = newlines(block) + 1
        yield Block(block, ends, first_line)
        first_line += len(ends)
        rest = tail
    if rest:
        yield Block(rest + b"\n", newlines(rest + b"\n") + 1, first_line)


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
    return np.array([match.span() for match in field.finditer(text)]).reshape(-1, 2)


def _outside(positions: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Keep the positions that lie in no span; a span begins one before its quote."""
    if len(spans) == 0:
        return positions
    span = np.searchsorted(spans[:, 0], positions, side="left") - 1
    inside = (span >= 0) & (positions < spans[span, 1])
    return positions[~inside]
