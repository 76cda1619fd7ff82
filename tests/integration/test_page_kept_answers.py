"""Risk: a reader sees the numbers of an older publication, or waits for what is known already."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from fastapi.testclient import TestClient

from dashboards.scorecard import answers, app
from dashboards.scorecard.answers import Answer, Answers
from dashboards.scorecard.publication import hold, publish
from dashboards.scorecard.records import Company, GateOutcome
from tests.browser.seeded_warehouse import AS_OF, seed
from tests.fixtures.databases import Copied

pytestmark = pytest.mark.postgres
COMPANY = Company("Northwind", True)
PASSED = [GateOutcome("publishable: scorecard", True, 41)]


@pytest.fixture
def warehouse(copied: Copied) -> str:
    return copied(_publish)


def _publish(url: str) -> None:
    seed(url)
    publish(url, COMPANY, PASSED, AS_OF)


@pytest.fixture
def client(warehouse: str) -> TestClient:
    return TestClient(app.create_app(warehouse), raise_server_exceptions=False)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the list of warehouses that pages were read from, one entry a reading."""
    found: list[str] = []
    open_reader = app.open_reader
    monkeypatch.setattr(app, "open_reader", lambda url: (found.append(url), open_reader(url))[1])
    return found


def test_a_page_is_made_once_a_publication(client: TestClient, opened: list[str]) -> None:
    first, again = client.get("/"), client.get("/")
    assert (first.content, first.headers["etag"]) == (again.content, again.headers["etag"])
    assert len(opened) == 1
    assert client.get("/?segment=brand:Harbour").content != first.content
    assert len(opened) == 2


@pytest.mark.parametrize("path", ["/", "/metric/nps?offset=50", "/scorecard.json"])
def test_a_browser_that_has_the_page_is_sent_nothing(client: TestClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["cache-control"] == "private, no-cache"
    for tag in (first.headers["etag"], f'"other", W/{first.headers["etag"]}'):
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).content == first.content


@pytest.mark.parametrize("path", ["/nope", "/metric/unheard_of", "/?period=yesterday", "/health"])
def test_what_is_no_page_is_kept_nowhere(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert "etag" not in headers


def _publish_other_numbers(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("update marts.scorecard set value = value + 1")
    publish(url, COMPANY, PASSED, AS_OF + timedelta(days=1))


def _hold(url: str) -> None:
    hold(url, COMPANY, [GateOutcome("arrival: shop", False, 3, ("nps jumped",))], AS_OF)


@pytest.mark.parametrize("change", [_publish_other_numbers, _hold])
def test_a_publication_and_a_hold_show_within_a_second(
    client: TestClient, warehouse: str, change: Callable[[str], None]
) -> None:
    first = client.get("/")
    change(warehouse)
    time.sleep(answers.SECONDS_UNASKED)
    again = client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 200
    assert again.content != first.content


def test_who_asks_while_a_page_is_being_made_waits_for_it(warehouse: str) -> None:
    made: list[int] = []

    def make() -> Answer:
        time.sleep(0.1)
        made.append(1)
        return Answer(b"page")

    async def ask() -> list[Answer]:
        kept = Answers(warehouse)
        return await asyncio.gather(*(kept.get("/", make) for _ in range(20)))

    assert {answer.content for answer in asyncio.run(ask())} == {b"page"}
    assert len(made) == 1


def test_a_page_that_failed_is_tried_again(warehouse: str) -> None:
    tries: list[int] = []

    def make() -> Answer:
        tries.append(1)
        if len(tries) == 1:
            raise psycopg.OperationalError("the connection was lost")
        return Answer(b"page")

    async def ask() -> bytes:
        kept = Answers(warehouse)
        with pytest.raises(psycopg.OperationalError):
            await kept.get("/", make)
        return (await kept.get("/", make)).content

    assert asyncio.run(ask()) == b"page"


def test_no_more_pages_are_kept_than_fit(warehouse: str) -> None:
    async def ask() -> int:
        kept = Answers(warehouse)
        for number in range(answers.MOST_KEPT + 5):
            await kept.get(number, lambda: Answer(b"page"))
        return len(kept._kept)

    assert asyncio.run(ask()) == answers.MOST_KEPT


def test_a_restarted_warehouse_is_found_again(client: TestClient, warehouse: str) -> None:
    assert client.get("/").status_code == 200
    with psycopg.connect(warehouse) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    time.sleep(answers.SECONDS_UNASKED)
    assert client.get("/").status_code == 200
