"""JSON lines as chunks: Arrow parses whole blocks, and line by line only what Arrow refuses."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import json as arrow_json

from ingestion.errors import SourceAnswerBroken
from ingestion.sources.base import Reject
from ingestion.sources.files.chunk import Chunk, Resume
from ingestion.sources.files.mapping import FileFormat
from ingestion.sources.files.nested import Picked, as_text, pick
from ingestion.sources.files.numbers import is_numeric
from ingestion.sources.files.opening import is_resumable, text_blocks
from ingestion.sources.files.records import Block, lines_of, newlines


class JsonLinesReader:
    """Reads one file with a JSON object on each line."""

    columns: tuple[str, ...] = ()

    def __init__(
        self, source: str, path: Path, form: FileFormat, needed: Mapping[str, bool]
    ) -> None:
        self.source = source
        self.path = path
        self.form = form
        self.needed = needed
        self.next_line = 1
        self.can_resume = is_resumable(form.encoding)
        self._seen: set[str] = set()
        self._times = pa.schema([])

    def chunks(self, resume: Resume | None = None, end: int | None = None) -> Iterator[Chunk]:
        """Give the file's rows, chunk by chunk."""
        start = resume or Resume(0, 1)
        rows, first_reject = 0, None
        texts = text_blocks(self.source, self.path, self.form.encoding, start.offset, end)
        for block in lines_of(texts, start.line):
            self.next_line = block.first_line + len(newlines(block.text))
            chunk = self._chunk(block)
            rows += chunk.columns.num_rows
            first_reject = first_reject or next(iter(chunk.rejects), None)
            yield chunk
        if first_reject and not rows and not resume:
            raise SourceAnswerBroken(
                self.source,
                f"{self.path.name} has no JSON object on line {first_reject.line}, nor later",
                "It needs one JSON object a line; set `format` if it is something else",
            )
        if rows and not resume:
            self._require()

    def check(self) -> None:
        """Read until a row is found; SourceAnswerBroken if no line is a JSON object."""
        for chunk in self.chunks():
            if chunk.columns.num_rows:
                return

    def _require(self) -> None:
        missing = [name for name, must in self.needed.items() if must and name not in self._seen]
        if missing:
            raise SourceAnswerBroken(
                self.source,
                f"no line of {self.path.name} has the field {missing[0]!r}",
                "Correct the mapping, or mark the column `optional`",
            )

    def _chunk(self, block: Block) -> Chunk:
        records = block.filled()
        lines = block.lines()
        rejects: list[Reject] = []
        table = self._parse(block, len(records))
        if table is None:
            table, records, rejects = _line_by_line(block, records, lines)
        picked = pick(table, tuple(self.needed), self.form.rows)
        self._seen |= picked.found
        own = records[picked.parents]
        return Chunk(_texts(picked), lines[own], lambda row: block.record(own[row]), tuple(rejects))

    def _parse(self, block: Block, expected: int) -> pa.Table | None:
        """Parse a block with Arrow; None if it can't, or found other rows than lines.

        Arrow would turn text that looks like a time into one, and forget its zone and
        format; so such fields are read again as text.
        """
        try:
            table = self._read(block)
            times = _times_as_text(table.schema)
            if len(times):
                self._times = pa.unify_schemas([self._times, times])
                table = self._read(block)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            return None
        return table if table.num_rows == expected else None

    def _read(self, block: Block) -> pa.Table:
        return arrow_json.read_json(
            pa.BufferReader(block.text),
            read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(block.text) + 1),
            parse_options=arrow_json.ParseOptions(explicit_schema=self._times),
        )


def _texts(picked: Picked) -> pa.Table:
    table = picked.columns
    columns = {name: table[name].combine_chunks() for name in table.column_names}
    return pa.table(
        {name: each if is_numeric(each.type) else as_text(each) for name, each in columns.items()}
    )


def _times_as_text(schema: pa.Schema | pa.StructType) -> pa.Schema:
    """Return only the fields that became times, as text."""
    fields = [(field.name, _time_as_text(field.type)) for field in schema]
    return pa.schema([(name, kind) for name, kind in fields if kind is not None])


def _time_as_text(kind: pa.DataType) -> pa.DataType | None:
    if pa.types.is_temporal(kind):
        return pa.string()
    if pa.types.is_list(kind):
        inside = _time_as_text(kind.value_type)
        return None if inside is None else pa.list_(inside)
    if pa.types.is_struct(kind):
        fields = _times_as_text(kind)
        return pa.struct(list(fields)) if len(fields) else None
    return None


def _line_by_line(
    block: Block, records: np.ndarray, lines: np.ndarray
) -> tuple[pa.Table, np.ndarray, list[Reject]]:
    """Parse each line on its own, so that one bad line costs only itself."""
    objects: list[dict[str, Any]] = []
    good: list[int] = []
    rejects: list[Reject] = []
    for number in records:
        text = block.record(number)
        parsed = _parsed(text)
        if parsed is None:
            rejects.append(Reject(int(lines[number]), "", "is not a JSON object", text))
        else:
            objects.append(parsed)
            good.append(number)
    names = dict.fromkeys(name for each in objects for name in each)
    columns = {name: _column([each.get(name) for each in objects]) for name in names}
    return pa.table(columns), np.array(good, np.int64), rejects


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        parsed = json.loads(text)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def _column(values: list[Any]) -> pa.Array:
    """Keep the numbers of a field, unless other rows have text there: then all of it is text."""
    try:
        return pa.array([_textual(each, but=(int, float)) for each in values])
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([_textual(each) for each in values])


def _textual(value: Any, but: tuple[type, ...] = ()) -> Any:
    """Write every leaf as text, so that rows with different types fit into one table."""
    if isinstance(value, dict):
        return {name: _textual(each, but) for name, each in value.items()}
    if isinstance(value, list):
        return [_textual(each, but) for each in value]
    if value is None or isinstance(value, str) or type(value) in but:
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value)
