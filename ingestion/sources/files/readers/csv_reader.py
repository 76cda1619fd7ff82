"""CSV files: Arrow cuts the fields, `blocks` knows the place of each record."""

import csv
import io
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from ingestion.mapping.records import Records
from ingestion.rows import LONGEST_ORIGINAL, Reject
from ingestion.sources.files.readers.base import Reader, Resume
from ingestion.sources.files.readers.blocks import (
    Block,
    RowTooLong,
    after_lines,
    blocks,
    broken_records,
    newlines,
)
from ingestion.sources.files.readers.text import is_resumable

UNCLOSED = "a quote opens and never closes"
BROKEN = "something stands behind a closing quote: a quote within quotes has to be doubled"


class CsvReader(Reader):
    """Reads one CSV file."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.can_resume = is_resumable(self.form.encoding)
        self.columns = self.form.header

    def records(self, resume: Resume | None = None, end: int | None = None) -> Iterator[Records]:
        if resume:
            self.columns = resume.header
        try:
            for block, filled in self._blocks(resume or Resume(0, 1), end):
                if len(filled):
                    yield self._records(block, filled)
        except RowTooLong as error:
            raise self.too_long(error, "a quote may be missing, or the line ends") from None

    def check(self) -> None:
        try:
            next(self._blocks(Resume(0, 1), None), None)
        except RowTooLong as error:
            raise self.too_long(error, "a quote may be missing, or the line ends") from None

    def _blocks(self, resume: Resume, end: int | None) -> Iterator[tuple[Block, np.ndarray]]:
        """Cut the file into blocks with the numbers of their records, without the headings.

        A quote that is open at the end may be closed by what is appended. So such a file is
        not read from its old end on.
        """
        skip = 0 if resume.offset else self.form.skip_lines
        longest = self.form.limits.row_bytes
        texts = after_lines(self.text(resume.offset, end), skip, longest)
        for block in blocks(texts, self.form.delimiter, resume.line + skip, longest):
            records = block.filled()
            if block.is_unclosed:
                self.can_resume = False
            if not self.columns and len(records):
                self.columns, records = self._header(block, records[0]), records[1:]
            if self.columns:
                self.require_columns(self.columns)
            self.next_line = block.first_line + len(newlines(block.text))
            yield block, records
        if not self.columns:
            raise self.broken(f"{self.file} is empty", "It needs at least a line of headings")

    def _header(self, block: Block, record: int) -> tuple[str, ...]:
        line = io.StringIO(block.record(record), newline="")
        try:
            names = next(csv.reader(line, delimiter=self.form.delimiter, strict=True))
        except csv.Error:
            number = block.lines()[record]
            raise self.broken(
                f"the headings of {self.file}, on line {number}, can't be cut into columns",
                "Correct their quotes, or `skip_lines`",
            ) from None
        if len(names) > self.form.limits.row_keys:
            limit = f"{self.form.limits.row_keys:,} are allowed"
            raise self.beyond(f"has {len(names):,} columns, and {limit}", "row_keys")
        if any("\0" in name for name in names):
            raise self.broken(
                f"the headings of {self.file} have the character NUL: it may be utf-16",
                'Set `encoding`, as to "utf-16-le", or export the file again',
            )
        return tuple(name.strip() for name in names)

    def _records(self, block: Block, filled: np.ndarray) -> Records:
        wrong = dict.fromkeys(broken_records(block, self.form.delimiter).tolist(), BROKEN)
        if block.is_unclosed:
            wrong[len(block.ends) - 1] = UNCLOSED
        filled, quoted = _without(filled, list(wrong)), np.intersect1d(filled, list(wrong))
        invalid: list[arrow_csv.InvalidRow] = []
        table = self._parse(block, filled, invalid)
        lines = block.lines()
        bad = [filled[row.number - 1] for row in invalid]
        rejects = [
            Reject(int(lines[number]), "", _field_count(row), block.record(number))
            for row, number in zip(invalid, bad, strict=True)
        ]
        # Where a quote is wrong nobody knows how many rows there are: each line counts as one.
        rejects += [
            Reject(int(lines[number]) + nth, "", wrong[number], text[:LONGEST_ORIGINAL])
            for number in quoted.tolist()
            for nth, text in enumerate(block.texts(number))
        ]
        good = _without(filled, bad)
        if table.num_rows != len(good):
            raise self.broken(
                f"{self.file} can't be cut into rows after line {block.first_line}",
                "Check its quotes and its `delimiter`",
            )
        return Records(table, lines[good], lambda row: block.record(good[row]), tuple(rejects))

    def _parse(
        self, block: Block, records: np.ndarray, invalid: list[arrow_csv.InvalidRow]
    ) -> pa.Table:
        header = self.columns
        names = [f"{position}:{name}" for position, name in enumerate(header)]
        wanted = {name: names[header.index(name)] for name in self.needed if name in header}
        wanted = wanted or {header[0]: names[0]}  # to know how many rows there are
        if not len(records):
            return pa.table({name: pa.array([], pa.string()) for name in wanted})
        text = _joined(block, records)

        def skip(row: arrow_csv.InvalidRow) -> str:
            invalid.append(row)
            return "skip"

        table = arrow_csv.read_csv(
            pa.BufferReader(text),
            read_options=arrow_csv.ReadOptions(
                column_names=names, use_threads=False, block_size=len(text) + 1
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.form.delimiter,
                newlines_in_values=True,
                invalid_row_handler=skip,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(wanted.values(), pa.string()),
                include_columns=list(wanted.values()),
                strings_can_be_null=False,
            ),
        )
        return table.rename_columns(list(wanted))


def _without(records: np.ndarray, others: list[int]) -> np.ndarray:
    return np.setdiff1d(records, others, assume_unique=True) if others else records


def _joined(block: Block, records: np.ndarray) -> memoryview:
    """Return the text of some records; without a copy if there are only empty ones between."""
    text, starts, ends = memoryview(block.text), block.starts, block.ends
    runs = np.split(records, np.flatnonzero(np.diff(records) > 1) + 1)
    if len(runs) == 1:
        return text[starts[records[0]] : ends[records[-1]]]
    return memoryview(b"".join(text[starts[run[0]] : ends[run[-1]]] for run in runs))


def _field_count(row: arrow_csv.InvalidRow) -> str:
    number = "few" if row.actual_columns < row.expected_columns else "many"
    return f"has too {number} fields"
