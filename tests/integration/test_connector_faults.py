"""Risk: a vendor and the warehouse differ after a sync that was killed, or met with every fault.

With `CONCORD_TEST_RECORDS=100000` it is a sync of so many, in pages and pieces as much larger.
"""

import json
import os
import random
import signal
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from benchmarks.vendors import Zendesk
from ingestion import loading
from tests.fixtures import killed_loads
from tests.fixtures.connectors import source_of
from tests.fixtures.databases import Copied
from tests.fixtures.rest_server import Asked, Fault, answer_of, serving

pytestmark = pytest.mark.postgres

RECORDS = int(os.environ.get("CONCORD_TEST_RECORDS", "10000"))
# For each ticket there are an update and a fifth of a user.
TICKETS = RECORDS * 5 // 11
PAGE, PIECE = TICKETS // 50, RECORDS // 10
KILLS = 20
FAULTS = {
    "429": Fault(429, headers={"Retry-After": "3"}),
    "500": Fault(500),
    "503": Fault(503, headers={"Retry-After": "7"}),
    "dropped": Fault(200, is_dropped=True),
    "cut": Fault(200, b'{"tickets": [{"id": 1}]}', is_cut=True),
    "HTML": Fault(200, b"<html>We will be back soon</html>"),
    "empty page": None,
}


@dataclass
class Desk:
    """A Zendesk in which each fault takes the place of a share of the answers."""

    share: float = 0
    dice: random.Random = field(default_factory=lambda: random.Random(20261130))
    known: Zendesk = field(default_factory=lambda: Zendesk(TICKETS, PAGE))
    given: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    url: str = ""

    def answer(self, asked: Asked) -> Fault:
        """Return what a request gets."""
        self.known.url = self.url
        self.asked += 1
        drawn = int(self.dice.random() / self.share) if self.share else len(FAULTS)
        name = [*FAULTS, ""][min(drawn, len(FAULTS))]
        fault = self._empty(asked) if name == "empty page" else FAULTS.get(name)
        self.given[name] += fault is not None
        body = self.known.answer(asked.path, asked.params, asked.body)
        return fault or (Fault(404) if body is None else Fault(200, body))

    def _empty(self, asked: Asked) -> Fault | None:
        """Return a page without records that leads to the one that was asked for, if one may."""
        if "cursor" not in asked.params:
            return None
        name = asked.path.split("/")[-2]
        after = f"{self.url}{asked.path}?cursor={asked.params['cursor']}&gap={self.asked}"
        return answer_of({name: [], "after_url": after, "end_of_stream": False})


@pytest.fixture
def url(copied: Copied) -> str:
    return copied(loading.prepare)


def held(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the warehouse has of tickets, comments and users."""
    queries = {
        "tickets": "select ticket_id, customer_id, priority, created_at from raw.tickets",
        "comments": "select message_id, ticket_id, text, sent_at from raw.messages",
        "users": "select customer_id, email, phone, created_at from raw.customers",
    }
    with psycopg.connect(url) as connection:
        connection.execute("set timezone = 'UTC'")
        found = {name: connection.execute(query).fetchall() for name, query in queries.items()}
    written = "%Y-%m-%dT%H:%M:%SZ"
    return {
        name: sorted((*row[:-1], row[-1].strftime(written)) for row in rows)
        for name, rows in found.items()
    }


def shown(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Return the same as the vendor has it."""
    records = {
        name: [json.loads(listing.record(number)) for number in range(listing.length)]
        for name, listing in desk.known.lists.items()
    }
    comments = [
        (str(child["id"]), str(each["ticket_id"]), child["body"], child["created_at"])
        for each in records["ticket_events"]
        for child in each["child_events"]
        if child["event_type"] == "Comment"
    ]
    tickets = [
        (str(each["id"]), str(each["requester_id"]), each["priority"], each["created_at"])
        for each in records["tickets"]
    ]
    users = [
        (str(each["id"]), each["email"], each["phone"], each["created_at"])
        for each in records["users"]
    ]
    return {"tickets": sorted(tickets), "comments": sorted(comments), "users": sorted(users)}


def test_a_sync_that_is_killed_at_20_moments_ends_with_the_vendors_records(url: str):
    with serving(Desk()) as desk:
        section = {**Zendesk.section, "address": desk.url}
        given = {"section": section, "url": url, "piece_records": PIECE}
        for _ in range(KILLS):
            until, delay = desk.asked + desk.dice.randint(1, 25), desk.dice.uniform(0, 0.1)
            ended = killed_loads.exit_code(lambda until=until: desk.asked >= until, delay, **given)
            assert ended == -signal.SIGKILL
        assert killed_loads.exit_code(lambda: False, 0, **given) == 0
        assert held(url) == shown(desk)


def test_a_sync_that_meets_with_every_fault_ends_with_the_vendors_records(url: str):
    with serving(Desk(share=0.05)) as desk:
        report = loading.load(source_of(desk, {**Zendesk.section, "address": "{url}"}), url)
        assert report.is_balanced
        assert min(desk.given[name] for name in FAULTS) > 0
        assert held(url) == shown(desk)
