"""JSON lines: Arrow parses whole blocks, and `json_objects` line by line what Arrow refuses.

Arrow guesses each type. A text that looks like a time becomes one, and loses its zone and its
spelling; a number beside a fraction, or beyond 64 bits, becomes a float, and loses digits. So
a block is read again with types that change no value. It also makes a column of each key that it
meets, and crashes on what is nested too deep: it is not given blocks that have either.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json as arrow_json

from ingestion.mapping.convert.numbers import is_numeric
from ingestion.mapping.nested import Picked, pick
from ingestion.mapping.objects import ObjectReader
from ingestion.mapping.paths import is_within, selects
from ingestion.mapping.records import Records
from ingestion.rows import Reject
from ingestion.sources.files.readers.base import Reader, Resume, named
from ingestion.sources.files.readers.blocks import Block, RowTooLong, lines_of, newlines
from ingestion.sources.files.readers.json_objects import LineReader
from ingestion.sources.files.readers.nesting import are_flat
from ingestion.sources.files.readers.text import is_resumable

EXACT = pa.decimal256(76, 30)
KEY = re.compile(rb'"([^"\\]*)"\s*:')
# With more keys than these in the sampled lines of a block, others are faster than Arrow.
WIDE = 1_000
SAMPLED_LINES = 16
SAMPLED_BYTES = 65_536

Leaf = Callable[[pa.DataType], pa.DataType | None]


class JsonLinesReader(Reader):
    """Reads one file with a JSON object on each line."""

    row = "line"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.can_resume = is_resumable(self.form.encoding)
        self._objects = 0
        self._rows = 0
        self._found: set[str] = set()
        self._times = pa.schema([])
        paths = [*self.needed, self.form.rows or ""]
        self._heads = {*paths, *(path.partition(".")[0] for path in paths)}
        self._is_by_object = any(map(selects, paths))

    def records(self, resume: Resume | None = None, end: int | None = None) -> Iterator[Records]:
        start = resume or Resume(0, 1)
        yield from self.line_records(self.text(start.offset, end), start)

    def line_records(self, texts: Iterator[bytes], start: Resume) -> Iterator[Records]:
        """Yield the records of lines with an object each."""
        first_reject = None
        try:
            for block in lines_of(texts, start.line, self.form.limits.row_bytes):
                self.next_line = block.first_line + len(newlines(block.text))
                records = self._records(block)
                first_reject = first_reject or next(iter(records.rejects), None)
                yield records
        except RowTooLong as error:
            cause = "it may be a document, and `records` the list of its rows"
            raise self.too_long(error, cause) from None
        if not start.offset:
            self.conclude(first_reject)

    def conclude(self, first_reject: Reject | None) -> None:
        """Raise SourceAnswerBroken unless what is needed was found in one row or another."""
        if first_reject and not self._objects:
            raise self.broken(
                f"{self.file} has no JSON object on {self.row} {first_reject.line}, nor later"
                f" ({self.row} {first_reject.line} {first_reject.reason})",
                "It needs one JSON object a line, or a list of them;"
                " set `format` if it is something else",
            )
        if self._objects:
            self._require()

    def check(self) -> None:
        """Read until all that is needed was found; SourceAnswerBroken if it isn't there."""
        for _ in self.records():
            if self._rows and not self._missing():
                return

    def _require(self) -> None:
        rows = self.form.rows
        if rows and rows not in self._found:
            problem = f"no {self.row} of {self.file} has a list {rows!r}"
            raise self.unlike_mapping(problem, "Correct `rows`")
        if missing := self._missing():
            raise self.unlike_mapping(
                f"no {self.row} of {self.file} has the {named('field', missing)}",
                "Correct the mapping, or mark the column `optional`; if the rows are a list within"
                " a document, set `records` to that list",
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

    def _records(self, block: Block) -> Records:
        lines, filled = block.lines(), block.filled()
        picked = self._parse(block, filled)
        if picked is None:
            limits = self.form.limits
            slowly = LineReader(
                tuple(self.needed), self.form.rows, limits.row_keys, depth=limits.row_depth
            )
            slowly.read(block)
            return self.picked_records(slowly, lines, block.record)
        self._note(picked, len(filled))
        own = filled[picked.parents]
        return Records(
            picked.columns, lines[own], lambda row: block.record(own[row]), (), picked.numbers
        )

    def picked_records(
        self, objects: ObjectReader, lines: np.ndarray, original: Callable[[int], str]
    ) -> Records:
        """Return what was read object by object; `lines` and `original` are by number of object."""
        picked, rejects = objects.picked(), tuple(objects.rejects)
        self._note(picked, objects.objects)
        own = objects.lines()[picked.parents]
        return Records(
            picked.columns, lines[own], lambda row: original(own[row]), rejects, picked.numbers
        )

    def _note(self, picked: Picked, objects: int) -> None:
        self._objects += objects
        self._rows += len(picked.parents)
        self._found |= picked.found

    def _parse(self, block: Block, filled: np.ndarray) -> Picked | None:
        """Parse a block with Arrow; None if it can't, or not without a change.

        Elements of lists are picked object by object: their values often have several types.
        """
        is_flat = not self._is_by_object and are_flat(block, filled, self.form.limits.row_depth)
        if not is_flat or _is_wide(block, filled):
            return None
        try:
            table = self._read_exactly(block)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            return None
        picked = pick(table, tuple(self.needed), self.form.rows)
        if table.num_rows != len(filled) or (self.form.rows or "") not in {"", *picked.found}:
            return None
        columns = {name: picked.columns[name] for name in picked.columns.column_names}
        texts = {name: _as_text(column) for name, column in columns.items()}
        if any(column is None for column in texts.values()):
            return None
        everywhere = pa.repeat(True, len(picked.parents))
        numbers = {name: everywhere for name, each in columns.items() if is_numeric(each.type)}
        return replace(picked, columns=pa.table(texts), numbers=numbers)

    def _read_exactly(self, block: Block) -> pa.Table:
        """Read a block, and again where a type that Arrow guessed would change values.

        Later blocks are read with these times from the start. Not with the decimals: those would
        read the text "007", too.
        """
        table = self._read(block, self._times)
        own = [each for each in table.schema if each.name in self._heads]
        times, decimals = _only(own, _time_as_text), _only(own, _float_as_decimal)
        if not len(times) and not len(decimals):
            return table
        self._times = _merged(self._times, times)
        return self._read(block, _merged(self._times, decimals))

    def _read(self, block: Block, schema: pa.Schema) -> pa.Table:
        return arrow_json.read_json(
            pa.BufferReader(block.text),
            read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(block.text) + 1),
            parse_options=arrow_json.ParseOptions(explicit_schema=schema),
        )


def _is_wide(block: Block, records: np.ndarray) -> bool:
    """Return whether the longest line, or some lines of a block together, have many keys."""
    if not len(records):
        return False
    lengths = block.ends - block.starts
    longest = records[np.argmax(lengths[records])]
    sample = records[:: max(1, len(records) // SAMPLED_LINES)]
    sample = sample[np.cumsum(lengths[sample]) <= SAMPLED_BYTES]
    texts = [block.text[block.starts[each] : block.ends[each]] for each in sample]
    text = block.text[block.starts[longest] : block.ends[longest]]
    if text.count(b":") > WIDE:
        texts.append(text)
    return len({key for each in texts for key in KEY.findall(each)}) > WIDE


def _merged(first: pa.Schema, second: pa.Schema) -> pa.Schema:
    """Return the fields of both schemas, down into nested ones."""
    return pa.unify_schemas([first, second], promote_options="permissive")


def _as_text(values: pa.Array) -> pa.Array | None:
    """Write a column as text; None if the texts would depend on the rows around them.

    A struct of Arrow's has the fields of all its rows, and a decimal writes what is tiny with
    an exponent.
    """
    if pa.types.is_nested(values.type):
        return None
    texts = pc.cast(values, pa.string())
    if not pa.types.is_decimal(values.type):
        return texts
    is_zero = pc.equal(values, pa.scalar(0, EXACT))
    texts = pc.if_else(is_zero, "0", texts)
    if pc.any(pc.match_substring(texts, "E")).as_py():
        return None
    return pc.replace_substring_regex(texts, r"\.0+$|(\.\d*[1-9])0+$", r"\1")


def _time_as_text(kind: pa.DataType) -> pa.DataType | None:
    return pa.string() if pa.types.is_temporal(kind) else None


def _float_as_decimal(kind: pa.DataType) -> pa.DataType | None:
    return EXACT if pa.types.is_floating(kind) else None


def _only(fields: Iterable[pa.Field], leaf: Leaf) -> pa.Schema:
    """Return the fields whose type `leaf` replaces, down into nested ones, with that type."""
    kinds = [(field.name, _kind(field.type, leaf)) for field in fields]
    return pa.schema([(name, kind) for name, kind in kinds if kind is not None])


def _kind(kind: pa.DataType, leaf: Leaf) -> pa.DataType | None:
    if pa.types.is_list(kind):
        inside = _kind(kind.value_type, leaf)
        return None if inside is None else pa.list_(inside)
    if pa.types.is_struct(kind):
        fields = _only(kind, leaf)
        return pa.struct(list(fields)) if len(fields) else None
    return leaf(kind)
