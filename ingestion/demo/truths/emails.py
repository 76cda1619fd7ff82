"""Truths about e-mails of campaigns: who opened them, clicked in them and unsubscribed by them."""

from collections.abc import Iterator

import numpy as np

from ingestion.demo.campaigns import BOUNCED, CLICKED, OPENED
from ingestion.demo.company import Company
from ingestion.demo.parameters import BRANDS, SEND_CHANNELS
from ingestion.demo.records import size
from ingestion.demo.truths.rows import Segments, Truth, share


def email_truths(company: Company) -> Iterator[Truth]:
    """Give the truths of every complete month; nobody gets a campaign twice in one."""
    sends, clock = company.sends, company.clock
    segments = Segments.of(size(sends), brand=(BRANDS, company.campaigns.brand[sends.campaign]))
    is_email = sends.channel == SEND_CHANNELS.index("email")
    delivered = is_email & (sends.status != BOUNCED)
    rates = {
        "email_open_rate": np.isin(sends.status, (OPENED, CLICKED)),
        "email_click_rate": sends.status == CLICKED,
        "unsubscribe_rate": sends.is_unsubscribed,
    }
    for month in clock.complete_months:
        here, label = delivered & (clock.month_of(sends.at) == month), clock.months_first[month]
        for metric_id, did in rates.items():
            yield from share(metric_id, label, segments, did & here, here)
