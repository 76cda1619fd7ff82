"""Risk: what ads on Facebook cost is missed, counted twice, or keeps a figure that was restated.

The vendor's answers follow https://developers.facebook.com/docs/marketing-api/insights and
https://developers.facebook.com/docs/graph-api/results (read in November 2026).
"""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ingestion.errors import ConfigurationFaults
from tests.fixtures.connectors import load, source_of
from tests.fixtures.openapi import SPECS
from tests.fixtures.rest_server import Fault, serving
from tests.fixtures.vendor_api import Listing, Pages, Turn, Vendor, position

SECTION = {
    "kind": "facebook_ads",
    "address": "{url}",
    "account_id": "17",
    "access_token": "a-token",
    "start_date": "2026-03-01",
    "brand": "Acme",
}
STATES = ("ACTIVE", "PAUSED", "ARCHIVED", "DELETED", "IN_PROCESS", "WITH_ISSUES")
DOCUMENTS = SPECS / "facebook_marketing"


def vendor() -> Vendor:
    """Return an ad account with a campaign of two days."""
    pages = Pages(position("after"), around=cursors)
    days = ("time_range[since]", "date_start")
    states = [{"field": "campaign.effective_status", "operator": "IN", "value": list(STATES)}]
    every = {"filtering": json.dumps(states, separators=(",", ":"))}
    daily = {**every, "level": "campaign", "time_increment": "1"}
    at = "/v27.0/act_17"
    asked = {"until": "time_range[until]", "has_end": True, "asked_by": daily}
    account = Vendor(
        (
            Listing("campaigns", f"{at}/campaigns", "data", pages, asked_by=every),
            Listing("days", f"{at}/insights", "data", pages, days, **asked),
        ),
        {"access_token": "a-token"},
    )
    campaign(account, "71")
    day(account, "71", "2026-05-01", "76.53")
    day(account, "71", "2026-05-02", "10")
    return account


def cursors(turn: Turn) -> dict[str, Any]:
    """Return the cursors, which the last page has, too; an empty one has none."""
    if not turn.found:
        return {}
    return {"paging": {"cursors": {"before": str(turn.start), "after": str(turn.end)}}}


def campaign(account: Vendor, number: str, **changed: Any) -> None:
    given = {
        "id": number,
        "name": "Spring",
        "start_time": "2026-04-30T23:00:00-0300",
        "stop_time": "2026-06-01T01:00:00+0200",
    }
    account.put("campaigns", given | changed)


def day(account: Vendor, number: str, on: str, spend: str) -> None:
    given = {
        "key": f"{number} {on}",
        "campaign_id": number,
        "impressions": "1200",
        "clicks": "31",
        "reach": "900",
        "spend": spend,
        "account_currency": "EUR",
        "date_start": on,
        "date_stop": on,
    }
    account.put("days", given, key="key")


@pytest.fixture
def account():
    with serving(vendor()) as account:
        yield account


def test_a_campaign_begins_and_ends_on_days_of_the_account(account):
    assert load(source_of(account, SECTION)).one("campaigns") == {
        "campaign_id": "71",
        "name": "Spring",
        "channel": "social",
        "brand": "Acme",
        "starts_on": date(2026, 4, 30),
        "ends_on": date(2026, 6, 1),
    }


def test_a_campaign_without_an_end_and_an_account_of_several_brands_are_fine(account):
    account.objects["campaigns"][0].pop("stop_time")
    section = {key: value for key, value in SECTION.items() if key != "brand"}
    loaded = load(source_of(account, section)).one("campaigns")
    assert {"ends_on", "brand"}.isdisjoint(loaded)


@pytest.mark.parametrize("never", ["1969-12-31T15:59:59-0800", "1970-01-01T00:59:59+0100"])
def test_a_campaign_that_never_began_did_not_begin_in_1970(account, never):
    campaign(account, "72", start_time=never, stop_time=never)
    loaded = load(source_of(account, SECTION))
    began = loaded.of("campaigns", "campaign_id", "starts_on", "ends_on")
    assert ("72", None, None) in began
    assert loaded.emptied == []


def test_each_day_of_a_campaign_says_what_was_spent_and_whom_it_reached(account):
    first, _ = load(source_of(account, SECTION)).of("ad_days")
    assert first == {
        "campaign_id": "71",
        "channel": "social",
        "ad_date": date(2026, 5, 1),
        "impressions": 1200,
        "clicks": 31,
        "reach": 900,
        "spend": Decimal("76.53"),
        "currency": "EUR",
    }


def test_every_day_of_several_pages_and_windows_is_read(account):
    days = [date(2026, 3, 1) + timedelta(days=number) for number in range(130)]
    for each in days:
        day(account, "71", each.isoformat(), "1")
    costs = load(source_of(account, SECTION)).of("ad_days", "ad_date")
    assert sorted(set(costs)) == days


def test_a_figure_that_is_restated_weeks_later_replaces_the_first(account):
    today = datetime.now(UTC).date()
    restated, kept = today - timedelta(days=27), today - timedelta(days=20)
    day(account, "71", today.isoformat(), "5")
    day(account, "71", restated.isoformat(), "5")
    day(account, "71", kept.isoformat(), "5")
    source = source_of(account, SECTION)
    first = load(source)
    day(account, "71", restated.isoformat(), "4.20")
    again = load(source, first.state).of("ad_days", "ad_date", "spend")
    assert again == [(restated, Decimal("4.20"))]


def test_no_costs_are_asked_for_before_the_first_day(account):
    load(source_of(account, SECTION | {"start_date": "2026-05-02"}))
    asked = [each.params.get("time_range[since]") for each in account.asked]
    assert min(filter(None, asked)) == "2026-05-02"


@pytest.mark.parametrize(
    ("given", "told"),
    [({}, "at most 37 months ago"), ({"start_date": "soon"}, "is not a date such as 2024-01-31")],
)
def test_an_account_without_a_first_day_is_told_what_to_add(account, given, told):
    section = {key: value for key, value in SECTION.items() if key != "start_date"}
    with pytest.raises(ConfigurationFaults, match=told):
        source_of(account, section | given)


def test_a_limit_of_facebook_is_waited_out(account):
    error = {"message": "User request limit reached", "type": "OAuthException", "code": 17}
    account.faults = [Fault(400, json.dumps({"error": error}).encode())] * 2
    assert load(source_of(account, SECTION)).of("campaigns")


@pytest.mark.shared
@pytest.mark.skipif(not DOCUMENTS.exists(), reason="needs ../shared: facebook_marketing is absent")
def test_what_is_read_is_documented(account):
    assert set(account.objects["campaigns"][0]) <= fields("Campaign.json")
    assert set(account.objects["days"][0]) - {"key"} <= fields("AdsInsights.json")
    edges = {each.get("endpoint"): each["params"] for each in document("AdAccount.json")["apis"]}
    params = {each["name"] for each in edges["insights"]}
    assert {"level", "time_increment", "time_range", "filtering", "fields", "limit"} <= params


def fields(name: str) -> set[str]:
    return {each["name"] for each in document(name)["fields"]}


def document(name: str) -> dict[str, Any]:
    return json.loads((DOCUMENTS / name).read_text(encoding="utf-8"))
