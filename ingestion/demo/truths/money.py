"""Truths about money: revenue kept, campaigns' return and reach, sends to open complaints."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ingestion.demo.campaigns import BOUNCED
from ingestion.demo.commerce import COMPLETED, REFUNDED, exchange_rate
from ingestion.demo.company import Company
from ingestion.demo.parameters import BRANDS
from ingestion.demo.records import size
from ingestion.demo.truths.rows import Segments, Truth, share


@dataclass(frozen=True)
class Sales:
    """Orders that count, in EUR, refunds netted."""

    person: np.ndarray
    month: np.ndarray
    net: np.ndarray
    margin: np.ndarray
    campaign: np.ndarray
    brand: np.ndarray


def sales(company: Company) -> Sales:
    """Return all orders but cancelled and test ones, at the day's rate."""
    orders, clock = company.orders, company.clock
    rates = np.stack([exchange_rate(clock, currency) for currency in range(3)])
    rate = rates[orders.currency, clock.day_of(orders.at)]
    kept = 1 - orders.refunded / orders.amount
    valid = np.isin(orders.status, (COMPLETED, REFUNDED))
    return Sales(
        person=orders.person[valid],
        month=clock.month_of(orders.at)[valid],
        net=(orders.amount * kept * rate)[valid],
        margin=(orders.margin * kept * rate)[valid],
        campaign=orders.campaign[valid],
        brand=orders.brand[valid],
    )


def money_truths(company: Company) -> Iterator[Truth]:
    """Give the truths of every complete month."""
    sold = sales(company)
    for month in company.clock.complete_months:
        yield from _revenue_kept(company, month, sold)
        yield from _campaigns(company, month, sold)
        yield from _sends(company, month)


def _revenue_kept(company: Company, month: int, sold: Sales) -> Iterator[Truth]:
    """Give the whole's, and each brand's of the persons who bought of the brand a year ago."""
    label, everybody = company.clock.months_first[month], Segments.of(size(company.persons))
    for name, value, mask in Segments.of(len(sold.person), brand=(BRANDS, sold.brand)):
        known = mask & (sold.person >= 0)
        then, now = (
            np.bincount(sold.person[here], sold.net[here], size(company.persons))
            for here in (known & (sold.month == month - 12), known & (sold.month == month))
        )
        buyers = sold.person[known & (sold.month == month - 12)]
        bought = np.isin(np.arange(size(company.persons)), buyers)
        for truth in share("net_revenue_retention", label, everybody, now * bought, then):
            yield replace(truth, segment_name=name, segment_value=value)


def _campaigns(company: Company, month: int, sold: Sales) -> Iterator[Truth]:
    label, campaigns = company.clock.months_first[month], company.campaigns
    planned = campaigns.month == month
    spend = float((campaigns.media + campaigns.labour + campaigns.tools)[planned].sum())
    margin = float(sold.margin[(sold.month == month) & (sold.campaign >= 0)].sum())
    sends = company.sends
    here = (company.clock.month_of(sends.at) == month) & (sends.status != BOUNCED)
    reached = len(np.unique(sends.person[here]))
    whole = ("company", "all")
    roi = 100 * (margin - spend) / spend if spend else None
    yield Truth("campaign_roi", label, *whole, roi, margin - spend, spend)
    cost = spend / reached if reached else None
    yield Truth("cost_per_person_reached", label, *whole, cost, spend, float(reached))


def _sends(company: Company, month: int) -> Iterator[Truth]:
    sends, label = company.sends, company.clock.months_first[month]
    here = company.clock.month_of(sends.at) == month
    segments = Segments.of(size(sends))
    complains = here & sends.has_open_complaint
    yield from share("open_complaint_send_rate", label, segments, complains, here)
