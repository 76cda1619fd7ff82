"""Risk: the mapping language serves files only, or loses records of other sources."""

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

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


@pytest.mark.parametrize(
    "customer",
    [
        {"from": "customer", "map": {"0": ""}},
        {"from": "customer", "pattern": "^([1-9])$", "default": ""},
        {"from": "customer", "map": {"5": "5", "0": ""}, "default": "other"},
        {"from": "customer", "null_values": ["0"]},
    ],
)
def test_an_empty_text_is_no_value_wherever_it_comes_from(customer):
    mapped = mapped_orders({"customer_id": customer, "gross_amount": {"value": 5}})
    assert [row["customer_id"] for row in mapped.batch.to_pylist()] == ["5", None]
    assert not mapped.rejects


def test_a_required_value_that_is_mapped_to_nothing_is_missing():
    mapped = mapped_orders({"gross_amount": {"from": "customer", "null_values": ["0"]}})
    (reject,) = mapped.rejects
    assert (reject.field, reject.reason) == ("gross_amount", "is required and empty")


def mapped_orders(columns):
    """Return what two orders become, of the customers 5 and 0."""
    always = {"order_id": "id", "ordered_at": {"value": datetime(2024, 1, 2, tzinfo=UTC)}}
    section = {"entity": "orders", "columns": {**always, **columns}}
    table = pa.table({"id": ["a", "b"], "customer": ["5", "0"]})
    records = Records(table, np.array([1, 2]), "record {}".format)
    return map_records(EntitySection.model_validate(section).mapping(Notation(), ()), records, {})
