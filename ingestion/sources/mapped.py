"""One section of a source that is mapped: its records, block by block, as extracts.

Where records come from belongs to the kinds of sources.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from ingestion.contract import Entity
from ingestion.mapping.apply import MappedRows, map_records
from ingestion.mapping.declarations import EntityMapping
from ingestion.mapping.expressions import Lookups
from ingestion.mapping.groups import Groups
from ingestion.mapping.records import Records
from ingestion.sources.base import Extract, Leaving, Reject, arrow_schema

TORN = "has a line that can't be read, and the sum of its other lines would be a wrong one"


@dataclass(frozen=True, kw_only=True)
class DeclaredEntity:
    """One section of a source: what fills an entity, and how.

    `section` names it among those of the source that fill the entity. `is_complete` says that it
    brings every row of the entity that there is. One that `removes` brings none: its records name
    rows that leave.
    """

    section: str
    mapping: EntityMapping
    is_complete: bool = False
    removes: bool = False

    @property
    def table(self) -> Entity:
        """The entity that is filled."""
        return self.mapping.entity


def tables_of(entities: Iterable[DeclaredEntity]) -> tuple[Entity, ...]:
    """Return the entities that some sections fill, each once."""
    return tuple({each.table.name: each.table for each in entities}.values())


@dataclass
class MappedSection:
    """The records of a section; of one that folds, the rows are known when all were read."""

    section: str
    mapping: EntityMapping
    lookups: Lookups
    overrides: bool = False
    removes: bool = False
    groups: Groups | None = field(init=False)

    def __post_init__(self) -> None:
        self.groups = Groups(self.mapping) if self.mapping.folds else None

    def extract(self, file: str, records: Records, is_append: bool) -> Extract:
        """Return the rows of some records of a file, or what becomes of them."""
        rows = map_records(self.mapping, records, self.lookups)
        rows = _removals(self.mapping.entity, rows) if self.removes else rows
        batch, folded, leaving = rows.batch, 0, rows.leaving
        if self.groups is not None:
            self.groups.add(file, batch, rows.torn)
            batch = arrow_schema(self.mapping.entity).empty_table()
            folded = rows.received - len(rows.rejects) - rows.filtered
            leaving = leaving and leaving.before_all_rows()
        return Extract(
            self.mapping.entity,
            file,
            batch,
            rows.rejects,
            rows.received,
            folded=folded,
            is_append=is_append,
            emptied=rows.emptied,
            filtered=rows.filtered,
            leaving=leaving,
            section=self.section,
            overrides=self.overrides,
        )

    def finish(self) -> Iterator[Extract]:
        """Yield the groups, each under the file in which its first line was.

        One that lacks a line is a reject, as that line is.
        """
        if self.groups is None:
            return
        for file, batch, torn in self.groups.rows():
            yield Extract(
                self.mapping.entity,
                file,
                batch,
                tuple(map(_torn, torn.to_pylist())),
                0,
                folded=-batch.num_rows - torn.num_rows,
                section=self.section,
                overrides=self.overrides,
            )


def nothing_of(
    table: Entity, file: str, is_append: bool, state: Mapping[str, Any] | None = None
) -> Extract:
    """Return an extract without rows: a file is being read, or the source's new state."""
    nothing = arrow_schema(table).empty_table()
    return Extract(table, file, nothing, (), 0, state, is_append=is_append)


def _removals(entity: Entity, rows: MappedRows) -> MappedRows:
    """Return rows as what leaves; what doesn't meet the conditions says nothing of any row."""
    keys = rows.batch.select(entity.key)
    before = pa.array([0] * keys.num_rows, pa.int64())
    return replace(
        rows,
        batch=arrow_schema(entity).empty_table(),
        filtered=rows.filtered + keys.num_rows,
        leaving=Leaving(keys, before, everywhere=True),
    )


def _torn(key: Mapping[str, Any]) -> Reject:
    """Return the reject of a group that lacks a line."""
    names, value = ", ".join(key), ", ".join(map(str, key.values()))
    return Reject(None, names, TORN, value, value=value)
