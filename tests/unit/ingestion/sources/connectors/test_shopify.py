"""Risk: an order of a Shopify shop, or the money that went back, is missed or counts twice.

The vendor's answers follow https://shopify.dev/docs/api/admin-graphql, its rate limits and its
client credentials grant (read in November 2026).
"""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingestion.errors import ConfigurationFaults, SourceRefused
from ingestion.sources import build
from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import Asked, Fault, serving
from tests.fixtures.vendor_api import Listing, Pages, Turn, Vendor, position

SECTION = {
    "kind": "shopify",
    "address": "{url}",
    "client_id": "a-client",
    "client_secret": "a-secret",
}
GRAPH = "/admin/api/2026-10/graphql.json"
PLACED = "2026-05-01T08:00:00Z"
CUSTOMER = {
    "legacyResourceId": "11",
    "createdAt": PLACED,
    "updatedAt": PLACED,
    "defaultEmailAddress": {"emailAddress": "ann@example.com"},
    "defaultPhoneNumber": {"phoneNumber": "+49301234567"},
}
LINE = {
    "id": "gid://shopify/LineItem/51",
    "name": "Mug - blue",
    "quantity": 2,
    "product": {"legacyResourceId": "61"},
}


class Shop(Vendor):
    """All lists have one address: a query names the one that it asks for, variables the rest."""

    def answer(self, asked: Asked) -> Fault:
        if asked.path == "/admin/oauth/access_token":
            is_known = b"client_secret=a-secret" in asked.body
            granted = {"access_token": "a-token", "scope": "read_orders", "expires_in": 86399}
            return Fault(200 if is_known else 400, json.dumps(granted).encode())
        posted = json.loads(asked.body)
        found = re.search(r"\{\s*(\w+)\(", posted["query"])
        assert found is not None
        variables = posted.get("variables", {})
        routed = replace(asked, path=f"{asked.path}/{found[1]}", params=variables, body=b"")
        given = super().answer(routed)
        return replace(given, body=b'{"data": {"%s": %s}}' % (found[1].encode(), given.body))


def page_info(turn: Turn) -> dict[str, Any]:
    return {"pageInfo": {"hasNextPage": turn.has_more, "endCursor": str(turn.end)}}


def is_found(value: Any, query: str) -> bool:
    found = re.fullmatch(r"updated_at:>='(.*)'", query)
    return found is not None and str(value) >= found[1]


def vendor() -> Shop:
    """Return a shop with one order, of which a part was refunded."""
    pages = Pages(position("after"), around=page_info)
    since = ("query", "updatedAt")
    shop = Shop(
        (
            Listing("orders", f"{GRAPH}/orders", "nodes", pages, since, is_later=is_found),
            Listing("customers", f"{GRAPH}/customers", "nodes", pages, since, is_later=is_found),
        ),
        {"X-Shopify-Access-Token": "a-token"},
    )
    order(shop, 7)
    shop.put("customers", CUSTOMER, "legacyResourceId")
    return shop


def money(amount: str) -> dict[str, Any]:
    return {"shopMoney": {"amount": amount, "currencyCode": "EUR"}}


def refund(number: int, amount: str) -> dict[str, Any]:
    created = "2026-05-04T10:00:00Z"
    back = money(amount)
    return {"legacyResourceId": str(number), "createdAt": created, "totalRefundedSet": back}


def order(shop: Vendor, number: int, **changed: Any) -> None:
    given: dict[str, Any] = {
        "legacyResourceId": str(number),
        "processedAt": PLACED,
        "updatedAt": PLACED,
        "cancelledAt": None,
        "test": False,
        "displayFinancialStatus": "PARTIALLY_REFUNDED",
        "sourceName": "web",
        "tags": ["vip"],
        "discountCodes": ["SPRING"],
        "customAttributes": [{"key": "brand", "value": "Acme"}],
        "customer": {"legacyResourceId": "11"},
        "totalPriceSet": money("49.90"),
        "totalRefundedSet": money("10.0"),
        "refunds": [refund(41, "10.0")],
        "lineItems": {"nodes": [{**LINE, "discountedTotalSet": money("45.00")}]},
    }
    shop.put("orders", given | changed, "legacyResourceId")


@pytest.fixture
def shop():
    with serving(vendor()) as shop:
        yield shop


def test_an_order_has_its_shoppers_price_and_what_went_back(shop):
    assert load(source_of(shop, SECTION)).one("orders") == {
        "order_id": "7",
        "customer_id": "11",
        "ordered_at": datetime(2026, 5, 1, 8, tzinfo=UTC),
        "gross_amount": Decimal("49.90"),
        "refunded_amount": Decimal("10.00"),
        "currency": "EUR",
        "status": "completed",
        "channel": "web",
    }


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"displayFinancialStatus": "PENDING"}, "completed"),
        ({"displayFinancialStatus": None}, "completed"),
        ({"displayFinancialStatus": "REFUNDED"}, "refunded"),
        ({"displayFinancialStatus": "VOIDED"}, "cancelled"),
        ({"displayFinancialStatus": "EXPIRED"}, "cancelled"),
        ({"cancelledAt": PLACED, "displayFinancialStatus": "REFUNDED"}, "cancelled"),
        ({"cancelledAt": PLACED, "test": True}, "test"),
    ],
)
def test_what_was_cancelled_tried_or_never_paid_is_no_purchase(shop, given, status):
    order(shop, 7, **given)
    assert load(source_of(shop, SECTION)).of("orders", "status") == [status]


def test_a_guest_has_no_customer_and_a_till_is_a_store(shop):
    order(shop, 7, customer=None, sourceName="pos")
    assert load(source_of(shop, SECTION)).of("orders", "customer_id", "channel") == [
        (None, "store")
    ]


def test_a_line_has_the_id_by_which_shopify_exports_it(shop):
    line = load(source_of(shop, SECTION)).one("order_lines")
    assert (line["order_id"], line["line_id"], line["product_id"]) == ("7", "51", "61")
    assert (line["product_name"], line["quantity"]) == ("Mug - blue", 2)
    assert line["amount"] == Decimal("45.00")


def test_a_return_without_money_is_no_refund(shop):
    order(shop, 7, refunds=[refund(41, "10.0"), refund(42, "0.0")])
    assert load(source_of(shop, SECTION)).of("refunds", "refund_id", "order_id", "amount") == [
        ("41", "7", Decimal("10.00"))
    ]


def test_every_page_is_read_and_then_what_changed(shop):
    for number in range(8, 12):
        order(shop, number, updatedAt="2026-05-02T08:00:00Z")
    source = source_of(shop, SECTION)
    first = load(source)
    assert sorted(first.of("orders", "order_id"), key=int) == ["7", "8", "9", "10", "11"]
    order(shop, 7, cancelledAt=PLACED, updatedAt="2026-05-09T08:00:00Z")
    again = load(source, first.state)
    assert again.of("orders", "order_id", "status") == [("7", "cancelled")]


def test_fields_that_the_app_may_not_read_are_told_and_make_no_guests(shop):
    denied = {"data": {"orders": {"nodes": []}}, "errors": [{"message": "customer is protected"}]}
    answers = Fault(200, json.dumps(denied).encode())
    shop.answer = lambda asked: Shop.answer(shop, asked) if b"grant" in asked.body else answers
    with pytest.raises(SourceRefused, match="customer is protected"):
        load(source_of(shop, SECTION))


def test_the_token_of_a_custom_app_is_enough(shop):
    shop.signed = {"X-Shopify-Access-Token": "shpat_0123"}
    token = {"kind": "shopify", "address": "{url}", "access_token": "shpat_0123"}
    source = source_of(shop, token)
    assert load(source).of("orders", "order_id") == ["7"]
    assert {asked.path for asked in shop.asked} == {f"{GRAPH}/orders", f"{GRAPH}/customers"}
    assert "shpat_0123" not in repr(source)


@pytest.mark.parametrize("given", [{}, {"client_id": "a-client"}])
def test_a_shop_without_credentials_is_told_which_there_are(given):
    section = {"kind": "shopify", "address": "https://acme.example", **given}
    with pytest.raises(ConfigurationFaults) as caught:
        build("shop", section, Path())
    (fault,) = caught.value.faults
    assert fault.key == "sources.shop"
    assert fault.remedy == "Give access_token, or client_id and client_secret"


def test_a_faulty_address_is_told_by_its_own_key_however_one_signs_in():
    section = {"kind": "shopify", "address": "acme", "client_id": "i", "client_secret": "s"}
    with pytest.raises(ConfigurationFaults) as caught:
        build("shop", section, Path())
    assert {fault.key for fault in caught.value.faults} == {"sources.shop.address"}


@pytest.mark.parametrize(("given", "asked"), [({}, 100), ({"orders_per_page": 7}, 7)])
def test_as_many_orders_are_asked_for_as_a_call_may_cost(shop, given, asked):
    load(source_of(shop, {**SECTION, **given}))
    orders = [each for each in shop.asked if each.path == f"{GRAPH}/orders"]
    assert [each.params["first"] for each in orders] == [asked]


def test_an_attribute_of_ones_own_is_one_line(shop):
    own = {"orders": {"columns": {"brand": "customAttributes[brand].value"}}}
    loaded = load(source_of(shop, {**SECTION, "entities": own}))
    assert loaded.of("orders", "brand") == ["Acme"]
