"""Parquet files as chunks: texts as text, and numbers, dates and times in the file's own types."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.errors import SourceAnswerBroken
from ingestion.sources.files.chunk import Chunk, Resume
from ingestion.sources.files.mapping import FileFormat
from ingestion.sources.files.nested import Picked, leaf_paths, pick
from ingestion.sources.files.parquet_types import plain
from ingestion.sources.files.paths import printable

BATCH_ROWS = 50_000


class ParquetReader:
    """Reads one Parquet file; a row's line is its number, from 1.

    `moments` are the columns out of which dates and times are made.
    """

    columns: tuple[str, ...] = ()
    can_resume = False

    def __init__(
        self,
        source: str,
        path: Path,
        form: FileFormat,
        needed: Mapping[str, bool],
        moments: frozenset[str] = frozenset(),
    ) -> None:
        self.source = source
        self.path = path
        self.file = printable(path.name)
        self.form = form
        self.needed = needed
        self.moments = moments
        self.next_line = 1

    def chunks(self, resume: Resume | None = None, end: int | None = None) -> Iterator[Chunk]:
        """Give the file's rows, batch by batch."""
        try:
            with pq.ParquetFile(self.path) as file:
                names = self._top_level(file)
                for batch in file.iter_batches(BATCH_ROWS, columns=names, use_threads=False):
                    yield self._chunk(pa.Table.from_batches([batch]))
        except (pa.ArrowInvalid, OSError) as error:
            raise SourceAnswerBroken(
                self.source,
                f"{self.file} can't be read as Parquet: {str(error).splitlines()[0]}",
                "Export or copy the file again",
            ) from error

    def check(self) -> None:
        """Read the first batch; SourceAnswerBroken if a needed column isn't there."""
        next(self.chunks(), None)

    def _top_level(self, file: pq.ParquetFile) -> list[str]:
        """Return the columns to read; SourceAnswerBroken if a needed path leads nowhere."""
        schema = file.schema_arrow
        self._require(schema)
        wanted = [*self.needed, self.form.rows or ""]
        heads = [path if path in schema.names else path.partition(".")[0] for path in wanted]
        return (
            list(dict.fromkeys(head for head in heads if head in schema.names))
            or (schema.names[:1])
        )

    def _require(self, schema: pa.Schema) -> None:
        rows = self.form.rows
        found = pick(schema.empty_table(), tuple(self.needed), rows).found
        missing = [path for path, must in self.needed.items() if must and path not in found]
        if rows and rows not in found:
            raise self._broken(f"has no list {rows!r}", schema, "Correct `rows`")
        if missing:
            remedy = "Correct the mapping, or mark the column `optional`"
            raise self._broken(f"has no column {missing[0]!r}", schema, remedy)

    def _broken(self, problem: str, schema: pa.Schema, remedy: str) -> SourceAnswerBroken:
        columns = ", ".join(leaf_paths(schema))
        return SourceAnswerBroken(
            self.source,
            f"{self.file} {problem}; its columns are: {columns}",
            remedy,
        )

    def _chunk(self, table: pa.Table) -> Chunk:
        picked = pick(table, tuple(self.needed), self.form.rows)
        lines = self.next_line + np.arange(table.num_rows)
        self.next_line += table.num_rows

        def original(row: int) -> str:
            parent = int(picked.parents[row])
            return json.dumps(table.slice(parent, 1).to_pylist()[0], default=str)

        return Chunk(self._plain(picked), lines[picked.parents], original)

    def _plain(self, picked: Picked) -> pa.Table:
        columns: dict[str, pa.Array] = {}
        for name in picked.columns.column_names:
            try:
                values = picked.columns[name].combine_chunks()
                columns[name] = plain(values, name in self.moments)
            except ValueError as error:
                raise SourceAnswerBroken(
                    self.source,
                    f"{self.file}: the column {name!r} {error}",
                    "Export it as text, or leave it out of the mapping",
                ) from None
        return pa.table(columns)
