"""What comes back: money of orders in one or several refunds, and goods at the till.

A refund nets its order. A return at the till is booked as an order below zero, in the month in
which it comes.
"""

from dataclasses import dataclass

import numpy as np

from ingestion.demo.clock import Clock, days_later, stream
from ingestion.demo.commerce import COMPLETED, REFUNDED, Orders
from ingestion.demo.parameters import ORDER_CHANNELS, Parameters
from ingestion.demo.records import join, select, size

STORE = ORDER_CHANNELS.index("store")


@dataclass(frozen=True)
class Refunds:
    """One row per refund, by time, in the currency of its order."""

    order: np.ndarray
    part: np.ndarray  # the first of an order is 0
    at: np.ndarray
    amount: np.ndarray


@dataclass(frozen=True)
class Returns:
    """One row per return at the till, by time; amount and margin are above zero."""

    order: np.ndarray
    at: np.ndarray
    amount: np.ndarray
    margin: np.ndarray


def simulate_refunds(seed: int, orders: Orders, clock: Clock, p: Parameters) -> Refunds:
    """Split what goes back of an order into one to three refunds, each on its own day."""
    month_of = clock.month_of(orders.at)
    parts = []
    for month in range(clock.months):
        random = stream(seed, "refunds", month)
        rows = np.flatnonzero((orders.refunded > 0) & (month_of == month))
        parts.append(_split(random, rows, orders, clock, p))
    refunds = join(parts)
    return select(refunds, np.argsort(refunds.at, kind="stable"))


def _split(random, rows: np.ndarray, orders: Orders, clock: Clock, p: Parameters) -> Refunds:
    count = 1 + random.choice(3, len(rows), p=p.refund_parts)
    cents = np.round(orders.refunded[rows] * 100).astype(np.int64)
    first = np.where(count > 1, (cents * random.uniform(0.3, 0.7, len(rows))).astype(int), cents)
    second = np.where(count == 3, (cents - first) // 2, cents - first)
    at = [orders.refunded_at[rows]]
    at += [days_later(clock, at[0], days, random) for days in ((10, 30), (31, 60))]
    amount = np.stack([first, second, cents - first - second])
    part, row = np.nonzero(amount)
    return Refunds(rows[row], part, np.stack(at)[part, row], amount[part, row] / 100)


def simulate_returns(seed: int, orders: Orders, clock: Clock, p: Parameters) -> Returns:
    """Let some of what the stores sold come back to the till, whole or in part."""
    month_of = clock.month_of(orders.at)
    kept = (orders.status == COMPLETED) & (orders.refunded == 0) & (orders.deleted_at == 0)
    parts = []
    for month in range(clock.months):
        random = stream(seed, "returns", month)
        rows = np.flatnonzero(kept & (orders.channel == STORE) & (month_of == month))
        rows = rows[random.random(len(rows)) < p.till_return_share]
        share = random.uniform(0.3, 1.0, len(rows))
        at = days_later(clock, orders.at[rows], (5, 45), random)
        amount, margin = (
            np.round(share * worth[rows], 2) for worth in (orders.amount, orders.margin)
        )
        parts.append(Returns(rows, at, amount, margin))
    returns = join(parts)
    return select(returns, np.argsort(returns.at, kind="stable"))


def refunded_so_far(orders: Orders, refunds: Refunds) -> dict[str, np.ndarray]:
    """Return what became of the orders by these refunds: they are returned with the last one."""
    n = size(orders)
    amount = np.round(np.bincount(refunds.order, refunds.amount, n), 2)
    at = np.zeros(n, dtype=np.int64)
    np.maximum.at(at, refunds.order, refunds.at)
    is_partly = (orders.status == REFUNDED) & (amount < orders.amount)
    status = np.where(is_partly, COMPLETED, orders.status)
    return {"refunded": amount, "refunded_at": at, "status": status}
