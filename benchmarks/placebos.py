"""A small company whose events do nothing, as the tables that comparisons are made of.

Each person orders by chance, at a rate of their own that never changes. Whether an event happens to
somebody hangs on what was known before it, and on nothing else. How comparisons fare is not here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

MONTH = date(2025, 1, 1)
AS_OF = datetime(2025, 6, 1, tzinfo=UTC)
_BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
# Days of the history, of the month, and from its beginning until all outcomes are known.
_BEFORE, _DAYS, _UNTIL = 730, 31, 125
_GENERATIONS = ("generation_z", "millennials", "generation_x", "boomers")
Floats = NDArray[np.float64]
Row = tuple[object, ...]


@dataclass(frozen=True)
class Happenings:
    """What persons did: whose it is, and when, in days from the beginning of the month."""

    person: NDArray[np.int64]
    day: Floats

    def before(self, until: Floats, days: float = np.inf) -> NDArray[np.int64]:
        """Return how many each person had before an instant of their own, and so many days."""
        age = until[self.person] - self.day
        return np.bincount(self.person[(age > 0) & (age <= days)], minlength=len(until))

    def last(self, until: Floats) -> Floats:
        """Return the day of each person's last one before an instant of their own."""
        latest = np.full(len(until), -np.inf)
        known = self.day < until[self.person]
        np.maximum.at(latest, self.person[known], self.day[known])
        return latest


Likelihood = Callable[[Happenings, Happenings, Floats], Floats]
# How likely an event is, given the orders and contacts before an instant. Comparisons tell classes
# of numbers apart: of four orders and more they know no more than that.
LIKELIHOODS: dict[str, Likelihood] = {
    "recent orders": lambda orders, contacts, at: 0.03 + 0.3 * np.exp((orders.last(at) - at) / 60),
    "orders up to 4": lambda orders, contacts, at: (
        0.04 + 0.06 * np.minimum(orders.before(at, 365), 4)
    ),
    "contacts": lambda orders, contacts, at: np.minimum(0.5, 0.08 + 0.1 * contacts.before(at, 365)),
    "orders, all of them": lambda orders, contacts, at: np.minimum(
        0.5, 0.03 + 0.05 * orders.before(at, 365)
    ),
}


@dataclass(frozen=True)
class Company:
    """The persons of one seed, what they did, and the events that happened to them."""

    seed: int
    generation: NDArray[np.int64]
    orders: Happenings
    amount: Floats
    contacts: Happenings
    events: dict[str, Happenings]

    def rows(self) -> dict[str, Iterator[Row]]:
        """Return the rows of each table."""
        return {
            "int_persons": (
                (person, f"{self.seed}-{person}", _GENERATIONS[own])
                for person, own in enumerate(self.generation.tolist())
            ),
            "int_purchase_intervals": (
                (person, _month(first), True) for person, first in self._first_orders()
            ),
            "int_orders": (
                (str(number), person, _instant(day), False, round(amount, 2))
                for number, (person, day, amount) in enumerate(
                    zip(
                        self.orders.person.tolist(),
                        self.orders.day.tolist(),
                        self.amount.tolist(),
                        strict=True,
                    )
                )
            ),
            "int_conversations": (
                (number, person, _instant(day), None)
                for number, (person, day) in enumerate(_each(self.contacts))
            ),
            "int_customer_events": (
                (name, person, _instant(day), _instant(day), None)
                for name, happened in self.events.items()
                for person, day in _each(happened)
            ),
        }

    def _first_orders(self) -> Iterator[tuple[int, float]]:
        first = np.full(len(self.generation), np.inf)
        np.minimum.at(first, self.orders.person, self.orders.day)
        return ((person, day) for person, day in enumerate(first.tolist()) if day < np.inf)


def company(seed: int, persons: int) -> Company:
    """Simulate the company of a seed."""
    chance = np.random.default_rng([20260101, seed])
    zeal = chance.gamma(1, 1 / 100, persons)
    orders = _happenings(chance, zeal)
    worth = chance.lognormal(3.5, 0.5, persons)
    amount = worth[orders.person] * chance.lognormal(0, 0.6, len(orders.day))
    contacts = _happenings(chance, chance.gamma(1, 1 / 600, persons) + zeal / 10)
    events = {
        name: _events(chance, persons, likely, orders, contacts)
        for name, likely in LIKELIHOODS.items()
    }
    return Company(seed, chance.integers(0, 4, persons), orders, amount, contacts, events)


def _happenings(chance: np.random.Generator, rates: Floats) -> Happenings:
    count = chance.poisson(rates * (_BEFORE + _UNTIL))
    day = chance.uniform(-_BEFORE, _UNTIL, count.sum())
    return Happenings(np.repeat(np.arange(len(rates)), count), day)


def _events(
    chance: np.random.Generator,
    persons: int,
    likely: Likelihood,
    orders: Happenings,
    contacts: Happenings,
) -> Happenings:
    """Let an event happen to some, each at an instant of the month, by what was known before."""
    at = chance.uniform(0, _DAYS, persons)
    person = np.flatnonzero(chance.random(persons) < likely(orders, contacts, at))
    return Happenings(person, at[person])


def _each(happened: Happenings) -> Iterator[tuple[int, float]]:
    return zip(happened.person.tolist(), happened.day.tolist(), strict=True)


def _instant(day: float) -> datetime:
    return _BEGIN + timedelta(days=day)


def _month(day: float) -> date:
    return _instant(day).date().replace(day=1)
