"""One row per key from many lines: orders from their lines, or the latest state of a ticket.

A sum has all its lines or is none: what some lines of an order add up to is no amount of it.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.mapping.declarations import EntityMapping
from ingestion.rows import arrow_schema

FILE = "_file"
LINE = "_line"
IS_OWN = "_is_own"
COMPACT_AT = 2_000_000


class Groups:
    """Collects lines and folds them by the entity's key, or keeps the latest of each key.

    Only one row per key is kept, so memory grows with the keys, not with the lines.
    """

    def __init__(self, entity: EntityMapping) -> None:
        self.key = list(entity.entity.key)
        self.names = list(entity.entity.column_names)
        self.time = entity.latest_by.target.name if entity.latest_by else None
        given = {column.target.name: column.aggregate for column in entity.columns}
        self.aggregates = {
            name: given.get(name) or "last" for name in self.names if name not in self.key
        }
        self.unknown = {
            column.target.name
            for column in entity.columns
            if column.aggregate == "sum" and not column.target.is_decisive
        }
        self.files: list[str] = []
        self.torn = arrow_schema(entity.entity).empty_table().select(self.key)
        self.pending: list[pa.Table] = []
        self.compact_at = COMPACT_AT

    def add(self, file: str, lines: pa.Table, torn: pa.Table | None = None) -> None:
        """Add lines of a file; `torn` has the keys of those that can't be read."""
        if torn is not None:
            self.torn = pa.concat_tables([self.torn, torn])
        if file not in self.files:
            self.files.append(file)
        number = pa.repeat(pa.scalar(len(self.files) - 1, pa.int32()), lines.num_rows)
        self.pending.append(self._fold(lines.append_column(FILE, number)))
        if sum(table.num_rows for table in self.pending) > self.compact_at:
            self._compact()

    def rows(self) -> Iterator[tuple[str, pa.Table, pa.Table]]:
        """Yield the groups by the file in which their first line was, or the latest is.

        Beside them are the keys of groups that lack a line, since it can't be read.
        """
        self._compact()
        for folded in map(self._own, self.pending):
            is_torn = self._is_torn(folded)
            for number, file in enumerate(self.files):
                is_here = pc.equal(folded[FILE], number)
                whole = folded.filter(pc.and_not(is_here, is_torn)).select(self.names)
                torn = folded.filter(pc.and_(is_here, is_torn)).select(self.key)
                if whole.num_rows or torn.num_rows:
                    yield file, whole, torn

    def _is_torn(self, folded: pa.Table) -> pa.Array:
        if not self.torn.num_rows:
            return pa.repeat(False, folded.num_rows)
        numbers = pa.array(np.arange(folded.num_rows))
        numbered = folded.select(self.key).append_column(LINE, numbers)
        found = numbered.join(self.torn, self.key, join_type="left semi")[LINE]
        return pc.is_in(numbers, found.combine_chunks())

    def _own(self, folded: pa.Table) -> pa.Table:
        """Leave out keys of which the latest line is not the entity's."""
        return folded if self.time is None else folded.filter(folded[IS_OWN])

    def _compact(self) -> None:
        if len(self.pending) > 1:
            self.pending = [self._fold(pa.concat_tables(self.pending))]
            self.compact_at = max(COMPACT_AT, 2 * self.pending[0].num_rows)

    def _fold(self, lines: pa.Table) -> pa.Table:
        return self._summed(lines) if self.time is None else self._latest(lines, self.time)

    def _latest(self, lines: pa.Table, time: str) -> pa.Table:
        """Keep the latest line of each key; of lines with the same time the last counts."""
        numbered = lines.append_column(LINE, pa.array(np.arange(lines.num_rows)))
        order = pc.sort_indices(numbered, [(time, "ascending"), (LINE, "ascending")])
        rank = np.empty(lines.num_rows, np.int64)
        rank[np.asarray(order)] = np.arange(lines.num_rows)
        ranked = lines.select(self.key).append_column(LINE, pa.array(rank))
        last = ranked.group_by(self.key).aggregate([(LINE, "max")])[f"{LINE}_max"]
        return lines.take(order.take(last.combine_chunks()))

    def _summed(self, lines: pa.Table) -> pa.Table:
        wanted = [(name, how, self._options(name, how)) for name, how in self.aggregates.items()]
        # first and last depend on the order of the lines, which only one thread keeps
        grouped = self._comparable(lines).group_by(self.key, use_threads=False)
        folded = grouped.aggregate([*wanted, (FILE, "min")])
        columns = {name: folded[name] for name in self.key}
        columns |= {name: folded[f"{name}_{how}"] for name, how in self.aggregates.items()}
        columns[FILE] = folded[f"{FILE}_min"]
        return pa.table(columns).select([*self.names, FILE]).cast(lines.schema)

    def _options(self, name: str, how: str) -> pc.ScalarAggregateOptions | None:
        """Return how empty values count: a sum with one that is unknown is unknown."""
        if how in ("first", "last"):
            return None
        return pc.ScalarAggregateOptions(skip_nulls=name not in self.unknown, min_count=1)

    def _comparable(self, lines: pa.Table) -> pa.Table:
        """Write decimals as text where the first or last is wanted: Arrow can't aggregate those."""
        for position, field in enumerate(lines.schema):
            picks = self.aggregates.get(field.name) in ("first", "last")
            if picks and pa.types.is_decimal(field.type):
                texts = lines[field.name].cast(pa.string())
                lines = lines.set_column(position, field.name, texts)
        return lines
