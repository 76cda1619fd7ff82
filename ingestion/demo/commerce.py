"""Who is a living customer in which month, and all orders.

The orders have four origins: the living persons' own rate, the first orders of those who
arrive, coupons of campaigns, and good service. `finish_orders` gives all of them amounts.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ingestion.demo.clock import Clock, days_later, stream, within_month
from ingestion.demo.parameters import ORDER_CHANNELS, Parameters
from ingestion.demo.persons import STAFF_RECORD, TEST_RECORD, Persons, record_at
from ingestion.demo.records import join, select, size

COMPLETED, CANCELLED, REFUNDED, TEST, DELETED = range(5)
OWN, FIRST, COUPON, SERVED, NOBODY = range(5)
TILL_CHANNELS = tuple(map(ORDER_CHANNELS.index, ("store", "phone")))


@dataclass(frozen=True)
class Intents:
    """One row per wish to buy; `person` is -1 for guests, staff and tests."""

    person: np.ndarray
    record: np.ndarray  # customer record, 0 for a guest
    at: np.ndarray
    well: np.ndarray
    campaign: np.ndarray  # -1 without
    referrer: np.ndarray  # person, -1 without


@dataclass(frozen=True)
class Orders:
    """One row per order, by time; amounts in the order's own currency."""

    person: np.ndarray
    record: np.ndarray
    at: np.ndarray
    well: np.ndarray
    campaign: np.ndarray
    referrer: np.ndarray
    amount: np.ndarray
    margin: np.ndarray
    refunded: np.ndarray  # by all refunds
    refunded_at: np.ndarray  # 0 without; while simulated the first one, by as_of the last
    deleted_at: np.ndarray  # 0 without
    currency: np.ndarray
    status: np.ndarray  # the last one
    channel: np.ndarray
    brand: np.ndarray


def make_intents(person: np.ndarray, at: np.ndarray, persons: Persons, well: int) -> Intents:
    """Return intents of known persons without campaign or referrer."""
    none = np.full(len(person), -1)
    record = record_at(persons, person, at)
    return Intents(person, record, at, np.full(len(person), well), none, none)


@dataclass(frozen=True)
class Customership:
    """`alive[month, person]`: would buy in that month; and what they buy of their own accord."""

    alive: np.ndarray
    intents: Intents


def simulate_customership(seed: int, persons: Persons, clock: Clock, p: Parameters) -> Customership:
    """Let persons live, lapse and come back, month by month, and buy at their own rate."""
    alive = np.zeros(size(persons), dtype=bool)
    months, intents = np.zeros((clock.months, size(persons)), dtype=bool), []
    for month in range(clock.months):
        random = stream(seed, "customership", month)
        came = persons.acquired_at < clock.month_start[month]
        arrived = ~came & (persons.acquired_at < clock.month_start[month + 1])
        alive = _live_on(alive, persons, came, (clock, month, p), random)
        intents.append(_own_orders(persons, alive, (clock, month, p), random))
        intents.append(_first_orders(persons, arrived, alive, random))
        alive = alive | arrived
        months[month] = alive
    return Customership(months, join(intents))


def _live_on(alive, persons, came, when, random) -> np.ndarray:
    clock, month, p = when
    risk = 1 - persons.yearly_survival ** (1 / 12)
    since = month - clock.reported(p.crisis_month)
    if 1 <= since <= 4:
        hit = persons.is_affected & (
            persons.acquired_at < clock.month_start[clock.reported(p.crisis_month)]
        )
        risk = np.where(hit, risk * p.affected_hazard, risk)
    return_rate = 1 - (1 - p.yearly_reactivation) ** (1 / 12)
    draw = np.ones(len(alive))
    draw[came] = random.random(int(came.sum()))
    return came & np.where(alive, draw >= risk, draw < return_rate)


def _own_orders(persons, alive, when, random) -> Intents:
    clock, month, p = when
    rate = persons.orders_per_year / 12 * p.order_season[clock.calendar_month(month)]
    living = np.flatnonzero(alive)
    person = np.repeat(living, random.poisson(rate[living]))
    return make_intents(person, within_month(clock, month, len(person), random), persons, OWN)


def _first_orders(persons, arrived, alive, random) -> Intents:
    person = np.flatnonzero(arrived)
    intents = make_intents(person, persons.acquired_at[person], persons, FIRST)
    praisers = np.flatnonzero(alive & (persons.is_advocate | (persons.generation == 0)))
    if not len(praisers):
        return intents
    referrer = random.choice(praisers, len(person))
    return replace(intents, referrer=np.where(persons.is_referred[person], referrer, -1))


def served_intents(
    seed: int, served: tuple[np.ndarray, np.ndarray], persons: Persons, clock: Clock, p: Parameters
) -> Intents:
    """Let persons whose ticket was solved (person, time) order in 7 days, at the planted lift."""
    person, at = served
    parts = []
    for month in range(clock.months):
        random = stream(seed, "served orders", month)
        here = np.flatnonzero(clock.month_of(at) == month)
        here = here[random.random(len(here)) < p.service_order_lift]
        later = days_later(clock, at[here], (1, 6), random)
        parts.append(make_intents(person[here], later, persons, SERVED))
    return join(parts)


def other_intents(seed: int, known_orders: np.ndarray, clock: Clock, p: Parameters) -> Intents:
    """Draw the orders of guests, staff and tests; `known_orders` is the count by month."""
    parts = []
    for month in range(clock.months):
        random = stream(seed, "other orders", month)
        guests = random.poisson(known_orders[month] * p.guest_rate)
        staff = random.integers(0, p.staff, max(1, p.staff // 6))
        tests = random.integers(0, 10, p.test_orders_per_month)
        record = np.concatenate(
            [np.zeros(guests, dtype=int), STAFF_RECORD + staff, TEST_RECORD + tests]
        )
        at = within_month(clock, month, len(record), random)
        none = np.full(len(record), -1)
        parts.append(Intents(none, record, at, np.full(len(record), NOBODY), none, none))
    return join(parts)


def finish_orders(
    seed: int, intents: Intents, persons: Persons, clock: Clock, p: Parameters
) -> Orders:
    """Sort the intents by time and give each an amount, a margin and a status."""
    intents = select(intents, np.argsort(intents.at, kind="stable"))
    bounds = np.searchsorted(intents.at, clock.month_start)
    parts = [
        _finish_month(
            stream(seed, "orders", m), select(intents, np.arange(a, b)), persons, clock, p
        )
        for m, (a, b) in enumerate(pairwise(bounds))
    ]
    return join(parts)


def _finish_month(
    random, intents: Intents, persons: Persons, clock: Clock, p: Parameters
) -> Orders:
    n = size(intents)
    known, who = intents.person >= 0, np.maximum(intents.person, 0)
    amount = np.round(p.median_amount * random.lognormal(0, 0.55, n), 2)
    margin = np.round(amount * np.clip(random.normal(p.margin_rate, 0.05, n), 0.1, 0.7), 2)
    status = np.where(random.random(n) < p.cancel_rate, CANCELLED, COMPLETED)
    refund = (random.random(n) < p.refund_rate) & (status == COMPLETED)
    whole = refund & (random.random(n) < 0.5)
    status = np.where(whole, REFUNDED, status)
    status = np.where(intents.record >= TEST_RECORD, TEST, status)
    part = np.where(refund, np.round(amount * random.uniform(0.1, 0.6, n), 2), 0.0)
    refunded_at = days_later(clock, intents.at, (3, 20), random)
    channel = _mostly(
        persons.channel[who], 0.85, random.choice(4, n, p=(0.5, 0.26, 0.18, 0.06)), random
    )
    brand = _mostly(persons.brand[who], 0.9, random.integers(0, 2, n), random)
    return Orders(
        **{
            name: getattr(intents, name)
            for name in ("person", "record", "at", "well", "campaign", "referrer")
        },
        amount=amount,
        margin=margin,
        refunded=np.where(whole, amount, part),
        refunded_at=np.where(refund, refunded_at, 0),
        deleted_at=np.zeros(n, dtype=np.int64),
        currency=np.where(known, persons.currency[who], 0),
        status=status,
        channel=channel,
        brand=brand,
    )


def _mostly(usual, share, other, random) -> np.ndarray:
    return np.where(random.random(len(usual)) < share, usual, other)


def exchange_rate(clock: Clock, currency: int) -> np.ndarray:
    """Return EUR for one unit of the currency on each simulated day."""
    day = np.arange(clock.month_day[-1] + 1)
    if currency == 0:
        return np.ones(len(day))
    base, swing, period = ((1.16, 0.03, 410.0), (1.04, 0.02, 530.0))[currency - 1]
    return np.round(base + swing * np.sin(2 * np.pi * day / period), 5)


def is_at_till(channel: np.ndarray) -> np.ndarray:
    """Return which orders are booked at a till; the web shop has the others."""
    return np.isin(channel, TILL_CHANNELS)
