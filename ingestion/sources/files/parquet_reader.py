"""Parquet files as chunks, in the file's own types."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.errors import SourceAnswerBroken
from ingestion.sources.files.chunk import Chunk, Resume
from ingestion.sources.files.mapping import FileFormat
from ingestion.sources.files.nested import pick

BATCH_ROWS = 50_000


class ParquetReader:
    """Reads one Parquet file; a row's line is its number, from 1."""

    columns: tuple[str, ...] = ()
    can_resume = False

    def __init__(
        self, source: str, path: Path, form: FileFormat, needed: Mapping[str, bool]
    ) -> None:
        self.source = source
        self.path = path
        self.form = form
        self.needed = needed
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
                f"{self.path.name} can't be read as Parquet: {str(error).splitlines()[0]}",
                "Export or copy the file again",
            ) from error

    def check(self) -> None:
        """Read the first batch; SourceAnswerBroken if a needed column isn't there."""
        next(self.chunks(), None)

    def _top_level(self, file: pq.ParquetFile) -> list[str]:
        names = file.schema_arrow.names
        wanted = [*self.needed, *([self.form.rows] if self.form.rows else [])]
        heads = {path: path if path in names else path.partition(".")[0] for path in wanted}
        missing = [
            path for path, head in heads.items() if self.needed.get(path) and head not in names
        ]
        if missing:
            raise SourceAnswerBroken(
                self.source,
                f"{self.path.name} has no column {missing[0]!r}; its columns are: "
                + ", ".join(names),
                "Correct the mapping, or mark the column `optional`",
            )
        return list(dict.fromkeys(head for head in heads.values() if head in names)) or names[:1]

    def _chunk(self, table: pa.Table) -> Chunk:
        picked = pick(table, tuple(self.needed), self.form.rows)
        lines = self.next_line + np.arange(table.num_rows)
        self.next_line += table.num_rows

        def original(row: int) -> str:
            parent = int(picked.parents[row])
            return json.dumps(table.slice(parent, 1).to_pylist()[0], default=str)

        return Chunk(picked.columns, lines[picked.parents], original)
