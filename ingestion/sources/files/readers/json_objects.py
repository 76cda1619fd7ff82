"""JSON objects of a file line by line: slow, but right if one field has several types."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ingestion.mapping.objects import ObjectReader
from ingestion.rows import LONGEST_ORIGINAL, Reject
from ingestion.sources.files.readers.blocks import Block
from ingestion.sources.files.readers.nesting import is_too_deep


@dataclass
class LineReader(ObjectReader):
    """The wanted paths of the objects of some lines, none nested deeper than `depth`."""

    depth: int = field(kw_only=True)

    def read(self, block: Block) -> None:
        """Read a block; a bad line becomes a reject, and the others are read."""
        lines, starts = block.lines(), block.starts
        for number in block.filled():
            text = block.record(number)
            if is_too_deep(block.text[starts[number] : block.ends[number]], self.depth):
                problem: str | None = f"nests more than {self.depth} levels deep"
            else:
                problem = self.add(_parsed(text), int(number))
            if problem:
                original = text[:LONGEST_ORIGINAL]
                self.rejects.append(Reject(int(lines[number]), "", problem, original))


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        parsed = json.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None
