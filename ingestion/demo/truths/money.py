"""Truths about money: revenue kept, campaigns' return and reach, sends to open complaints."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ingestion.demo.ads import AdDays
from ingestion.demo.campaigns import BOUNCED
from ingestion.demo.commerce import COMPLETED, REFUNDED, exchange_rate
from ingestion.demo.company import Company
from ingestion.demo.parameters import AD_CHANNEL, BRANDS, CAMPAIGN_CHANNELS
from ingestion.demo.records import join, select, size
from ingestion.demo.truths.rows import Segments, Truth, share


@dataclass(frozen=True)
class Sales:
    """Orders that count, in EUR, refunds netted; and returns, which are below zero."""

    person: np.ndarray
    month: np.ndarray
    net: np.ndarray
    margin: np.ndarray
    campaign: np.ndarray
    brand: np.ndarray
    is_return: np.ndarray


def sales(company: Company) -> Sales:
    """Return all orders but cancelled, deleted and test ones, and what came back to the till."""
    return join([_sold(company), _returned(company)])


def _rate(company: Company, currency: np.ndarray, at: np.ndarray) -> np.ndarray:
    rates = np.stack([exchange_rate(company.clock, each) for each in range(3)])
    return rates[currency, company.clock.day_of(at)]


def _sold(company: Company) -> Sales:
    orders, clock = company.orders, company.clock
    rate = _rate(company, orders.currency, orders.at)
    kept = 1 - orders.refunded / orders.amount
    valid = np.isin(orders.status, (COMPLETED, REFUNDED))
    return Sales(
        person=orders.person[valid],
        month=clock.month_of(orders.at)[valid],
        net=(orders.amount * kept * rate)[valid],
        margin=(orders.margin * kept * rate)[valid],
        campaign=orders.campaign[valid],
        brand=orders.brand[valid],
        is_return=np.zeros(int(valid.sum()), dtype=bool),
    )


def _returned(company: Company) -> Sales:
    """Return the returns, in the month and at the rate of the day on which they came."""
    returns = company.returns
    orders = select(company.orders, returns.order)
    rate = _rate(company, orders.currency, returns.at)
    return Sales(
        person=orders.person,
        month=company.clock.month_of(returns.at),
        net=-returns.amount * rate,
        margin=-returns.margin * rate,
        campaign=np.full(size(returns), -1),
        brand=orders.brand,
        is_return=np.ones(size(returns), dtype=bool),
    )


def money_truths(company: Company) -> Iterator[Truth]:
    """Give the truths of every complete month."""
    sold = sales(company)
    for month in company.clock.complete_months:
        yield from _revenue_kept(company, month, sold)
        yield from _campaigns(company, month, sold)
        yield from _ads(company, month)
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
        buyers = sold.person[known & (sold.month == month - 12) & ~sold.is_return]
        bought = np.isin(np.arange(size(company.persons)), buyers)
        for truth in share("net_revenue_retention", label, everybody, now * bought, then * bought):
            yield replace(truth, segment_name=name, segment_value=value)


def _campaigns(company: Company, month: int, sold: Sales) -> Iterator[Truth]:
    label, campaigns = company.clock.months_first[month], company.campaigns
    planned = campaigns.month == month
    spend = _spend(company, planned)
    margin = float(sold.margin[(sold.month == month) & (sold.campaign >= 0)].sum())
    sends = company.sends
    here = (company.clock.month_of(sends.at) == month) & (sends.status != BOUNCED)
    reached = len(np.unique(sends.person[here])) + int(_ad_days(company, month).reach.sum())
    whole = ("company", "all")
    roi = 100 * (margin - spend) / spend if spend else None
    yield Truth("campaign_roi", label, *whole, roi, margin - spend, spend)
    cost = spend / reached if reached else None
    yield Truth("cost_per_person_reached", label, *whole, cost, spend, float(reached))


def _ads(company: Company, month: int) -> Iterator[Truth]:
    """Give what a person costs on the ad platform's channel, on which nobody gets a send."""
    campaigns, ads = company.campaigns, _ad_days(company, month)
    is_there = campaigns.channel == CAMPAIGN_CHANNELS.index(AD_CHANNEL)
    spend = _spend(company, (campaigns.month == month) & is_there)
    spend += float(ads.spend[~is_there[ads.campaign]].sum())
    reached = float(ads.reach.sum())
    segment = ("channel", AD_CHANNEL)
    label, cost = company.clock.months_first[month], spend / reached if reached else None
    yield Truth("cost_per_person_reached", label, *segment, cost, spend, reached)


def _ad_days(company: Company, month: int) -> AdDays:
    """Return a month's days of ads; a campaign's are all in the month in which it begins."""
    first, after = company.clock.month_day[month : month + 2]
    return select(company.ads, (company.ads.day >= first) & (company.ads.day < after))


def _spend(company: Company, planned: np.ndarray) -> float:
    """Return what some campaigns cost in all: ads are part of their media."""
    campaigns = company.campaigns
    return float((campaigns.media + campaigns.labour + campaigns.tools)[planned].sum())


def _sends(company: Company, month: int) -> Iterator[Truth]:
    sends, label = company.sends, company.clock.months_first[month]
    here = company.clock.month_of(sends.at) == month
    segments = Segments.of(size(sends))
    complains = here & sends.has_open_complaint
    yield from share("open_complaint_send_rate", label, segments, complains, here)
