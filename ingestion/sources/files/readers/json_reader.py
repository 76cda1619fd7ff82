"""JSON files of every shape: an object on each line, one list of objects, a list in a document."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np

from ingestion.mapping.objects import ObjectReader, written
from ingestion.mapping.records import Records
from ingestion.sources.files.readers.base import Resume
from ingestion.sources.files.readers.json_documents import (
    BeyondLimit,
    BrokenDocument,
    Document,
    is_document,
    is_part_of_list,
)
from ingestion.sources.files.readers.json_lines import JsonLinesReader


class JsonReader(JsonLinesReader):
    """Reads one JSON file; in a document, a row's line is its number, from 1."""

    def records(self, resume: Resume | None = None, end: int | None = None) -> Iterator[Records]:
        start = resume or Resume(0, 1)
        texts = self.text(start.offset, end)
        beginning = next(texts, b"")
        texts = chain([beginning], texts)
        if start.offset or not (self.form.records or is_document(beginning)):
            if is_part_of_list(beginning):
                raise self.broken(
                    f"{self.file} has commas between its objects, and no list around them",
                    "Export them as a list in [ ], or one a line without commas",
                )
            yield from self.line_records(texts, start)
            return
        self.row, self.can_resume = "row", False
        yield from self._document_records(Document(texts, self._place(beginning), self.form.limits))
        if self.form.records and not self._objects:
            self._require_list(self.form.records, end)

    def _place(self, beginning: bytes) -> str:
        """Return where the rows of a document are, as ijson has it."""
        if self.form.records:
            return f"{self.form.records}.item"
        return "item" if beginning.lstrip().startswith(b"[") else ""

    def _document_records(self, document: Document) -> Iterator[Records]:
        first_reject = None
        try:
            for values in document.batches():
                records = self._records_of(values)
                first_reject = first_reject or next(iter(records.rejects), None)
                yield records
        except BeyondLimit as error:
            raise self.beyond(f"{error.problem}, at about line {error.line}", error.limit) from None
        except BrokenDocument as error:
            raise self.broken(
                f"{self.file} {error.problem}, at about line {error.line}",
                "Export or copy the file again; nothing of it was loaded",
            ) from None
        self.conclude(first_reject)

    def _records_of(self, values: list[Any]) -> Records:
        objects = ObjectReader(tuple(self.needed), self.form.rows, self.form.limits.row_keys)
        objects.read_parsed(values, self.next_line)
        lines = self.next_line + np.arange(len(values))
        self.next_line += len(values)
        return self.picked_records(objects, lines, lambda row: written(values[row]))

    def _require_list(self, path: str, end: int | None) -> None:
        """Tell a list without elements from one that isn't there."""
        if not Document(self.text(0, end), "", self.form.limits).has_list(path):
            raise self.unlike_mapping(f"{self.file} has no list {path!r}", "Correct `records`")
