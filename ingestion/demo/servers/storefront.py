"""What the web shop's lists hold: its orders and customers, as Shopify shows them.

What is sold at tills is in their export. What Shopify has no field for stands in tags, discount
codes and custom attributes, where shops write it. What is asked for belongs to `shopify.py`.
"""

from typing import Any, Protocol

import numpy as np

from ingestion.demo.commerce import CANCELLED, REFUNDED, TEST, Orders, is_at_till
from ingestion.demo.company import Company
from ingestion.demo.customers import customer_records
from ingestion.demo.deliveries import Deliveries
from ingestion.demo.parameters import BRANDS, CURRENCIES
from ingestion.demo.records import select
from ingestion.demo.tables.cells import campaign_ids, ids, inviters, money, pick, utc

Node = dict[str, Any]
SOURCES = ("web", "iphone")  # by what an order came: the browser, the shop's app


class Listing(Protocol):
    """A list in the order of the last change of its records, which are made when asked for."""

    changed: np.ndarray

    def nodes(self, start: int, end: int) -> list[Node]:
        """Return the records from one place up to another."""


class OrderList:
    """The orders of web and app, with what went back of them.

    Amounts are in the currency of each, as if every country had a shop of its own.
    """

    def __init__(self, company: Company) -> None:
        o, d, r = company.orders, company.deliveries, company.refunds
        times = (o.at, o.refunded_at, o.deleted_at, d.delivered_at)
        changed = np.max(times, axis=0)
        rows = np.flatnonzero(~is_at_till(o.channel))
        self._rows = rows[np.argsort(changed[rows], kind="stable")]
        self.changed = changed[self._rows]
        self._orders, self._deliveries = o, d
        self._refunds = select(r, np.argsort(r.order, kind="stable"))
        self._refunds_from = np.searchsorted(self._refunds.order, np.arange(len(changed) + 1))

    def nodes(self, start: int, end: int) -> list[Node]:
        """Return the orders from one place up to another."""
        rows = self._rows[start:end]
        o, d = select(self._orders, rows), select(self._deliveries, rows)
        cancelled_at = np.where(o.status == CANCELLED, o.at, 0)
        columns: dict[str, Any] = {
            "legacyResourceId": ids("", 100_000 + rows),
            "processedAt": utc(o.at),
            "updatedAt": utc(self.changed[start:end]),
            "cancelledAt": [at or None for at in utc(cancelled_at).tolist()],
            "test": o.status == TEST,
            "displayFinancialStatus": _payment(o.status, o.refunded),
            "sourceName": pick(SOURCES, o.channel),
            "tags": _listed(np.where(o.deleted_at > 0, "deleted", "")),
            "discountCodes": _listed(np.char.upper(campaign_ids(o.campaign).astype(str))),
            "customAttributes": _attributes(o, d),
            "customer": _numbered(o.record),
            "totalPriceSet": _prices(o.amount, o.currency),
            "totalRefundedSet": _prices(o.refunded, o.currency),
            "refunds": [self._refunded(row) for row in rows.tolist()],
            "lineItems": [{"nodes": []}] * len(rows),
        }
        return _nodes(columns)

    def _refunded(self, row: int) -> list[Node]:
        first, end = self._refunds_from[row : row + 2]
        if first == end:
            return []
        r = select(self._refunds, np.arange(first, end))
        columns = {
            "legacyResourceId": ids("", (100_000 + r.order) * 4 + r.part),
            "createdAt": utc(r.at),
            "totalRefundedSet": _prices(r.amount, self._orders.currency[r.order]),
        }
        return _nodes(columns)


class CustomerList:
    """The records of the shop's customers."""

    def __init__(self, company: Company) -> None:
        records = customer_records(company)
        self._records = select(records, np.argsort(records.created_at, kind="stable"))
        self.changed = self._records.created_at

    def nodes(self, start: int, end: int) -> list[Node]:
        """Return the customers from one place up to another."""
        c = select(self._records, np.arange(start, end))
        born = ids("born:", c.birth_year, c.birth_year == 0)
        marks = (born, np.where(c.is_staff, "staff", ""), np.where(c.is_test, "test", ""))
        created = utc(c.created_at)
        columns: dict[str, Any] = {
            "legacyResourceId": ids("", c.number),
            "createdAt": created,
            "updatedAt": created,
            "tags": _listed(*marks),
            "defaultEmailAddress": [{"emailAddress": each} for each in c.email.tolist()],
            "defaultPhoneNumber": [
                {"phoneNumber": each} if each else None for each in c.phone.tolist()
            ],
        }
        return _nodes(columns)


def _payment(status: np.ndarray, refunded: np.ndarray) -> np.ndarray:
    """Return what Shopify calls the state of the money."""
    paid = np.where(refunded > 0, "PARTIALLY_REFUNDED", "PAID")
    return np.where(status == REFUNDED, "REFUNDED", paid)


def _listed(*marks: np.ndarray) -> list[list[str]]:
    """Return, for each record, the marks that it has."""
    texts = (column.tolist() for column in marks)
    return [[mark for mark in record if mark] for record in zip(*texts, strict=True)]


def _attributes(o: Orders, d: Deliveries) -> list[list[Node]]:
    """Return, for each order, what Shopify has no field for, as far as there is any."""
    attributes = {
        "brand": pick(BRANDS, o.brand),
        "margin": money(o.margin),
        "invited_by": inviters(o),
        "promised": utc(d.promised_at),
        "delivered": utc(d.delivered_at),
    }
    columns = (
        [{"key": key, "value": value} if value else None for value in column.tolist()]
        for key, column in attributes.items()
    )
    return [[pair for pair in record if pair] for record in zip(*columns, strict=True)]


def _numbered(numbers: np.ndarray) -> list[Node | None]:
    return [{"legacyResourceId": str(number)} if number else None for number in numbers.tolist()]


def _prices(amounts: np.ndarray, currencies: np.ndarray) -> list[Node]:
    named = zip(money(amounts).tolist(), pick(CURRENCIES, currencies).tolist(), strict=True)
    return [{"shopMoney": {"amount": amount, "currencyCode": code}} for amount, code in named]


def _nodes(columns: dict[str, Any]) -> list[Node]:
    """Return one record for each row of the columns."""
    values = (each.tolist() if isinstance(each, np.ndarray) else each for each in columns.values())
    return [dict(zip(columns, record, strict=True)) for record in zip(*values, strict=True)]
