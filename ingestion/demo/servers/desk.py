"""The simulated desk's objects as Zendesk has them, in the order in which its exports give them.

Tickets, updates and users are rows of arrays, sorted once; an object is made when a page asks for
it. What is asked for and answered belongs to `zendesk.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from ingestion.demo.company import Company
from ingestion.demo.names import full_names
from ingestion.demo.parameters import BRANDS, TEAMS, TICKET_KINDS, TOPICS
from ingestion.demo.records import join, select
from ingestion.demo.service import (
    AGENT,
    AGENTS,
    BOT,
    CUSTOMER,
    MERGED,
    NOTE,
    SPAM,
    TRIAL,
    Messages,
    Tickets,
)
from ingestion.demo.service_words import message_text

Json = dict[str, Any]
FIRST_TICKET = 500_000
# The staff has the first numbers of users; customers have that of their record and this.
FIRST_CUSTOMER = 370_000_000_000
FIRST_STRANGER = 360_000_000_000
SYSTEM = -1
KIND_FIELD, TOPIC_FIELD = 360_001, 360_002
CHANNELS = ("email", "chat", "voice", "web")  # TICKET_CHANNELS, as Zendesk calls them
TAGS = {SPAM: ["spam"], TRIAL: ["test"], MERGED: ["closed_by_merge"]}
GROUPS: list[Json] = [{"id": number, "name": name} for number, name in enumerate(TEAMS, start=1)]
BRAND_LIST: list[Json] = [{"id": id_, "name": name} for id_, name in enumerate(BRANDS, start=1)]
# Updates are numbered within their ticket: messages have 0 to 15, then come changes of its status,
# each with the one before.
FIRST_CHANGE, IN_A_TICKET = 16, 32
CHANGES = (("solved", "open"), ("open", "solved"), ("solved", "open"), ("closed", "open"))


@dataclass(frozen=True)
class Updates:
    """One row per update of a ticket: a message, or a change of its status."""

    ticket: np.ndarray
    at: np.ndarray
    number: np.ndarray
    author: np.ndarray
    turn: np.ndarray


@dataclass(frozen=True)
class Export:
    """Objects in the order of their last changes; `make` gives that at a position."""

    at: np.ndarray
    make: Callable[[int], Json]

    def since(self, second: int) -> int:
        """Return the position of the first object that changed at a second or later."""
        return int(np.searchsorted(self.at, second))


class Desk:
    """Everything that the exports and lists show."""

    def __init__(self, company: Company) -> None:
        t = self._tickets = company.tickets
        self._names = company.persons.name
        self._began_at = int(company.clock.month_start[0])
        self._status = _status(t)
        strangers = FIRST_STRANGER + np.arange(len(t.at))
        self._requester = np.where(t.record > 0, FIRST_CUSTOMER + t.record, strangers)
        self._updates = _updates(company.messages, t)
        self._changed_at = t.at.copy()
        np.maximum.at(self._changed_at, self._updates.ticket, self._updates.at)
        order = np.argsort(self._changed_at, kind="stable")
        self._newcomers = np.sort(np.unique(self._requester, return_index=True)[1])
        self.staff = [self._agent(number) for number in range(1, AGENTS + 1)]
        self.updates = Export(self._updates.at, self._update)
        self.tickets = Export(self._changed_at[order], lambda row: self._ticket(int(order[row])))
        came_at = np.append(np.full(AGENTS, self._began_at), t.at[self._newcomers])
        self.users = Export(came_at, self._user)

    def _ticket(self, row: int) -> Json:
        t, requester = self._tickets, int(self._requester[row])
        kind, topic = TICKET_KINDS[t.kind[row]], TOPICS[t.topic[row]]
        return {
            "id": FIRST_TICKET + row,
            "created_at": _iso(t.at[row]),
            "updated_at": _iso(self._changed_at[row]),
            "generated_timestamp": int(self._changed_at[row]),
            "via": {"channel": CHANNELS[t.channel[row]]},
            "type": None,
            "priority": None,
            "status": str(self._status[row]),
            "requester_id": requester,
            "submitter_id": requester,
            "assignee_id": int(t.agent[row]) + 1,
            "brand_id": int(t.brand[row]) + 1,
            "tags": TAGS.get(int(t.fate[row]), []),
            "custom_fields": [
                {"id": KIND_FIELD, "value": kind},
                {"id": TOPIC_FIELD, "value": topic},
            ],
        }

    def _update(self, row: int) -> Json:
        u = self._updates
        ticket, number, author = int(u.ticket[row]), int(u.number[row]), int(u.author[row])
        at, who = int(u.at[row]), self._author(ticket, author)
        shared = {
            "via": {"channel": CHANNELS[self._tickets.channel[ticket]]},
            "created_at": _iso(at),
        }
        children = self._changes(ticket, number)
        if number < FIRST_CHANGE:
            text = message_text(self._tickets, ticket, author, int(u.turn[row]))
            comment = {"author_id": who, "body": text, "public": author != NOTE}
            children.append({"event_type": "Comment", "type": "Comment", **comment})
        first_id = 10 * (ticket * IN_A_TICKET + number)
        return {
            "id": first_id,
            "ticket_id": FIRST_TICKET + ticket,
            "timestamp": at,
            "created_at": shared["created_at"],
            "updater_id": who,
            "event_type": "Audit",
            "child_events": [
                {"id": first_id + position, **shared, **child}
                for position, child in enumerate(children, start=1)
            ],
        }

    def _changes(self, ticket: int, number: int) -> list[Json]:
        """Return what an update does to the fields of its ticket."""
        if number == 0:
            given = {"status": "open", "assignee_id": int(self._tickets.agent[ticket]) + 1}
            return [{"event_type": "Create", **given}]
        if number < FIRST_CHANGE:
            return []
        status, before = CHANGES[number - FIRST_CHANGE]
        return [{"event_type": "Change", "status": status, "previous_value": before}]

    def _author(self, ticket: int, author: int) -> int:
        if author == CUSTOMER:
            return int(self._requester[ticket])
        return SYSTEM if author == BOT else int(self._tickets.agent[ticket]) + 1

    def _user(self, row: int) -> Json:
        if row < AGENTS:
            return self.staff[row]
        return self._customer(int(self._newcomers[row - AGENTS]))

    def _agent(self, number: int) -> Json:
        group = GROUPS[number % len(GROUPS)]["id"]
        user = _user_named(number, f"Agent {number}", self._began_at)
        return {**user, "role": "agent", "default_group_id": group}

    def _customer(self, ticket: int) -> Json:
        """Return who asked with a ticket; the shop's number stands beside the desk's own."""
        t = self._tickets
        person, record = int(t.person[ticket]), int(t.record[ticket])
        name = " ".join(full_names(self._names[[person]])[0]) if person >= 0 else "Unknown"
        user = _user_named(int(self._requester[ticket]), name, int(t.at[ticket]))
        return {**user, "external_id": f"K{record}" if record else None}


def _updates(messages: Messages, tickets: Tickets) -> Updates:
    """Return all updates of tickets, by time."""
    number = messages.author * 4 + np.minimum(messages.turn, 3)
    said = Updates(messages.ticket, messages.at, number, messages.author, messages.turn)
    updates = join([said, *_status_changes(tickets)])
    return select(updates, np.lexsort((updates.number, updates.ticket, updates.at)))


def _status_changes(t: Tickets) -> list[Updates]:
    """Return when tickets were solved, reopened, solved again, and closed without a solve."""
    came_back = t.solved_before_at > 0
    first = np.where(came_back, t.solved_before_at, t.solved_at)
    times = (first, t.reopened_at, np.where(came_back, t.solved_at, 0), t.closed_at)
    parts = []
    for number, (at, author) in enumerate(zip(times, (AGENT, AGENT, AGENT, BOT), strict=True)):
        rows = np.flatnonzero(at > 0)
        same = (np.full(len(rows), value) for value in (FIRST_CHANGE + number, author, 0))
        parts.append(Updates(rows, at[rows], *same))
    return parts


def _status(t: Tickets) -> np.ndarray:
    states = ("closed", "solved", "open", "pending")
    times = (t.closed_at, t.solved_at, t.reopened_at, t.replied_at)
    return np.select([at > 0 for at in times], states, "open")


def _user_named(number: int, name: str, created_at: int) -> Json:
    return {
        "id": number,
        "name": name,
        "email": None,
        "phone": None,
        "external_id": None,
        "role": "end-user",
        "active": True,
        "default_group_id": None,
        "created_at": _iso(created_at),
        "updated_at": _iso(created_at),
    }


def _iso(second: int) -> str:
    return datetime.fromtimestamp(int(second), UTC).isoformat().replace("+00:00", "Z")
