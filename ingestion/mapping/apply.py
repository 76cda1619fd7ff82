"""Records made into an entity's rows, and what of them can't be.

A record without a column that its row must have is rejected. What else can't be read is left out
of its row, and told.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import Column
from ingestion.mapping import conditions
from ingestion.mapping.columns import read
from ingestion.mapping.convert.types import Failures, failure
from ingestion.mapping.declarations import EntityMapping
from ingestion.mapping.expressions import Lookups
from ingestion.mapping.groups import IS_OWN
from ingestion.mapping.records import Records, plain
from ingestion.mapping.reshaping import reshaped
from ingestion.rows import Emptied, Leaving, Reject, arrow_schema, key_schema

LONGEST_VALUE = 80

# By column: which records fail (a mask), the column's name, and the reason.
NamedFailures = list[tuple[np.ndarray, str, str]]


@dataclass(frozen=True)
class MappedRows:
    """Good rows in the entity's schema, rejects, and how many records there were.

    `filtered` of them are not the entity's; `leaving` has the keys of these. Of a mapping with
    `latest_by` the batch has two further columns: that time, and `IS_OWN`. It then also has the
    records that are not the entity's: one may be the latest of its key. Of a mapping that sums,
    `torn` has the keys of the records that can't be read: what the others add up to is wrong.
    """

    batch: pa.Table
    rejects: tuple[Reject, ...]
    received: int
    emptied: tuple[Emptied, ...] = ()
    filtered: int = 0
    leaving: Leaving | None = None
    torn: pa.Table | None = None


def map_records(mapping: EntityMapping, records: Records, lookups: Lookups) -> MappedRows:
    """Apply an entity's mapping to records; `lookups` as in `expressions.evaluate`."""
    given = reshaped(mapping, records)
    records, is_own, kept, others = own_records(mapping, given)
    schema = arrow_schema(mapping.entity)
    values = {field.name: pa.nulls(records.size, field.type) for field in schema}
    failures: dict[Column, Failures] = {}
    for column in mapping.columns_and_time:
        target = column.target
        values[target.name], failures[target] = read(column, mapping, records, lookups)
    fatal, lesser = _by_weight(failures, values)
    fatal += _missing(mapping.entity.columns, values)
    values = _without_failed(lesser, values)
    if mapping.latest_by:
        values[IS_OWN] = pa.array(is_own)
    batch, rejects = pa.table(values), records.rejects
    bad = _bad(mapping, fatal, is_own)
    if bad.any():
        origins = {each.target.name: each.looked_at for each in mapping.columns_and_time}
        rejects += tuple(_rejects(records, fatal, np.flatnonzero(bad & is_own), origins))
        batch, kept = batch.filter(pa.array(~bad)), kept[~bad]
    emptied = tuple(_emptied(records, lesser, is_own & ~bad))
    leaving = _leaving(mapping, given.take(others), lookups, np.searchsorted(kept, others))
    received = given.size + len(given.rejects)
    torn = None
    if mapping.sums and len(kept) + len(others) < given.size:
        unread = np.setdiff1d(np.arange(given.size), np.union1d(kept, others))
        torn = _keys(mapping, given.take(unread), lookups)[0].drop_null()
    return MappedRows(batch, rejects, received, emptied, len(others), leaving, torn)


def own_records(
    mapping: EntityMapping, records: Records
) -> tuple[Records, np.ndarray, np.ndarray, np.ndarray]:
    """Keep the records that meet the conditions; reject those for which that can't be decided.

    Where the latest of a key counts, the others are kept, too. Also return which are the entity's,
    the positions of those that are kept, and the positions of the others.
    """
    if not mapping.where:
        return records, np.full(records.size, True), np.arange(records.size), np.arange(0)
    met, reasons = conditions.judge(mapping, records)
    failures = [(mask, name, reason) for name, failed in reasons for mask, reason in failed]
    undecided = np.flatnonzero(np.asarray(pc.is_null(met)))
    is_own = np.asarray(pc.fill_null(met, False))
    is_kept = np.asarray(pc.is_valid(met)) if mapping.latest_by else is_own
    rejects = (*records.rejects, *_rejects(records, failures, undecided, {}))
    kept, others = np.flatnonzero(is_kept), np.flatnonzero(np.asarray(pc.is_valid(met)) & ~is_own)
    return replace(records.take(kept), rejects=rejects), is_own[is_kept], kept, others


def _by_weight(
    failures: dict[Column, Failures], values: dict[str, pa.Array]
) -> tuple[NamedFailures, NamedFailures]:
    """Part the failures that take the whole record with them from those of one value."""
    fatal: NamedFailures = []
    lesser: NamedFailures = []
    for target, failed in failures.items():
        is_needed = _is_needed(target, values)
        for mask, reason in failed:
            fatal.append((mask & is_needed, target.name, reason))
            lesser.append((mask & ~is_needed, target.name, reason))
    return fatal, [each for each in lesser if each[0].any()]


def _is_needed(target: Column, values: dict[str, pa.Array]) -> np.ndarray:
    """Return which rows can't be without a column."""
    is_always = target.required or target.is_decisive
    if target.required_with and not is_always:
        return np.asarray(pc.is_valid(values[target.required_with]))
    return np.full(len(values[target.name]), is_always)


def _bad(mapping: EntityMapping, fatal: NamedFailures, is_own: np.ndarray) -> np.ndarray:
    """Return which records can't be used; of others than the entity's, key and time are enough."""
    time = (mapping.latest_by.target.name,) if mapping.latest_by else ()
    used = {*mapping.entity.key, *time}
    bad = np.full(len(is_own), False)
    for mask, name, _ in fatal:
        bad |= mask if name in used else mask & is_own
    return bad


def _missing(
    columns: Iterable[Column], values: dict[str, pa.Array]
) -> Iterator[tuple[np.ndarray, str, str]]:
    """Yield what is missing because another column is filled."""
    for column in columns:
        if column.required_with:
            is_missing = pc.is_null(values[column.name])
            needs_it = pc.is_valid(values[column.required_with])
            reason = f"is required where {column.required_with} is filled, and empty"
            for mask, words in failure(pc.and_(is_missing, needs_it), reason):
                yield mask, column.name, words


def _without_failed(lesser: NamedFailures, values: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """Empty the values that failed alone."""
    kept = dict(values)
    for mask, name, _ in lesser:
        kept[name] = pc.if_else(pa.array(mask), None, kept[name])
    return kept


def _emptied(records: Records, lesser: NamedFailures, is_good: np.ndarray) -> Iterator[Emptied]:
    """Count what was left out of good rows, by column and reason, with the first of each."""
    for mask, name, reason in lesser:
        rows = np.flatnonzero(mask & is_good)
        if rows.size:
            first = int(rows[0])
            line, original = int(records.lines[first]), records.original(first)
            yield Emptied(name, reason, int(rows.size), line, original)


def _leaving(
    mapping: EntityMapping, records: Records, lookups: Lookups, before: np.ndarray
) -> Leaving | None:
    """Return the keys of records that are not the entity's; one that can't be read is nobody's."""
    if not records.size:
        return None
    keys, readable = _keys(mapping, records, lookups)
    return Leaving(keys.filter(pa.array(readable)), pa.array(before[readable]))


def _keys(
    mapping: EntityMapping, records: Records, lookups: Lookups
) -> tuple[pa.Table, np.ndarray]:
    """Return the keys of records, and which of them can be read."""
    schema = key_schema(mapping.entity)
    values, readable = {}, np.ones(records.size, dtype=bool)
    for column in mapping.columns:
        if column.target.name in schema.names:
            values[column.target.name], failed = read(column, mapping, records, lookups)
            for mask, _ in failed:
                readable &= ~mask
    return pa.table({name: values[name] for name in schema.names}, schema=schema), readable


def _rejects(
    records: Records,
    failures: NamedFailures,
    bad: Iterable[int],
    origins: Mapping[str, tuple[str, ...]],
) -> Iterator[Reject]:
    """Name for each bad record the first thing that is wrong with it, as the source has it.

    `origins` are the columns of records that each column is made of.
    """
    for row in bad:
        name, reason = next((name, reason) for mask, name, reason in failures if mask[row])
        line, original = int(records.lines[row]), records.original(int(row))
        columns = origins.get(name) or (name,)
        found = [plain(records.column(column)[int(row)]) for column in columns]
        texts = ["" if each is None else str(each)[:LONGEST_VALUE] for each in found]
        value = ", ".join(texts) if any(texts) else None
        yield Reject(line, name, reason, original, ", ".join(columns), value)
