"""A build of the changes alone must leave what a build of everything leaves."""

from typing import Any

import pytest

from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.two_loads import FIRST_ROWS, SECOND_ROWS, Rows, identity

pytestmark = pytest.mark.postgres

AS_OF = {"as_of": "2025-07-10T00:00:00Z", "company_time_zone": "Europe/Berlin"}
FIRST, SECOND = "2025-07-01T00:00:00Z", "2025-07-02T00:00:00Z"
SINCE = "2025-07-01T12:00:00Z"

# What a build notes about itself, and what describes changes rather than facts.
BOOKKEEPING = {"loaded_at", "build_since"}
ABOUT_CHANGES = (
    "touched_months",
    "int_months_known",
    "int_months_changed",
    "int_months_influenced",
    "int_months_to_refresh",
    "int_campaign_months_changed",
    "int_message_months_changed",
)


def test_changes_alone_leave_what_a_full_build_leaves(warehouse: DbtWarehouse) -> None:
    load_first(warehouse)
    warehouse.build(**AS_OF)
    before = by_month(warehouse)
    load_second(warehouse)

    warehouse.build(**AS_OF, changed_since=SINCE)
    incremental = everything(warehouse)
    refreshed = set(
        warehouse.rows("select area, period_start from intermediate.int_months_to_refresh")
    )
    warehouse.build(**AS_OF, changed_since=SINCE)
    again = everything(warehouse)
    warehouse.build(**AS_OF)
    full = everything(warehouse)

    for name, rows in full.items():
        assert incremental[name] == rows, name
        assert again[name] == rows, f"{name} after a second attempt"
    moved = {key for key, rows in by_month(warehouse).items() if before.get(key) != rows}
    moved |= {key for key in before if key not in by_month(warehouse)}
    assert moved, "the second load was meant to change something"
    assert moved <= refreshed


def test_nothing_new_refreshes_only_the_watched_months(warehouse: DbtWarehouse) -> None:
    load_first(warehouse)
    warehouse.build(**AS_OF)
    warehouse.build(**AS_OF, changed_since=SINCE)
    months = warehouse.rows(
        "select distinct period_start from intermediate.int_months_to_refresh order by 1"
    )
    assert [str(month) for (month,) in months] == ["2025-05-01", "2025-06-01", "2025-07-01"]


@pytest.mark.parametrize(
    ("built_as_of", "orders", "service"),
    [("2025-07-09T00:00:00Z", ["07"], "05"), ("2025-06-28T00:00:00Z", ["06", "07"], "04")],
)
def test_areas_that_know_no_clock_refresh_only_the_months_since_the_build_before(
    warehouse: DbtWarehouse, built_as_of: str, orders: list[str], service: str
) -> None:
    load_first(warehouse)
    warehouse.build(**AS_OF)
    warehouse.build(**AS_OF, changed_since=SINCE, built_as_of=built_as_of)
    assert months_of(warehouse, "orders") == [f"2025-{month}-01" for month in orders]
    assert months_of(warehouse, "service")[0] == f"2025-{service}-01"


def test_a_handle_that_turns_out_to_be_a_customers_leaves_the_customers_orders_alone(
    warehouse: DbtWarehouse,
) -> None:
    load_first(warehouse)
    warehouse.build(**AS_OF)
    known = person_of(warehouse, "shop:eve")
    warehouse.load("customer_identities", [identity("eve", "chirp", "dora")], SECOND)
    warehouse.build(**AS_OF, changed_since=SINCE, built_as_of="2025-07-09T00:00:00Z")
    assert person_of(warehouse, "shop:eve") == known == person_of(warehouse, "handle:chirp:dora")
    assert months_of(warehouse, "orders") == ["2025-07-01"]
    assert "2025-04-01" in months_of(warehouse, "social")
    incremental = everything(warehouse)
    warehouse.build(**AS_OF)
    assert incremental == everything(warehouse)


def test_a_generation_that_becomes_known_reaches_all_months_of_its_person(
    warehouse: DbtWarehouse,
) -> None:
    load_first(warehouse)
    warehouse.build(**AS_OF)
    bob = {"customer_id": "bob", "email": "bob@example.org", "birth_year": 1980}
    warehouse.load("customers", [bob], SECOND)
    warehouse.build(**AS_OF, changed_since=SINCE, built_as_of="2025-07-09T00:00:00Z")
    assert months_of(warehouse, "orders")[0] == "2024-06-01"
    assert {"2025-02-01"} <= set(months_of(warehouse, "surveys"))
    incremental = everything(warehouse)
    warehouse.build(**AS_OF)
    assert incremental == everything(warehouse)


def person_of(warehouse: DbtWarehouse, customer_key: str) -> str:
    ((person_id,),) = warehouse.rows(
        "select person_id from intermediate.int_person_links where customer_key = %s", customer_key
    )
    return person_id


def months_of(warehouse: DbtWarehouse, area: str) -> list[str]:
    months = warehouse.rows(
        "select period_start from intermediate.int_months_to_refresh where area = %s order by 1",
        area,
    )
    return [str(month) for (month,) in months]


def everything(warehouse: DbtWarehouse) -> dict[str, list[str]]:
    """Return the rows of every intermediate relation as sorted text."""
    names = warehouse.rows(
        "select table_name from information_schema.tables where table_schema = 'intermediate'"
    )
    return {
        name: relation(warehouse, name)
        for (name,) in names
        if name not in ABOUT_CHANGES and name.startswith("int_")
    }


def relation(warehouse: DbtWarehouse, name: str) -> list[str]:
    columns = warehouse.rows(
        "select column_name from information_schema.columns"
        " where table_schema = 'intermediate' and table_name = %s",
        name,
    )
    kept = ", ".join(f'"{column}"' for (column,) in columns if column not in BOOKKEEPING)
    found = warehouse.rows(f"select row({kept})::text from intermediate.{name}")
    return sorted(row for (row,) in found)


def by_month(warehouse: DbtWarehouse) -> dict[tuple[str, Any], list[str]]:
    """Return the facts that each area's marts read, by area and month."""
    facts = {
        "orders": "select period_start, row(o.order_key, o.person_id, o.net_amount, o.brand,"
        " o.referrer_person_id, p.generation)::text from intermediate.int_orders o"
        " left join intermediate.int_persons p using (person_id)",
        "social": "select period_start, row(message_key, person_id, is_mention, sentiment_label,"
        " conversation_key)::text from intermediate.int_messages where ticket_key is null",
        "service": "select period_start, row(conversation_key, person_id, is_complaint,"
        " first_reply_at, solved_at)::text from intermediate.int_conversations"
        " where conversation_kind = 'ticket'",
        "campaigns": "select period_start, row(touch_key, person_id, array(select row(opened_at,"
        " solved_at, first_reply_at)::text from intermediate.int_conversations c where"
        " c.person_id = s.person_id and c.is_complaint and c.opened_at < s.sent_at and"
        " c.opened_at > s.sent_at - interval '30 days' order by 1))::text"
        " from intermediate.int_sends s",
        "surveys": "select period_start, row(response_key, person_id, score)::text"
        " from intermediate.int_survey_responses",
    }
    found: dict[tuple[str, Any], list[str]] = {}
    for area, query in facts.items():
        for month, row in warehouse.rows(query):
            found.setdefault((area, month), []).append(row)
    return {key: sorted(rows) for key, rows in found.items()}


def load_first(warehouse: DbtWarehouse) -> None:
    load(warehouse, FIRST_ROWS, FIRST)
    score(warehouse, "awful", "negative", FIRST)


def load_second(warehouse: DbtWarehouse) -> None:
    load(warehouse, SECOND_ROWS, SECOND)
    score(warehouse, "broken", "negative", SECOND)
    score(warehouse, "late", "positive", SECOND)


def load(warehouse: DbtWarehouse, rows: Rows, at: str) -> None:
    for entity, its_rows in rows.items():
        warehouse.load(entity, its_rows, at)


def score(warehouse: DbtWarehouse, text: str, label: str, scored_at: str) -> None:
    warehouse.execute(
        "insert into analytics.text_scores values (md5(%s), 'vader', '1', 'en', 0, %s, %s)",
        text,
        label,
        scored_at,
    )
