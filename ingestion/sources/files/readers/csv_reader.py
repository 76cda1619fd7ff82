"""CSV files: Arrow cuts the fields, `blocks` knows the place of each record."""

import csv
import io
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from ingestion.mapping.records import Records
from ingestion.rows import Reject
from ingestion.sources.files.readers.base import Reader, Resume
from ingestion.sources.files.readers.blocks import Block, after_lines, blocks, newlines
from ingestion.sources.files.readers.text import is_resumable

LONGEST_ORIGINAL = 20_000


class CsvReader(Reader):
    """Reads one CSV file."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.can_resume = is_resumable(self.form.encoding)
        self.columns = self.form.header

    def records(self, resume: Resume | None = None, end: int | None = None) -> Iterator[Records]:
        if resume:
            self.columns = resume.header
        for block, filled in self._blocks(resume or Resume(0, 1), end):
            if len(filled):
                yield self._records(block, filled)

    def check(self) -> None:
        next(self._blocks(Resume(0, 1), None), None)

    def _blocks(self, resume: Resume, end: int | None) -> Iterator[tuple[Block, np.ndarray]]:
        """Cut the file into blocks with the numbers of their records, without the headings.

        A quote that is open at the end may be closed by what is appended. So such a file is
        not read from its old end on.
        """
        skip = 0 if resume.offset else self.form.skip_lines
        texts = after_lines(self.text(resume.offset, end), skip)
        for block in blocks(texts, self.form.delimiter, resume.line + skip):
            records = block.filled()
            if block.is_unclosed:
                self.can_resume = False
            if not self.columns and len(records):
                self.columns, records = self._header(block, records[0]), records[1:]
            self._require()
            self.next_line = block.first_line + len(newlines(block.text))
            yield block, records
        if not self.columns:
            raise self.broken(f"{self.file} is empty", "It needs at least a line of headings")

    def _header(self, block: Block, record: int) -> tuple[str, ...]:
        line = io.StringIO(block.record(record), newline="")
        return tuple(name.strip() for name in next(csv.reader(line, delimiter=self.form.delimiter)))

    def _require(self) -> None:
        header = self.columns
        missing = [name for name, must in self.needed.items() if must and name not in header]
        twice = [name for name in self.needed if header.count(name) > 1]
        if not missing and not twice:
            return
        problem = f"has no column {missing[0]!r}" if missing else f"has {twice[0]!r} twice"
        raise self.unlike_mapping(
            f"{self.file} {problem}; its columns are: {', '.join(header)}",
            "Correct the mapping, or the `delimiter`, or mark the column `optional`",
        )

    def _records(self, block: Block, filled: np.ndarray) -> Records:
        broken: list[arrow_csv.InvalidRow] = []
        if block.is_unclosed:
            filled, unclosed = filled[:-1], filled[-1]
        table = self._parse(block, filled, broken)
        lines = block.lines()
        bad = [filled[row.number - 1] for row in broken]
        rejects = [
            Reject(int(lines[number]), "", _field_count(row), block.record(number))
            for row, number in zip(broken, bad, strict=True)
        ]
        if block.is_unclosed:
            text = block.record(unclosed)[:LONGEST_ORIGINAL]
            rejects.append(Reject(int(lines[unclosed]), "", "a quote opens and never closes", text))
        good = np.setdiff1d(filled, bad, assume_unique=True) if bad else filled
        if table.num_rows != len(good):
            raise self.broken(
                f"{self.file} can't be cut into rows after line {block.first_line}",
                "Check its quotes and its `delimiter`",
            )
        return Records(table, lines[good], lambda row: block.record(good[row]), tuple(rejects))

    def _parse(
        self, block: Block, records: np.ndarray, broken: list[arrow_csv.InvalidRow]
    ) -> pa.Table:
        header = self.columns
        names = [f"{position}:{name}" for position, name in enumerate(header)]
        wanted = {name: names[header.index(name)] for name in self.needed if name in header}
        wanted = wanted or {header[0]: names[0]}  # to know how many rows there are
        if not len(records):
            return pa.table({name: pa.array([], pa.string()) for name in wanted})
        text = memoryview(block.text)[block.starts[records[0]] : block.ends[records[-1]]]

        def skip(row: arrow_csv.InvalidRow) -> str:
            broken.append(row)
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


def _field_count(row: arrow_csv.InvalidRow) -> str:
    number = "few" if row.actual_columns < row.expected_columns else "many"
    return f"has too {number} fields"
