"""JSON lines as chunks: Arrow parses whole blocks, and line by line only what Arrow refuses."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
from pyarrow import json as arrow_json

from ingestion.errors import SourceAnswerBroken
from ingestion.sources.base import Reject
from ingestion.sources.files.chunk import Chunk, Resume
from ingestion.sources.files.jsonl_lines import Lines
from ingestion.sources.files.jsonl_types import as_text, floats_as_decimals, merged, times_as_text
from ingestion.sources.files.mapping import FileFormat
from ingestion.sources.files.nested import Picked, is_within, pick
from ingestion.sources.files.numbers import is_numeric
from ingestion.sources.files.opening import is_resumable, text_blocks
from ingestion.sources.files.paths import printable
from ingestion.sources.files.records import Block, lines_of, newlines


class JsonLinesReader:
    """Reads one file with a JSON object on each line."""

    columns: tuple[str, ...] = ()

    def __init__(
        self, source: str, path: Path, form: FileFormat, needed: Mapping[str, bool]
    ) -> None:
        self.source = source
        self.path = path
        self.file = printable(path.name)
        self.form = form
        self.needed = needed
        self.next_line = 1
        self.can_resume = is_resumable(form.encoding)
        self._objects = 0
        self._rows = 0
        self._found: set[str] = set()
        self._times = pa.schema([])
        paths = [*needed, form.rows or ""]
        self._heads = {*paths, *(path.partition(".")[0] for path in paths)}

    def chunks(self, resume: Resume | None = None, end: int | None = None) -> Iterator[Chunk]:
        """Give the file's rows, chunk by chunk."""
        start = resume or Resume(0, 1)
        first_reject = None
        texts = text_blocks(self.source, self.path, self.form.encoding, start.offset, end)
        for block in lines_of(texts, start.line):
            self.next_line = block.first_line + len(newlines(block.text))
            chunk = self._chunk(block)
            first_reject = first_reject or next(iter(chunk.rejects), None)
            yield chunk
        if resume:
            return
        if first_reject and not self._objects:
            raise SourceAnswerBroken(
                self.source,
                f"{self.file} has no JSON object on line {first_reject.line}, nor later",
                "It needs one JSON object a line; set `format` if it is something else",
            )
        if self._objects:
            self._require()

    def check(self) -> None:
        """Read until all that is needed was found; SourceAnswerBroken if it isn't there."""
        for _ in self.chunks():
            if self._rows and not self._missing():
                return

    def _require(self) -> None:
        rows = self.form.rows
        if rows and rows not in self._found:
            raise SourceAnswerBroken(
                self.source,
                f"no line of {self.file} has a list {rows!r}",
                "Correct `rows`",
            )
        if missing := self._missing():
            raise SourceAnswerBroken(
                self.source,
                f"no line of {self.file} has the field {missing[0]!r}",
                "Correct the mapping, or mark the column `optional`",
            )

    def _missing(self) -> list[str]:
        """Return the needed fields that weren't found; of empty lists nobody knows the fields."""
        return [
            name
            for name, must in self.needed.items()
            if must
            and name not in self._found
            and (self._rows or not is_within(name, self.form.rows))
        ]

    def _chunk(self, block: Block) -> Chunk:
        lines, records = block.lines(), block.filled()
        objects, rejects = len(records), list[Reject]()
        picked = self._parse(block, len(records))
        if picked is None:
            slowly = Lines(tuple(self.needed), self.form.rows)
            slowly.read(block)
            picked, records = slowly.picked(), slowly.records()
            objects, rejects = slowly.objects, slowly.rejects
        self._objects += objects
        self._rows += len(picked.parents)
        self._found |= picked.found
        own = records[picked.parents]
        return Chunk(
            picked.columns,
            lines[own],
            lambda row: block.record(own[row]),
            tuple(rejects),
            picked.numbers,
        )

    def _parse(self, block: Block, expected: int) -> Picked | None:
        """Parse a block with Arrow; None if it can't, or not without a change."""
        try:
            table = self._read_exactly(block)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            return None
        picked = pick(table, tuple(self.needed), self.form.rows)
        if table.num_rows != expected or (self.form.rows or "") not in {"", *picked.found}:
            return None
        columns = {name: picked.columns[name] for name in picked.columns.column_names}
        texts = {name: as_text(column) for name, column in columns.items()}
        if any(column is None for column in texts.values()):
            return None
        everywhere = pa.repeat(True, len(picked.parents))
        numbers = {name: everywhere for name, each in columns.items() if is_numeric(each.type)}
        return replace(picked, columns=pa.table(texts), numbers=numbers)

    def _read_exactly(self, block: Block) -> pa.Table:
        """Read a block, and again where a type that Arrow guessed would change values.

        Times are known from then on. Decimals are not: they would read the text "007", too.
        """
        table = self._read(block, self._times)
        own = [each for each in table.schema if each.name in self._heads]
        times, decimals = times_as_text(own), floats_as_decimals(own)
        if not len(times) and not len(decimals):
            return table
        self._times = merged(self._times, times)
        return self._read(block, merged(self._times, decimals))

    def _read(self, block: Block, schema: pa.Schema) -> pa.Table:
        return arrow_json.read_json(
            pa.BufferReader(block.text),
            read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(block.text) + 1),
            parse_options=arrow_json.ParseOptions(explicit_schema=schema),
        )
