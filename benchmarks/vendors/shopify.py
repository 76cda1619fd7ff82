"""A Shopify shop with orders, each with lines, and a customer for every two of them.

Fields are those that the connector asks the GraphQL Admin API for
(https://shopify.dev/docs/api/admin-graphql, November 2026).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from benchmarks.vendors.listing import Listing, filled, first_since, templates

_GRANTED = b'{"access_token": "a-token", "expires_in": 86399}'
_CONDITION = "updated_at:>='%Y-%m-%dT%H:%M:%S%z'"


@dataclass
class Shopify:
    """So many orders and half as many customers, in pages of 250 or as many as are asked for."""

    orders: int
    url: str = ""
    lists: dict[str, Listing] = field(init=False)
    section: ClassVar = {
        "kind": "shopify",
        "client_id": "a-client",
        "client_secret": "a-secret",
    }

    def __post_init__(self) -> None:
        self.lists = {
            "orders": Listing(self.orders, 250, partial(filled, templates(_order))),
            "customers": Listing(self.orders // 2, 250, partial(filled, templates(_customer))),
        }

    @property
    def records(self) -> int:
        """How many there are in both lists."""
        return sum(each.length for each in self.lists.values())

    def answer(self, path: str, params: Mapping[str, str], body: bytes) -> bytes | None:
        """Return a token, or the page of the list that a query names."""
        if path.endswith("/oauth/access_token"):
            return _GRANTED
        if not path.endswith("/graphql.json"):
            return None
        asked = json.loads(body)
        name = next(each for each in self.lists if f"{each}(" in asked["query"])
        variables = asked.get("variables") or {}
        listed = replace(self.lists[name], size=variables.get("first", 250))
        records, end, has_more = listed.page(_begin(variables))
        more = b"true" if has_more else b"false"
        info = b'{"hasNextPage": %s, "endCursor": "%d"}' % (more, end)
        parts = (name.encode(), records, info)
        return b'{"data": {"%s": {"nodes": %s, "pageInfo": %s}}}' % parts


def _begin(variables: Mapping[str, str]) -> int:
    if after := variables.get("after"):
        return int(after)
    if query := variables.get("query"):
        return first_since(int(datetime.strptime(query, _CONDITION).timestamp()))
    return 0


def _money(amount: str) -> dict[str, Any]:
    return {"shopMoney": {"amount": amount, "currencyCode": "EUR"}}


def _order(variant: int) -> dict[str, Any]:
    """Return an order with one to five lines, and a refund of every tenth."""
    lines = [_line(variant, number) for number in range(1 + variant % 5)]
    refund = {"legacyResourceId": "%(id)i", "createdAt": "%(at)s", "totalRefundedSet": _money("5")}
    return {
        "legacyResourceId": "%(id)i",
        "processedAt": "%(at)s",
        "updatedAt": "%(at)s",
        "cancelledAt": None,
        "test": False,
        "displayFinancialStatus": "PAID",
        "sourceName": ("web", "pos", "iphone")[variant % 3],
        "tags": ["vip"],
        "discountCodes": ["SPRING"],
        "customAttributes": [{"key": "brand", "value": "Acme"}],
        "customer": {"legacyResourceId": "%(person)i"},
        "totalPriceSet": _money(f"{20 + variant}.90"),
        "totalRefundedSet": _money("5" if variant % 10 == 0 else "0"),
        "refunds": [refund][: variant % 10 == 0],
        "lineItems": {"nodes": lines},
    }


def _line(variant: int, number: int) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/LineItem/%(id)d{number}",
        "name": f"Mug {variant} - blue",
        "quantity": 1 + number,
        "product": {"legacyResourceId": str(variant)},
        "discountedTotalSet": _money("9.90"),
    }


def _customer(variant: int) -> dict[str, Any]:
    return {
        "legacyResourceId": "%(id)i",
        "createdAt": "%(at)s",
        "updatedAt": "%(at)s",
        "tags": ["vip"],
        "defaultEmailAddress": {"emailAddress": "person%(id)d@example.com"},
        "defaultPhoneNumber": {"phoneNumber": "+4930%(id)d"},
    }
