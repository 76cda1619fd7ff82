"""A wrong section must be named whole, before anything is asked of a server."""

from pathlib import Path

import pytest

from ingestion.errors import ConfigurationFaults
from ingestion.sources.connectors.mastodon import build

GOOD = {
    "kind": "mastodon",
    "base_url": "https://social.example",
    "accounts": [{"handle": "@Acme@Social.example", "brand": "Acme", "hashtags": ["#Acme"]}],
}


def test_a_handle_and_a_hashtag_may_be_written_as_people_write_them():
    (account,) = build("social", GOOD, Path()).config.accounts
    assert (account.handle, account.hashtags) == ("acme@social.example", ("acme",))


def test_all_faults_come_at_once():
    section = {
        "base_url": "social.example",
        "accounts": [{"handle": "acme"}, {"handle": "ACME", "brand": "A", "colour": "red"}],
        "start_date": "soon",
        "lookback_days": 0,
        "page_size": "all",
        "campaign_hashtags": ["summer"],
        "lookback": 3,
        "limits": {"answer_megabytes": 0},
    }
    with pytest.raises(ConfigurationFaults) as error:
        build("social", section, Path())
    assert sorted(fault.key for fault in error.value.faults) == [
        "sources.social.accounts[0].brand",
        "sources.social.accounts[1].colour",
        "sources.social.accounts[1].handle",
        "sources.social.base_url",
        "sources.social.campaign_hashtags",
        "sources.social.limits.answer_megabytes",
        "sources.social.lookback",
        "sources.social.lookback_days",
        "sources.social.page_size",
        "sources.social.start_date",
    ]
    assert all(fault.remedy for fault in error.value.faults)


def test_a_name_that_is_only_a_sign_is_empty():
    account = {"handle": "@", "brand": " ", "hashtags": ["#"]}
    with pytest.raises(ConfigurationFaults) as error:
        build("social", {**GOOD, "accounts": [account]}, Path())
    at = "sources.social.accounts[0]"
    assert {fault.key: fault.problem for fault in error.value.faults} == {
        f"{at}.handle": "is empty",
        f"{at}.brand": "is empty",
        f"{at}.hashtags[0]": "is empty",
    }


def test_an_empty_section_says_what_is_needed():
    with pytest.raises(ConfigurationFaults) as error:
        build("social", {}, Path())
    assert {fault.key for fault in error.value.faults} == {
        "sources.social.base_url",
        "sources.social.accounts",
    }


@pytest.mark.parametrize(
    "token", [{"access_token": "t"}, {"accounts": [{**GOOD["accounts"][0], "access_token": "t"}]}]
)
def test_a_token_is_never_sent_unencrypted(token):
    with pytest.raises(ConfigurationFaults, match="unencrypted"):
        build("social", {**GOOD, "base_url": "http://social.example", **token}, Path())
    build("social", {**GOOD, "base_url": "http://127.0.0.1:8000", **token}, Path())


def test_a_token_is_not_shown():
    source = build("social", {**GOOD, "access_token": "secret-4711"}, Path())
    assert "secret-4711" not in repr(source)
