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
    pulses = [each for each in site.fake.pulses.values() if not each["archived"]]
    (found,) = [each for each in pulses if each["name"].endswith(group)]
    return found


def alert(site: MetabaseSite) -> dict[str, Any]:
    *_, found = (site.fake.notifications or site.fake.alerts).values()
    return found


def kim(site: MetabaseSite, found: dict[str, Any]) -> dict[str, Any]:
    """Return Kim, who has an account, as a recipient of a pulse, an alert or a notification."""
    known = [key for key, each in site.fake.users.items() if each["email"] == KIM]
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
        str(each.get("user_id") or each.get("email") or each["details"]["value"])
        for each in channel["recipients"]
    }


def mailed(found: dict[str, Any]) -> list[str]:
    """Return the addresses of an alert or a pulse, users' among them."""
    return [
        each.get("email") or (each.get("user") or {}).get("email") or each["details"]["value"]
        for channel in lists_of(found)
        if "email" in channel["channel_type"]
        for each in channel["recipients"]
    ]


def test_each_group_gets_the_scorecard_once_a_week_with_all_its_cards(site: MetabaseSite) -> None:
    assert mailed(weekly(site)) == ["board@example.com"]
    assert mailed(weekly(site, "Marketing")) == ["brand@example.com"]
    placed = {each["id"] for each in site.board()["dashcards"] if each["card_id"] is not None}
    assert {each["dashboard_card_id"] for each in weekly(site)["cards"]} == placed
    (channel,) = weekly(site)["channels"]
    assert (channel["schedule_type"], channel["schedule_day"], channel["schedule_hour"]) == (
        "weekly",
        "mon",
        7,
    )


def test_the_alert_goes_to_everybody_once(site: MetabaseSite) -> None:
    assert mailed(alert(site)) == ["board@example.com", "brand@example.com"]


def test_our_own_mail_follows_the_settings_and_what_it_lost_is_reported(site: MetabaseSite) -> None:
    pulse = weekly(site)
    pulse["channels"][0]["recipients"].append(kim(site, pulse))
    pulse["channels"].append(deepcopy(CHAT))
    pulse["cards"].pop()
    site.mailing = replace(MAILING, hour=6)
    reported = [str(each) for each in site.publish().report.overwritten]
    title = "Corporate scorecard, weekly, for"
    assert reported == [
        f"overwrite subscription '{title} Executives': cards, channels",
        f"overwrite subscription '{title} Marketing': channels",
    ]
    (channel,) = weekly(site)["channels"]
    assert (channel["schedule_hour"], mailed(weekly(site))) == (6, ["board@example.com"])
    assert site.publish().report.actions == []


def test_the_alert_follows_the_settings_also_when_all_addresses_change(
    site: MetabaseSite,
) -> None:
    """Found by who made it: else it would go on mailing to people who left."""
    lists_of(alert(site))[0]["recipients"].append(kim(site, alert(site)))
    site.mailing = replace(MAILING, recipients={"Executives": ("new@example.com",)}, alert_hour=6)
    site.publish()
    assert mailed(alert(site)) == ["new@example.com"]
    times = alert(site).get("subscriptions") or [{"cron_schedule": ""}]
    hour = alert(site).get("channels", [{}])[0].get("schedule_hour")
    assert hour == 6 or times[0]["cron_schedule"] == "0 0 6 * * ? *"
    assert mailed(weekly(site)) == ["new@example.com"]
    assert [each["name"] for each in site.fake.pulses.values() if each["archived"]] == [
        "Corporate scorecard, weekly, for Marketing"
    ]


def test_a_weekly_mail_of_a_persons_own_is_left_alone(site: MetabaseSite) -> None:
    theirs = deepcopy(weekly(site)) | {"id": 77, "name": "Corporate scorecard"}
    theirs["channels"] = [*theirs["channels"], deepcopy(CHAT)]
    site.fake.pulses[77] = deepcopy(theirs)
    site.mailing = None
    site.publish()
    assert site.fake.pulses[77] == theirs


def test_an_alert_of_a_persons_own_is_not_taken_for_ours(site: MetabaseSite) -> None:
    """It is made by somebody else, and mails to none of our addresses."""
    alerts = site.fake.notifications or site.fake.alerts
    (at,) = alerts
    theirs = deepcopy(alerts.pop(at)) | {"id": 77}
    lists_of(theirs)[0]["recipients"] = [kim(site, theirs)]
    theirs["creator_id"] = 99
    alerts[77] = deepcopy(theirs)
    site.publish()
    assert alerts[77] == theirs
    (ours,) = [each for key, each in alerts.items() if key != 77]
    assert mailed(ours) == ["board@example.com", "brand@example.com"]


def test_without_addresses_no_mail_of_ours_goes_out_and_with_them_it_does_again(
    site: MetabaseSite,
) -> None:
    site.mailing = None
    site.publish()
    assert all(each["archived"] for each in site.fake.pulses.values())
    assert alert(site).get("archived") or mailed(alert(site)) == []
    assert site.publish().report.actions == []
    site.mailing = MAILING
    site.publish()
    assert len([each for each in site.fake.pulses.values() if not each["archived"]]) == 2
    assert mailed(alert(site)) == ["board@example.com", "brand@example.com"]
    assert site.publish().report.actions == []
    unsent = "an alert without a time or a handler is never sent"
    assert {str(each.why) for each in site.fake.refusals} <= {str({"handlers": unsent})}
