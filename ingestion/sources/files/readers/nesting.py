"""How deep JSON text nests, found out without parsing it: parsers crash on what is too deep."""

import re
from dataclasses import dataclass

import numpy as np

from ingestion.sources.files.readers.blocks import QUOTE, RETURN, Block

ESCAPED = re.compile(rb"\\.", re.DOTALL)
OPENING, CLOSING = b"{[", b"}]"


@dataclass
class Nesting:
    """Follows JSON text piece by piece; wrong only behind the first thing that is no JSON."""

    depth: int = 0
    is_text: bool = False
    is_escape: bool = False

    def deepest(self, text: bytes) -> int:
        """Take in a piece, and return how deep its deepest place is."""
        if self.is_escape:
            text = b"\\" + text
        if b"\\" in text:  # what stands behind one means nothing
            text = ESCAPED.sub(b"", text)
        self.is_escape = text.endswith(b"\\")
        codes = np.frombuffer(text, np.uint8)
        quotes = np.cumsum(codes == QUOTE, dtype=np.int32) + self.is_text
        steps = _is_one(codes, OPENING).astype(np.int32) - _is_one(codes, CLOSING)
        depths = self.depth + np.cumsum(np.where(quotes % 2 == 0, steps, 0))
        deepest = max(self.depth, int(depths.max(initial=0)))
        if len(codes):
            self.depth, self.is_text = int(depths[-1]), bool(quotes[-1] % 2)
        return deepest

    @property
    def is_whole(self) -> bool:
        """Return whether everything that opened has closed."""
        return self.depth == 0 and not self.is_text


def is_too_deep(text: bytes, depth: int) -> bool:
    """Return whether a JSON text nests deeper than allowed."""
    return text.count(b"{") + text.count(b"[") > depth and Nesting().deepest(text) > depth


def are_flat(block: Block, records: np.ndarray, depth: int) -> bool:
    """Return whether a block's records are JSON objects, none of them nested deeper than allowed.

    A line that begins with { and ends with } can't go on in the next one, so that each line nests
    by itself.
    """
    codes = np.frombuffer(block.text, np.uint8)
    starts, ends = block.starts[records], block.ends[records]
    lasts = np.where(codes[ends - 2] == RETURN, ends - 3, ends - 2)
    if (codes[starts] != OPENING[0]).any() or (codes[lasts] != CLOSING[0]).any():
        return False
    # { and [ differ from each other, and from all other signs, in one bit
    opened = np.flatnonzero((codes | 0x20) == OPENING[0])
    counts = np.diff(np.searchsorted(opened, block.ends), prepend=0)
    deep = np.flatnonzero(counts > depth)
    return not any(is_too_deep(block.text[block.starts[n] : block.ends[n]], depth) for n in deep)


def _is_one(codes: np.ndarray, signs: bytes) -> np.ndarray:
    return (codes == signs[0]) | (codes == signs[1])
