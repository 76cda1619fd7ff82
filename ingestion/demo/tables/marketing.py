"""The campaigns, what they cost, who saw their ads, and whom they were sent to but by e-mail."""

import numpy as np

from ingestion.demo.ads import ad_budgets
from ingestion.demo.campaigns import EMAIL
from ingestion.demo.company import Company
from ingestion.demo.parameters import AD_CHANNEL, CAMPAIGN_CHANNELS, SEND_CHANNELS
from ingestion.demo.records import select, size
from ingestion.demo.tables.cells import BRAND_CODES, Table, campaign_ids, day, ids, money, pick, utc

SEND_STATES = ("delivered", "bounced", "opened", "clicked")


def campaigns(company: Company) -> Table:
    """Return the campaigns."""
    c = company.campaigns
    return {
        "campaign": campaign_ids(np.arange(size(c))),
        "title": c.name.astype(object),
        "main_channel": pick(CAMPAIGN_CHANNELS, c.channel),
        "shop": pick(BRAND_CODES, c.brand),
        "from": day(company, c.first_day),
        "to": day(company, c.last_day),
        "_changed": company.clock.at(c.first_day, np.zeros(size(c), dtype=int)),
    }


def costs(company: Company) -> Table:
    """Return what the campaigns cost, by kind, on their first day; ads are charged by the day."""
    c = company.campaigns
    n = size(c)
    media = c.media - ad_budgets(c, company.parameters)
    return {
        "campaign": np.repeat(campaign_ids(np.arange(n)), 3),
        "channel": np.repeat(pick(CAMPAIGN_CHANNELS, c.channel), 3),
        "kind": np.tile(np.array(("media", "labour", "tools"), dtype=object), n),
        "day": np.repeat(day(company, c.first_day), 3),
        "eur": money(np.stack([media, c.labour, c.tools], 1).ravel()),
        "_changed": np.repeat(company.clock.at(c.first_day, np.zeros(n, dtype=int)), 3),
    }


def ad_days(company: Company) -> Table:
    """Return what the ad platform tells of each day of a campaign."""
    a = company.ads
    return {
        "campaign": campaign_ids(a.campaign),
        "platform": np.full(size(a), AD_CHANNEL, dtype=object),
        "day": day(company, a.day),
        "shown": a.impressions.astype(object),
        "clicked": a.clicks.astype(object),
        "persons": a.reach.astype(object),
        "charged": money(a.spend),
        "_changed": a.told_at,
    }


def sends(company: Company) -> Table:
    """Return what went to customers by text message and push; e-mails are the newsletters'."""
    s = select(company.sends, company.sends.channel != EMAIL)
    return {
        "send": ids("s", s.campaign * 10_000_000 + s.person),
        "campaign": campaign_ids(s.campaign),
        "customer_no": ids("K", s.record),
        "sent": utc(s.at),
        "medium": pick(SEND_CHANNELS, s.channel),
        "result": pick(SEND_STATES, s.status),
        "left_list": pick(("no", "yes"), s.is_unsubscribed.astype(int)),
        "_changed": s.at,
    }
