"""What the ad platform tells of the paid campaigns, a day at a time.

Which campaigns there are and what they cost in all is planned in `campaigns`.
"""

from dataclasses import dataclass

import numpy as np

from ingestion.demo.campaigns import Campaigns
from ingestion.demo.clock import Clock, stream
from ingestion.demo.parameters import CAMPAIGN_CHANNELS, Parameters
from ingestion.demo.records import join

BY_EMAIL = CAMPAIGN_CHANNELS.index("email")
MORNING = 4 * 3600


@dataclass(frozen=True)
class AdDays:
    """One row per campaign and day, told on the morning after it."""

    campaign: np.ndarray
    day: np.ndarray
    told_at: np.ndarray
    impressions: np.ndarray
    clicks: np.ndarray
    reach: np.ndarray  # persons who saw an ad on the day
    spend: np.ndarray  # EUR


def ad_budgets(campaigns: Campaigns, p: Parameters) -> np.ndarray:
    """Return what the platform charges of the media of each campaign; of e-mails nothing."""
    return np.where(campaigns.channel == BY_EMAIL, 0.0, np.round(p.ad_share * campaigns.media, 2))


def simulate_ads(seed: int, campaigns: Campaigns, clock: Clock, p: Parameters) -> AdDays:
    """Spend the budget of each campaign, from its second day on: the first has other media."""
    budgets = ad_budgets(campaigns, p)
    parts = []
    for campaign in np.flatnonzero(campaigns.channel != BY_EMAIL).tolist():
        random = stream(seed, "ads", campaign)
        day = np.arange(campaigns.first_day[campaign] + 1, campaigns.last_day[campaign] + 1)
        spend = _spread(random, budgets[campaign], len(day))
        price = p.ad_thousand_price * random.uniform(0.9, 1.1, len(day))
        impressions = np.round(1_000 * spend / price).astype(int)
        parts.append(
            AdDays(
                campaign=np.full(len(day), campaign),
                day=day,
                told_at=clock.at(day + 1, np.full(len(day), MORNING)),
                impressions=impressions,
                clicks=random.binomial(impressions, p.ad_click_rate),
                reach=np.round(impressions / p.ad_frequency).astype(int),
                spend=spend,
            )
        )
    return join(parts)


def _spread(random: np.random.Generator, budget: float, days: int) -> np.ndarray:
    """Spread a budget over days; rounded sums, so that not a cent of it is lost."""
    share = np.cumsum(random.uniform(0.7, 1.3, days))
    return np.diff(np.round(100 * budget * share / share[-1]), prepend=0) / 100
