"""When orders were promised, and when they came: by eight in the evening of the second day.

What the stores sell is taken along, and what is cancelled never comes.
"""

from dataclasses import dataclass

import numpy as np

from ingestion.demo.clock import Clock, stream
from ingestion.demo.commerce import COMPLETED, REFUNDED, Orders
from ingestion.demo.parameters import Parameters
from ingestion.demo.records import join
from ingestion.demo.returns import STORE

DAYS = 2
MORNING, EVENING = 8 * 3_600, 20 * 3_600


@dataclass(frozen=True)
class Deliveries:
    """One row per order; 0 where there is nothing to deliver."""

    promised_at: np.ndarray
    delivered_at: np.ndarray


def simulate_deliveries(seed: int, orders: Orders, clock: Clock, p: Parameters) -> Deliveries:
    """Let most orders come in time, and fewer from the month on in which the promise slips."""
    month_of = clock.month_of(orders.at)
    months = range(clock.months + 1)
    return join([_deliver(seed, orders, month_of == m, (clock, m, p)) for m in months])


def _deliver(seed: int, orders: Orders, here: np.ndarray, when) -> Deliveries:
    clock, month, p = when
    random = stream(seed, "deliveries", month)
    day, n = clock.day_of(orders.at[here]), int(here.sum())
    has_slipped = month >= clock.reported(p.promise_month)
    kept = p.delivered_after_slip if has_slipped else p.delivered_in_time
    days = np.where(random.random(n) < kept, random.integers(1, 3, n), random.integers(3, 8, n))
    second = random.integers(MORNING, EVENING, n)
    is_sent = orders.channel[here] != STORE
    comes = is_sent & np.isin(orders.status[here], (COMPLETED, REFUNDED))
    promised_at = clock.at(day + DAYS, np.full(n, EVENING))
    return Deliveries(
        promised_at=np.where(is_sent, promised_at, 0),
        delivered_at=np.where(comes, clock.at(day + days, second), 0),
    )
