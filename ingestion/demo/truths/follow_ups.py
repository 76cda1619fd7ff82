"""Truths about problems that are solved for good: nobody comes back to them within a week."""

from collections.abc import Iterator

import numpy as np

from ingestion.demo.clock import DAY
from ingestion.demo.company import Company
from ingestion.demo.service import REGULAR
from ingestion.demo.social import ANSWER, FIRST_STRANGER, MENTION
from ingestion.demo.truths.desk import desk_segments, ended_at, solves_of
from ingestion.demo.truths.rows import Truth, share

WEEK = 7 * DAY
UNKNOWN = -1
Contacts = dict[int, list[tuple[int, int]]]


def follow_up_truths(company: Company) -> Iterator[Truth]:
    """Give the truths of every complete month."""
    tickets, clock = company.tickets, company.clock
    segments = desk_segments(tickets)
    contacts, ended = _contacts(company), ended_at(tickets)
    is_quiet, was_quiet = (
        _nobody_comes(company, at, contacts) for at in (ended, tickets.solved_before_at)
    )
    was_quiet &= tickets.reopened_at > tickets.solved_before_at + WEEK
    for month in clock.complete_months:
        _, last, solved = solves_of(company, month)
        for_good = np.where(last, is_quiet & (tickets.solved_before_at == 0), was_quiet)
        label = clock.months_first[month]
        yield from share(
            "first_contact_resolution_rate", label, segments, solved & for_good, solved
        )


def _contacts(company: Company) -> Contacts:
    """Return when each known person turned to the company, and on which topic."""
    tickets, said = company.tickets, company.statuses
    written = np.flatnonzero(tickets.fate == REGULAR)
    spoken = np.flatnonzero(np.isin(said.kind, (MENTION, ANSWER)) & (said.author < FIRST_STRANGER))
    spoken = spoken[company.persons.is_linked[said.author[spoken]]]
    rows = zip(
        np.concatenate([tickets.person[written], said.author[spoken]]).tolist(),
        np.concatenate([tickets.at[written], said.at[spoken]]).tolist(),
        np.concatenate([tickets.topic[written], np.full(len(spoken), UNKNOWN)]).tolist(),
        strict=True,
    )
    contacts: Contacts = {}
    for person, at, topic in rows:
        contacts.setdefault(person, []).append((at, topic))
    return contacts


def _nobody_comes(company: Company, solved_at: np.ndarray, contacts: Contacts) -> np.ndarray:
    """Mark the tickets after whose solve their person doesn't come back to their topic."""
    tickets = company.tickets
    columns = (tickets.person, tickets.topic, solved_at)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return np.array(
        [
            not any(
                solved < at <= solved + WEEK and about in (topic, UNKNOWN)
                for at, about in contacts.get(person, ())
            )
            for person, topic, solved in rows
        ]
    )
