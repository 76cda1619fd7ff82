"""The customer records that the web shop keeps: of persons, of guests, of staff, and for tests.

Who is one person is in `persons.py`; here are the addresses and numbers that each record shows.
"""

from dataclasses import dataclass

import numpy as np

from ingestion.demo.company import Company
from ingestion.demo.names import SHARED_EMAIL, TERMINAL_EMAIL, email, full_names, phone
from ingestion.demo.persons import (
    FIRST_RECORD,
    GUEST_RECORD,
    SECOND_RECORD,
    STAFF_RECORD,
    TEST_RECORD,
    Persons,
)
from ingestion.demo.records import join, size

TEST_ACCOUNTS = 10


@dataclass(frozen=True)
class CustomerRecords:
    """One row per record; a phone is empty, and a year of birth 0, where the shop has none."""

    number: np.ndarray
    email: np.ndarray
    phone: np.ndarray
    birth_year: np.ndarray
    created_at: np.ndarray

    @property
    def is_test(self) -> np.ndarray:
        return self.number >= TEST_RECORD

    @property
    def is_staff(self) -> np.ndarray:
        return (self.number >= STAFF_RECORD) & ~self.is_test


def customer_records(company: Company) -> CustomerRecords:
    """Return the shop's records: first and second ones, staff, tests, guests' new ones."""
    names = full_names(company.persons.name)
    parts = [_first_records(company.persons, names), _second_records(company, names)]
    return join([*parts, _house_records(company), _guest_records(company, names)])


def _first_records(p: Persons, names: list[tuple[str, str]]) -> CustomerRecords:
    every = np.arange(size(p))
    has_phone = (every % 20 < 11) | p.has_second_record | p.has_terminal_email
    has_phone &= ~p.is_guest_shopper
    phones = [phone(i) if has else "" for i, has in enumerate(has_phone.tolist())]
    emails = np.array([email(name, i) for i, name in enumerate(names)], dtype=object)
    emails[p.has_terminal_email] = TERMINAL_EMAIL
    emails[p.has_shared_email] = SHARED_EMAIL
    return _records(FIRST_RECORD + every, emails, phones, _known_years(p), p.acquired_at)


def _second_records(company: Company, names: list[tuple[str, str]]) -> CustomerRecords:
    """Give the same e-mail in other case, or another e-mail and the same phone."""
    p = company.persons
    rows = np.flatnonzero(p.has_second_record & (p.second_record_at <= company.clock.as_of))
    same_mail = (rows % 2 == 0).tolist()
    pairs = list(zip(rows.tolist(), same_mail, strict=True))
    emails = [
        email(names[i], i).title() if same else email(names[i], 500_000 + i) for i, same in pairs
    ]
    phones = ["" if same else phone(i, spaced=True) for i, same in pairs]
    created_at = p.second_record_at[rows]
    return _records(SECOND_RECORD + rows, emails, phones, _known_years(p)[rows], created_at)


def _house_records(company: Company) -> CustomerRecords:
    """Give the accounts by which staff buy, and those for tests of the shop."""
    staff, tests = np.arange(company.parameters.staff), np.arange(TEST_ACCOUNTS)
    numbers = np.concatenate([STAFF_RECORD + staff, TEST_RECORD + tests])
    users = [f"staff{i}" for i in staff.tolist()] + [f"test{i}" for i in tests.tolist()]
    nothing = np.zeros(len(users), dtype=int)
    created_at = nothing + company.clock.month_start[0] + 6 * 3600
    emails = [f"{user}@alderwren.example.com" for user in users]
    return _records(numbers, emails, [""] * len(users), nothing, created_at)


def _guest_records(company: Company, names: list[tuple[str, str]]) -> CustomerRecords:
    """Give the records that guests get with their orders: nothing but an e-mail."""
    o = company.orders
    rows = np.flatnonzero((o.record >= GUEST_RECORD) & (o.record < STAFF_RECORD))
    emails = [email(names[i], i) for i in o.person[rows].tolist()]
    nothing = np.zeros(len(rows), dtype=int)
    return _records(GUEST_RECORD + rows, emails, [""] * len(rows), nothing, o.at[rows])


def _known_years(p: Persons) -> np.ndarray:
    return np.where(p.is_birth_year_known, p.birth_year, 0)


def _records(number, emails, phones, birth_year, created_at) -> CustomerRecords:
    texts = [np.array(list(each), dtype=object) for each in (emails, phones)]
    return CustomerRecords(number, texts[0], texts[1], birth_year, created_at)
