"""Truths about the desk and the surveys: waits, stars, effort, recommendation."""

from collections.abc import Iterator

import numpy as np

from ingestion.demo.company import Company
from ingestion.demo.parameters import TICKET_CHANNELS
from ingestion.demo.records import size
from ingestion.demo.service import REGULAR
from ingestion.demo.surveys import RELATIONAL
from ingestion.demo.truths.desk import ended_at
from ingestion.demo.truths.rows import (
    HORIZON,
    Segments,
    Truth,
    quantile_of_waits,
    share,
    waits_until,
)


def contact_truths(company: Company) -> Iterator[Truth]:
    """Give the truths of every complete month."""
    for month in company.clock.complete_months:
        yield from _waits(company, month)
        yield from _stars(company, month)
        yield from _effort(company, month)
        yield from _recommendation(company, month)


def _waits(company: Company, month: int) -> Iterator[Truth]:
    tickets, clock = company.tickets, company.clock
    here = (clock.month_of(tickets.at) == month) & (tickets.fate == REGULAR)
    observed = np.minimum(clock.as_of - tickets.at, HORIZON)
    segments = Segments.of(size(tickets), channel=(TICKET_CHANNELS, tickets.channel))
    metrics = {"first_reply_time": tickets.replied_at, "full_resolution_time": ended_at(tickets)}
    label = clock.months_first[month]
    parts = [(name, value, mask, 0.5) for name, value, mask in segments]
    parts.append(("statistic", "p90", np.ones(len(here), dtype=bool), 0.9))
    for metric_id, event_at in metrics.items():
        waits = waits_until(event_at, tickets.at)
        for name, value, mask, level in parts:
            rows = here & mask
            time = quantile_of_waits(waits[rows], observed[rows], level)
            came, asked = float((waits[rows] >= 0).sum()), float(rows.sum())
            yield Truth(metric_id, label, name, value, time, came, asked)


def _stars(company: Company, month: int) -> Iterator[Truth]:
    tickets, clock = company.tickets, company.clock
    rated = (tickets.rated_at > 0) & (clock.month_of(tickets.rated_at) == month)
    segments = Segments.of(size(tickets), channel=(TICKET_CHANNELS, tickets.channel))
    label = clock.months_first[month]
    yield from share("csat", label, segments, rated & (tickets.stars >= 4), rated)


def _effort(company: Company, month: int) -> Iterator[Truth]:
    """Give the mean of each ticket's last answer of the month."""
    efforts, clock = company.efforts, company.clock
    here = np.flatnonzero(clock.month_of(efforts.at) == month)
    here = here[np.argsort(efforts.at[here], kind="stable")][::-1]
    _, latest = np.unique(efforts.ticket[here], return_index=True)
    score = efforts.score[here[latest]]
    scale = Segments((("scale", "up to 7", np.ones(len(score), dtype=bool)),))
    yield from share("ces", clock.months_first[month], scale, score, np.ones(len(score)), 1.0)


def _recommendation(company: Company, month: int) -> Iterator[Truth]:
    responses, clock = company.responses, company.clock
    latest = _latest_in_month(company)
    here = latest & (clock.month_of(responses.at) == month)
    promoters, detractors = responses.score >= 9, responses.score <= 6
    balance = here * (promoters.astype(int) - detractors)
    label, relational = clock.months_first[month], responses.kind == RELATIONAL
    whole = Segments((("company", "all", relational),))
    kinds = Segments((("survey_kind", "transactional", ~relational),))
    for segments in (whole, kinds):
        yield from share("nps", label, segments, balance, here)


def _latest_in_month(company: Company) -> np.ndarray:
    """Mark the last answer of each person, month and kind; each of nobody knows whom is one."""
    responses, clock = company.responses, company.clock
    nobody = -1 - np.arange(size(responses))
    person = np.where(responses.person >= 0, responses.person, nobody)
    key = (person * 1_000 + clock.month_of(responses.at)) * 2 + responses.kind
    _, from_end = np.unique(key[::-1], return_index=True)
    latest = np.zeros(len(key), dtype=bool)
    latest[len(key) - 1 - from_end] = True
    return latest
