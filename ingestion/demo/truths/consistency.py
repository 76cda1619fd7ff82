"""Truths about how alike customers find channels, teams and shifts."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from ingestion.demo.company import Company
from ingestion.demo.parameters import TEAMS
from ingestion.demo.truths.rows import Truth

FEWEST = 30  # answers, minimum_n in concord.toml


def consistency_truths(company: Company) -> Iterator[Truth]:
    """Give the truths of every complete month."""
    tickets, clock = company.tickets, company.clock
    answered = np.flatnonzero(tickets.rated_at > 0)
    satisfied = tickets.stars[answered] >= 4
    months = clock.month_of(tickets.rated_at[answered])
    replied_at = np.maximum(tickets.replied_at, tickets.at)[answered]
    dimensions = {
        "channel": tickets.channel[answered],
        "team": tickets.agent[answered] % len(TEAMS),
        "shift": _hours(replied_at, clock.zone) // 6,
    }
    for month in clock.complete_months:
        here = months == month
        for dimension, unit in dimensions.items():
            asked = np.bincount(unit[here])
            pleased = np.bincount(unit[here & satisfied], minlength=len(asked))
            compared = asked >= FEWEST
            pleased, asked = pleased[compared], asked[compared]
            yield Truth(
                metric_id="experience_consistency",
                period_start=clock.months_first[month],
                segment_name="dimension",
                segment_value=dimension,
                value=_spread(pleased, asked),
                numerator=float(pleased.sum()),
                denominator=float(asked.sum()),
            )


def _hours(at: np.ndarray, zone: str) -> np.ndarray:
    here = ZoneInfo(zone)
    return np.array([datetime.fromtimestamp(each, here).hour for each in at.tolist()], dtype=int)


def _spread(pleased: np.ndarray, asked: np.ndarray) -> float | None:
    """Return what is left of Pearson's chi-square beyond its degrees of freedom, in points."""
    if len(asked) < 2:
        return None
    common = pleased.sum() / asked.sum()
    if common in (0, 1):
        return 0.0
    precision = asked / (common * (1 - common))
    chi_square = (precision * (pleased / asked - common) ** 2).sum()
    beyond = max(0.0, chi_square - (len(asked) - 1))
    spread = beyond / (precision.sum() - (precision**2).sum() / precision.sum())
    return float(100 * np.sqrt(spread))
