"""Tickets, their messages and their ratings.

Words belong to `grammar.py`; here a message carries only what it is about.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ingestion.demo.clock import DAY, Clock, days_later, stream, within_month
from ingestion.demo.commerce import COMPLETED, Orders
from ingestion.demo.parameters import TOPICS, Parameters
from ingestion.demo.persons import TEST_RECORD, Persons, record_at
from ingestion.demo.records import join, select, size

REGULAR, SPAM, TRIAL, MERGED = range(4)
COMPLAINT, QUESTION, REQUEST, PRAISE, OTHER = range(5)
DELIVERY, OUTAGE = TOPICS.index("delivery"), TOPICS.index("service outage")
AGENTS = 28
KIND_SHARES = (0.30, 0.40, 0.20, 0.05, 0.05)
CHANNEL_SHARES = (0.44, 0.26, 0.15, 0.15)
TOPIC_SHARES = (0.34, 0.24, 0.18, 0.14, 0.10)


@dataclass(frozen=True)
class Needs:
    """One row per reason to write to the desk."""

    person: np.ndarray  # -1 for spam and tests
    record: np.ndarray
    at: np.ndarray
    kind: np.ndarray
    topic: np.ndarray
    brand: np.ndarray
    fate: np.ndarray  # REGULAR, SPAM, TRIAL, MERGED


@dataclass(frozen=True)
class Tickets:
    """One row per ticket, by time; 0 for what never happened."""

    person: np.ndarray
    record: np.ndarray
    at: np.ndarray
    kind: np.ndarray
    topic: np.ndarray
    brand: np.ndarray
    fate: np.ndarray
    channel: np.ndarray
    agent: np.ndarray
    replied_at: np.ndarray
    solved_at: np.ndarray  # for good
    closed_at: np.ndarray  # of those never solved, when the desk gives up
    solved_before_at: np.ndarray  # of those that came back
    reopened_at: np.ndarray
    rated_at: np.ndarray
    stars: np.ndarray
    rounds: np.ndarray  # pairs of customer's and agent's messages after the first reply
    words: np.ndarray  # a draw that grammar.py turns into text


def simulate_tickets(
    seed: int, orders: Orders, persons: Persons, clock: Clock, p: Parameters
) -> Tickets:
    """Let orders, the outage and strangers open tickets, and let the desk work on them."""
    parts = [crisis_needs(seed, persons, clock, p)] if has_month(clock, p.crisis_month) else []
    for month in range(clock.history - p.touch_history_months, clock.months):
        random = stream(seed, "tickets", month)
        parts.append(_order_needs(random, month, orders, persons, clock, p))
    needs = join(parts)
    needs = select(needs, np.argsort(needs.at, kind="stable"))
    bounds = np.searchsorted(needs.at, clock.month_start)
    return join(
        [
            _work(stream(seed, "desk", m), select(needs, np.arange(a, b)), clock, p)
            for m, (a, b) in enumerate(pairwise(bounds))
        ]
    )


def has_month(clock: Clock, number: int) -> bool:
    """Return whether the reported month `number` is simulated."""
    return clock.reported(number) < clock.months


def crisis_start(clock: Clock, p: Parameters) -> int:
    """Return the first second of the outage's day."""
    day = clock.month_day[clock.reported(p.crisis_month)] + p.crisis_day - 1
    return int(clock.at(np.array([day]), np.array([9 * 3600]))[0])


def in_crisis(at: np.ndarray, clock: Clock, p: Parameters, days: float) -> np.ndarray:
    """Return which times lie within `days` after the outage began."""
    if not has_month(clock, p.crisis_month):
        return np.zeros(len(at), dtype=bool)
    start = crisis_start(clock, p)
    return (at >= start) & (at < start + days * DAY)


def after_promise(at: np.ndarray, clock: Clock, p: Parameters) -> np.ndarray:
    """Return which times lie after the promise of two days was made."""
    return _from_month(p.promise_month, at, clock)


def _from_month(number: int, at: np.ndarray, clock: Clock) -> np.ndarray:
    if not has_month(clock, number):
        return np.zeros(len(at), dtype=bool)
    return at >= clock.month_start[clock.reported(number)]


def by_evening_crew(replied_at: np.ndarray, clock: Clock, p: Parameters) -> np.ndarray:
    """Return which replies came from the crew that has the evenings."""
    hour = clock.local(replied_at).astype("datetime64[h]").astype(int) % 24
    return _from_month(p.evening_crew_month, replied_at, clock) & (hour >= p.evening_hour)


def crisis_needs(seed: int, persons: Persons, clock: Clock, p: Parameters) -> Needs:
    """Let affected customers complain in the first ten days of the outage."""
    random = stream(seed, "crisis tickets")
    start = crisis_start(clock, p)
    came = np.flatnonzero(persons.acquired_at < start)
    angry = random.random(len(came)) < p.affected_ticket_share * 0.5  # about half have lapsed
    person = came[persons.is_affected[came] & angry]
    n = len(person)
    at = start + (random.beta(1.1, 3.0, n) * 10 * DAY).astype(np.int64)
    complains = random.random(n) < 0.8
    return Needs(
        person=person,
        record=record_at(persons, person, at),
        at=at,
        kind=np.where(complains, COMPLAINT, QUESTION),
        topic=np.full(n, OUTAGE),
        brand=persons.brand[person],
        fate=np.full(n, REGULAR),
    )


def _order_needs(random, month, orders, persons, clock, p) -> Needs:
    here = (orders.at >= clock.month_start[month]) & (orders.at < clock.month_start[month + 1])
    rows = np.flatnonzero(here & (orders.person >= 0) & (orders.status == COMPLETED))
    slips = after_promise(clock.month_start[month : month + 1], clock, p)[0]
    rate = p.tickets_per_order * (p.slip_ticket_factor if slips else 1.0)
    rows = rows[random.random(len(rows)) < rate]
    n = len(rows)
    kind = random.choice(5, n, p=KIND_SHARES)
    topic = random.choice(5, n, p=TOPIC_SHARES)
    slipped = slips & (random.random(n) < 1 - 1 / p.slip_ticket_factor)
    needs = Needs(
        person=orders.person[rows],
        record=orders.record[rows],
        at=days_later(clock, orders.at[rows], (1, 9), random),
        kind=np.where(slipped, COMPLAINT, kind),
        topic=np.where(slipped, DELIVERY, topic),
        brand=orders.brand[rows],
        fate=np.where(random.random(n) < p.merged_share, MERGED, REGULAR),
    )
    return join([needs, _noise_needs(random, month, n, clock, p)])


def _noise_needs(random, month, regular, clock, p) -> Needs:
    spam, test = random.poisson((regular * p.spam_share, regular * p.test_share))
    n = spam + test
    fate = np.where(np.arange(n) < spam, SPAM, TRIAL)
    return Needs(
        person=np.full(n, -1),
        record=np.where(fate == SPAM, 0, TEST_RECORD),
        at=within_month(clock, month, n, random),
        kind=np.full(n, OTHER),
        topic=random.integers(0, 5, n),
        brand=random.integers(0, 2, n),
        fate=fate,
    )


def _work(random, needs: Needs, clock: Clock, p: Parameters) -> Tickets:
    n = size(needs)
    channel = random.choice(4, n, p=CHANNEL_SHARES)
    reply = np.array(p.reply_median)[channel] * np.exp(
        np.array(p.reply_sigma)[channel] * random.normal(size=n)
    )
    reply *= np.where(in_crisis(needs.at, clock, p, 14), p.crisis_reply_delay, 1.0)
    solve = np.array(p.solve_median)[channel] * np.exp(p.solve_sigma * random.normal(size=n))
    solve *= np.where(needs.kind == COMPLAINT, p.complaint_solve_factor, 1.0)
    answered = (random.random(n) >= p.unanswered_share) & (needs.fate == REGULAR)
    solved = answered & (random.random(n) >= p.unsolved_share)
    replied_at = needs.at + np.ceil(reply * 60).astype(np.int64)
    solved_at = replied_at + np.ceil(solve * 60).astype(np.int64)
    rated = solved & (random.random(n) < p.rating_share)
    rated_at = solved_at + random.integers(1800, 3 * DAY, n)
    agent = random.integers(0, AGENTS, n)
    stars = np.where(rated, _stars(random, needs, replied_at, clock, p), 0)
    rounds = np.where(answered, random.poisson(0.35, n), 0)
    words = random.integers(0, 1 << 30, n)
    span = np.where(solved, solved_at - replied_at, 0)
    came_back = (span > 3600) & (words % p.reopened_every == 0)
    return Tickets(
        **{name: getattr(needs, name) for name in needs.__dataclass_fields__},
        channel=channel,
        agent=agent,
        replied_at=np.where(answered, replied_at, 0),
        solved_at=np.where(solved, solved_at, 0),
        closed_at=np.zeros(n, dtype=np.int64),
        solved_before_at=np.where(came_back, replied_at + span * 2 // 5, 0),
        reopened_at=np.where(came_back, replied_at + span * 7 // 10, 0),
        rated_at=np.where(rated, rated_at, 0),
        stars=stars,
        rounds=rounds,
        words=words,
    )


def _stars(random, needs: Needs, replied_at, clock: Clock, p: Parameters) -> np.ndarray:
    draw = random.random(size(needs))
    crisis = in_crisis(needs.at, clock, p, 7 * p.crisis_weeks)
    slip = after_promise(needs.at, clock, p) & (needs.topic == DELIVERY)

    def stars(shares: tuple[float, ...]) -> np.ndarray:
        return 1 + np.minimum(np.searchsorted(np.cumsum(shares), draw, side="right"), 4)

    normal, bad, broken = map(stars, (p.stars_normal, p.stars_crisis, p.stars_broken_promise))
    given = np.where(crisis, bad, np.where(slip, broken, normal))
    return np.where(by_evening_crew(replied_at, clock, p), stars(p.stars_evening_crew), given)


@dataclass(frozen=True)
class Messages:
    """One row per message of a ticket, by time."""

    ticket: np.ndarray
    at: np.ndarray
    author: np.ndarray  # CUSTOMER, AGENT, BOT, NOTE
    turn: np.ndarray


CUSTOMER, AGENT, BOT, NOTE = range(4)


def ticket_messages(tickets: Tickets) -> Messages:
    """Return openings, automatic receipts, internal notes, replies and follow-ups."""
    every = np.arange(size(tickets))
    form = every[tickets.channel == 3]
    noted = every[(tickets.words % 10 == 0) & (tickets.replied_at > 0)]
    replied = every[tickets.replied_at > 0]
    solved = every[(tickets.solved_at > 0) & (tickets.rounds == 0) & (tickets.words % 3 == 0)]
    parts = [
        _messages(every, tickets.at, CUSTOMER, 0),
        _messages(form, tickets.at[form] + 20, BOT, 0),
        _messages(noted, (tickets.at[noted] + tickets.replied_at[noted]) // 2, NOTE, 0),
        _messages(replied, tickets.replied_at[replied], AGENT, 0),
        _messages(solved, tickets.solved_at[solved], AGENT, 9),
        *_rounds(tickets),
    ]
    messages = join(parts)
    return select(messages, np.argsort(messages.at, kind="stable"))


def _messages(ticket: np.ndarray, at: np.ndarray, author: int, turn: int) -> Messages:
    n = len(ticket)
    return Messages(ticket, at, np.full(n, author), np.full(n, turn))


def _rounds(tickets: Tickets) -> list[Messages]:
    end = np.where(tickets.solved_at > 0, tickets.solved_at, tickets.replied_at + 2 * DAY)
    parts = []
    for turn in range(1, 4):
        with_turn = np.flatnonzero(tickets.rounds >= turn)
        span = end[with_turn] - tickets.replied_at[with_turn]
        step = span // (2 * tickets.rounds[with_turn] + 1)
        at = tickets.replied_at[with_turn] + (2 * turn - 1) * step
        parts += [
            _messages(with_turn, at, CUSTOMER, turn),
            _messages(with_turn, at + step, AGENT, turn),
        ]
    return parts


def open_complaints(tickets: Tickets) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return person, start and end of each interval in which a complaint by ticket was open."""
    rows = np.flatnonzero((tickets.kind == COMPLAINT) & (tickets.fate == REGULAR))
    start = tickets.at[rows]
    limit = start + 30 * DAY
    solved = tickets.solved_at[rows]
    return tickets.person[rows], start, np.where(solved > 0, np.minimum(solved, limit), limit)
