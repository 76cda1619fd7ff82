"""The simulated newsletters: the part of Mailchimp's API that its connector reads.

Pages by `count` and `offset`. The key is `demo-us0`, with any user name. A mailing's title is the
campaign's number in the marketing calendar, and the audience's field CUSTOMER has the shop's
number of a contact.
"""

from base64 import b64decode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from ingestion.demo.company import Company
from ingestion.demo.servers.http import Answer, Api, Request
from ingestion.demo.servers.mailings import Contact, Mailing, Recipient, newsletters

KEY = "demo-us0"
AUDIENCE = {"id": "a1de2and3w", "name": "Customers"}
LARGEST_PAGE = 1000

Fields = dict[str, Any]
T = TypeVar("T")


def _problem(status: int, title: str, detail: str) -> Answer:
    return Answer(
        {"type": "about:blank", "title": title, "status": status, "detail": detail}, status
    )


class Mailchimp(Api):
    """The mailing system's API."""

    MISSING = _problem(404, "Resource Not Found", "The requested resource could not be found.")

    def __init__(self, company: Company) -> None:
        found = newsletters(company)
        self.contacts, self.mailings = found.contacts, found.mailings
        self.by_id = {each.id: each for each in self.mailings}

    def answer(self, request: Request) -> Answer:
        """Answer a request that is signed with the key."""
        if not _is_signed(request):
            return _problem(401, "API Key Invalid", "Your API key may be invalid.")
        try:
            return super().answer(request)
        except ValueError as error:
            return _problem(400, "Invalid Resource", str(error))

    def reports(self, request: Request) -> Answer:
        """Answer with a page of the mailings that were sent after a time."""
        since = datetime.fromisoformat(request.query.get("since_send_time", "1970-01-01T00:00Z"))
        sent = [each for each in self.mailings if each.sent_at > since.timestamp()]
        return _page("reports", sent, request, _report)

    def emails(self, request: Request, mailing_id: str) -> Answer:
        """Answer with a page of what the recipients of a mailing did."""
        if (mailing := self.by_id.get(mailing_id)) is None:
            return self.MISSING
        return _page("emails", mailing.recipients, request, partial(_email, mailing))

    def sent_to(self, request: Request, mailing_id: str) -> Answer:
        """Answer with a page of a mailing's recipients."""
        if (mailing := self.by_id.get(mailing_id)) is None:
            return self.MISSING
        return _page("sent_to", mailing.recipients, request, partial(_recipient, mailing))

    def unsubscribed(self, request: Request, mailing_id: str) -> Answer:
        """Answer with a page of those who unsubscribed by a mailing."""
        if (mailing := self.by_id.get(mailing_id)) is None:
            return self.MISSING
        return _page("unsubscribes", mailing.unsubscribed, request, partial(_leaver, mailing))

    def lists(self, request: Request) -> Answer:
        """Answer with the one audience."""
        return _page("lists", [AUDIENCE], request, dict)

    def members(self, request: Request, list_id: str) -> Answer:
        """Answer with a page of the audience's contacts."""
        if list_id != AUDIENCE["id"]:
            return self.MISSING
        return _page("members", self.contacts, request, _member)

    ROUTES = (
        (r"/3\.0/reports", reports),
        (r"/3\.0/reports/(\w+)/email-activity", emails),
        (r"/3\.0/reports/(\w+)/sent-to", sent_to),
        (r"/3\.0/reports/(\w+)/unsubscribed", unsubscribed),
        (r"/3\.0/lists", lists),
        (r"/3\.0/lists/(\w+)/members", members),
    )


def _is_signed(request: Request) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    try:
        return scheme == "Basic" and b64decode(given).decode().partition(":")[2] == KEY
    except ValueError:
        return False


def _page(name: str, items: Sequence[T], request: Request, show: Callable[[T], Fields]) -> Answer:
    """Answer with the records that `count` and `offset` ask for."""
    count, offset = (int(request.query.get(*each)) for each in (("count", "10"), ("offset", "0")))
    if not 0 <= count <= LARGEST_PAGE:
        raise ValueError(f"count is {count}, and may be {LARGEST_PAGE} at most")
    shown = [show(each) for each in items[offset : offset + count]]
    return Answer({name: shown, "total_items": len(items)})


def _report(mailing: Mailing) -> Fields:
    opened, clicked = mailing.count("open"), mailing.count("click")
    return {
        "id": mailing.id,
        "type": "regular",
        "campaign_title": mailing.title,
        "subject_line": mailing.subject,
        "list_id": AUDIENCE["id"],
        "list_name": AUDIENCE["name"],
        "send_time": _time(mailing.sent_at),
        "emails_sent": len(mailing.recipients),
        "bounces": {"hard_bounces": mailing.count("bounce"), "soft_bounces": 0},
        "opens": {"opens_total": opened, "unique_opens": opened},
        "clicks": {"clicks_total": clicked, "unique_subscriber_clicks": clicked},
        "unsubscribed": len(mailing.unsubscribed),
    }


def _address(mailing: Mailing, recipient: Recipient) -> Fields:
    return {
        "campaign_id": mailing.id,
        "list_id": AUDIENCE["id"],
        "email_id": recipient.contact.id,
        "email_address": recipient.contact.address,
    }


def _email(mailing: Mailing, recipient: Recipient) -> Fields:
    """Return what a recipient did; the simulation has no later time for it than the sending."""
    at = _time(mailing.sent_at)
    activity = [{"action": action, "timestamp": at} for action in recipient.actions]
    return {**_address(mailing, recipient), "activity": activity}


def _recipient(mailing: Mailing, recipient: Recipient) -> Fields:
    return {
        **_address(mailing, recipient),
        "merge_fields": _merge_fields(recipient.contact),
        "status": "hard" if "bounce" in recipient.actions else "sent",
        "open_count": recipient.actions.count("open"),
    }


def _leaver(mailing: Mailing, recipient: Recipient) -> Fields:
    at = _time(mailing.sent_at)
    return {**_address(mailing, recipient), "vip": False, "timestamp": at}


def _member(contact: Contact) -> Fields:
    return {
        "id": contact.id,
        "list_id": AUDIENCE["id"],
        "email_address": contact.address,
        "merge_fields": _merge_fields(contact),
        "timestamp_signup": "",
        "timestamp_opt": _time(contact.since),
    }


def _merge_fields(contact: Contact) -> Fields:
    return {"CUSTOMER": contact.customer}


def _time(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
