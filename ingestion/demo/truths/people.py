"""Truths about customers: retention, reactivation, new ones, cohorts, repeat purchase."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ingestion.demo.commerce import COMPLETED, REFUNDED
from ingestion.demo.company import Company
from ingestion.demo.parameters import GENERATIONS
from ingestion.demo.records import size
from ingestion.demo.truths.rows import Segments, Truth, share
from ingestion.demo.truths.voices import advocates, referrers

WINDOW = 365


@dataclass(frozen=True)
class Purchases:
    """Days and persons of all orders that count."""

    persons: int
    person: np.ndarray
    day: np.ndarray
    first_day: np.ndarray  # by person; far in the future without an order

    def count(self, start: int, end: int) -> np.ndarray:
        """Return each person's number of orders from day `start` to before `end`."""
        here = (self.day >= start) & (self.day < end)
        return np.bincount(self.person[here], minlength=self.persons)


def purchases(company: Company) -> Purchases:
    """Return the orders of persons, without cancelled and test ones."""
    orders = company.orders
    valid = (orders.person >= 0) & np.isin(orders.status, (COMPLETED, REFUNDED))
    person, day = orders.person[valid], company.clock.day_of(orders.at[valid])
    first = np.full(size(company.persons), 1 << 30)
    np.minimum.at(first, person, day)
    return Purchases(size(company.persons), person, day, first)


def generations(company: Company) -> Segments:
    """Return persons by generation, as far as the shop knows the year of birth."""
    persons = company.persons
    index = np.where(persons.is_birth_year_known, persons.generation, len(GENERATIONS))
    return Segments.of(size(persons), generation=((*GENERATIONS, "unknown"), index))


def people_truths(company: Company) -> Iterator[Truth]:
    """Give the truths of every complete month."""
    bought, segments = purchases(company), generations(company)
    speaks, brings = advocates(company), referrers(company)
    for month in company.clock.complete_months:
        yield from _month(company, month, bought, segments)
        yield from _advocacy(company, month, (bought, segments, speaks[month], brings[month]))


def _month(company: Company, month: int, bought: Purchases, segments: Segments) -> Iterator[Truth]:
    start, end = (int(day) for day in company.clock.month_day[month : month + 2])
    label = company.clock.months_first[month]
    at_start = bought.count(start - WINDOW, start) > 0
    in_window = bought.count(end - WINDOW, end)
    ordered = bought.count(start, end) > 0
    lapsed = (bought.first_day < start) & ~at_start
    new = (bought.first_day >= start) & (bought.first_day < end)
    seen = bought.first_day <= end - WINDOW
    yield from share("retention_rate", label, segments, at_start & (in_window > 0), at_start)
    yield from share("reactivation_rate", label, segments, lapsed & ordered, lapsed)
    yield from share(
        "repeat_purchase_rate", label, segments, seen & (in_window >= 2), seen & (in_window > 0)
    )
    for name, value, mask in segments:
        count = float(new[mask].sum())
        yield Truth("new_customers", label, name, value, count, count, None)
    cohort_start, cohort_end = (int(day) for day in company.clock.month_day[month - 3 : month - 1])
    cohort = (bought.first_day >= cohort_start) & (bought.first_day < cohort_end)
    yield from share("cohort_retention", label, segments, cohort & ordered, cohort)


def _advocacy(company: Company, month: int, known: tuple) -> Iterator[Truth]:
    bought, segments, speaks, brings = known
    start, end = (int(day) for day in company.clock.month_day[month : month + 2])
    label = company.clock.months_first[month]
    at_start = bought.count(start - WINDOW, start) > 0
    at_end = bought.count(end - WINDOW, end) > 0
    yield from share("referral_rate", label, segments, at_end & brings, at_end)
    yield from share("advocacy_rate", label, segments, at_end & speaks, at_end)
    yield from share(
        "advocating_retained_share", label, segments, at_start & at_end & speaks, at_start
    )
