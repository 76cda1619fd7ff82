"""Risk: nobody sees that a customer got an advertisement while a complaint of his was open."""

from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dashboards.scorecard import definition
from dashboards.scorecard.app import create_app
from dashboards.scorecard.page import Filters
from dashboards.scorecard.publication import publish
from dashboards.scorecard.queries import open_reader
from dashboards.scorecard.records import Company
from dashboards.scorecard.story import Story, StoryMark, story
from tests.fixtures.dbt_build import DbtWarehouse

pytestmark = pytest.mark.postgres

AS_OF = "2025-07-01T00:00:00+00:00"
FIRST_KEPT = "2025-06-01T00:00:00+00:00"
COMPANY = Company("Northwind", time_zone="Europe/Amsterdam")
ROWS: dict[str, list[dict[str, Any]]] = {
    "customers": [{"customer_id": "ann"}, {"customer_id": "ben"}, {"customer_id": "cem"}],
    "orders": [
        {"order_id": "o0", "customer_id": "ann", "ordered_at": "2025-05-31T23:59:59+00:00"},
        {"order_id": "o1", "customer_id": "ann", "ordered_at": FIRST_KEPT},
        {"order_id": "o2", "customer_id": "ben", "ordered_at": "2024-05-31T10:00:00+00:00"},
    ],
    "tickets": [
        {
            "ticket_id": "t1",
            "customer_id": "ann",
            "created_at": "2025-06-10T08:00:00+00:00",
            "solved_at": "2025-06-12T08:00:00+00:00",
            "status": "solved",
            "channel": "email",
            "topic": "delivery",
        }
    ],
    "messages": [
        {
            "message_id": "m1",
            "ticket_id": "t1",
            "sent_at": "2025-06-10T08:00:00+00:00",
            "direction": "inbound",
            "author_kind": "customer",
            "is_public": False,
            "text": "Where is it?",
        },
        {
            "message_id": "m2",
            "ticket_id": "t1",
            "sent_at": "2025-06-10T09:00:00+00:00",
            "direction": "outbound",
            "author_kind": "agent",
            "is_public": False,
            "text": "On its way, says jo@example.org",
        },
        {
            "message_id": "m3",
            "author_id": "ann",
            "sent_at": "2025-06-20T09:00:00+00:00",
            "direction": "inbound",
            "author_kind": "customer",
            "is_public": True,
            "channel": "mastodon",
            "text": "It came <b>late</b>",
        },
    ],
    "campaign_touches": [
        {
            "touch_id": "s1",
            "customer_id": "ann",
            "campaign_id": "k1",
            "channel": "email",
            "sent_at": "2025-06-11T08:00:00+00:00",
            "status": "opened",
        },
        {
            "touch_id": "s2",
            "customer_id": "ann",
            "campaign_id": "k1",
            "channel": "email",
            "sent_at": "2025-06-12T08:00:01+00:00",
            "status": "bounced",
        },
    ],
}


@pytest.fixture
def built(warehouse: DbtWarehouse) -> DbtWarehouse:
    """Give a warehouse with three persons: one with a story, one of long ago, one with nothing."""
    for entity, rows in ROWS.items():
        more = {"gross_amount": 12.5} if entity == "orders" else {}
        warehouse.load(entity, [{**row, **more} for row in rows], AS_OF)
    return warehouse


def read(warehouse: DbtWarehouse, customer: str, **variables: Any) -> Story | None:
    """Build, publish, and read the story of one customer."""
    warehouse.build(as_of=AS_OF, story_days=30, **variables)
    publish(warehouse.url, COMPANY, [], datetime.fromisoformat(AS_OF))
    with open_reader(warehouse.url) as reader:
        return story(reader, person(warehouse, customer), Filters(), definition.load())


def person(warehouse: DbtWarehouse, customer: str) -> str:
    query = "select person_id from intermediate.int_person_links where customer_key = %s"
    return warehouse.rows(query, f"shop:{customer}")[0][0]


def test_a_story_says_what_was_sent_into_an_open_conversation(built: DbtWarehouse) -> None:
    found = read(built, "ann")
    assert found is not None
    assert [(line.at, line.who, line.what, line.about, line.open_then) for line in found.lines] == [
        ("2025-06-20 11:00", "Customer", "mention, public", "\u201cIt came <b>late</b>\u201d", ""),
        ("2025-06-11 10:00", "Marketing", "opened", "campaign shop:k1", "ticket shop:t1"),
        ("2025-06-10 11:00", "Service", "agent message", "ticket shop:t1", "ticket shop:t1"),
        ("2025-06-10 10:00", "Customer", "ticket", "ticket shop:t1", ""),
        ("2025-06-01 02:00", "Orders", "order", "12.50\u2009EUR", ""),
    ]
    assert [(line.name, line.ended) for line in found.conversations] == [
        ("social shop:m3", "open"),
        ("ticket shop:t1", "2025-06-12 10:00"),
    ]
    first, last = datetime(2025, 6, 10, 10), datetime(2025, 6, 12, 10)
    assert StoryMark("open", first, last) in found.marks
    assert (found.touches, found.asked, found.zone) == (5, 2, "Europe/Amsterdam")


def test_private_words_are_shown_where_a_setting_allows_it(built: DbtWarehouse) -> None:
    found = read(built, "ann", story_private_texts=True)
    assert found is not None
    (about,) = (line.about for line in found.lines if line.what == "agent message")
    assert about == "ticket shop:t1; \u201cOn its way, says [e-mail]\u201d"


def test_who_did_nothing_lately_has_a_page_and_an_unknown_id_has_none(built: DbtWarehouse) -> None:
    found = read(built, "ben")
    assert found is not None
    assert (found.lines, found.marks, found.conversations) == ((), (), ())
    client = TestClient(create_app(built.url))
    page = client.get(f"/person/{person(built, 'ben')}")
    assert page.status_code == 200 and "None in the days that are kept for it" in page.text
    assert [client.get(f"/person/{each}").status_code for each in ("nobody", "a/b", "%27")] == [
        404,
        404,
        404,
    ]
    told = client.get(f"/person/{person(built, 'ann')}").text
    assert "It came &lt;b&gt;late&lt;/b&gt;" in told and "Where is it?" not in told


def test_without_days_no_touch_is_published(built: DbtWarehouse) -> None:
    built.build("+touches", as_of=AS_OF, story_days=0)
    assert built.rows("select count(*) from marts.touches") == [(0,)]
