"""Parquet files: their many types as the few that mappings know.

Those are text, numbers, booleans, dates and times.
"""

import json
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingestion.errors import SourceAnswerBroken
from ingestion.mapping.nested import Picked, as_json, leaf_paths, pick
from ingestion.mapping.paths import column_of, is_within, selects
from ingestion.mapping.records import Records, plain
from ingestion.sources.files.readers import parquet_sizes as sizes
from ingestion.sources.files.readers.base import Reader, Resume, named

KNOWN = (
    pa.types.is_null,
    pa.types.is_boolean,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_date,
    pa.types.is_timestamp,
)
REMEDY = "Correct the mapping, or mark the column `optional`"
TEXTS = (*sizes.TEXTS, pa.types.is_fixed_size_binary, pa.types.is_time)


class ParquetReader(Reader):
    """Reads one Parquet file; a row's line is its number, from 1."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._rows = 0
        self._found: set[str] = set()

    def records(self, resume: Resume | None = None, end: int | None = None) -> Iterator[Records]:
        try:
            for batch in self._batches():
                yield self._records(pa.Table.from_batches([batch]))
            if missing := self._missing():
                problem = f"no row of {self.file} has the {named('column', missing)}"
                raise self.unlike_mapping(problem, REMEDY)
        except UnicodeDecodeError:
            raise self._damaged("it holds names that are no text in UTF-8") from None
        except (pa.ArrowException, OSError, MemoryError, OverflowError) as error:
            words = next(iter(str(error).splitlines()), "")
            raise self._damaged("".join(filter(str.isprintable, words))) from error

    def check(self) -> None:
        """Read until all that is needed was found; SourceAnswerBroken if it isn't there."""
        for _ in self.records():
            if not self._missing():
                return

    def _missing(self) -> list[str]:
        """Return the needed elements of lists that no row had: a schema doesn't know them."""
        return [
            path
            for path, must in self.needed.items()
            if must
            and self.next_line > 1
            and path not in self._found
            and (self._rows or not is_within(path, self.form.rows))
        ]

    def _batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the columns that are needed, in batches of no more bytes than a row may have.

        A text that many rows share, once in the file, is kept so until their sizes are known, but
        of encodings for which Arrow can't do that.
        """
        try:
            yield from self._unpacked(is_shared=True)
        except (NotImplementedError, OSError) as error:
            if "Not yet implemented" not in str(error):
                raise
            yield from self._unpacked(is_shared=False)

    def _unpacked(self, is_shared: bool) -> Iterator[pa.RecordBatch]:
        """Yield the batches from the next line on."""
        with pq.ParquetFile(self.path) as file:
            metadata, names = file.metadata, self._top_level(file)
        most, row_bytes = self.form.limits.row_bytes, sizes.mean_row(metadata)
        if row_bytes > most:
            raise self._too_large("a row")
        shared, known = sizes.texts(metadata) if is_shared else [], self.next_line - 1
        with pq.ParquetFile(
            self.path, metadata=metadata, read_dictionary=shared, page_checksum_verification=True
        ) as file:
            rows = sizes.batch_rows(row_bytes)
            for batch in file.iter_batches(rows, columns=names, use_threads=False):
                rest = batch.slice(min(known, batch.num_rows))
                known -= batch.num_rows - rest.num_rows
                yield from self._pieces(rest, most)

    def _pieces(self, batch: pa.RecordBatch, most: int) -> Iterator[pa.RecordBatch]:
        for piece in sizes.pieces(batch, most):
            if piece.num_rows == 1 and sizes.batch_size(piece) > most:
                raise self._too_large(f"row {self.next_line}")
            yield piece

    def _too_large(self, row: str) -> SourceAnswerBroken:
        size = self.form.limits.row_megabytes
        return self.beyond(f"has more than {size} MB in {row}", "row_megabytes")

    def _damaged(self, reason: str) -> SourceAnswerBroken:
        problem = f"{self.file} can't be read as Parquet: {reason}"
        return self.broken(problem, "Export or copy the file again")

    def _top_level(self, file: pq.ParquetFile) -> list[str]:
        """Return the columns to read; SourceAnswerBroken if a needed path leads nowhere."""
        schema = file.schema_arrow
        self._require(schema)
        wanted = [*self.needed, self.form.rows or ""]
        heads = [column_of(path, schema.names) for path in wanted]
        return (
            list(dict.fromkeys(head for head in heads if head in schema.names))
            or (schema.names[:1])
        )

    def _require(self, schema: pa.Schema) -> None:
        rows = self.form.rows
        wanted = [*self.needed, rows or ""]
        heads = {each for path in wanted for each in (path, column_of(path, ()))}
        twice = [name for name in schema.names if name in heads and schema.names.count(name) > 1]
        if twice:
            problem = f"{self.file} has {twice[0]!r} twice"
            raise self.unlike_mapping(problem, "Give one another name")
        found = pick(schema.empty_table(), tuple(self.needed), rows).found
        sure = [path for path, must in self.needed.items() if must and not selects(path)]
        missing = [path for path in sure if path not in found]
        if rows and rows not in found:
            problem, remedy = f"has no list {rows!r}", "Correct `rows`"
        elif missing:
            problem, remedy = f"has no {named('column', missing)}", REMEDY
        else:
            return
        columns = ", ".join(leaf_paths(schema))
        raise self.unlike_mapping(f"{self.file} {problem}; its columns are: {columns}", remedy)

    def _records(self, table: pa.Table) -> Records:
        picked = pick(table, tuple(self.needed), self.form.rows)
        self._rows += len(picked.parents)
        self._found |= picked.found
        lines = self.next_line + np.arange(table.num_rows)
        self.next_line += table.num_rows

        def original(row: int) -> str:
            parent = int(picked.parents[row])
            values = {name: plain(table[name][parent]) for name in table.column_names}
            return json.dumps(values, default=str)

        return Records(self._columns(picked), lines[picked.parents], original)

    def _columns(self, picked: Picked) -> pa.Table:
        columns: dict[str, pa.Array] = {}
        for name in picked.columns.column_names:
            try:
                values = picked.columns[name].combine_chunks()
                columns[name] = _plain(values, name in self.moments)
            except ValueError as error:
                raise self.broken(
                    f"{self.file}: the column {name!r} {error}",
                    "Export it as text, or leave it out of the mapping",
                ) from None
        return pa.table(columns)


def _plain(values: pa.Array, is_moment: bool) -> pa.Array:
    """Return a column in a type that mappings know; ValueError says why it has none.

    Where a date or time is wanted (`is_moment`), all but dates and times become text, which
    the column's `format` reads.
    """
    if pa.types.is_dictionary(values.type):
        values = pc.dictionary_decode(values)
    kind = values.type
    if pa.types.is_nested(kind):
        return _nested(values)
    if any(is_text(kind) for is_text in TEXTS):
        return _text(values)
    if not any(is_known(kind) for is_known in KNOWN):
        raise ValueError(f"has the type {kind}, which can't be read")
    if pa.types.is_floating(kind):
        values = _whole(values)
    is_text_wanted = is_moment and not pa.types.is_temporal(kind)
    return pc.cast(values, pa.string()) if is_text_wanted else values


def _nested(values: pa.Array) -> pa.Array:
    try:
        return as_json(values)
    except (UnicodeDecodeError, OverflowError):
        raise ValueError("holds values that can't be written as text") from None


def _text(values: pa.Array) -> pa.Array:
    try:
        texts = pc.cast(values, pa.string())
        texts.validate(full=True)
        return texts
    except pa.ArrowInvalid:
        raise ValueError("holds bytes that are no text in UTF-8") from None


def _whole(values: pa.Array) -> pa.Array:
    """Make floats whole numbers if all of them are: as text they have no exponent then."""
    try:
        return pc.cast(values, pa.int64())
    except pa.ArrowInvalid:
        return values
