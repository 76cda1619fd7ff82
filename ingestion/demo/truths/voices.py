"""Truths about what is said in public: sentiment, replies, advocates."""

from collections.abc import Iterator

import numpy as np

from ingestion.demo.clock import DAY
from ingestion.demo.commerce import COMPLETED, FIRST, REFUNDED
from ingestion.demo.company import Company
from ingestion.demo.grammar import NEGATIVE, POSITIVE
from ingestion.demo.network import STRANGER_FOLLOWERS
from ingestion.demo.parameters import BRANDS
from ingestion.demo.records import size
from ingestion.demo.service import REGULAR
from ingestion.demo.social import (
    ANSWER,
    CAMPAIGN_TOPIC,
    ENGLISH,
    FIRST_BRAND,
    FIRST_STRANGER,
    FOLLOW_UP,
    MENTION,
    REPLY,
)
from ingestion.demo.truths.rows import (
    HORIZON,
    Segments,
    Truth,
    quantile_of_waits,
    share,
    waits_until,
)


def voice_truths(company: Company) -> Iterator[Truth]:
    """Give the truths of every complete month."""
    replied_at = _replied_at(company)
    for month in company.clock.complete_months:
        yield from _sentiment(company, month)
        yield from _reach(company, month)
        yield from _contacts(company, month)
        yield from _replies(company, month, replied_at)


def _brands(company: Company) -> Segments:
    return Segments.of(size(company.statuses), brand=(BRANDS, company.statuses.brand))


def _sentiment(company: Company, month: int) -> Iterator[Truth]:
    said, clock = company.statuses, company.clock
    mentions = np.isin(said.kind, (MENTION, ANSWER, FOLLOW_UP))
    scored = mentions & (said.language == ENGLISH) & (clock.month_of(said.at) == month)
    balance = scored * ((said.sentiment == POSITIVE).astype(int) - (said.sentiment == NEGATIVE))
    label = clock.months_first[month]
    yield from share("net_sentiment", label, _brands(company), balance, scored)


def _followers(company: Company) -> np.ndarray:
    """Return how many follow the author of each status."""
    said, persons = company.statuses, company.persons
    is_person = said.author < FIRST_STRANGER
    is_stranger = ~is_person & (said.author < FIRST_BRAND)
    followers = np.zeros(size(said), dtype=int)
    followers[is_person] = persons.followers[said.author[is_person]]
    followers[is_stranger] = STRANGER_FOLLOWERS[said.author[is_stranger] - FIRST_STRANGER]
    return followers


def _reach(company: Company, month: int) -> Iterator[Truth]:
    """Count each author once a side, however often they speak."""
    said, clock = company.statuses, company.clock
    here = np.isin(said.kind, (MENTION, ANSWER, FOLLOW_UP)) & (said.language == ENGLISH)
    here &= clock.month_of(said.at) == month
    followers, label = _followers(company), clock.months_first[month]
    for name, value, mask in _brands(company):
        well, badly = (
            float(followers[rows[np.unique(said.author[rows], return_index=True)[1]]].sum())
            for side in (POSITIVE, NEGATIVE)
            for rows in [np.flatnonzero(here & mask & (said.sentiment == side))]
        )
        yield Truth("negative_reach", label, name, value, badly, badly, None)
        yield Truth("word_of_mouth_reach", label, name, value, well - badly, well - badly, None)


def _contacts(company: Company, month: int) -> Iterator[Truth]:
    """Count what opens a conversation: mentions, answers to a brand's own post, and tickets."""
    said, tickets, clock = company.statuses, company.tickets, company.clock
    opens = np.isin(said.kind, (MENTION, ANSWER))
    is_public = np.concatenate([opens, np.zeros(size(tickets), dtype=bool)])
    counts = np.concatenate([opens, tickets.fate == REGULAR])
    at, brand = np.append(said.at, tickets.at), np.append(said.brand, tickets.brand)
    counts &= clock.month_of(at) == month
    segments = Segments.of(len(at), brand=(BRANDS, brand))
    label = clock.months_first[month]
    yield from share("public_contact_share", label, segments, counts & is_public, counts)


def _replied_at(company: Company) -> np.ndarray:
    """Return when the brand answered each status, 0 for never."""
    said = company.statuses
    replied_at = np.zeros(size(said), dtype=np.int64)
    replies = np.flatnonzero(said.kind == REPLY)
    replied_at[said.parent[replies]] = said.at[replies]
    return replied_at


def _replies(company: Company, month: int, replied_at: np.ndarray) -> Iterator[Truth]:
    """Count openings: mentions, and answers to a brand's own post."""
    said, clock = company.statuses, company.clock
    opens = np.isin(said.kind, (MENTION, ANSWER)) & (clock.month_of(said.at) == month)
    due = opens & (said.at <= clock.as_of - DAY)
    waits = waits_until(replied_at, said.at)
    in_time = due & (waits >= 0) & (waits <= DAY)
    label = clock.months_first[month]
    yield from share("social_response_rate_24h", label, _brands(company), in_time, due)
    observed = np.minimum(clock.as_of - said.at, HORIZON)
    for name, value, mask in _brands(company):
        rows = opens & mask
        time = quantile_of_waits(waits[rows], observed[rows], 0.5)
        came, asked = float((waits[rows] >= 0).sum()), float(rows.sum())
        yield Truth("social_reply_time", label, name, value, time, came, asked)


def advocates(company: Company) -> np.ndarray:
    """Mark, by month and person, who praised the brand unprompted or brought a new customer."""
    said, clock = company.statuses, company.clock
    praise = (said.kind == MENTION) & (said.sentiment == POSITIVE) & (said.language == ENGLISH)
    praise &= (said.author < FIRST_STRANGER) & (said.topic != CAMPAIGN_TOPIC)
    praise[praise] = company.persons.is_linked[said.author[praise]]
    speaks = referrers(company)
    speaks[clock.month_of(said.at[praise]), said.author[praise]] = True
    return speaks


def are_referrals(company: Company) -> np.ndarray:
    """Mark the orders that tell who brought their buyer: first ones, and no cancelled ones."""
    orders = company.orders
    told = (orders.referrer >= 0) & (orders.well == FIRST)
    return told & np.isin(orders.status, (COMPLETED, REFUNDED))


def referrers(company: Company) -> np.ndarray:
    """Mark, by month and person, who brought a new customer."""
    orders, clock = company.orders, company.clock
    referred = are_referrals(company)
    brings = np.zeros((clock.months, size(company.persons)), dtype=bool)
    brings[clock.month_of(orders.at[referred]), orders.referrer[referred]] = True
    return brings
