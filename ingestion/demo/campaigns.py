"""Campaigns, what they cost, whom they were sent to and the coupon orders they brought."""

from dataclasses import dataclass, replace

import numpy as np

from ingestion.demo.clock import Clock, days_later, stream, within_month
from ingestion.demo.commerce import COUPON, Intents, make_intents
from ingestion.demo.parameters import SEND_CHANNELS, Parameters
from ingestion.demo.persons import Persons, record_at
from ingestion.demo.records import join, select, size

EMAIL = SEND_CHANNELS.index("email")
DELIVERED, BOUNCED, OPENED, CLICKED = range(4)
MEDIA, LABOUR, TOOLS = range(3)
NAMES = (
    "New year, clear shelves", "Warm evenings", "Spring cleaning", "Balcony season",
    "Little gardeners", "Summer at home", "Holiday packing", "Back to school",
    "Cosy corners", "Autumn lights", "Gift list", "Last parcels",
)  # fmt: skip
BACKLASH_NAME = "Tidy homes raise tidy children"
PROMISE_NAME = "In your hands in 2 days"


@dataclass(frozen=True)
class Campaigns:
    """One row per campaign; two a month: one sent to customers, one paid elsewhere."""

    month: np.ndarray
    channel: np.ndarray  # index into CAMPAIGN_CHANNELS
    brand: np.ndarray
    first_day: np.ndarray
    last_day: np.ndarray
    media: np.ndarray  # EUR
    labour: np.ndarray
    tools: np.ndarray
    name: np.ndarray


def plan_campaigns(seed: int, count: int, clock: Clock, p: Parameters) -> Campaigns:
    """Plan two campaigns a month; costs grow with the company's size."""
    parts = []
    for month in range(clock.history - p.touch_history_months, clock.months):
        random = stream(seed, "campaigns", month)
        start = clock.month_day[month] + random.integers(1, 6, 2)
        scale = count / 20_000
        brand = month % 2
        parts.append(
            Campaigns(
                month=np.full(2, month),
                channel=np.array([0, 1 + month % 3]),
                brand=np.array([brand, 1 - brand]),
                first_day=start,
                last_day=start + random.integers(10, 22, 2),
                media=np.round(scale * np.array([60, 640]) * random.uniform(0.8, 1.2, 2), 2),
                labour=np.round(scale * np.array([260, 420]) * random.uniform(0.8, 1.2, 2), 2),
                tools=np.round(scale * np.array([80, 60]) * random.uniform(0.9, 1.1, 2), 2),
                name=np.array(_names(month, clock, p)),
            )
        )
    return join(parts)


def _names(month: int, clock: Clock, p: Parameters) -> list[str]:
    usual = NAMES[clock.calendar_month(month)]
    label = f"{clock.months_first[month]:%Y-%m}"
    paid = {
        clock.reported(p.backlash_month): BACKLASH_NAME,
        clock.reported(p.promise_month): PROMISE_NAME,
    }.get(month, f"{usual} out and about")
    return [f"{usual} {label}", f"{paid} {label}"]


@dataclass(frozen=True)
class Sends:
    """One row per send, by time."""

    campaign: np.ndarray
    person: np.ndarray
    record: np.ndarray
    at: np.ndarray
    channel: np.ndarray  # index into SEND_CHANNELS
    status: np.ndarray
    has_open_complaint: np.ndarray

    @property
    def is_unsubscribed(self) -> np.ndarray:
        """Return which sends somebody who opened them unsubscribed by."""
        is_opened = np.isin(self.status, (OPENED, CLICKED))
        return is_opened & ((self.person + self.campaign) % 60 == 0)


def simulate_sends(
    seed: int, campaigns: Campaigns, alive: np.ndarray, persons: Persons, context: tuple
) -> Sends:
    """Send each month's own campaign; context is (clock, parameters, size, complaints)."""
    clock, p, count, complaints = context
    parts = []
    for campaign in range(0, size(campaigns), 2):
        month = int(campaigns.month[campaign])
        random = stream(seed, "sends", month)
        living = np.flatnonzero(alive[month] & (persons.acquired_at < clock.month_start[month]))
        wanted = min(len(living), round(count * p.sends_per_person_month))
        person = np.sort(random.choice(living, wanted, False))
        day = random.integers(campaigns.first_day[campaign], campaigns.last_day[campaign], wanted)
        at = clock.at(day, random.integers(8 * 3600, 11 * 3600, wanted))
        late, late_at = _triggered(random, month, complaints, clock, p)
        person, first = np.unique(np.concatenate([late, person]), return_index=True)
        at = np.concatenate([late_at, at])[first]
        parts.append(_send(random, campaign, (person, at), persons, (complaints, month, clock, p)))
    sends = join(parts)
    return select(sends, np.argsort(sends.at, kind="stable"))


def _triggered(random, month: int, complaints: tuple, clock: Clock, p: Parameters) -> tuple:
    """Return persons whom a complaint of this month put on the list, and when they get it."""
    who, start, _ = complaints
    here = np.flatnonzero(clock.month_of(start) == month)
    here = here[random.random(len(here)) < p.triggered_share]
    at = days_later(clock, start[here], (1, 4), random)
    in_month = at < clock.month_start[month + 1]
    return who[here][in_month], at[in_month]


def _send(random, campaign: int, addressed: tuple, persons: Persons, context: tuple) -> Sends:
    person, at = addressed
    complaints, month, clock, p = context
    n = len(person)
    complains = has_open_complaint(person, at, complaints)
    checked = month >= clock.reported(p.send_check_month)
    kept = p.open_complaint_kept_after if checked else p.open_complaint_kept
    sends = Sends(
        campaign=np.full(n, campaign),
        person=person,
        record=record_at(persons, person, at),
        at=at,
        channel=random.choice(3, n, p=(0.75, 0.10, 0.15)),
        status=random.choice(4, n, p=_status_shares(p)),
        has_open_complaint=complains,
    )
    return select(sends, ~complains | (random.random(n) < kept))


def _status_shares(p: Parameters) -> tuple[float, ...]:
    reached = 1 - p.bounce_share
    return (reached * 0.62, p.bounce_share, reached * 0.30, reached * 0.08)


def mail_together(sends: Sends, clock: Clock) -> Sends:
    """Let a campaign's e-mails of one day leave at one time, that of the day's first.

    A mailing system sends so. What the sends bring and cause stays as it is: that goes by days.
    """
    at, mails = sends.at.copy(), np.flatnonzero(sends.channel == EMAIL)
    _, first, batch = np.unique(
        np.stack([sends.campaign[mails], clock.day_of(at[mails])]),
        axis=1,
        return_index=True,
        return_inverse=True,
    )
    at[mails] = at[mails][first[batch]]
    return select(replace(sends, at=at), np.argsort(at, kind="stable"))


def has_open_complaint(person: np.ndarray, at: np.ndarray, complaints: tuple) -> np.ndarray:
    """Return which persons have an open complaint at a time; intervals are (person, start, end)."""
    who, start, end = complaints
    order = np.argsort(who, kind="stable")
    who, start, end = who[order], start[order], end[order]
    low, high = np.searchsorted(who, person), np.searchsorted(who, person, side="right")
    found = np.zeros(len(person), dtype=bool)
    for step in range(int((high - low).max(initial=0))):
        row = np.minimum(low + step, len(who) - 1)
        found |= (low + step < high) & (start[row] < at) & (at < end[row])
    return found


def coupon_intents(
    seed: int, sends: Sends, campaigns: Campaigns, alive: np.ndarray, world: tuple
) -> Intents:
    """Let a planted share of delivered sends bring an order with the coupon in 10 days."""
    persons, clock, p = world
    parts = []
    for campaign in range(size(campaigns)):
        month = int(campaigns.month[campaign])
        random = stream(seed, "coupons", campaign)
        if campaign % 2 == 0:
            rows = np.flatnonzero((sends.campaign == campaign) & (sends.status != BOUNCED))
            rows = rows[random.random(len(rows)) < p.coupon_response]
            person, at = sends.person[rows], days_later(clock, sends.at[rows], (1, 10), random)
        else:
            living = np.flatnonzero(alive[month] & (persons.acquired_at < clock.month_start[month]))
            buys = random.random(len(living)) < p.coupon_response / 8
            person = living[buys]
            at = within_month(clock, month, len(person), random)
            opened = clock.at(campaigns.first_day[campaign : campaign + 1], np.zeros(1, dtype=int))
            person, at = person[at >= opened], at[at >= opened]
        intents = make_intents(person, at, persons, COUPON)
        parts.append(replace(intents, campaign=np.full(len(person), campaign)))
    return join(parts)
