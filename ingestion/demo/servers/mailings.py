"""The simulated newsletters, indexed as a mailing system lists them: mailings and contacts.

A mailing is what a campaign sends by e-mail at one time. What is asked for and answered belongs
to `mailchimp.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import md5
from itertools import pairwise

import numpy as np

from ingestion.demo.campaigns import BOUNCED, CLICKED, EMAIL, OPENED, Sends
from ingestion.demo.company import Company
from ingestion.demo.names import email, full_names
from ingestion.demo.persons import SECOND_RECORD
from ingestion.demo.records import select
from ingestion.demo.tables.cells import campaign_ids, ids

ACTIONS = {OPENED: ("open",), CLICKED: ("open", "click"), BOUNCED: ("bounce",)}


@dataclass(frozen=True)
class Contact:
    """Who gets newsletters: an address, its hash, and the shop's number for it."""

    id: str
    address: str
    customer: str
    since: int


@dataclass(frozen=True)
class Recipient:
    """A contact that a mailing went to, what came of it, and whether it was one too many."""

    contact: Contact
    actions: tuple[str, ...]
    has_unsubscribed: bool


@dataclass(frozen=True)
class Mailing:
    """What a campaign sent at one time, and to whom."""

    id: str
    title: str
    subject: str
    sent_at: int
    recipients: Sequence[Recipient]

    def count(self, action: str) -> int:
        """Return how many recipients did something."""
        return sum(action in each.actions for each in self.recipients)

    @property
    def unsubscribed(self) -> list[Recipient]:
        """Return who wanted no more after it."""
        return [each for each in self.recipients if each.has_unsubscribed]


@dataclass(frozen=True)
class Newsletters:
    """Everything that the API can show: mailings by time, and contacts."""

    contacts: Sequence[Contact]
    mailings: Sequence[Mailing]


def newsletters(company: Company) -> Newsletters:
    """Return a company's newsletters."""
    sends = select(company.sends, company.sends.channel == EMAIL)
    _, first, number = np.unique(sends.record, return_index=True, return_inverse=True)
    contacts = list(_contacts(company, sends.record[first], sends.person[first]))
    by_status = {status: ACTIONS.get(status, ()) for status in np.unique(sends.status).tolist()}
    columns = (number, sends.status, sends.is_unsubscribed)
    recipients = [
        Recipient(contacts[contact], by_status[status], has_unsubscribed)
        for contact, status, has_unsubscribed in zip(*(c.tolist() for c in columns), strict=True)
    ]
    return Newsletters(contacts, list(_mailings(company, sends, recipients)))


def _contacts(company: Company, record: np.ndarray, person: np.ndarray) -> Iterator[Contact]:
    """Give the contact of each customer record; no two have one address, as no audience has."""
    names = full_names(company.persons.name[person])
    numbers = np.where(record >= SECOND_RECORD, 500_000 + person, person)
    since = company.persons.acquired_at[person]
    columns = (names, numbers.tolist(), ids("K", record).tolist(), since.tolist())
    for name, number, customer, at in zip(*columns, strict=True):
        address = email(name, number)
        yield Contact(_hash(address), address, customer, at)


def _mailings(company: Company, sends: Sends, recipients: list[Recipient]) -> Iterator[Mailing]:
    """Give the mailings by time, as the sends are."""
    moved = (np.diff(sends.at) != 0) | (np.diff(sends.campaign) != 0)
    borders = [0, *(np.flatnonzero(moved) + 1).tolist(), len(recipients)]
    titles = campaign_ids(sends.campaign)
    for start, end in pairwise(borders):
        title, at = titles[start], int(sends.at[start])
        subject = str(company.campaigns.name[sends.campaign[start]])
        yield Mailing(_hash(f"{title} {at}")[:10], title, subject, at, recipients[start:end])


def _hash(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
