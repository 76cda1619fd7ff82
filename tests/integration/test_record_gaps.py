"""Risk: records count nowhere, since they lack something, and nobody is told."""

import pytest

from orchestration.gaps import Gaps, gaps
from tests.fixtures.dbt_build import DbtWarehouse

pytestmark = pytest.mark.postgres

AS_OF = {"as_of": "2025-07-10T00:00:00Z"}
LOADED_AT = "2025-07-01T00:00:00Z"


def test_records_without_person_rate_or_parent_are_counted(warehouse: DbtWarehouse) -> None:
    assert gaps(warehouse.url) == []
    warehouse.load("customers", [{"customer_id": "ann"}], LOADED_AT)
    order = {"ordered_at": "2025-06-01", "gross_amount": 10}
    orders = [
        {"order_id": "euros", "customer_id": "ann", **order},
        {"order_id": "dollars", "customer_id": "ann", **order, "currency": "USD"},
        {"order_id": "pounds", "customer_id": "zoe", **order, "currency": "GBP"},
    ]
    warehouse.load("orders", orders, LOADED_AT)
    rate = {"currency": "USD", "rate_date": "2025-06-01", "rate": 0.9}
    warehouse.load("exchange_rates", [rate], LOADED_AT)
    refund = {"order_id": "euros", "refunded_at": "2025-06-02", "amount": 1}
    refunds = [
        {"refund_id": "1", **refund, "currency": "USD"},
        {"refund_id": "2", **refund, "currency": "GBP"},
        {"refund_id": "3", **refund, "order_id": "lost"},
    ]
    warehouse.load("refunds", refunds, LOADED_AT)
    lines = [{"order_id": order_id, "line_id": "1"} for order_id in ("euros", "lost")]
    warehouse.load("order_lines", lines, LOADED_AT)
    message = {"sent_at": "2025-06-01", "direction": "inbound", "is_public": False}
    messages = [
        {"message_id": "1", "ticket_id": "t", **message},
        {"message_id": "2", "ticket_id": "lost", **message},
        {"message_id": "3", **message},
    ]
    warehouse.load("messages", messages, LOADED_AT)
    warehouse.load("tickets", [{"ticket_id": "t", "created_at": "2025-06-01"}], LOADED_AT)
    warehouse.build("+int_record_gaps", **AS_OF)
    found = {each.entity: each for each in gaps(warehouse.url)}
    assert found["order_lines"] == Gaps("shop", "order_lines", None, None, 1)
    # the euros' amount isn't known any more, since a refund of them is in pounds
    assert (found["orders"].without_rate, found["orders"].without_parent) == (2, None)
    assert (found["refunds"].without_rate, found["refunds"].without_parent) == (1, 1)
    assert found["messages"].without_parent == 1
