"""Risk: what people wrote, and how they are reached, lies in more tables than need it."""

import pytest
from psycopg import sql

from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.small_company import AS_OF, LOADED_AT

pytestmark = pytest.mark.postgres

CUSTOMER = {"customer_id": "c1", "email": "ann.secret@example.org", "phone": "+49 30 7654321"}
TICKET = {"ticket_id": "t1", "customer_id": "c1", "created_at": "2025-05-02 09:00:00+00"}
ASKED = {
    "message_id": "m1",
    "ticket_id": "t1",
    "sent_at": "2025-05-02 09:00:00+00",
    "direction": "inbound",
    "author_kind": "customer",
    "is_public": False,
    "text": "my ticket's own words",
}
POSTED = {
    "message_id": "m2",
    "sent_at": "2025-05-03 09:00:00+00",
    "direction": "inbound",
    "author_kind": "customer",
    "author_handle": "ann_in_public",
    "channel": "mastodon",
    "brand": "Tern",
    "is_public": True,
    "text": "what I said to everybody",
}
ANSWER = {
    "response_id": "a1",
    "customer_id": "c1",
    "answered_at": "2025-05-04 09:00:00+00",
    "score": 3,
    "survey_kind": "relational",
    "comment": "beside the score",
}


@pytest.fixture
def built(warehouse: DbtWarehouse) -> DbtWarehouse:
    """Give a warehouse in which a customer has asked, posted and answered."""
    rows = {
        "customers": [CUSTOMER],
        "tickets": [TICKET],
        "messages": [ASKED, POSTED],
        "survey_responses": [ANSWER],
    }
    for entity, known in rows.items():
        warehouse.load(entity, known, LOADED_AT)
    warehouse.build(**AS_OF, story_days=60)
    return warehouse


def test_words_lie_where_they_came_and_public_ones_with_mentions_and_stories(
    built: DbtWarehouse,
) -> None:
    assert tables_with(built, "my ticket's own words") == ["raw.messages"]
    assert tables_with(built, "beside the score") == ["raw.survey_responses"]
    mentioned = ["marts.mentions", "marts.touches", "raw.messages"]
    assert tables_with(built, "what I said to everybody") == mentioned


def test_addresses_and_handles_are_in_no_mart(built: DbtWarehouse) -> None:
    for known in ("ann.secret@example.org", "7654321", "ann_in_public"):
        tables = tables_with(built, known)
        assert tables and not [table for table in tables if table.startswith("marts.")]


def tables_with(warehouse: DbtWarehouse, words: str) -> list[str]:
    """Name the tables of the warehouse in which some row has the words."""
    tables = warehouse.rows(
        "select schemaname, tablename from pg_tables"
        " where schemaname <> all (array['pg_catalog', 'information_schema']) order by 1, 2"
    )
    query = "select exists (select 1 from {} as t where strpos(t::text, %s) > 0)"
    return [
        ".".join(table)
        for table in tables
        if warehouse.rows(sql.SQL(query).format(sql.Identifier(*table)).as_string(), words)[0][0]
    ]
