"""Truths about tickets as they come, wait, are solved, and come back."""

from collections.abc import Iterator

import numpy as np

from ingestion.demo.company import Company
from ingestion.demo.parameters import BRANDS, TEAMS, TICKET_CHANNELS, TOPICS
from ingestion.demo.records import size
from ingestion.demo.service import AGENT, REGULAR, Tickets
from ingestion.demo.truths.rows import HORIZON, Segments, Truth, share

AT_ONCE = 300  # seconds by which two clocks may differ


def ended_at(tickets: Tickets) -> np.ndarray:
    """Return when each ticket was solved or closed, 0 for never, and never before it came."""
    solved_at = np.where(tickets.solved_at > 0, np.maximum(tickets.solved_at, tickets.at), 0)
    return np.maximum(solved_at, tickets.closed_at)


def desk_segments(tickets: Tickets) -> Segments:
    """Return the segments of the desk's figures."""
    return Segments.of(
        size(tickets),
        channel=(TICKET_CHANNELS, tickets.channel),
        brand=(BRANDS, tickets.brand),
        team=(TEAMS, (tickets.agent + 1) % len(TEAMS)),
        topic=(TOPICS, tickets.topic),
    )


def solves_of(company: Company, month: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return whether each ticket's first solve, its last one, and any of both is of the month."""
    tickets, clock = company.tickets, company.clock
    first = (tickets.solved_before_at > 0) & (clock.month_of(tickets.solved_before_at) == month)
    ended = ended_at(tickets)
    last = (ended > 0) & (clock.month_of(ended) == month)
    return first, last, (tickets.fate == REGULAR) & (first | last)


def desk_truths(company: Company) -> Iterator[Truth]:
    """Give the truths of every complete month."""
    segments = desk_segments(company.tickets)
    for month in company.clock.complete_months:
        yield from _counts(company, month, segments)
        yield from _solves(company, month, segments)
        yield from _promises(company, month, segments)


def _counts(company: Company, month: int, segments: Segments) -> Iterator[Truth]:
    tickets, clock = company.tickets, company.clock
    regular, end = tickets.fate == REGULAR, clock.month_start[month + 1]
    opened = regular & (clock.month_of(tickets.at) == month)
    rests = (tickets.solved_before_at > 0) & (tickets.solved_before_at < end)
    rests &= tickets.reopened_at >= end
    unsolved = regular & (tickets.at < end) & ~rests
    ended = ended_at(tickets)
    unsolved &= (ended == 0) | (ended >= end)
    for metric_id, counted in (("ticket_volume", opened), ("backlog", unsolved)):
        for name, value, mask in segments:
            count = float((counted & mask).sum())
            yield Truth(metric_id, clock.months_first[month], name, value, count, count, None)


def _solves(company: Company, month: int, segments: Segments) -> Iterator[Truth]:
    """Count each ticket with its last solve of the month."""
    tickets, clock = company.tickets, company.clock
    first, last, solved = solves_of(company, month)
    back = first & (tickets.reopened_at - tickets.solved_before_at <= HORIZON)
    label = clock.months_first[month]
    yield from share("reopen_rate", label, segments, solved & back, solved)
    until = np.where(last, ended_at(tickets), tickets.solved_before_at) + AT_ONCE
    said = company.messages
    replies = said.ticket[(said.author == AGENT) & (said.at <= until[said.ticket])]
    once = np.bincount(replies, minlength=size(tickets)) == 1
    yield from share("one_touch_rate", label, segments, solved & once, solved)


def _promises(company: Company, month: int, segments: Segments) -> Iterator[Truth]:
    tickets, clock, p = company.tickets, company.clock, company.parameters
    here = (tickets.fate == REGULAR) & (clock.month_of(tickets.at) == month)
    is_quick = np.isin(tickets.channel, [TICKET_CHANNELS.index(name) for name in ("chat", "phone")])
    kept, missed = here.copy(), np.zeros(len(here), dtype=bool)
    for done_at, quick, usual in (
        (tickets.replied_at, p.chat_reply_minutes, p.reply_minutes),
        (ended_at(tickets), p.chat_solve_minutes, p.solve_minutes),
    ):
        due = tickets.at + 60 * np.where(is_quick, quick, usual)
        in_time = (done_at > 0) & (done_at <= due)
        kept &= in_time
        missed |= ~in_time & ((done_at > 0) | (clock.as_of > due))
    label = clock.months_first[month]
    yield from share("sla_attainment", label, segments, kept, here & (kept | missed))
