"""Risk: the mapping language serves files only, or loses records of other sources."""

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from ingestion.contract import ENTITIES
from ingestion.mapping.apply import map_records
from ingestion.mapping.declarations import Notation
from ingestion.mapping.records import Records
from ingestion.mapping.settings.entities import EntitySection
from ingestion.rows import Emptied, Reject

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
    empty = Reject(3, "order_id", "is required and empty", "record 2", "id")
    assert mapped.rejects == (unreadable, empty)
    assert (mapped.received, mapped.filtered) == (5, 1)  # the draft is not the entity's
    assert mapped.leaving is not None
    assert mapped.leaving.keys.to_pylist() == [{"order_id": "d"}]


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
    return mapped_records(section, {"id": ["a", "b"], "customer": ["5", "0"]})


def test_an_optional_value_that_cannot_be_read_is_told_and_its_row_stays():
    born = {"entity": "customers", "columns": {"customer_id": "id", "birth_year": "born"}}
    columns = {"id": ["a", "b", "", "d"], "born": ["1893", "1980", "x", "MCM"]}
    mapped = mapped_records(born, columns)
    names = ("customer_id", "birth_year")
    assert [tuple(row[name] for name in names) for row in mapped.batch.to_pylist()] == [
        ("a", None),
        ("b", 1980),
        ("d", None),
    ]
    assert [each.field for each in mapped.rejects] == ["customer_id"]
    assert mapped.emptied == (
        Emptied("birth_year", "is not a whole number", 1, 4, "record 3"),
        Emptied("birth_year", "is less than 1900", 1, 1, "record 0"),
    )


@pytest.mark.parametrize("entity", ["orders", "tickets", "campaign_touches"])
def test_a_row_that_would_count_as_something_else_without_a_value_is_not_loaded(entity):
    """Without its status, an order of a status that nobody mapped would be a completed one."""
    columns = dict.fromkeys(REQUIRED[entity], "id") | {"status": "state"}
    times = {name: {"value": "2024-01-01"} for name in columns if name.endswith("_at")}
    amounts = {name: 1 for name in columns if name.endswith("amount")}
    section = {"entity": entity, "columns": {**columns, **times, **amounts}}
    mapped = mapped_records(section, {"id": ["a", "b"], "state": ["storno", ""]})
    assert [each.field for each in mapped.rejects] == ["status"]
    assert mapped.batch["status"].to_pylist() == [None]


RATINGS = {
    "entity": "satisfaction_ratings",
    "columns": {
        "rating_id": "id",
        "score": "stars",
        "rated_at": "answered",
        "offered_at": "asked",
        "scale_max": 5,
    },
}


def test_a_score_without_its_time_is_in_quarantine_and_an_unanswered_question_is_loaded():
    columns = {
        "id": ["1", "2", "3", "4", "5", "6"],
        "stars": ["5", "5", "", "", "4", "five"],
        "answered": ["", "soon", "", "soon", "2024-01-02", "2024-01-02"],
        "asked": ["2024-01-01", "", "2024-01-01", "2024-01-01", "never", ""],
    }
    mapped = mapped_records(RATINGS, columns)
    assert mapped.batch["rating_id"].to_pylist() == ["3", "4", "5"]
    assert [(each.line, each.field, each.reason) for each in mapped.rejects] == [
        (1, "rated_at", "is required where score is filled, and empty"),
        (2, "rated_at", "is not a time in the expected format"),
        (6, "score", "is not a number"),
    ]
    assert [(each.line, each.field) for each in mapped.emptied] == [
        (4, "rated_at"),
        (5, "offered_at"),
    ]


REQUIRED = {
    name: [column.name for column in entity.columns if column.required]
    for name, entity in ENTITIES.items()
}


def mapped_records(section, columns):
    """Return what records become, by one section of concord.toml."""
    size = len(columns["id"])
    records = Records(pa.table(columns), np.arange(1, size + 1), "record {}".format)
    return map_records(EntitySection.model_validate(section).mapping(Notation(), ()), records, {})
