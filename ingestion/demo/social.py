"""What people and brands say in public: mentions, replies, posts, boosts.

Words belong to `grammar.py`, the network's way of showing statuses to `network.py`.
"""

from dataclasses import dataclass, replace

import numpy as np

from ingestion.demo.clock import DAY, Clock, stream, within_month
from ingestion.demo.grammar import NEGATIVE, NEUTRAL, POSITIVE
from ingestion.demo.parameters import BRANDS, Parameters
from ingestion.demo.persons import Persons
from ingestion.demo.records import join, select, size
from ingestion.demo.service import (
    DELIVERY,
    OUTAGE,
    after_promise,
    crisis_start,
    has_month,
    in_crisis,
)

MENTION, REPLY, FOLLOW_UP, POST, ANSWER, BOOST = range(6)
ENGLISH, GERMAN, SPANISH = range(3)
CAMPAIGN_TOPIC, PROMISE_TOPIC = 6, 7  # after the desk's TOPICS
FIRST_STRANGER, FIRST_BRAND = 10_000_000, 20_000_000
STRANGERS = 900


@dataclass(frozen=True)
class Statuses:
    """One row per public status, by time. Author: a person, a stranger, or a brand."""

    at: np.ndarray
    kind: np.ndarray
    author: np.ndarray
    brand: np.ndarray
    parent: np.ndarray  # row that it answers or boosts, -1 without
    sentiment: np.ndarray
    topic: np.ndarray
    language: np.ndarray
    likes: np.ndarray
    words: np.ndarray


@dataclass(frozen=True)
class Society:
    """Everything outside the network that what is said there depends on."""

    seed: int
    count: int
    alive: np.ndarray
    persons: Persons
    clock: Clock
    p: Parameters


def simulate_statuses(society: Society) -> Statuses:
    """Draw mentions and brand posts by month, then what answers them."""
    clock, p = society.clock, society.p
    parts = []
    for month in range(clock.history - p.touch_history_months, clock.months):
        random = stream(society.seed, "social", month)
        said = join([_mentions(society, month, random), *_specials(society, month, random)])
        posts = _posts(clock, month, random)
        parts.append(_with_answers(society, join([said, posts]), random))
    return _by_time(parts)


def _by_time(parts: list[Statuses]) -> Statuses:
    offsets = np.cumsum([0, *(size(part) for part in parts)])[:-1]
    moved = [
        replace(part, parent=np.where(part.parent >= 0, part.parent + offset, -1))
        for part, offset in zip(parts, offsets, strict=True)
    ]
    statuses = join(moved)
    order = np.argsort(statuses.at, kind="stable")
    place = np.empty(len(order), dtype=int)
    place[order] = np.arange(len(order))
    parent = np.where(statuses.parent >= 0, place[statuses.parent], -1)
    return select(replace(statuses, parent=parent), order)


def _mentions(society: Society, month: int, random) -> Statuses:
    clock, p = society.clock, society.p
    n = random.poisson(society.count * p.mentions_per_person_month)
    at = within_month(clock, month, n, random)
    sentiment = random.choice(3, n, p=p.sentiment_shares)
    topic = random.choice(5, n, p=(0.32, 0.3, 0.14, 0.12, 0.12))
    slips = after_promise(at, clock, p) & (topic == DELIVERY) & (random.random(n) < 0.5)
    language = random.choice(
        3, n, p=(1 - p.german_share - p.unsupported_share, p.german_share, p.unsupported_share)
    )
    author = _authors(society, month, sentiment, random)
    return _statuses(
        random, at, MENTION, author, random.integers(0, 2, n),
        (sentiment, np.where(slips, PROMISE_TOPIC, topic), language),
    )  # fmt: skip


def _authors(society: Society, month: int, sentiment: np.ndarray, random) -> np.ndarray:
    persons, n = society.persons, len(sentiment)
    came = persons.acquired_at < society.clock.month_start[month]
    voices = np.flatnonzero(came & society.alive[month] & persons.has_handle)
    fans = voices[persons.is_advocate[voices]]
    if not len(fans):
        return FIRST_STRANGER + random.integers(0, STRANGERS, n)
    anybody, fan = random.choice(voices, n), random.choice(fans, n)
    praises = (sentiment == POSITIVE) & (random.random(n) < 0.8)
    known = np.where(praises, fan, anybody)
    strange = random.random(n) < society.p.stranger_share
    return np.where(strange, FIRST_STRANGER + random.integers(0, STRANGERS, n), known)


def _specials(society: Society, month: int, random) -> list[Statuses]:
    clock, p = society.clock, society.p
    parts = []
    if month == clock.reported(p.backlash_month):
        n = round(society.count * p.backlash_mentions)
        start = clock.month_start[month] + 7 * DAY
        at = start + np.minimum(random.exponential(3.0, n), 12) * DAY
        parts.append(_angry(society, month, at, CAMPAIGN_TOPIC, random))
    if month == clock.reported(p.crisis_month):
        daily = society.count * p.mentions_per_person_month * p.sentiment_shares[NEGATIVE] / 30
        n = round(daily * (p.crisis_mention_factor - 1) * 9)
        days = np.minimum(random.exponential(8.0, n), 7 * p.crisis_weeks * random.random(n))
        parts.append(_angry(society, month, crisis_start(clock, p) + days * DAY, OUTAGE, random))
    return parts


def _angry(society: Society, month: int, at: np.ndarray, topic: int, random) -> Statuses:
    n = len(at)
    sentiment = np.where(random.random(n) < 0.93, NEGATIVE, NEUTRAL)
    brand = np.zeros(n, dtype=int) if topic == CAMPAIGN_TOPIC else random.integers(0, 2, n)
    if topic == CAMPAIGN_TOPIC:
        brand[:] = month % 2 == 0
    return _statuses(
        random, at.astype(np.int64), MENTION, _authors(society, month, sentiment, random), brand,
        (sentiment, np.full(n, topic), np.zeros(n, dtype=int)),
    )  # fmt: skip


def _posts(clock: Clock, month: int, random) -> Statuses:
    n = 10 * len(BRANDS)
    brand = np.arange(n) % len(BRANDS)
    return _statuses(
        random, within_month(clock, month, n, random), POST, FIRST_BRAND + brand, brand,
        (np.full(n, POSITIVE), random.integers(0, 5, n), np.zeros(n, dtype=int)),
    )  # fmt: skip


def _statuses(random, at, kind, author, brand, matter) -> Statuses:
    n = len(at)
    sentiment, topic, language = matter
    return Statuses(
        at=at,
        kind=np.full(n, kind),
        author=author,
        brand=brand,
        parent=np.full(n, -1),
        sentiment=sentiment,
        topic=topic,
        language=language,
        likes=random.poisson(3.0, n),
        words=random.integers(0, 1 << 30, n),
    )


def _with_answers(society: Society, said: Statuses, random) -> Statuses:
    """Add what answers a month's statuses; parents keep their rows."""
    mentions = np.flatnonzero(said.kind == MENTION)
    delay = _reply_delay(society, said.at[mentions], random)
    replied = mentions[delay > 0]
    replies = _answer(random, said, replied, delay[delay > 0], REPLY)
    replies = replace(replies, author=FIRST_BRAND + replies.brand)
    return join(
        [
            said,
            replies,
            _follow_ups(random, said, replies),
            _answers_to_posts(random, said),
            _boosts(random, said, society.p),
        ]
    )


def _follow_ups(random, said: Statuses, replies: Statuses) -> Statuses:
    """Let some who got a reply answer it; replies follow right after what they answer."""
    rows = np.flatnonzero(random.random(size(replies)) < 0.13)
    answers = _answer(random, replies, rows, random.integers(600, DAY, len(rows)), FOLLOW_UP)
    return replace(
        answers, author=said.author[replies.parent[rows]], parent=answers.parent + size(said)
    )


def _answers_to_posts(random, said: Statuses) -> Statuses:
    rows = np.flatnonzero((said.kind == POST) & (random.random(size(said)) < 0.5))
    answers = _answer(random, said, rows, random.integers(300, 2 * DAY, len(rows)), ANSWER)
    return replace(answers, author=FIRST_STRANGER + random.integers(0, STRANGERS, len(rows)))


def _boosts(random, said: Statuses, p: Parameters) -> Statuses:
    rows = np.flatnonzero((said.kind == MENTION) & (said.sentiment == POSITIVE))
    rows = rows[random.random(len(rows)) < p.repost_share]
    boosts = _answer(random, said, rows, random.integers(3600, 3 * DAY, len(rows)), BOOST)
    return replace(boosts, author=FIRST_BRAND + boosts.brand)


def _answer(random, said: Statuses, rows: np.ndarray, delay: np.ndarray, kind: int) -> Statuses:
    n = len(rows)
    return replace(
        select(said, rows),
        at=said.at[rows] + delay.astype(np.int64),
        kind=np.full(n, kind),
        parent=rows,
        sentiment=np.full(n, NEUTRAL),
        language=np.full(n, ENGLISH),
        likes=random.poisson(0.4, n),
        words=random.integers(0, 1 << 30, n),
    )


def _reply_delay(society: Society, at: np.ndarray, random) -> np.ndarray:
    """Return seconds until the brand answers each mention, 0 for never."""
    clock, p, n = society.clock, society.p, len(at)
    later = at >= clock.month_start[min(clock.reported(p.send_check_month), clock.months)]
    rate = np.where(later, p.response_rate_after, p.response_rate)
    first_week = in_crisis(at, clock, p, 7)
    rate = np.where(first_week, p.crisis_response_rate, rate)
    delay = p.social_reply_median * 60 * np.exp(p.social_reply_sigma * random.normal(size=n))
    if has_month(clock, p.crisis_month):
        speaks = crisis_start(clock, p) + p.crisis_first_reply_hours * 3600
        silent = first_week & (at < speaks)
        delay = np.where(silent, speaks - at + delay, delay)
    return np.where(random.random(n) < rate, np.ceil(delay), 0)


def social_complaints(statuses: Statuses, persons: Persons) -> tuple[np.ndarray, ...]:
    """Return person, start and end of each interval in which a public complaint was unanswered."""
    rows = np.flatnonzero((statuses.kind == MENTION) & (statuses.sentiment == NEGATIVE))
    rows = rows[(statuses.author[rows] < FIRST_STRANGER) & (statuses.language[rows] == ENGLISH)]
    rows = rows[persons.is_linked[statuses.author[rows]]]
    limit = statuses.at + 30 * DAY
    reply = np.flatnonzero(statuses.kind == REPLY)
    limit[statuses.parent[reply]] = np.minimum(limit[statuses.parent[reply]], statuses.at[reply])
    return statuses.author[rows], statuses.at[rows], limit[rows]
