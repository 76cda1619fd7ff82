"""Truths about promises: what was delivered in time, and by how much it was missed."""

from collections.abc import Iterator

import numpy as np

from ingestion.demo.commerce import COMPLETED, REFUNDED
from ingestion.demo.company import Company
from ingestion.demo.parameters import BRANDS, ORDER_CHANNELS
from ingestion.demo.persons import STAFF_RECORD
from ingestion.demo.records import select
from ingestion.demo.truths.rows import Segments, Truth, share

PROMISES = ("two_days",)


def promise_truths(company: Company) -> Iterator[Truth]:
    """Give the truths of every complete month."""
    clock, orders = company.clock, company.orders
    counts = np.isin(orders.status, (COMPLETED, REFUNDED)) & (orders.record < STAFF_RECORD)
    rows = np.flatnonzero(counts & (company.deliveries.promised_at > 0))
    orders, came = select(orders, rows), select(company.deliveries, rows)
    segments = Segments.of(
        len(rows),
        promise=(PROMISES, np.zeros(len(rows), dtype=int)),
        brand=(BRANDS, orders.brand),
        channel=(ORDER_CHANNELS, orders.channel),
    )
    ended = came.delivered_at > 0
    kept = ended & (came.delivered_at <= came.promised_at)
    decided = kept | (came.promised_at < clock.as_of)
    decided_month = clock.month_of(np.where(kept, came.delivered_at, came.promised_at))
    minutes = np.where(ended, (came.delivered_at - came.promised_at) / 60, 0)
    by_promise = Segments(tuple(part for part in segments if part[0] == "promise"))
    for month in clock.complete_months:
        label = clock.months_first[month]
        here = decided & (decided_month == month)
        yield from share("promise_kept_rate", label, segments, here & kept, here)
        here = ended & (clock.month_of(came.delivered_at) == month)
        yield from share("promise_gap", label, by_promise, here * minutes, here, factor=1)
