"""Risk: an order of a Medusa shop, or money that went back, is missed or means something else here.

The vendor's answers follow https://docs.medusajs.com/api/admin and the types of version 2 of its
source (read in November 2026).
"""

import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import serving
from tests.fixtures.vendor_api import Listing, Pages, Turn, Vendor, basic, position

SECTION = {
    "kind": "medusa",
    "address": "{url}",
    "api_key": "sk_a-key",
    "start_date": "2026-03-01",
}
PLACED = "2026-05-01T08:00:00.000Z"
CUSTOMER = {
    "id": "cus_1",
    "email": "ann@example.com",
    "phone": None,
    "has_account": False,
    "created_at": PLACED,
    "updated_at": PLACED,
}
ITEM = {
    "id": "item_1",
    "product_id": "prod_1",
    "title": "Blue",
    "product_title": "Mug",
    "quantity": 2,
    "unit_price": 22.5,
}


def vendor() -> Vendor:
    """Return a shop with an order, of which a part was refunded."""
    pages = Pages(position("offset"), around=counted)
    created, until = ("created_at[$gte]", "created_at"), "created_at[$lt]"
    updated = ("updated_at[$gte]", "updated_at")
    shop = Vendor(
        (
            Listing("orders", "/admin/orders", "orders", pages, created, size=100, until=until),
            Listing("customers", "/admin/customers", "customers", pages, updated, size=100),
        ),
        basic("sk_a-key", ""),
    )
    order(shop, "order_1")
    shop.put("customers", CUSTOMER)
    return shop


def counted(turn: Turn) -> dict[str, Any]:
    return {"count": turn.total, "offset": turn.start, "limit": 100}


def transaction(name: str, amount: float, reference: str) -> dict[str, Any]:
    at = "2026-05-04T10:00:00.000Z"
    given = {"id": name, "amount": amount, "reference": reference, "created_at": at}
    return {**given, "currency_code": "eur", "reference_id": "pay_1"}


def order(shop: Vendor, name: str, **changed: Any) -> None:
    given: dict[str, Any] = {
        "id": name,
        "status": "pending",
        "customer_id": "cus_1",
        "currency_code": "eur",
        "created_at": PLACED,
        "updated_at": PLACED,
        "summary": {
            "original_order_total": 49.9,
            "current_order_total": 39.9,
            "paid_total": 49.9,
            "refunded_total": 10,
        },
        "metadata": {"brand": "Acme"},
        "sales_channel": {"id": "sc_1", "name": "Web"},
        "items": [ITEM],
        "transactions": [
            transaction("ordtrx_1", 49.9, "capture"),
            transaction("ordtrx_2", -10, "refund"),
        ],
    }
    shop.put("orders", given | changed)


@pytest.fixture
def shop():
    with serving(vendor()) as shop:
        yield shop


def test_an_order_has_its_amount_before_returns(shop):
    assert load(source_of(shop, SECTION)).one("orders") == {
        "order_id": "order_1",
        "customer_id": "cus_1",
        "ordered_at": datetime(2026, 5, 1, 8, tzinfo=UTC),
        "gross_amount": Decimal("49.9"),
        "refunded_amount": Decimal("10"),
        "currency": "EUR",
        "status": "completed",
        "channel": "Web",
    }


@pytest.mark.parametrize(
    ("given", "statuses"),
    [("canceled", ["cancelled"]), ("archived", ["completed"]), ("draft", [])],
)
def test_what_was_cancelled_counts_nowhere_and_a_draft_is_no_order(shop, given, statuses):
    order(shop, "order_1", status=given)
    loaded = load(source_of(shop, SECTION))
    assert loaded.of("orders", "status") == statuses
    assert len(loaded.of("order_lines")) == len(statuses)


def test_a_refund_is_above_nothing_and_a_capture_is_none(shop):
    refunds = load(source_of(shop, SECTION)).of("refunds", "refund_id", "order_id", "amount")
    assert refunds == [("ordtrx_2", "order_1", Decimal("10"))]


def test_a_line_is_its_price_by_its_quantity(shop):
    line = load(source_of(shop, SECTION)).one("order_lines")
    assert (line["product_id"], line["product_name"]) == ("prod_1", "Mug")
    assert (line["quantity"], line["amount"]) == (2, Decimal("45"))


def test_a_refund_is_seen_though_it_does_not_move_its_orders_time(shop):
    placed = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() - 40 * 86_400))
    lately = {"created_at": placed, "updated_at": placed}
    order(shop, "order_2", **lately, transactions=[])
    source = source_of(shop, SECTION)
    state = load(source).state
    order(shop, "order_2", **lately, transactions=[transaction("ordtrx_3", -5, "refund")])
    assert load(source, state).of("refunds", "refund_id", "amount") == [("ordtrx_3", Decimal("5"))]


def test_every_page_is_read(shop):
    for number in range(2, 252):
        order(shop, f"order_{number}")
    assert len(set(load(source_of(shop, SECTION)).of("orders", "order_id"))) == 251


def test_a_customer_who_changed_comes_again(shop):
    source = source_of(shop, SECTION)
    state = load(source).state
    shop.put("customers", {**CUSTOMER, "phone": "+49301", "updated_at": "2026-06-01T08:00:00.000Z"})
    assert load(source, state).of("customers", "customer_id", "phone") == [("cus_1", "+49301")]


def test_a_brand_in_the_metadata_is_one_line(shop):
    own = {"orders": {"columns": {"brand": "metadata.brand"}}}
    loaded = load(source_of(shop, {**SECTION, "entities": own}))
    assert loaded.of("orders", "brand") == ["Acme"]
