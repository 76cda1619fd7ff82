"""Spreadsheets: one sheet of an xlsx or ods file, its cells as texts, numbers, dates and times.

Nothing in a spreadsheet is run: of a formula, the value that was saved with it counts.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ingestion.mapping.records import Records
from ingestion.rows import Reject
from ingestion.sources.files.readers.base import Reader, Resume

BATCH_ROWS = 10_000
WORKER = Path(__file__).with_name("sheet_worker.py")

DIGITS, DIGITS_IN_BITS = 15, 53
# A cell is [kind, text]; an empty one is null.
Cell = list[str] | None
Row = tuple[int, list[Cell]]


class SpreadsheetReader(Reader):
    """Reads one sheet of a spreadsheet; a row's line is its number in the sheet."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.columns = self.form.header

    def records(self, resume: Resume | None = None, end: int | None = None) -> Iterator[Records]:
        rows = (row for row in self._rows() if row[0] > self.form.skip_lines)
        if not self.columns:
            _, names = next(rows, (0, []))
            # each row is as wide as the widest: what stands beyond the headings belongs to none
            width = max((n for n, name in enumerate(names, 1) if name), default=0)
            self.columns = tuple((name[1] if name else "").strip() for name in names[:width])
        if not self.columns:
            raise self.broken(f"{self.file} is empty", "It needs at least a row of headings")
        self.require_columns(self.columns)
        while batch := list(islice(rows, BATCH_ROWS)):
            yield self._records(batch)

    def check(self) -> None:
        next(self.records(), None)

    def sheets(self) -> list[str]:
        """Return the names of all sheets; SourceError if the file can't be read."""
        sheets: list[str] = next(self._answers())["sheets"]
        return sheets

    def _rows(self) -> Iterator[Row]:
        """Yield the rows of the sheet that aren't empty."""
        for answer in self._answers():
            if isinstance(answer, list):
                number, cells = answer
                yield number, cells

    def _answers(self) -> Iterator[Any]:
        """Yield the names of all sheets, and rows; a process of its own reads them.

        A file of a few bytes may say that it has billions of cells, and whoever reads it then ends.
        """
        limits = self.form.limits
        command = [sys.executable, "-P", str(WORKER), str(self.path), str(limits.unpacked_bytes)]
        command += [] if self.form.sheet is None else [self.form.sheet]
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert worker.stdout is not None
        try:
            for line in worker.stdout:
                answer = json.loads(line)
                if answer == {} or "problem" in answer:
                    self._end(**answer)
                    return
                if isinstance(answer, list):
                    self._require_short(answer[0], len(line), len(answer[1]))
                yield answer
            problem = f"takes more than {limits.unpacked_megabytes:,} MB, or ten minutes, to read"
            raise self.beyond(problem, "unpacked_megabytes")
        finally:
            worker.kill()
            worker.stdout.close()
            worker.wait()

    def _end(self, problem: str = "") -> None:
        if problem:
            remedy = "Correct `sheet`, or save the file again without a password, or as CSV"
            raise self.broken(f"{self.file} {problem}", remedy)

    def _require_short(self, number: int, size: int, columns: int) -> None:
        limits = self.form.limits
        if size > limits.row_bytes:
            problem = f"has more than {limits.row_megabytes} MB in row {number}"
            raise self.beyond(problem, "row_megabytes")
        if columns > limits.row_keys:
            problem = f"has {columns:,} columns, and {limits.row_keys:,} are allowed"
            raise self.beyond(problem, "row_keys")

    def _records(self, rows: list[Row]) -> Records:
        wrong = {number: self._problem(cells) for number, cells in rows}
        good = [row for row in rows if not wrong[row[0]]]
        rejects = tuple(
            Reject(number, "", wrong[number], self._original(cells))
            for number, cells in rows
            if wrong[number]
        )
        columns, numbers = {}, {}
        for name in (name for name in self.needed if name in self.columns):
            place = self.columns.index(name)
            cells = [row[place] if place < len(row) else None for _, row in good]
            columns[name] = _column(cells)
            if any(cell and cell[0] == "number" for cell in cells):
                numbers[name] = pa.array([bool(cell and cell[0] == "number") for cell in cells])
        columns = columns or {"": pa.nulls(len(good))}
        lines = np.array([number for number, _ in good], int)
        return Records(
            pa.table(columns), lines, lambda row: self._original(good[row][1]), rejects, numbers
        )

    def _problem(self, cells: list[Cell]) -> str:
        """Say what is wrong with a row; an empty text if nothing is."""
        if any(cells[len(self.columns) :]):
            return "has too many fields"
        for name, cell in zip(self.columns, cells, strict=False):
            if name in self.needed and cell and cell[0] == "number" and _is_overlong(cell[1]):
                return f"has a number in {name!r} of which spreadsheets lose digits: make it a text"
        return ""

    def _original(self, cells: list[Cell]) -> str:
        return json.dumps([cell and cell[1] for cell in cells], ensure_ascii=False)


def _is_overlong(number: str) -> bool:
    """Return whether a number has more digits than a spreadsheet keeps: others may look like it."""
    return len(number) > DIGITS and abs(float(number)) > 2**DIGITS_IN_BITS


def _column(cells: list[Cell]) -> pa.Array:
    """Make cells dates and times if all that are filled are such, and otherwise texts."""
    kinds = {cell[0] for cell in cells if cell}
    if kinds == {"moment"}:
        moments = [cell and datetime.fromisoformat(cell[1]) for cell in cells]
        return pa.array(moments, pa.timestamp("us"))
    return pa.array([cell and cell[1] for cell in cells], pa.string())
