"""Risk: mail stops, goes to the wrong people, or a write throws out what people added to it."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from tests.fixtures.metabase_site import MAILING, MetabaseSite, beside, open_metabase

pytestmark = pytest.mark.postgres
CHAT = {"channel_type": "slack", "enabled": True, "details": {"channel": "#desk"}}
CHAT |= {"schedule_type": "daily", "schedule_hour": 9}
KIM = "kim@example.com"


@pytest.fixture(scope="module")
def published(module_database_url: str) -> Iterator[str]:
    with open_metabase(module_database_url):
        yield module_database_url


@pytest.fixture(params=["v0.50.0", "v0.59.1"])
def site(published: str, request: pytest.FixtureRequest) -> Iterator[MetabaseSite]:
    with beside(published, version=request.param) as opened:
        opened.publish()
        yield opened


def weekly(site: MetabaseSite, group: str = "Executives") -> dict[str, Any]:
    (found,) = [it for it in site.fake.pulses.values() if it["name"].endswith(group)]
    return found


def alert(site: MetabaseSite) -> dict[str, Any]:
    (found,) = (site.fake.notifications or site.fake.alerts).values()
    return found


def kim(site: MetabaseSite, found: dict[str, Any]) -> dict[str, Any]:
    """Return Kim, who has an account, as a recipient of a pulse, an alert or a notification."""
    known = [key for key, it in site.fake.users.items() if it["email"] == KIM]
    at = known[0] if known else site.fake.add_user(KIM, "Long-enough-1")
    user = {"id": at, "email": KIM}
    if "channels" in found:
        return user
    return {"type": "notification-recipient/user", "user_id": at, "user": user}


def lists_of(found: dict[str, Any]) -> list[dict[str, Any]]:
    return found.get("channels") or found["handlers"]


def whom(channel: dict[str, Any]) -> set[str]:
    """Return the recipients of one channel, accounts by their number."""
    return {
        str(it.get("user_id") or it.get("email") or it["details"]["value"])
        for it in channel["recipients"]
    }


def mailed(found: dict[str, Any]) -> list[str]:
    """Return the addresses of an alert or a pulse, users' among them."""
    return [
        it.get("email") or (it.get("user") or {}).get("email") or it["details"]["value"]
        for each in lists_of(found)
        if "email" in each["channel_type"]
        for it in each["recipients"]
    ]


def test_each_group_gets_the_scorecard_once_a_week_with_all_its_cards(site: MetabaseSite) -> None:
    assert mailed(weekly(site)) == ["board@example.com"]
    assert mailed(weekly(site, "Marketing")) == ["brand@example.com"]
    placed = {it["id"] for it in site.board()["dashcards"] if it["card_id"] is not None}
    assert {it["dashboard_card_id"] for it in weekly(site)["cards"]} == placed
    (channel,) = weekly(site)["channels"]
    assert (channel["schedule_type"], channel["schedule_day"], channel["schedule_hour"]) == (
        "weekly",
        "mon",
        7,
    )


def test_the_alert_goes_to_everybody_once(site: MetabaseSite) -> None:
    assert mailed(alert(site)) == ["board@example.com", "brand@example.com"]


def test_what_people_added_to_a_weekly_mail_outlives_our_change_of_its_hour(
    site: MetabaseSite,
) -> None:
    pulse = weekly(site)
    pulse["channels"][0]["recipients"].append(kim(site, pulse))
    pulse["channels"].append(deepcopy(CHAT))
    left_out = pulse["cards"].pop()
    pulse["cards"][0]["include_csv"] = True
    site.mailing = replace(MAILING, hour=6)
    outcome = site.publish()
    assert "keep subscription" in str([str(it) for it in outcome.report.kept])
    pulse = weekly(site)
    assert [it["schedule_hour"] for it in pulse["channels"]] == [6, 9]
    assert mailed(pulse) == ["board@example.com", KIM]
    assert left_out["dashboard_card_id"] not in {it["dashboard_card_id"] for it in pulse["cards"]}
    assert pulse["cards"][0]["include_csv"] is True


def test_a_rhythm_that_a_person_chose_outlives_our_change_of_the_addresses(
    site: MetabaseSite,
) -> None:
    weekly(site)["channels"][0] |= {"schedule_type": "daily", "schedule_day": None}
    site.mailing = replace(MAILING, recipients={"Executives": ("new@example.com",)})
    site.publish()
    (channel,) = weekly(site)["channels"]
    assert (channel["schedule_type"], mailed(weekly(site))) == ("daily", ["new@example.com"])


def test_a_person_on_the_alert_outlives_our_change_of_its_hour(site: MetabaseSite) -> None:
    lists_of(alert(site))[0]["recipients"].append(kim(site, alert(site)))
    before = whom(lists_of(alert(site))[0])
    assert len(before) == 3
    site.mailing = replace(MAILING, alert_hour=6)
    site.publish()
    assert whom(lists_of(alert(site))[0]) == before
    times = alert(site).get("subscriptions") or [{"cron_schedule": ""}]
    hour = alert(site).get("channels", [{}])[0].get("schedule_hour")
    assert hour == 6 or times[0]["cron_schedule"] == "0 0 6 * * ? *"


def test_an_alert_of_a_persons_own_is_not_taken_for_ours(site: MetabaseSite) -> None:
    """Also where nothing is remembered: it mails to none of our addresses."""
    alerts = site.fake.notifications or site.fake.alerts
    (at,) = alerts
    theirs = deepcopy(alerts.pop(at)) | {"id": 77}
    lists_of(theirs)[0]["recipients"] = [kim(site, theirs)]
    alerts[77] = deepcopy(theirs)
    site.query("delete from concord.metabase_objects")
    site.publish()
    assert alerts[77] == theirs
    (ours,) = [it for key, it in alerts.items() if key != 77]
    assert mailed(ours) == ["board@example.com", "brand@example.com"]


def test_without_addresses_no_mail_of_ours_goes_out_and_with_them_it_does_again(
    site: MetabaseSite,
) -> None:
    site.mailing = None
    site.publish()
    assert all(it["archived"] for it in site.fake.pulses.values())
    assert alert(site).get("archived") or mailed(alert(site)) == []
    assert site.publish().report.actions == []
    site.mailing = MAILING
    site.publish()
    assert not [it for it in site.fake.pulses.values() if it["archived"]]
    assert mailed(alert(site)) == ["board@example.com", "brand@example.com"]
    assert site.publish().report.actions == []
    unsent = "an alert without a time or a handler is never sent"
    assert {str(it.why) for it in site.fake.refusals} <= {str({"handlers": unsent})}
