"""Risk: publishing fails without a word that helps, or with one too many."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from dashboards.metabase import errors
from dashboards.metabase.server import Credentials
from tests.fixtures.metabase_server import ALL_USERS, Trouble
from tests.fixtures.metabase_site import PASSWORD, MetabaseSite, beside, open_metabase

pytestmark = pytest.mark.postgres
SECRET = "mb_a-key-that-nobody-may-see"


@pytest.fixture(scope="module")
def published(module_database_url: str) -> Iterator[str]:
    with open_metabase(module_database_url):
        yield module_database_url


@pytest.fixture
def site(published: str) -> Iterator[MetabaseSite]:
    with beside(published, warehouse_url=published) as opened:
        yield opened


def fails(site: MetabaseSite, kind: type[Exception]) -> str:
    with pytest.raises(kind) as caught:
        site.publish()
    words = str(caught.value)
    assert PASSWORD not in words and SECRET not in words
    assert caught.value.__cause__ is None or SECRET not in str(caught.value.__cause__)
    return words


def test_an_empty_metabase_gets_its_administrator_and_everything_else(published: str) -> None:
    with beside(published, is_set_up=False, warehouse_url=published) as site:
        site.credentials = Credentials(email="ann@example.org", password="Long-enough-1")
        site.publish()
        assert [each["email"] for each in site.fake.users.values()] == ["ann@example.org"]
        assert site.board()["dashcards"]
        assert site.publish().report.actions == []
        assert site.fake.refusals == []


def test_an_empty_metabase_without_an_account_to_make_is_not_touched(published: str) -> None:
    with beside(published, is_set_up=False) as site:
        words = fails(site, errors.NotSignedIn)
        assert "CONCORD_METABASE_ADMIN_EMAIL" in words
        assert site.fake.writes == []


def test_a_plan_for_an_empty_metabase_needs_no_account(published: str) -> None:
    with beside(published, is_set_up=False) as site:
        plan = [str(each) for each in site.publish(dry_run=True).report.actions]
        assert "create dashboard 'Corporate scorecard'" in plan
        assert site.fake.writes == []


def test_nobody_listening_is_reported_with_the_address(site: MetabaseSite) -> None:
    site.fake.url = "http://127.0.0.1:9"
    words = fails(site, errors.Unreachable)
    assert words.startswith("GET /api/session/properties: http://127.0.0.1:9: the connection")


def test_something_else_at_the_address_is_reported(site: MetabaseSite) -> None:
    page = Trouble(code=200, body=b"<html>Welcome to nginx</html>")
    site.fake.trouble("/api/session/properties", page, page)
    assert "Check that metabase.url is a Metabase" in fails(site, errors.AnswerBroken)


def test_a_wrong_key_is_reported_and_never_shown(site: MetabaseSite) -> None:
    site.credentials = Credentials(api_key=SECRET)
    assert "answered 401" in fails(site, errors.NotSignedIn)


def test_a_wrong_password_is_reported_and_never_shown(site: MetabaseSite) -> None:
    site.credentials = Credentials(email=site.fake.admin[0], password=SECRET)
    fails(site, errors.NotSignedIn)


def test_a_key_without_the_rights_is_refused_before_anything_is_written(
    site: MetabaseSite,
) -> None:
    site.credentials = Credentials(api_key=site.fake.api_key(ALL_USERS))
    assert "Administrators" in fails(site, errors.NotAllowed)
    assert site.fake.writes == []


def test_a_server_that_repeats_the_key_does_not_make_us_repeat_it(site: MetabaseSite) -> None:
    key = site.credentials.api_key or ""
    body = f'{{"message": "no rights for {key}"}}'.encode()
    site.fake.trouble("/api/permissions/group", Trouble(code=403, body=body))
    words = fails(site, errors.NotAllowed)
    assert key not in words and "***" in words


@pytest.mark.parametrize("version", ["v0.49.3", "v1.48.0"])
def test_a_version_that_is_too_old_is_refused(published: str, version: str) -> None:
    with beside(published, version=version) as site:
        assert "0.50 or newer is needed" in fails(site, errors.TooOld)
        assert site.fake.writes == []


def test_without_email_everything_but_the_subscriptions_is_published(published: str) -> None:
    with beside(published, is_email_configured=False) as site:
        assert "can't send e-mail" in fails(site, errors.EmailNotConfigured)
        assert site.board()["dashcards"] and not site.fake.pulses
        site.mailing = None
        assert site.publish().report.actions == []


def test_a_warehouse_that_metabase_cannot_reach_is_reported_with_what_to_set(
    site: MetabaseSite,
) -> None:
    site.access = {"port": 9}
    words = fails(site, errors.WarehouseOutOfReach)
    assert "127.0.0.1:9/" in words and "metabase.warehouse_host" in words


def test_a_password_that_metabase_lost_is_sent_again(site: MetabaseSite) -> None:
    site.publish()
    (at,) = site.fake.databases
    lost = {"status": "error", "message": "password authentication failed"}
    site.fake.trouble(
        f"/api/database/{at}/healthcheck", Trouble(code=200, body=json.dumps(lost).encode())
    )
    outcome = site.publish()
    assert [str(each) for each in outcome.report.actions] == [
        "overwrite database 'Concord warehouse': password"
    ]
    assert site.publish().report.actions == []


@pytest.mark.parametrize("mark", ["", "Kim's"])
def test_a_collection_of_our_name_that_is_not_ours_is_never_taken(
    site: MetabaseSite, mark: str
) -> None:
    site.publish()
    ours = next(each for each in site.fake.collections.values() if each["name"] == "Concord")
    ours["description"] = mark
    words = fails(site, errors.Ambiguous)
    assert "a 'Concord' that Concord didn't make" in words


def test_two_dashboards_of_one_name_are_an_error_and_no_guess(site: MetabaseSite) -> None:
    site.publish()
    board = site.board()
    site.fake.dashboards[99_001] = {**board, "id": 99_001}
    assert "2 objects like 'Corporate scorecard'" in fails(site, errors.Ambiguous)


def test_a_server_that_stumbles_is_asked_again(site: MetabaseSite) -> None:
    site.fake.trouble("/api/permissions/group", Trouble(code=502))
    site.fake.trouble("/api/collection/graph", Trouble(drop=True), Trouble(), Trouble(code=503))
    site.publish()
    assert site.publish().report.actions == []


def test_a_stale_permission_graph_is_read_again(site: MetabaseSite) -> None:
    conflict = Trouble(code=409, body=b"Looks like someone else edited the permissions")
    site.fake.trouble("/api/collection/graph", Trouble(), conflict)
    site.publish()
    assert site.publish().report.actions == []


def test_what_the_server_drops_silently_does_not_pass_for_published(site: MetabaseSite) -> None:
    half = {"id": 101, "name": "Months to choose from", "dataset_query": {}, "display": "table"}
    site.fake.trouble("/api/card/101", Trouble(code=200, body=json.dumps(half).encode()))
    words = fails(site, errors.NotKept)
    assert (
        "question 'Months to choose from' without keeping collection_id, dataset_query, description"
        in words
    )


def test_no_secret_is_logged(site: MetabaseSite, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        site.publish()
    assert PASSWORD not in caplog.text and (site.credentials.api_key or "-") not in caplog.text


def test_what_holds_secrets_does_not_show_them(site: MetabaseSite) -> None:
    shown = repr(site.credentials) + repr(replace(site._access(), password=SECRET))
    assert SECRET not in shown and (site.credentials.api_key or "-") not in shown
