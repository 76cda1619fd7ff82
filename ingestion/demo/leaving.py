"""Who leaves for good, and what they would have bought.

An order that comes too late makes some leave, once the promise is made; so does a complaint that
nobody solves for a week. Everybody's orders and tickets are drawn before, as if nobody left: what
leavers would have done is taken out of them, and nothing else of the company changes.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ingestion.demo.clock import DAY, Clock, stream
from ingestion.demo.commerce import Orders
from ingestion.demo.deliveries import Deliveries
from ingestion.demo.parameters import Parameters
from ingestion.demo.records import R, select
from ingestion.demo.service import COMPLAINT, REGULAR, Tickets, after_promise

STAYS, LATE, UNSOLVED = range(3)
NEVER = 1 << 40  # beyond all simulated time
TICKET_DAYS = 10  # how long after an order it may still bring a ticket


@dataclass(frozen=True)
class Grievance:
    """One row per reason to leave: whose it is, and when it is one."""

    person: np.ndarray
    at: np.ndarray


@dataclass(frozen=True)
class Leaving:
    """One row per person: when they leave for good, and why."""

    at: np.ndarray
    reason: np.ndarray  # STAYS, LATE, UNSOLVED


def late_deliveries(
    orders: Orders, deliveries: Deliveries, clock: Clock, p: Parameters
) -> Grievance:
    """Return what came too late of what was sold since the promise is made."""
    late = (deliveries.promised_at > 0) & (deliveries.delivered_at > deliveries.promised_at)
    rows = np.flatnonzero(late & (orders.person >= 0) & after_promise(orders.at, clock, p))
    return Grievance(orders.person[rows], deliveries.promised_at[rows])


def unsolved_complaints(tickets: Tickets, p: Parameters) -> Grievance:
    """Return the complaints that nobody had solved in time."""
    limit = tickets.at + p.patience_days * DAY
    first = np.where(tickets.solved_before_at > 0, tickets.solved_before_at, tickets.solved_at)
    is_complaint = (tickets.kind == COMPLAINT) & (tickets.fate == REGULAR) & (tickets.person >= 0)
    rows = np.flatnonzero(is_complaint & ~((first > 0) & (first <= limit)))
    return Grievance(tickets.person[rows], limit[rows])


def simulate_leaving(
    seed: int, persons: int, grievances: dict[int, tuple[Grievance, float]], clock: Clock
) -> Leaving:
    """Let each person leave for good at the first grievance that is one too many."""
    at, reason = np.full(persons, NEVER), np.zeros(persons, dtype=np.int64)
    for cause, (those, share) in grievances.items():
        month_of, own = clock.month_of(those.at), np.full(persons, NEVER)
        for month in range(clock.months + 1):
            random = stream(seed, f"leaving {cause}", month)
            rows = np.flatnonzero(month_of == month)
            rows = rows[random.random(len(rows)) < share]
            np.minimum.at(own, those.person[rows], those.at[rows])
        at, reason = np.minimum(at, own), np.where(own < at, cause, reason)
    return Leaving(at, reason)


def is_gone(person: np.ndarray, at: np.ndarray, left_at: np.ndarray, days: int = 0) -> np.ndarray:
    """Mark what persons would have done more than some days after they left."""
    known = person >= 0
    return known & (at > left_at[np.where(known, person, 0)] + days * DAY)


def repoint(record: R, name: str, stays: np.ndarray) -> R:
    """Return the rows that point to rows that stay, by the numbers that these have then."""
    rows = getattr(record, name)
    kept = select(record, stays[rows])
    number: Any = {name: (np.cumsum(stays) - 1)[rows[stays[rows]]]}
    return replace(kept, **number)
