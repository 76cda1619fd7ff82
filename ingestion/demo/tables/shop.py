"""The shop: who its customers are, what they ordered, and what their money was worth."""

import numpy as np

from ingestion.demo.commerce import FIRST as FIRST_ORDER
from ingestion.demo.commerce import exchange_rate
from ingestion.demo.company import Company
from ingestion.demo.names import SHARED_EMAIL, email, full_names, handle, phone
from ingestion.demo.parameters import CURRENCIES
from ingestion.demo.persons import FIRST_RECORD, SECOND_RECORD, STAFF_RECORD, TEST_RECORD
from ingestion.demo.records import size
from ingestion.demo.tables.cells import BRAND_CODES, Table, campaign_ids, day, ids, money, pick

ORDER_STATES = ("paid", "void", "returned", "test")
ORDER_CHANNELS = ("WEB", "APP", "STORE", "PHONE")


def orders(company: Company) -> Table:
    """Return the shop's orders, with local times."""
    o = company.orders
    local = np.datetime_as_string(company.clock.local(o.at), unit="s")
    return {
        "order_no": ids("W", 100_000 + np.arange(size(o))),
        "placed_at": np.char.replace(local, "T", " ").astype(object),
        "customer_no": ids("K", o.record, o.record == 0),
        "total": money(o.amount),
        "returned_value": money(o.refunded),
        "gross_margin": money(o.margin),
        "currency": pick(CURRENCIES, o.currency),
        "state": pick(ORDER_STATES, o.status),
        "sold_in": pick(ORDER_CHANNELS, o.channel),
        "shop": pick(BRAND_CODES, o.brand),
        "coupon_campaign": campaign_ids(o.campaign),
        "invited_by": ids(
            "K", FIRST_RECORD + o.referrer, (o.referrer < 0) | (o.well != FIRST_ORDER)
        ),
        "_changed": np.maximum(o.at, o.refunded_at),
    }


def customers(company: Company) -> Table:
    """Return the shop's customer records: first and second ones, staff, tests."""
    p, clock = company.persons, company.clock
    names = full_names(p.name)
    every = np.arange(size(p))
    second = every[p.has_second_record & (p.second_record_at <= clock.as_of)]
    rows = [_first_record(company, names[i], i) for i in every.tolist()]
    rows += [_second_record(company, names[i], i) for i in second.tolist()]
    rows += _house_records(company)
    columns = ("Kundennr", "Name", "E-Mail", "Telefon", "Geburtsjahr", "Mitarbeiter", "Testkonto")
    table = {
        n: np.array(v, dtype=object) for n, v in zip(columns, zip(*rows, strict=True), strict=True)
    }
    house = np.full(company.parameters.staff + 10, clock.month_start[0] + 6 * 3600)
    created = np.concatenate([p.acquired_at, p.second_record_at[second], house])
    local = clock.local(created).tolist()
    table["Angelegt"] = np.array([f"{t:%d.%m.%Y %H:%M}" for t in local], dtype=object)
    table["_changed"] = created
    return table


def _first_record(company: Company, name: tuple[str, str], i: int) -> tuple[str, ...]:
    p = company.persons
    mail = SHARED_EMAIL if p.has_shared_email[i] else email(name, i)
    number = phone(i) if i % 20 < 11 or p.has_second_record[i] else ""
    born = str(p.birth_year[i]) if p.is_birth_year_known[i] else ""
    return f"K{FIRST_RECORD + i}", " ".join(name), mail, number, born, "nein", "nein"


def _second_record(company: Company, name: tuple[str, str], i: int) -> tuple[str, ...]:
    """Same e-mail in other case, or another e-mail and the same phone."""
    p = company.persons
    same_mail = i % 2 == 0
    mail = email(name, i).title() if same_mail else email(name, 500_000 + i)
    number = "" if same_mail else phone(i, spaced=True)
    born = str(p.birth_year[i]) if p.is_birth_year_known[i] else ""
    return f"K{SECOND_RECORD + i}", " ".join(name), mail, number, born, "nein", "nein"


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
