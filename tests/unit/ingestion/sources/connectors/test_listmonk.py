"""Risk: campaigns of a listmonk that nobody got count, or people who are gone stay.

The vendor's answers follow https://listmonk.app/docs/apis/campaigns/ and
https://listmonk.app/docs/apis/subscribers/ (read in November 2026); what orders a list, and that
`asc` has small letters, listmonk's own source.
"""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.rest_server import Asked, serving
from tests.fixtures.vendor_api import Listing, Pages, Vendor, basic, page_number, unsettled

SECTION = {"kind": "listmonk", "address": "{url}", "user": "concord", "token": "a-token"}


def vendor() -> Vendor:
    """Return a listmonk with one campaign that was sent, and more subscribers than a page holds."""
    pages = Pages(page_number("page"))
    numbered = Pages(unsettled(page_number("page"), is_by_number))
    listmonk = Vendor(
        (
            Listing("campaigns", "/api/campaigns", "data.results", pages),
            Listing("subscribers", "/api/subscribers", "data.results", numbered),
        ),
        basic("concord", "a-token"),
    )
    campaign(listmonk, 1)
    for number in range(1, 5):
        subscriber(listmonk, number)
    return listmonk


def is_by_number(asked: Asked) -> bool:
    """Subscribers of one import have one time, and only their number orders them."""
    return "order_by" not in asked.params and asked.params.get("order") == "asc"


def campaign(listmonk: Vendor, number: int, **changed: Any) -> None:
    given = {
        "id": number,
        "created_at": "2026-04-30T17:36:41.29451+02:00",
        "updated_at": "2026-05-02T09:00:00.000000+02:00",
        "started_at": "2026-05-02T00:30:00.123456+02:00",
        "type": "regular",
        "name": "Spring",
        "subject": "Spring is here",
        "status": "finished",
        "messenger": "email",
        "body": "",
        "to_send": 4,
        "sent": 4,
        "tags": ["spring"],
    }
    listmonk.put("campaigns", given | changed)


def subscriber(listmonk: Vendor, number: int) -> None:
    given = {
        "id": number,
        "created_at": "2026-01-05T10:00:00.000000+02:00",
        "updated_at": "2026-01-05T10:00:00.000000+02:00",
        "email": f"person-{number}@example.com",
        "name": f"Person {number}",
        "attribs": {"birth_year": 1980} if number == 1 else {},
        "status": "enabled",
        "lists": [],
    }
    listmonk.put("subscribers", given)


@pytest.fixture
def listmonk():
    with serving(vendor()) as listmonk:
        yield listmonk


def test_a_campaign_begins_when_it_was_sent_and_not_when_it_was_written(listmonk):
    assert load(source_of(listmonk, SECTION)).one("campaigns") == {
        "campaign_id": "1",
        "name": "Spring",
        "channel": "email",
        "starts_on": date(2026, 5, 2),
    }


@pytest.mark.parametrize(
    "given",
    [
        {"status": "draft", "started_at": None},
        {"status": "scheduled", "started_at": None, "send_at": "2026-06-01T08:00:00+02:00"},
        {"type": "optin"},
    ],
)
def test_drafts_and_what_asks_for_a_confirmation_are_no_campaigns(listmonk, given):
    campaign(listmonk, 2, **given)
    assert load(source_of(listmonk, SECTION)).of("campaigns", "campaign_id") == ["1"]


def test_a_campaign_by_another_messenger_has_its_channel(listmonk):
    campaign(listmonk, 1, messenger="sms")
    assert load(source_of(listmonk, SECTION)).of("campaigns", "channel") == ["sms"]


def test_subscribers_of_all_pages_are_customers(listmonk):
    customers = load(source_of(listmonk, SECTION)).of("customers")
    assert [each["customer_id"] for each in customers] == ["1", "2", "3", "4"]
    assert customers[0]["email"] == "person-1@example.com"
    assert customers[0]["created_at"] == datetime(2026, 1, 5, 8, tzinfo=UTC)


def test_no_subscriber_of_an_import_is_lost_between_pages(listmonk):
    for number in range(5, 9):
        subscriber(listmonk, number)
    assert len(set(load(source_of(listmonk, SECTION)).of("customers", "customer_id"))) == 8


def test_each_load_says_that_it_brings_all_subscribers(listmonk):
    source = source_of(listmonk, SECTION)
    whole = [each.table.name for each in source.extract({}) if each.is_whole]
    assert whole == ["customers"]


def test_an_attribute_of_some_subscribers_is_one_line(listmonk):
    own = {"birth_year": {"from": "attribs.birth_year", "optional": True}}
    section = {**SECTION, "entities": {"customers": {"columns": own}}}
    years = load(source_of(listmonk, section)).of("customers", "birth_year")
    assert years == [1980, None, None, None]
