"""Risk: a campaign of a Klaviyo that was not sent counts, or a channel or a person is missed.

The vendor's answers follow https://developers.klaviyo.com/en/reference/api_overview, revision
2026-07-15.
"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.fixtures.connectors import load, source_of
from tests.fixtures.openapi import OpenApi, needs
from tests.fixtures.rest_server import Asked, Fault, Json, serving
from tests.fixtures.vendor_api import Listing, Pages, Turn, Vendor, position

METRICS = ("received", "bounced", "opened", "clicked")
SECTION = {
    "kind": "klaviyo",
    "address": "{url}",
    "api_key": "pk_a_key",
    **{f"{name}_metric": name for name in METRICS},
}
OPENAPI = "klaviyo_campaigns.json"
CHANNELS = ("email", "sms", "mobile_push")
SENT = "2026-05-01T08:00:00+00:00"


class Klaviyo(Vendor):
    """Campaigns have one address, and so have events: a filter names the channel or the metric."""

    def answer(self, asked: Asked) -> Fault:
        named = r"equals\((?:messages\.channel|metric_id),'(\w+)'\)"
        found = re.search(named, asked.params.get("filter", ""))
        if found and not asked.path.endswith(found[1]):
            asked = replace(asked, path=f"{asked.path}/{found[1]}")
        return super().answer(asked)


def vendor() -> Vendor:
    """Return a Klaviyo with a campaign by each channel, and two profiles."""
    paths = {
        **{channel: f"/api/campaigns/{channel}" for channel in CHANNELS},
        "profiles": "/api/profiles",
        **{metric: f"/api/events/{metric}" for metric in METRICS},
    }
    listings = (
        Listing(
            name,
            path,
            "data",
            Pages(position("page[cursor]"), around=links),
            ("filter", "updated"),
            size=1,
            position="page[cursor]",
            shown=shown,
            is_later=is_later,
        )
        for name, path in paths.items()
    )
    signed = {"Authorization": "Klaviyo-API-Key pk_a_key", "revision": "2026-07-15"}
    klaviyo = Klaviyo(tuple(listings), signed)
    for channel in CHANNELS:
        campaign(klaviyo, channel, f"c-{channel}")
    event(klaviyo, "received", "p-1")
    event(klaviyo, "bounced", "p-2")
    event(klaviyo, "opened", "p-1")
    event(klaviyo, "clicked", "p-3")
    profile(klaviyo, "p-1")
    profile(klaviyo, "p-2", email=None, phone_number="+15005550006")
    return klaviyo


def links(turn: Turn) -> Json:
    return {"links": {"self": turn.url, "next": turn.url if turn.has_more else None}}


def is_later(value: str, asked: str) -> bool:
    found = re.search(r"(?:updated|updated_at|datetime),([^)]+)\)", asked)
    return found is None or datetime.fromisoformat(value) >= datetime.fromisoformat(found[1])


def shown(resource: Json) -> Json:
    return {name: value for name, value in resource.items() if name != "updated"}


def campaign(klaviyo: Vendor, channel: str, name: str, **changed: Any) -> None:
    attributes = {
        "name": "Spring",
        "status": "Sent",
        "archived": False,
        "created_at": "2026-04-20T08:00:00+00:00",
        "updated_at": SENT,
        "scheduled_at": "2026-04-21T08:00:00+00:00",
        "send_time": SENT,
        **changed,
    }
    messages = {"data": [{"type": "campaign-message", "id": f"m-{name}"}]}
    resource = {
        "type": "campaign",
        "id": name,
        "attributes": attributes,
        "relationships": {"campaign-messages": messages},
    }
    klaviyo.put(channel, {**resource, "updated": attributes["updated_at"]})


def event(klaviyo: Vendor, metric: str, person: str, **properties: Any) -> None:
    happened = properties.pop("datetime", "2026-05-01T08:10:00+00:00")
    given = {
        "$message": "m-c-email",
        "$_cohort$message_send_cohort": "1777622400:m-c-email",
        "Campaign Name": "Spring",
        **properties,
    }
    resource = {
        "type": "event",
        "id": f"{metric}-{person}-{happened}",
        "attributes": {"datetime": happened, "event_properties": given},
        "relationships": {"profile": {"data": {"type": "profile", "id": person}}},
    }
    klaviyo.put(metric, {**resource, "updated": happened})


def profile(klaviyo: Vendor, name: str, **changed: Any) -> None:
    attributes = {
        "email": "ann@example.com",
        "phone_number": None,
        "external_id": None,
        "created": "2026-01-05T10:00:00+00:00",
        "updated": SENT,
        "properties": {"birth_year": 1980},
        **changed,
    }
    resource = {"type": "profile", "id": name, "attributes": attributes}
    klaviyo.put("profiles", {**resource, "updated": attributes["updated"]})


@pytest.fixture
def klaviyo():
    with serving(vendor()) as klaviyo:
        yield klaviyo


def test_campaigns_of_all_channels_are_asked_for(klaviyo):
    found = load(source_of(klaviyo, SECTION)).of("campaigns", "campaign_id", "channel", "starts_on")
    day = date(2026, 5, 1)
    assert found == [
        ("m-c-email", "email", day),
        ("m-c-sms", "sms", day),
        ("m-c-mobile_push", "push", day),
    ]


@pytest.mark.parametrize("status", ["Draft", "Scheduled", "Cancelled: No Recipients"])
def test_a_campaign_that_was_not_sent_is_none(klaviyo, status):
    campaign(klaviyo, "email", "c-email", status=status, send_time=None)
    assert "m-c-email" not in load(source_of(klaviyo, SECTION)).of("campaigns", "campaign_id")


def test_a_campaign_that_is_cancelled_while_it_is_sent_leaves(klaviyo):
    source = source_of(klaviyo, SECTION)
    campaign(klaviyo, "sms", "c-sms", status="Sending")
    state = load(source).state
    campaign(klaviyo, "sms", "c-sms", status="Cancelled", updated_at="2026-05-01T08:10:00+00:00")
    assert load(source, state).left["campaigns"] == [{"campaign_id": "m-c-sms"}]


def touches(source: Any, state: Any = None) -> dict[str, str]:
    """Return the status of each person's last row, which is the one that the warehouse keeps."""
    rows = load(source, state).of("campaign_touches")
    return {row["customer_id"]: row["status"] for row in rows}


def test_the_furthest_that_an_e_mail_came_counts(klaviyo):
    found = touches(source_of(klaviyo, SECTION))
    assert found == {"p-1": "opened", "p-2": "bounced", "p-3": "clicked"}


def test_a_touch_has_the_time_of_sending_whatever_happened_when(klaviyo):
    rows = load(source_of(klaviyo, SECTION)).of("campaign_touches")
    assert {(row["touch_id"], row["campaign_id"], row["sent_at"]) for row in rows} == {
        (f"m-c-email:{person}", "m-c-email", datetime(2026, 5, 1, 8, tzinfo=UTC))
        for person in ("p-1", "p-2", "p-3")
    }


def test_what_a_flow_sent_is_no_campaigns(klaviyo):
    event(klaviyo, "received", "p-4", **{"$flow": "Xflow1", "$message": "Xmsg1"})
    assert "p-4" not in touches(source_of(klaviyo, SECTION))


def test_who_opened_an_e_mail_is_not_read_without_those_who_got_it(klaviyo):
    section = {name: value for name, value in SECTION.items() if name != "received_metric"}
    assert load(source_of(klaviyo, section)).rows.keys() == {"campaigns", "customers"}


def test_a_profile_is_a_customer_by_address_or_phone(klaviyo):
    first, second = load(source_of(klaviyo, SECTION)).of("customers")
    assert {name: value for name, value in first.items() if value is not None} == {
        "customer_id": "p-1",
        "email": "ann@example.com",
        "created_at": datetime(2026, 1, 5, 10, tzinfo=UTC),
    }
    assert (second["email"], second["phone"]) == (None, "+15005550006")


def test_what_changed_is_asked_for_by_its_channel(klaviyo):
    source = source_of(klaviyo, SECTION)
    state = load(source).state
    profile(klaviyo, "p-2", email="bob@example.com", updated="2026-05-02T08:00:00+00:00")
    klaviyo.asked.clear()
    assert load(source, state).of("customers", "email") == ["bob@example.com"]
    filters = dict.fromkeys(asked.params["filter"] for asked in klaviyo.asked)
    assert [each for each in filters if "metric_id" not in each] == [
        "and(equals(messages.channel,'email'),greater-or-equal(updated_at,2026-05-01T07:00:00Z))",
        "and(equals(messages.channel,'sms'),greater-or-equal(updated_at,2026-05-01T07:00:00Z))",
        "and(equals(messages.channel,'mobile_push'),greater-or-equal(updated_at,2026-05-01T07:00:00Z))",
        "greater-than(updated,2026-05-01T07:00:00Z)",
    ]


def test_a_property_of_ones_own_is_one_line(klaviyo):
    own = {"birth_year": {"from": "attributes.properties.birth_year", "optional": True}}
    section = {**SECTION, "entities": {"customers": {"columns": own}}}
    assert load(source_of(klaviyo, section)).of("customers", "birth_year") == [1980, 1980]


@pytest.mark.shared
@needs(OPENAPI)
def test_campaigns_are_those_of_the_api_document():
    document, (served, *_) = OpenApi(OPENAPI), vendor().objects["email"]
    assert shown(served).keys() <= document.fields("/api/campaigns", "data")
    assert served["attributes"].keys() <= document.fields("/api/campaigns", "data.attributes")
    assert {"filter", "sort", "page[size]"} <= document.parameters("/api/campaigns")
