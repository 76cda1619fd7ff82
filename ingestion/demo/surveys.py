"""Answers to the recommendation question, and to the one how much effort help took.

The first is relational by quarter and transactional after tickets; some answer without saying who
they are.
"""

from dataclasses import dataclass

import numpy as np

from ingestion.demo.clock import DAY, Clock, days_later, stream, within_month
from ingestion.demo.parameters import Parameters
from ingestion.demo.persons import Persons, record_at
from ingestion.demo.records import join, select
from ingestion.demo.service import COMPLAINT, Tickets, crisis_start, has_month

RELATIONAL, TRANSACTIONAL = range(2)


@dataclass(frozen=True)
class Responses:
    """One row per answer, by time."""

    person: np.ndarray  # -1 for nobody knows who
    record: np.ndarray
    at: np.ndarray
    kind: np.ndarray
    score: np.ndarray
    brand: np.ndarray


def simulate_responses(
    seed: int, alive: np.ndarray, tickets: Tickets, persons: Persons, context: tuple
) -> Responses:
    """Draw the answers of living customers; context is (clock, parameters, company size)."""
    clock, p, count = context
    parts = []
    for month in range(clock.history - p.touch_history_months, clock.months):
        random = stream(seed, "surveys", month)
        living = np.flatnonzero(alive[month])
        asked = random.choice(
            living, min(len(living), round(count * p.relational_per_month)), False
        )
        at = within_month(clock, month, len(asked), random)
        again = np.flatnonzero(random.random(len(asked)) < p.second_answer_share)
        parts.append(_answers(random, asked, at, RELATIONAL, persons, (clock, p)))
        later = days_later(clock, at[again], (5, 25), random)
        parts.append(_answers(random, asked[again], later, RELATIONAL, persons, (clock, p)))
        parts.append(_after_tickets(random, month, tickets, persons, (clock, p)))
        parts.append(_anonymous(seed, month, count, clock, p))
    responses = join(parts)
    return select(responses, np.argsort(responses.at, kind="stable"))


def _after_tickets(random, month, tickets, persons, world) -> Responses:
    clock, p = world
    solved = np.flatnonzero((clock.month_of(tickets.solved_at) == month) & (tickets.person >= 0))
    solved = solved[random.random(len(solved)) < p.transactional_share]
    at = tickets.solved_at[solved] + random.integers(DAY // 2, 4 * DAY, len(solved))
    return _answers(random, tickets.person[solved], at, TRANSACTIONAL, persons, world)


def _anonymous(seed: int, month: int, count: int, clock: Clock, p: Parameters) -> Responses:
    random = stream(seed, "anonymous answers", month)
    n = round(count * p.anonymous_per_month)
    return Responses(
        person=np.full(n, -1),
        record=np.zeros(n, dtype=int),
        at=within_month(clock, month, n, random),
        kind=np.full(n, RELATIONAL),
        score=_score(random.random(n), p.nps_shares, random),
        brand=random.integers(0, 2, n),
    )


def _answers(random, person, at, kind, persons, world) -> Responses:
    clock, p = world
    n = len(person)
    draw = random.random(n)
    score = np.where(
        affected_at(person, at, persons, clock, p),
        _score(draw, p.nps_shares_affected, random),
        _score(draw, p.nps_shares, random),
    )
    return Responses(
        person=person,
        record=record_at(persons, person, at),
        at=at,
        kind=np.full(n, kind),
        score=score,
        brand=persons.brand[person],
    )


def affected_at(
    person: np.ndarray, at: np.ndarray, persons: Persons, clock: Clock, p: Parameters
) -> np.ndarray:
    """Return who is still angry about the outage: affected, within 60 days."""
    if not has_month(clock, p.crisis_month):
        return np.zeros(len(person), dtype=bool)
    start = crisis_start(clock, p)
    hit = persons.is_affected[person] & (persons.acquired_at[person] < start)
    return hit & (at >= start) & (at < start + 60 * DAY)


def _score(draw: np.ndarray, shares: tuple[float, float, float], random) -> np.ndarray:
    group = np.searchsorted(np.cumsum(shares)[:2], draw, side="right")
    low = random.choice(7, len(draw), p=(0.06, 0.04, 0.06, 0.12, 0.17, 0.27, 0.28))
    return np.choose(
        group, [low, random.integers(7, 9, len(draw)), random.integers(9, 11, len(draw))]
    )


@dataclass(frozen=True)
class EffortAnswers:
    """One row per answer how easy it was to get help with a ticket, by time."""

    ticket: np.ndarray
    turn: np.ndarray  # 1 for a second answer on the same ticket
    at: np.ndarray
    score: np.ndarray


def simulate_efforts(seed: int, tickets: Tickets, clock: Clock, p: Parameters) -> EffortAnswers:
    """Ask some of those whose ticket was solved; a few answer once more."""
    solved_in = np.where(tickets.solved_at > 0, clock.month_of(tickets.solved_at), -1)
    parts = []
    for month in range(clock.history - p.touch_history_months, clock.months):
        random = stream(seed, "effort", month)
        rows = np.flatnonzero((solved_in == month) & (tickets.person >= 0))
        rows = rows[random.random(len(rows)) < p.effort_share]
        again = rows[random.random(len(rows)) < p.second_effort_share]
        for turn, who in enumerate((rows, again)):
            at = tickets.solved_at[who] + turn * 2 * DAY + random.integers(3_600, DAY, len(who))
            score = _effort(random.random(len(who)), tickets.kind[who] == COMPLAINT, p)
            parts.append(EffortAnswers(who, np.full(len(who), turn), at, score))
    answers = join(parts)
    return select(answers, np.argsort(answers.at, kind="stable"))


def _effort(draw: np.ndarray, complains: np.ndarray, p: Parameters) -> np.ndarray:
    usual, bad = (
        1 + np.minimum(np.searchsorted(np.cumsum(shares), draw, side="right"), 6)
        for shares in (p.effort_shares, p.effort_shares_complaint)
    )
    return np.where(complains, bad, usual)
