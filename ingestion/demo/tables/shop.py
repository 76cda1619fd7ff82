"""The shop: who its customers are, what they ordered, and what their money was worth."""

import numpy as np

from ingestion.demo.commerce import FIRST as FIRST_ORDER
from ingestion.demo.commerce import REFUNDED, exchange_rate
from ingestion.demo.company import Company
from ingestion.demo.names import SHARED_EMAIL, TERMINAL_EMAIL, email, full_names, handle, phone
from ingestion.demo.parameters import CURRENCIES
from ingestion.demo.persons import (
    FIRST_RECORD,
    GUEST_RECORD,
    SECOND_RECORD,
    STAFF_RECORD,
    TEST_RECORD,
    Persons,
)
from ingestion.demo.records import select, size
from ingestion.demo.tables.cells import BRAND_CODES, Table, campaign_ids, day, ids, money, pick

ORDER_STATES = ("paid", "void", "returned", "test", "paid")  # a deleted one stays as it was
ORDER_CHANNELS = ("WEB", "APP", "STORE", "PHONE")


def orders(company: Company) -> Table:
    """Return the shop's orders, with local times; returns at the till are booked below zero."""
    sold, returned = _sold(company), _returned(company)
    return {name: np.concatenate([sold[name], returned[name]]) for name in sold}


def _sold(company: Company) -> Table:
    o, d = company.orders, company.deliveries
    returned_at = np.where(o.status == REFUNDED, o.refunded_at, 0)
    changed_at = np.maximum(np.maximum(returned_at, o.deleted_at), d.delivered_at)
    return {
        "order_no": ids("W", 100_000 + np.arange(size(o))),
        "placed_at": _local(company, o.at),
        "customer_no": ids("K", o.record, o.record == 0),
        "total": money(o.amount),
        "gross_margin": money(o.margin),
        "currency": pick(CURRENCIES, o.currency),
        "state": pick(ORDER_STATES, o.status),
        "sold_in": pick(ORDER_CHANNELS, o.channel),
        "shop": pick(BRAND_CODES, o.brand),
        "coupon_campaign": campaign_ids(o.campaign),
        "invited_by": ids(
            "K", FIRST_RECORD + o.referrer, (o.referrer < 0) | (o.well != FIRST_ORDER)
        ),
        "deleted": pick(("no", "yes"), (o.deleted_at > 0).astype(int)),
        "promised": _local(company, d.promised_at),
        "delivered": _local(company, d.delivered_at),
        "_changed": np.maximum(o.at, changed_at),
    }


def _returned(company: Company) -> Table:
    r, o = company.returns, select(company.orders, company.returns.order)
    empty = np.full(size(r), "", dtype=object)
    return {
        "order_no": ids("R", 100_000 + r.order),
        "placed_at": _local(company, r.at),
        "customer_no": ids("K", o.record, o.record == 0),
        "total": money(-r.amount),
        "gross_margin": money(-r.margin),
        "currency": pick(CURRENCIES, o.currency),
        "state": np.full(size(r), "paid", dtype=object),
        "sold_in": pick(ORDER_CHANNELS, o.channel),
        "shop": pick(BRAND_CODES, o.brand),
        "coupon_campaign": empty,
        "invited_by": empty,
        "deleted": np.full(size(r), "no", dtype=object),
        "promised": empty,
        "delivered": empty,
        "_changed": r.at,
    }


def _local(company: Company, at: np.ndarray) -> np.ndarray:
    """Return the shop's local times; what never happened is empty."""
    local = np.datetime_as_string(company.clock.local(np.maximum(at, 1)), unit="s").tolist()
    texts = np.array([text.replace("T", " ") for text in local], dtype=object)
    return np.where(at > 0, texts, "")


def refunds(company: Company) -> Table:
    """Return what went back of orders, each refund on its day."""
    r = company.refunds
    return {
        "refund_no": ids("F", (100_000 + r.order) * 4 + r.part),
        "order_no": ids("W", 100_000 + r.order),
        "paid_back_at": _local(company, r.at),
        "amount": money(r.amount),
        "_changed": r.at,
    }


def customers(company: Company) -> Table:
    """Return the shop's customer records: first and second ones, staff, tests, guests' new ones."""
    p, clock = company.persons, company.clock
    names = full_names(p.name)
    every = np.arange(size(p))
    second = every[p.has_second_record & (p.second_record_at <= clock.as_of)]
    rows = [_first_record(company, names[i], i) for i in every.tolist()]
    rows += [_second_record(company, names[i], i) for i in second.tolist()]
    rows += _house_records(company)
    rows += _guest_records(company, names)
    columns = ("Kundennr", "Name", "E-Mail", "Telefon", "Geburtsjahr", "Mitarbeiter", "Testkonto")
    table = {
        n: np.array(v, dtype=object) for n, v in zip(columns, zip(*rows, strict=True), strict=True)
    }
    house = np.full(company.parameters.staff + 10, clock.month_start[0] + 6 * 3600)
    guest = company.orders.at[_is_guest_record(company)]
    created = np.concatenate([p.acquired_at, p.second_record_at[second], house, guest])
    local = clock.local(created).tolist()
    table["Angelegt"] = np.array([f"{t:%d.%m.%Y %H:%M}" for t in local], dtype=object)
    table["_changed"] = created
    return table


def _first_record(company: Company, name: tuple[str, str], i: int) -> tuple[str, ...]:
    p = company.persons
    has_phone = i % 20 < 11 or p.has_second_record[i] or p.has_terminal_email[i]
    number = phone(i) if has_phone and not p.is_guest_shopper[i] else ""
    born = str(p.birth_year[i]) if p.is_birth_year_known[i] else ""
    return f"K{FIRST_RECORD + i}", " ".join(name), _mail(p, name, i), number, born, "nein", "nein"


def _mail(p: Persons, name: tuple[str, str], i: int) -> str:
    if p.has_shared_email[i]:
        return SHARED_EMAIL
    return TERMINAL_EMAIL if p.has_terminal_email[i] else email(name, i)


def _second_record(company: Company, name: tuple[str, str], i: int) -> tuple[str, ...]:
    """Same e-mail in other case, or another e-mail and the same phone."""
    p = company.persons
    same_mail = i % 2 == 0
    mail = email(name, i).title() if same_mail else email(name, 500_000 + i)
    number = "" if same_mail else phone(i, spaced=True)
    born = str(p.birth_year[i]) if p.is_birth_year_known[i] else ""
    return f"K{SECOND_RECORD + i}", " ".join(name), mail, number, born, "nein", "nein"


def _guest_records(company: Company, names: list[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Give the records that guests get with their orders: nothing but a name and an e-mail."""
    rows = np.flatnonzero(_is_guest_record(company))
    person = company.orders.person[rows]
    return [
        (f"K{GUEST_RECORD + row}", " ".join(names[i]), email(names[i], i), "", "", "nein", "nein")
        for row, i in zip(rows.tolist(), person.tolist(), strict=True)
    ]


def _is_guest_record(company: Company) -> np.ndarray:
    record = company.orders.record
    return (record >= GUEST_RECORD) & (record < STAFF_RECORD)


def _house_records(company: Company) -> list[tuple[str, ...]]:
    staff: list[tuple[str, ...]] = [
        (
            f"K{STAFF_RECORD + i}",
            "Personalkauf",
            f"staff{i}@alderwren.example.com",
            "",
            "",
            "ja",
            "nein",
        )
        for i in range(company.parameters.staff)
    ]
    tests = [
        (f"K{TEST_RECORD + i}", "Test Test", f"test{i}@alderwren.example.com", "", "", "nein", "ja")
        for i in range(10)
    ]
    return staff + tests


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
