"""Truths about growth that customers bring: who stays, and whom they bring."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ingestion.demo.company import Company
from ingestion.demo.parameters import BRANDS
from ingestion.demo.records import size
from ingestion.demo.truths.money import Sales, sales
from ingestion.demo.truths.people import purchases
from ingestion.demo.truths.rows import Segments, Truth, share
from ingestion.demo.truths.voices import are_referrals


@dataclass(frozen=True)
class Newcomers:
    """By person: the month of the first order, if any, and what the first day's orders name."""

    first_month: np.ndarray
    is_referred: np.ndarray
    has_campaign: np.ndarray

    def since(self, month: int) -> np.ndarray:
        """Mark those who came in the twelve months up to a month's end."""
        return (self.first_month <= month) & (self.first_month > month - 12)


def growth_truths(company: Company) -> Iterator[Truth]:
    """Give the truths of every complete month."""
    sold, newcomers = sales(company), _newcomers(company)
    for month in company.clock.complete_months:
        yield from _earned(company, month, sold, newcomers)
        yield from _unknown(company, month, sold, newcomers)


def _newcomers(company: Company) -> Newcomers:
    orders, clock, people = company.orders, company.clock, size(company.persons)
    bought = purchases(company)
    day = clock.day_of(orders.at)
    is_first = (orders.person >= 0) & (day == bought.first_day[np.maximum(orders.person, 0)])
    everybody = np.arange(people)
    first_month = np.full(people, 1 << 30)
    first_month[orders.person[is_first]] = clock.month_of(orders.at[is_first])
    return Newcomers(
        first_month=np.where(np.isin(everybody, bought.person), first_month, 1 << 30),
        is_referred=np.isin(everybody, orders.person[is_first & are_referrals(company)]),
        has_campaign=np.isin(everybody, orders.person[is_first & (orders.campaign >= 0)]),
    )


def _earned(company: Company, month: int, sold: Sales, newcomers: Newcomers) -> Iterator[Truth]:
    """Give the whole's, and each brand's of the persons who bought of the brand a year ago."""
    label, people = company.clock.months_first[month], size(company.persons)
    referred = newcomers.since(month) & newcomers.is_referred
    for name, value, mask in Segments.of(len(sold.person), brand=(BRANDS, sold.brand)):
        known = mask & (sold.person >= 0)
        was, here = known & (sold.month == month - 12), known & (sold.month == month)
        then, now = (np.bincount(sold.person[rows], sold.net[rows], people) for rows in (was, here))
        bought = np.isin(np.arange(people), sold.person[was & ~sold.is_return])
        growth = float((now * (bought | referred) - then * bought).sum())
        base = float((then * bought).sum())
        figure = 100 * growth / base if base else None
        yield Truth("earned_growth_rate", label, name, value, figure, growth, base)


def _unknown(company: Company, month: int, sold: Sales, newcomers: Newcomers) -> Iterator[Truth]:
    """Give how many of the new persons who ordered in the month nobody is known to have brought."""
    everybody = np.arange(size(company.persons))
    came = np.isin(everybody, sold.person[sold.month == month]) & newcomers.since(month)
    unknown = ~newcomers.is_referred & ~newcomers.has_campaign
    segments = Segments((("statistic", "unknown_reason_share", came),))
    label = company.clock.months_first[month]
    yield from share("earned_growth_rate", label, segments, unknown, np.ones(len(came)))
