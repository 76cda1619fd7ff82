"""Second tables in which a column's value is found by a key."""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import Column
from ingestion.mapping.declarations import ColumnMapping, Lookup, Part
from ingestion.mapping.expressions import evaluate
from ingestion.mapping.records import Records


def lookup_table(lookup: Lookup, parts: Iterable[Records]) -> pa.Table:
    """Return the columns `key` and `value` of a second table; rows without a key are left out."""
    key = tuple(map(Part, lookup.key))
    columns = (
        ColumnMapping(Column("key"), "join", key, lookup.separator),
        ColumnMapping(Column("value"), "first_of", (Part(lookup.value),)),
    )
    tables = [pa.table({"key": pa.array([], pa.string()), "value": pa.array([], pa.string())})]
    for records in parts:
        texts = {each.target.name: evaluate(each, records, {})[0] for each in columns}
        tables.append(pa.table(texts).filter(pc.field("key").is_valid()))
    return pa.concat_tables(tables).combine_chunks()
