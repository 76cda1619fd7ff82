"""Risk: what became of a Mailchimp campaign's e-mails is missed, or means something else here.

The vendor's answers follow https://mailchimp.com/developer/marketing/api/ (version 3.0.85).
"""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.openapi import OpenApi, needs
from tests.fixtures.rest_server import serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, basic, position

SECTION = {"kind": "mailchimp", "address": "{url}", "api_key": "a-key-us19"}
# The shop's number of a contact is in a field of the audience.
NUMBER = {"endpoint": "recipients", "key": "email_id", "value": "merge_fields.CUSTOMER"}
OWN = {"columns": {"customer_id": {"from": "email_id", "lookup": NUMBER}}}
WITH_NUMBERS = {**SECTION, "entities": {"campaign_touches": OWN}}
OPENAPI = "mailchimp_marketing.openapi.json"
SENT = "2026-05-01T08:00:00+00:00"
CONTACT = {
    "id": "hash-of-ann",
    "list_id": "list-1",
    "email_address": "ann@example.com",
    "sms_phone_number": "",
    "merge_fields": {"PHONE": "+49 30 1234567"},
    "timestamp_signup": "",
    "timestamp_opt": "2026-01-05T10:00:00+00:00",
    "status": "subscribed",
}


def vendor() -> Vendor:
    """Return a Mailchimp with one campaign to one contact, who opened it."""
    pages = Pages(position("offset"), around=lambda turn: {"total_items": turn.total})
    since = ("since_send_time", "send_time")
    emails, members = "/3.0/reports/{campaign_id}/email-activity", "/3.0/lists/{list_id}/members"
    unsubscribed = "/3.0/reports/{campaign_id}/unsubscribed"
    recipients = "/3.0/reports/{campaign_id}/sent-to"
    mailchimp = Vendor(
        (
            Listing("reports", "/3.0/reports", "reports", pages, since, 1000),
            Listing("unsubscribed", unsubscribed, "unsubscribes", pages, size=1000),
            Listing("recipients", recipients, "sent_to", pages, size=1000),
            Listing("emails", emails, "emails", pages, size=1000),
            Listing("lists", "/3.0/lists", "lists", pages, size=1000),
            Listing("members", members, "members", pages, size=1000),
        ),
        basic("concord", "a-key-us19"),
    )
    report(mailchimp, "c-1")
    email(mailchimp, "ann", "open")
    unsubscription(mailchimp, "bob")
    recipient(mailchimp, "ann", CUSTOMER="K17")
    mailchimp.put("lists", {"id": "list-1", "name": "Customers"})
    mailchimp.put("members", CONTACT)
    return mailchimp


def report(mailchimp: Vendor, name: str, **changed: Any) -> None:
    given: dict[str, Any] = {
        "id": name,
        "type": "regular",
        "campaign_title": "Spring",
        "subject_line": "Spring is here",
        "list_id": "list-1",
        "list_name": "Customers",
        "send_time": SENT,
        "emails_sent": 1,
        "bounces": {"hard_bounces": 0, "soft_bounces": 0, "syntax_errors": 0},
        "opens": {"opens_total": 1, "unique_opens": 1},
        "clicks": {"clicks_total": 0, "unique_subscriber_clicks": 0},
        "unsubscribed": 0,
    }
    mailchimp.put("reports", given | changed)


def email(mailchimp: Vendor, name: str, *actions: str, campaign: str = "c-1") -> None:
    activity = [{"action": action, "timestamp": SENT} for action in actions]
    given = {
        "campaign_id": campaign,
        "list_id": "list-1",
        "email_id": f"hash-of-{name}",
        "email_address": f"{name}@example.com",
        "activity": activity,
    }
    mailchimp.put("emails", given, key="email_id")


def unsubscription(mailchimp: Vendor, name: str, campaign: str = "c-1", **changed: Any) -> None:
    given: dict[str, Any] = {
        "campaign_id": campaign,
        "email_id": f"hash-of-{name}",
        "email_address": f"{name}@example.com",
        "vip": False,
        "timestamp": SENT,
    }
    mailchimp.put("unsubscribed", given | changed, key="email_id")


def recipient(mailchimp: Vendor, name: str, campaign: str = "c-1", **fields: str) -> None:
    given = {
        "campaign_id": campaign,
        "email_id": f"hash-of-{name}",
        "email_address": f"{name}@example.com",
        "merge_fields": fields,
    }
    mailchimp.put("recipients", given, key="email_id")


@pytest.fixture
def mailchimp():
    with serving(vendor()) as mailchimp:
        yield mailchimp


def test_a_campaign_begins_on_the_day_it_was_sent(mailchimp):
    assert load(source_of(mailchimp, SECTION)).one("campaigns") == {
        "campaign_id": "c-1",
        "name": "Spring",
        "channel": "email",
        "starts_on": date(2026, 5, 1),
    }


def test_a_touch_says_to_whom_and_when_a_campaign_went(mailchimp):
    assert load(source_of(mailchimp, SECTION)).one("campaign_touches") == {
        "touch_id": "c-1:hash-of-ann",
        "campaign_id": "c-1",
        "customer_id": "hash-of-ann",
        "sent_at": datetime(2026, 5, 1, 8, tzinfo=UTC),
        "channel": "email",
        "status": "opened",
        "is_unsubscribed": False,
    }


@pytest.mark.parametrize(
    ("actions", "status"),
    [
        ((), "delivered"),
        (("bounce",), "bounced"),
        (("bounce", "open"), "opened"),
        (("open", "click", "open"), "clicked"),
    ],
)
def test_the_furthest_that_an_e_mail_came_counts_and_not_the_latest(mailchimp, actions, status):
    email(mailchimp, "ann", *actions)
    assert load(source_of(mailchimp, SECTION)).of("campaign_touches", "status") == [status]


@pytest.mark.parametrize("vip", [True, False])
def test_who_unsubscribed_by_a_campaign_is_still_one_who_clicked_in_it(mailchimp, vip):
    email(mailchimp, "ann", "open", "click")
    unsubscription(mailchimp, "ann", vip=vip)
    touch = load(source_of(mailchimp, SECTION)).one("campaign_touches")
    assert (touch["status"], touch["is_unsubscribed"]) == ("clicked", True)


def test_an_unsubscription_is_that_of_the_campaign_it_came_by_alone(mailchimp):
    report(mailchimp, "c-2")
    unsubscription(mailchimp, "ann", campaign="c-2")
    assert load(source_of(mailchimp, SECTION)).of("campaign_touches", "is_unsubscribed") == [False]


def test_an_unsubscription_that_comes_days_later_is_seen(mailchimp):
    source = source_of(mailchimp, SECTION)
    state = load(source).state
    unsubscription(mailchimp, "ann")
    report(mailchimp, "c-1", unsubscribed=1)
    assert load(source, state).of("campaign_touches", "is_unsubscribed") == [True]


def test_a_click_that_comes_days_later_is_seen(mailchimp):
    source = source_of(mailchimp, SECTION)
    report(mailchimp, "c-2", send_time="2026-05-20T08:00:00+00:00")
    state = load(source).state
    email(mailchimp, "ann", "open", "click")
    report(mailchimp, "c-1", clicks={"clicks_total": 1, "unique_subscriber_clicks": 1})
    assert load(source, state).of("campaign_touches", "status") == ["clicked"]


def test_a_campaign_without_news_is_not_asked_for_again(mailchimp):
    source = source_of(mailchimp, SECTION)
    state = load(source).state
    mailchimp.asked.clear()
    load(source, state)
    assert not [asked for asked in mailchimp.asked if "/reports/" in asked.path]


def test_e_mails_of_automations_have_no_time_and_are_left_out(mailchimp):
    report(mailchimp, "c-2", type="automation")
    email(mailchimp, "bob", campaign="c-2")
    loaded = load(source_of(mailchimp, SECTION))
    assert loaded.of("campaign_touches", "campaign_id") == ["c-1"]


@pytest.mark.parametrize("at", [None, ""])
def test_a_mailchimp_of_automations_alone_is_read(mailchimp, at):
    report(mailchimp, "c-1", type="automation", send_time=at)
    loaded = load(source_of(mailchimp, SECTION))
    assert loaded.of("campaigns", "campaign_id", "starts_on") == [("c-1", None)]


def test_more_recipients_than_a_page_holds_are_all_read(mailchimp):
    for number in range(1000):
        email(mailchimp, f"person-{number}")
    assert len(load(source_of(mailchimp, SECTION)).of("campaign_touches")) == 1001


def test_the_shops_number_of_a_recipient_is_one_line(mailchimp):
    report(mailchimp, "c-2")
    email(mailchimp, "bob", campaign="c-2")
    recipient(mailchimp, "bob", campaign="c-2", CUSTOMER="K18")
    loaded = load(source_of(mailchimp, WITH_NUMBERS))
    assert sorted(loaded.of("campaign_touches", "campaign_id", "customer_id")) == [
        ("c-1", "K17"),
        ("c-2", "K18"),
    ]


def test_a_preview_shows_what_is_looked_up_beside_the_first_e_mails(mailchimp):
    unsubscription(mailchimp, "ann")
    (found,) = source_of(mailchimp, WITH_NUMBERS).previews("campaign_touches", 1)
    (row,) = found.preview.rows
    mapped = {cell.column: cell.mapped for cell in row.cells}
    assert (mapped["customer_id"], mapped["is_unsubscribed"]) == ("K17", "true")


def test_recipients_are_asked_for_only_if_a_column_looks_them_up(mailchimp):
    load(source_of(mailchimp, SECTION))
    assert [asked.path for asked in mailchimp.asked if asked.path.endswith("/sent-to")] == []


def test_a_contact_is_one_customer_whatever_the_form_asked(mailchimp):
    assert load(source_of(mailchimp, SECTION)).one("customers") == {
        "customer_id": "hash-of-ann",
        "email": "ann@example.com",
        "phone": "+49 30 1234567",
        "created_at": datetime(2026, 1, 5, 10, tzinfo=UTC),
    }


def test_an_audience_that_asks_for_no_phone_is_loaded(mailchimp):
    mailchimp.put("members", {"id": "hash-of-ann", "merge_fields": {}})
    assert "phone" not in load(source_of(mailchimp, SECTION)).one("customers")


@pytest.mark.shared
@needs(OPENAPI)
@pytest.mark.parametrize("listing", vendor().listings, ids=lambda each: each.name)
def test_what_the_vendor_serves_is_in_its_api_document(listing):
    document, path = OpenApi(OPENAPI), listing.path.removeprefix("/3.0")
    path = path.replace("{list_id}", "{listId}").replace("{campaign_id}", "{campaignId}")
    (served, *_) = vendor().objects[listing.name]
    assert served.keys() <= document.fields(path, listing.records)
    assert {"count", "offset", *(listing.since or ())[:1]} <= document.parameters(path)
