"""Risk: the mapping language serves files only, or loses records of other sources."""

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa

from ingestion.mapping.apply import map_records
from ingestion.mapping.declarations import Notation
from ingestion.mapping.records import Records
from ingestion.mapping.settings.entities import EntitySection
from ingestion.rows import Reject

ORDERS = {
    "entity": "orders",
    "where": [{"column": "state", "is_not": "draft"}],
    "columns": {
        "order_id": "id",
        "ordered_at": {"from": "at"},
        "gross_amount": {"multiply": ["cents", 0.01]},
        "brand": {"from": "shop", "map": {"1": "Acme"}},
        "channel": {"value": "web"},
    },
}


def test_records_of_an_answer_become_rows_and_rejects_and_nothing_is_lost():
    columns = pa.table(
        {
            "id": ["a", "b", "", "d"],
            "at": pa.array([datetime(2024, 1, 2, tzinfo=UTC)] * 4, pa.timestamp("us", "UTC")),
            "cents": pa.array([1999, 5, 7, 1]),
            "shop": ["1", "x", "1", "1"],
            "state": ["paid", "paid", "paid", "draft"],
        }
    )
    unreadable = Reject(5, "", "is not a JSON object", "[]")
    records = Records(columns, np.array([1, 2, 3, 4]), "record {}".format, (unreadable,))
    mapping = EntitySection.model_validate(ORDERS).mapping(Notation(), ())
    mapped = map_records(mapping, records, {})
    names = ("order_id", "gross_amount", "brand", "channel")
    assert [tuple(row[name] for name in names) for row in mapped.batch.to_pylist()] == [
        ("a", Decimal("19.99"), "Acme", "web"),
        ("b", Decimal("0.05"), "x", "web"),
    ]
    empty = Reject(3, "order_id", "is required and empty", "record 2")
    assert mapped.rejects == (unreadable, empty)
    assert mapped.received == 4  # two rows, two rejects; the draft is not the entity's
