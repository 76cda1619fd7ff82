"""When the planted events happen, and how big they are."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from ingestion.demo.campaigns import BACKLASH_NAME, PROMISE_NAME
from ingestion.demo.clock import DAY
from ingestion.demo.company import Company
from ingestion.demo.grammar import NEGATIVE
from ingestion.demo.records import size
from ingestion.demo.service import crisis_start, has_month
from ingestion.demo.social import CAMPAIGN_TOPIC, MENTION
from ingestion.demo.surveys import affected_at
from ingestion.demo.tables import campaign_ids


@dataclass(frozen=True)
class Events:
    """What was planted; None where it lies after the simulated time."""

    backlash_month: date | None
    backlash_campaign_id: str | None
    backlash_mentions: int
    backlash_started_at: datetime | None  # its first negative mention
    crisis_started_at: datetime | None
    crisis_ended_at: datetime | None
    crisis_affected_persons: int
    crisis_bought_again_affected: float | None  # share with an order in days 60 to 240 after
    crisis_bought_again_others: float | None
    promise_month: date | None
    promise_campaign_id: str | None
    send_check_month: date | None
    evening_crew_month: date | None


def find_events(company: Company) -> Events:
    """Return the planted events of a company."""
    p, said = company.parameters, company.statuses
    angry = (said.kind == MENTION) & (said.topic == CAMPAIGN_TOPIC) & (said.sentiment == NEGATIVE)
    start = _crisis_start(company)
    affected = _affected(company)
    return Events(
        backlash_month=_month(company, p.backlash_month),
        backlash_campaign_id=_campaign(company, BACKLASH_NAME),
        backlash_mentions=int(angry.sum()),
        backlash_started_at=_first(said.at[angry]),
        crisis_started_at=start,
        crisis_ended_at=start + timedelta(weeks=p.crisis_weeks) if start else None,
        crisis_affected_persons=int(affected.sum()),
        crisis_bought_again_affected=_bought_again(company, affected),
        crisis_bought_again_others=_bought_again(company, ~affected),
        promise_month=_month(company, p.promise_month),
        promise_campaign_id=_campaign(company, PROMISE_NAME),
        send_check_month=_month(company, p.send_check_month),
        evening_crew_month=_month(company, p.evening_crew_month),
    )


def _month(company: Company, number: int) -> date | None:
    if not has_month(company.clock, number):
        return None
    return company.clock.months_first[company.clock.reported(number)]


def _campaign(company: Company, name: str) -> str | None:
    rows = np.flatnonzero(np.char.startswith(company.campaigns.name.astype(str), name))
    return str(campaign_ids(rows)[0]) if len(rows) else None


def _first(at: np.ndarray) -> datetime | None:
    return datetime.fromtimestamp(int(at.min()), UTC) if len(at) else None


def _crisis_start(company: Company) -> datetime | None:
    if not has_month(company.clock, company.parameters.crisis_month):
        return None
    return datetime.fromtimestamp(crisis_start(company.clock, company.parameters), UTC)


def _affected(company: Company) -> np.ndarray:
    """Mark the persons whom the outage hit."""
    everybody = np.arange(size(company.persons))
    if not has_month(company.clock, company.parameters.crisis_month):
        return np.zeros(len(everybody), dtype=bool)
    at = np.full(len(everybody), crisis_start(company.clock, company.parameters) + DAY)
    return affected_at(everybody, at, company.persons, company.clock, company.parameters)


def _bought_again(company: Company, wanted: np.ndarray) -> float | None:
    """Return who of the customers of the month before ordered 60 to 240 days after."""
    clock, orders = company.clock, company.orders
    if not has_month(clock, company.parameters.crisis_month):
        return None
    start = crisis_start(clock, company.parameters)
    customers = wanted & company.alive[clock.reported(company.parameters.crisis_month) - 1]
    if clock.as_of < start + 240 * DAY or not customers.any():
        return None
    later = (orders.at >= start + 60 * DAY) & (orders.at < start + 240 * DAY) & (orders.person >= 0)
    again = np.isin(np.flatnonzero(customers), orders.person[later])
    return float(again.mean())
