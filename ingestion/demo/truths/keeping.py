"""What broken promises and complaints did to customers, as only the simulation knows.

Beside what everybody ordered stand the orders that leavers would have made, and those that nobody
would have made without good service: the difference is the effect, with all else alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from ingestion.demo.clock import DAY
from ingestion.demo.commerce import COMPLETED, REFUNDED, SERVED, Orders
from ingestion.demo.company import Company
from ingestion.demo.leaving import LATE, UNSOLVED
from ingestion.demo.records import join, select
from ingestion.demo.service import COMPLAINT, REGULAR

DAYS = 90


@dataclass(frozen=True)
class Happenings:
    """One row per event, by time: to whom, when it began, and when it had happened."""

    person: np.ndarray
    began_at: np.ndarray
    at: np.ndarray


def retention_effects(company: Company) -> dict[tuple[str, date], float]:
    """Return by event and month how many points more of its customers ordered within 90 days.

    Of the first event of each customer in a month, as soon as all its 90 days are over.
    """
    unserved = _otherwise(company, UNSOLVED)
    unserved = select(unserved, unserved.well != SERVED)
    found = {}
    for event, happened, otherwise in (
        ("broken_promise", _broken_promises(company), _otherwise(company, LATE)),
        ("solved_complaint", _solved_complaints(company), unserved),
    ):
        for month, effect in _effects(company, happened, otherwise):
            found[event, month] = effect
    return found


def _effects(
    company: Company, happened: Happenings, otherwise: Orders
) -> Iterator[tuple[date, float]]:
    clock, sold = company.clock, _sales(company.orders)
    ever = np.zeros_like(happened.began_at)
    happened = select(happened, _ordered(sold, happened.person, ever, happened.began_at))
    over = np.flatnonzero(clock.month_start[1:] + DAYS * DAY <= clock.as_of)
    for month in over.tolist():
        here = select(happened, clock.month_of(happened.at) == month)
        first = select(here, np.unique(here.person, return_index=True)[1])
        if len(first.at):
            span = (first.person, first.at, first.at + DAYS * DAY + 1)
            did, would = (_ordered(orders, *span).mean() for orders in (sold, otherwise))
            yield clock.months_first[month], float(100 * (did - would))


def _sales(orders: Orders) -> Orders:
    return select(orders, np.isin(orders.status, (COMPLETED, REFUNDED)) & (orders.person >= 0))


def _otherwise(company: Company, reason: int) -> Orders:
    """Return the orders there would be, had nobody left for this reason."""
    lost = _sales(company.lost)
    back = select(lost, company.leaving.reason[lost.person] == reason)
    return join([_sales(company.orders), back])


def _broken_promises(company: Company) -> Happenings:
    orders, came = company.orders, company.deliveries
    kept = (came.delivered_at > 0) & (came.delivered_at <= came.promised_at)
    is_sale = np.isin(orders.status, (COMPLETED, REFUNDED)) & (orders.person >= 0)
    broken = is_sale & (came.promised_at > 0) & ~kept
    return _by_time(select(Happenings(orders.person, orders.at, came.promised_at), broken))


def _solved_complaints(company: Company) -> Happenings:
    tickets = company.tickets
    first = np.where(tickets.solved_before_at > 0, tickets.solved_before_at, tickets.solved_at)
    is_complaint = (tickets.kind == COMPLAINT) & (tickets.fate == REGULAR) & (tickets.person >= 0)
    return _by_time(
        select(Happenings(tickets.person, tickets.at, first), is_complaint & (first > 0))
    )


def _by_time(happened: Happenings) -> Happenings:
    return select(happened, np.argsort(happened.at, kind="stable"))


def _ordered(
    orders: Orders, person: np.ndarray, after: np.ndarray, before: np.ndarray
) -> np.ndarray:
    """Return which persons ordered between two instants, neither of them included."""
    key = np.sort(orders.person.astype(np.int64) * (1 << 34) + orders.at)
    base = person.astype(np.int64) * (1 << 34)
    return np.searchsorted(key, base + before) > np.searchsorted(key, base + after, side="right")
