"""The shop's files: what the tills sold and took back, handles, and what money was worth.

What is bought on the web, and who the customers are, the web shop itself shows
(`servers/storefront.py`).
"""

import numpy as np

from ingestion.demo.commerce import REFUNDED, exchange_rate, is_at_till
from ingestion.demo.company import Company
from ingestion.demo.names import full_names, handle
from ingestion.demo.parameters import CURRENCIES
from ingestion.demo.persons import FIRST_RECORD
from ingestion.demo.records import select, size
from ingestion.demo.tables.cells import (
    BRAND_CODES,
    Table,
    campaign_ids,
    day,
    ids,
    inviters,
    money,
    pick,
)

# A deleted order stays as it was.
STATES = ("bezahlt", "storniert", "zurückgezahlt", "Test", "bezahlt")
COUNTERS = ("", "", "LADEN", "TELEFON")  # the first two channels are the web shop's


def till_orders(company: Company) -> Table:
    """Return what stores and telephone sold, in German; returns are booked below zero."""
    sold, returned = _sold(company), _returned(company)
    return {name: np.concatenate([sold[name], returned[name]]) for name in sold}


def _sold(company: Company) -> Table:
    rows = np.flatnonzero(is_at_till(company.orders.channel))
    o, d = select(company.orders, rows), select(company.deliveries, rows)
    returned_at = np.where(o.status == REFUNDED, o.refunded_at, 0)
    changed_at = np.maximum(np.maximum(returned_at, o.deleted_at), d.delivered_at)
    return {
        "Bon": ids("W", 100_000 + rows),
        "Zeit": _german(company, o.at),
        "Kundennr": ids("K", o.record, o.record == 0),
        "Summe": _with_comma(o.amount),
        "Rohertrag": _with_comma(o.margin),
        "Währung": pick(CURRENCIES, o.currency),
        "Zustand": pick(STATES, o.status),
        "Kasse": pick(COUNTERS, o.channel),
        "Marke": pick(BRAND_CODES, o.brand),
        "Aktion": campaign_ids(o.campaign),
        "Geworben von": inviters(o),
        "Gelöscht": pick(("nein", "ja"), (o.deleted_at > 0).astype(int)),
        "Zugesagt": _german(company, d.promised_at),
        "Geliefert": _german(company, d.delivered_at),
        "_changed": np.maximum(o.at, changed_at),
    }


def _returned(company: Company) -> Table:
    r, o = company.returns, select(company.orders, company.returns.order)
    empty = np.full(size(r), "", dtype=object)
    return {
        "Bon": ids("R", 100_000 + r.order),
        "Zeit": _german(company, r.at),
        "Kundennr": ids("K", o.record, o.record == 0),
        "Summe": _with_comma(-r.amount),
        "Rohertrag": _with_comma(-r.margin),
        "Währung": pick(CURRENCIES, o.currency),
        "Zustand": np.full(size(r), STATES[0], dtype=object),
        "Kasse": pick(COUNTERS, o.channel),
        "Marke": pick(BRAND_CODES, o.brand),
        "Aktion": empty,
        "Geworben von": empty,
        "Gelöscht": np.full(size(r), "nein", dtype=object),
        "Zugesagt": empty,
        "Geliefert": empty,
        "_changed": r.at,
    }


def _with_comma(amount: np.ndarray) -> np.ndarray:
    """Return amounts as German tills write them."""
    return np.array([text.replace(".", ",") for text in money(amount).tolist()], dtype=object)


def _german(company: Company, at: np.ndarray) -> np.ndarray:
    """Return local times as German tills write them; what never happened is empty."""
    local = company.clock.local(np.maximum(at, 1)).tolist()
    texts = np.array([f"{time:%d.%m.%Y %H:%M:%S}" for time in local], dtype=object)
    return np.where(at > 0, texts, "")


def refunds(company: Company) -> Table:
    """Return what went back of the tills' orders, each refund on its day."""
    r = select(company.refunds, is_at_till(company.orders.channel)[company.refunds.order])
    local = company.clock.local(r.at)
    return {
        "refund_no": ids("F", (100_000 + r.order) * 4 + r.part),
        "order_no": ids("W", 100_000 + r.order),
        "paid_back_at": np.char.replace(local.astype(str), "T", " ").astype(object),
        "amount": money(r.amount),
        "_changed": r.at,
    }


def identities(company: Company) -> Table:
    """Return the handles that the shop knows."""
    p = company.persons
    linked = np.flatnonzero(p.is_linked)
    names = full_names(p.name[linked])
    return {
        "customer_no": ids("K", FIRST_RECORD + linked),
        "network": np.full(len(linked), "mastodon", dtype=object),
        "handle": np.array(
            [f"@{handle(n, i).capitalize()}" for n, i in zip(names, linked.tolist(), strict=True)],
            dtype=object,
        ),
        "_changed": p.acquired_at[linked],
    }


def exchange_rates(company: Company) -> Table:
    """Return EUR for one pound and one franc, by day."""
    clock = company.clock
    days = np.arange(int(clock.day_of(np.array([clock.as_of]))[0]) + 1)
    both = np.repeat(days, 2)
    rates = np.stack([exchange_rate(clock, 1)[days], exchange_rate(clock, 2)[days]], 1).ravel()
    return {
        "day": day(company, both),
        "currency": pick(CURRENCIES, 1 + np.arange(len(both)) % 2),
        "eur": np.array([f"{rate:.5f}" for rate in rates.tolist()], dtype=object),
        "_changed": clock.at(both, np.zeros(len(both), dtype=int)),
    }
