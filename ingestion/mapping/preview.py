"""What a mapping makes of the first records of a source, before anything is loaded."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import numpy as np

from ingestion.errors import SourceError
from ingestion.mapping.apply import map_records, own_records
from ingestion.mapping.declarations import ColumnMapping, EntityMapping
from ingestion.mapping.expressions import Lookups
from ingestion.mapping.records import Records, plain
from ingestion.mapping.reshaping import reshaped
from ingestion.rows import Emptied, Reject

QUARANTINED = "to quarantine: "
EMPTIED = "left empty: "


@dataclass(frozen=True)
class Cell:
    """One column of a row: what it is made from, as received, and as mapped."""

    column: str
    origin: str
    received: str | None
    mapped: str | None


@dataclass(frozen=True)
class Row:
    """A record that is the entity's, column by column."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Finding:
    """A value that can't be read: of one record, or of the first of `count` records."""

    line: int | None
    field: str
    value: str | None
    reason: str
    count: int = 1


@dataclass(frozen=True)
class Preview:
    """The first rows, and what would not be loaded of all the records that were looked at.

    `filtered` of the received are not the entity's.
    """

    rows: tuple[Row, ...]
    received: int
    filtered: int
    quarantined: tuple[Finding, ...]
    emptied: tuple[Finding, ...]


@dataclass(frozen=True)
class SectionPreview:
    """The beginning of the first file (or endpoint) of an entity's section, or why it has none.

    `others` counts the files of the section that were not looked at; `is_whole` says that the
    file has no more records than those; `folds` says how several rows become one, if they do;
    `removes` that rows with these keys leave.
    """

    entity: str
    file: str
    others: int
    is_whole: bool = False
    folds: str = ""
    preview: Preview | None = None
    problem: SourceError | None = None
    removes: bool = False


def preview(mapping: EntityMapping, records: Records, lookups: Lookups, rows: int) -> Preview:
    """Map records; show the first `rows` of them, and what of all can't be read."""
    whole = map_records(mapping, records, lookups)
    shaped = reshaped(mapping, records)
    kept, is_own, _, _ = own_records(mapping, shaped)
    own = replace(kept.take(np.flatnonzero(is_own)), rejects=())
    alone = replace(mapping, where=(), split=None, unpivot=None)
    return Preview(
        tuple(_row(alone, each, lookups) for each in _one_by_one(own, range(min(own.size, rows)))),
        whole.received,
        whole.filtered,
        tuple(_rejected(each) for each in whole.rejects),
        tuple(_left_empty(alone, own, each, lookups) for each in whole.emptied),
    )


def joined(previews: Sequence[Preview], rows: int) -> Preview:
    """Return what was found in one block of records after the other."""
    emptied: dict[tuple[str, str], Finding] = {}
    for each in (found for one in previews for found in one.emptied):
        first = emptied.get((each.field, each.reason), replace(each, count=0))
        emptied[each.field, each.reason] = replace(first, count=first.count + each.count)
    return Preview(
        tuple(row for one in previews for row in one.rows)[:rows],
        sum(one.received for one in previews),
        sum(one.filtered for one in previews),
        tuple(found for one in previews for found in one.quarantined),
        tuple(emptied.values()),
    )


def _row(mapping: EntityMapping, record: Records, lookups: Lookups) -> Row:
    mapped = map_records(mapping, record, lookups)
    values = mapped.batch.to_pylist()[0] if mapped.batch.num_rows else {}
    words = {each.field: EMPTIED + each.reason for each in mapped.emptied}
    words |= {each.field: QUARANTINED + each.reason for each in mapped.rejects}
    cells = {
        column.target.name: Cell(
            column.target.name,
            ", ".join(_origin(column)),
            _received(column, record),
            words.get(column.target.name, written(values.get(column.target.name))),
        )
        for column in mapping.columns_and_time
    }
    cells |= {name: Cell(name, "", None, text) for name, text in words.items() if name not in cells}
    return Row(int(record.lines[0]), tuple(cells.values()))


def _rejected(found: Reject) -> Finding:
    """Name the value that was received, or the whole record if it has no columns."""
    value = found.value if found.field else found.original
    return Finding(found.line, found.field, value, found.reason)


def _left_empty(
    mapping: EntityMapping, records: Records, found: Emptied, lookups: Lookups
) -> Finding:
    """Name the value that was received, by the one of a line's records that it is in."""
    empty = f"{EMPTIED}{found.reason}"
    values = (
        cell.received
        for record in _one_by_one(records, np.flatnonzero(records.lines == found.line))
        for cell in _row(mapping, record, lookups).cells
        if (cell.column, cell.mapped) == (found.field, empty)
    )
    return Finding(found.line, found.field, next(values, None), found.reason, found.count)


def _one_by_one(records: Records, rows: Iterable[int]) -> Iterator[Records]:
    return (records.take(np.array([row])) for row in rows)


def _received(column: ColumnMapping, record: Records) -> str | None:
    if column.origin == "row_number":
        return str(record.lines[0])
    texts = [_text(record, name) for name in column.looked_at]
    if len(texts) > 1:
        return ", ".join(text or "" for text in texts)
    return texts[0] if texts else None


def _origin(column: ColumnMapping) -> Iterator[str]:
    if column.origin == "row_number":
        yield "number of the line"
    yield from column.looked_at or ["a constant"]


def _text(record: Records, name: str) -> str | None:
    return written(plain(record.column(name)[0])) if record.size else None


def written(value: object) -> str | None:
    """Return a value as a preview shows it."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)
