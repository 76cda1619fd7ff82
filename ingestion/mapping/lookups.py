"""Second tables in which a column's value is found by a key."""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import Column
from ingestion.mapping.declarations import ColumnMapping, Lookup
from ingestion.mapping.expressions import evaluate
from ingestion.mapping.records import Records


def lookup_table(lookup: Lookup, parts: Iterable[Records]) -> pa.Table:
    """Return the columns `key` and `value` of a second table; rows without a key are left out."""
    key = ColumnMapping(Column("key"), "join", lookup.key, separator=lookup.separator)
    value = ColumnMapping(Column("value"), "from", (lookup.value,))
    tables = [pa.table({"key": pa.array([], pa.string()), "value": pa.array([], pa.string())})]
    for records in parts:
        columns = {"key": evaluate(key, records, {}), "value": evaluate(value, records, {})}
        tables.append(pa.table(columns).filter(pc.field("key").is_valid()))
    return pa.concat_tables(tables).combine_chunks()
