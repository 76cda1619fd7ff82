"""A Zendesk with tickets, an update with a comment and a change for each, users and a small staff.

Fields are those of https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/ and of
the incremental exports (November 2026).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

from benchmarks.vendors.listing import Listing, filled, first_since, second, templates

_STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
_WORDS = "My parcel with the blue mugs has not arrived, and the tracking page says nothing. "
_STAFF = range(60_000, 60_020)
_EXPORTS = {
    "/api/v2/incremental/tickets/cursor": "tickets",
    "/api/v2/incremental/users/cursor": "users",
}
_LISTS = ("users", "groups", "brands", "satisfaction_ratings")


@dataclass
class Zendesk:
    """So many tickets and updates each, and a user for every five of them.

    Pages have the `size` of the vendor's exports unless another one is given.
    """

    tickets: int
    size: int = 1000
    url: str = ""
    lists: dict[str, Listing] = field(init=False)
    section: ClassVar = {"kind": "zendesk", "email": "a@b.example", "api_token": "a-token"}

    def __post_init__(self) -> None:
        self.lists = {
            "tickets": Listing(self.tickets, self.size, partial(filled, templates(_ticket))),
            "ticket_events": Listing(self.tickets, self.size, partial(filled, templates(_update))),
            "users": Listing(self.tickets // 5, self.size, partial(filled, templates(_user))),
        }

    @property
    def records(self) -> int:
        """How many there are in all exports."""
        return sum(each.length for each in self.lists.values())

    def answer(self, path: str, params: Mapping[str, str], body: bytes) -> bytes | None:
        """Return what a request gets: a page of an export, or a short list."""
        if path in _EXPORTS:
            return self._by_cursor(path, _EXPORTS[path], params)
        if path == "/api/v2/incremental/ticket_events":
            return self._by_time(params)
        name = path.removeprefix("/api/v2/")
        return _short(name) if name in _LISTS else None

    def _by_cursor(self, path: str, name: str, params: Mapping[str, str]) -> bytes:
        begin = params.get("cursor") or first_since(int(params["start_time"]))
        records, end, has_more = self.lists[name].page(int(begin))
        after = f'"{self.url}{path}?cursor={end}"'.encode()
        return _answer(name, records, b"after_url", after, has_more)

    def _by_time(self, params: Mapping[str, str]) -> bytes:
        begin = first_since(int(params["start_time"]))
        records, end, has_more = self.lists["ticket_events"].page(begin)
        return _answer("ticket_events", records, b"end_time", b"%d" % second(end - 1), has_more)


def _answer(name: str, records: bytes, key: bytes, after: bytes, has_more: bool) -> bytes:
    """Return a page; the last one names no next page, which is the end for dlt."""
    next_page, is_end = (after, b"false") if has_more else (b"null", b"true")
    parts = (name.encode(), records, key, next_page, is_end)
    return b'{"%s": %s, "%s": %s, "end_of_stream": %s}' % parts


def _short(name: str) -> bytes:
    """Return one of the lists that each load reads whole; nobody was asked for a rating."""
    staff = [
        b'{"id": %d, "role": "agent", "default_group_id": 1, "name": "Agent"}' % number
        for number in _STAFF
    ]
    known = {"users": b", ".join(staff), "satisfaction_ratings": b""}
    records = known.get(name, b'{"id": 1, "name": "Main"}')
    return b'{"%s": [%s], "meta": {"has_more": false}}' % (name.encode(), records)


def _ticket(variant: int) -> dict[str, Any]:
    """Return a ticket of some 70 keys, nested ones among them."""
    return {
        "url": "https://acme.zendesk.com/api/v2/tickets/%(id)d.json",
        "id": "%(id)d",
        "external_id": None,
        "via": {"channel": "email", "source": {"from": {"address": "a@b.example"}, "to": {}}},
        "created_at": "%(at)s",
        "updated_at": "%(at)s",
        "generated_timestamp": "%(second)d",
        "type": ("question", "incident", "problem", "task")[variant % 4],
        "subject": f"Parcel {variant} of order %(id)d",
        "raw_subject": f"Parcel {variant} of order %(id)d",
        "description": _WORDS * (1 + variant % 8),
        "priority": ("low", "normal", "high", "urgent")[variant % 4],
        "status": _STATUSES[variant % 6],
        "recipient": "help@acme.example",
        "requester_id": "%(person)d",
        "submitter_id": "%(person)d",
        "assignee_id": _STAFF[variant % 20],
        "organization_id": None,
        "group_id": 1,
        "brand_id": 1,
        "collaborator_ids": [],
        "follower_ids": [1, 2],
        "email_cc_ids": [],
        "forum_topic_id": None,
        "problem_id": None,
        "has_incidents": False,
        "is_public": True,
        "due_at": None,
        "tags": ["parcel", f"region_{variant % 16}", "vip"],
        "custom_fields": [{"id": 27_640 + each, "value": f"v{each}"} for each in range(12)],
        "satisfaction_rating": {"score": "unoffered"},
        "sharing_agreement_ids": [],
        "custom_status_id": 1 + variant % 6,
        "encoded_id": f"XK{variant}-%(id)d",
        "ticket_form_id": 12,
        "followup_ids": [],
        "allow_channelback": False,
        "allow_attachments": True,
        "from_messaging_channel": False,
    }


def _update(variant: int) -> dict[str, Any]:
    """Return an update: a comment, and every other time a change of status."""
    comment: dict[str, Any] = {
        "id": "%(id)d1",
        "type": "Comment",
        "event_type": "Comment",
        "author_id": "%(person)d" if variant % 2 else _STAFF[variant % 20],
        "body": _WORDS * (1 + variant % 5),
        "html_body": f"<p>{_WORDS * (1 + variant % 5)}</p>",
        "public": variant % 3 > 0,
        "attachments": [],
        "created_at": "%(at)s",
    }
    change = {"id": "%(id)d2", "event_type": "Change"}
    change |= {"status": _STATUSES[variant % 6], "previous_value": _STATUSES[variant % 5]}
    return {
        "id": "%(id)d0",
        "ticket_id": "%(id)d",
        "updater_id": _STAFF[variant % 20],
        "created_at": "%(at)s",
        "timestamp": "%(second)d",
        "via": "Web form",
        "system": {"client": "Mozilla/5.0", "location": "Berlin", "latitude": 52.51},
        "event_type": "Audit",
        "child_events": [comment, change][: 1 + variant % 2],
    }


def _user(variant: int) -> dict[str, Any]:
    return {
        "id": "%(id)d",
        "name": f"Ann {variant}",
        "email": "person%(id)d@example.com",
        "phone": "+4930%(id)d",
        "created_at": "%(at)s",
        "updated_at": "%(at)s",
        "active": True,
        "role": "end-user",
        "time_zone": "Berlin",
        "locale": "de",
        "tags": ["vip"],
        "organization_id": None,
        "user_fields": {"since": "2019", "size": variant},
    }
