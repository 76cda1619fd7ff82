"""The campaigns, what they cost, and whom they were sent to."""

import numpy as np

from ingestion.demo.company import Company
from ingestion.demo.parameters import CAMPAIGN_CHANNELS, SEND_CHANNELS
from ingestion.demo.records import size
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
    """Return what the campaigns cost, by kind, on their first day."""
    c = company.campaigns
    n = size(c)
    return {
        "campaign": np.repeat(campaign_ids(np.arange(n)), 3),
        "channel": np.repeat(pick(CAMPAIGN_CHANNELS, c.channel), 3),
        "kind": np.tile(np.array(("media", "labour", "tools"), dtype=object), n),
        "day": np.repeat(day(company, c.first_day), 3),
        "eur": money(np.stack([c.media, c.labour, c.tools], 1).ravel()),
        "_changed": np.repeat(company.clock.at(c.first_day, np.zeros(n, dtype=int)), 3),
    }


def sends(company: Company) -> Table:
    """Return the sends to customers."""
    s = company.sends
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
