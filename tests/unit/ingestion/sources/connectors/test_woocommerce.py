"""Risk: an order of a WooCommerce shop counts though nobody paid it, or though it is in the trash.

The vendor's answers follow https://woocommerce.github.io/woocommerce-rest-api-docs/ (read in
November 2026).
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import serving
from tests.fixtures.vendor_api import Listing, Vendor, basic, link_header

SECTION = {
    "kind": "woocommerce",
    "address": "{url}",
    "consumer_key": "ck_a-key",
    "consumer_secret": "cs_a-secret",
}
API = "/wp-json/wc/v3"
PLACED = "2026-05-01T08:00:00"
LINE = {
    "id": 51,
    "name": "Mug",
    "product_id": 61,
    "quantity": 2,
    "total": "37.82",
    "total_tax": "7.18",
}
REFUND = {"id": 41, "parent_id": 7, "date_created_gmt": "2026-05-04T10:00:00", "amount": "10.00"}


def vendor() -> Vendor:
    """Return a shop with an order, of which a part was refunded."""
    pages, changed = link_header(), ("modified_after", "date_modified_gmt")
    orders, any_status = f"{API}/orders", {"status": "any"}
    shop = Vendor(
        (
            Listing("orders", orders, "", pages, changed, asked_by=any_status),
            Listing("trash", orders, "", pages, asked_by={"status": "trash"}),
            Listing("refunds", f"{API}/refunds", "", pages, ("after", "date_created_gmt")),
            Listing("customers", f"{API}/customers", "", pages),
        ),
        basic("ck_a-key", "cs_a-secret"),
    )
    order(shop, 7)
    shop.put("refunds", REFUND)
    customer(shop, 11)
    return shop


def order(shop: Vendor, number: int, **changed: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": number,
        "status": "processing",
        "customer_id": 11,
        "currency": "EUR",
        "total": "49.90",
        "created_via": "checkout",
        "date_created_gmt": PLACED,
        "date_modified_gmt": PLACED,
        "line_items": [LINE],
        "refunds": [{"id": 41, "reason": "", "total": "-10.00"}],
    }
    return shop.put("orders", given | changed)


def customer(shop: Vendor, number: int, **changed: Any) -> None:
    given: dict[str, Any] = {
        "id": number,
        "email": "ann@example.com",
        "role": "customer",
        "billing": {"email": "office@example.com", "phone": "+49301234567"},
        "date_created_gmt": PLACED,
    }
    shop.put("customers", given | changed)


@pytest.fixture
def shop():
    with serving(vendor()) as shop:
        yield shop


def test_an_order_says_who_bought_when_and_for_how_much(shop):
    assert load(source_of(shop, SECTION)).one("orders") == {
        "order_id": "7",
        "customer_id": "11",
        "ordered_at": datetime(2026, 5, 1, 8, tzinfo=UTC),
        "gross_amount": Decimal("49.90"),
        "currency": "EUR",
        "status": "completed",
        "channel": "web",
    }


@pytest.mark.parametrize(
    ("given", "statuses"),
    [
        ("on-hold", ["completed"]),
        ("packed-by-us", ["completed"]),
        ("refunded", ["refunded"]),
        ("cancelled", ["cancelled"]),
        ("pending", []),
        ("failed", []),
        ("checkout-draft", []),
    ],
)
def test_what_was_never_paid_is_no_order(shop, given, statuses):
    order(shop, 7, status=given)
    loaded = load(source_of(shop, SECTION))
    assert loaded.of("orders", "status") == statuses
    assert len(loaded.of("order_lines")) == len(statuses)


def test_a_guest_is_no_customer(shop):
    order(shop, 7, customer_id=0)
    assert load(source_of(shop, SECTION)).of("orders", "customer_id") == [None]


def test_a_line_is_with_its_taxes_and_a_refund_is_above_nothing(shop):
    loaded = load(source_of(shop, SECTION))
    assert loaded.of("order_lines", "line_id", "amount") == [("51", Decimal("45.00"))]
    assert loaded.of("refunds", "refund_id", "order_id", "amount") == [
        ("41", "7", Decimal("10.00"))
    ]


def test_an_order_in_the_trash_leaves_with_its_lines_and_refunds(shop):
    source = source_of(shop, SECTION)
    state = load(source).state
    shop.put("trash", order(shop, 7, status="trash"))
    shop.delete("orders", 7)
    left = load(source, state).left
    assert [row["order_id"] for row in left["orders"]] == ["7"]
    assert [row["line_id"] for row in left["order_lines"]] == ["51"]
    assert [row["refund_id"] for row in left["refunds"]] == ["41"]


def test_an_order_that_fails_later_leaves_and_one_that_is_paid_later_comes(shop):
    order(shop, 8, status="pending")
    source = source_of(shop, SECTION)
    state = load(source).state
    order(shop, 7, status="failed", date_modified_gmt="2026-05-09T08:00:00")
    order(shop, 8, status="processing", date_modified_gmt="2026-05-09T08:00:00")
    again = load(source, state)
    assert again.of("orders", "order_id") == ["8"]
    assert [row["order_id"] for row in again.left["orders"]] == ["7"]


def test_a_refund_is_seen_though_the_shops_clock_is_half_a_day_behind(shop):
    source = source_of(shop, SECTION)
    state = load(source).state
    shop.put("refunds", {**REFUND, "id": 42, "date_created_gmt": "2026-05-03T23:00:00"})
    assert load(source, state).of("refunds", "refund_id") == ["42"]


def test_staff_is_staff_and_two_addresses_are_one_person(shop):
    customer(shop, 12, role="shop_manager", billing={"email": "", "phone": ""})
    loaded = load(source_of(shop, SECTION))
    assert loaded.of("customers", "customer_id", "email", "phone", "is_staff") == [
        ("11", "ann@example.com", "+49301234567", False),
        ("12", "ann@example.com", None, True),
    ]
    assert loaded.of("customer_identities", "customer_id", "identity_value") == [
        ("11", "office@example.com")
    ]
