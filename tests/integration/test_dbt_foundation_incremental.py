"""A build of the changes alone must leave what a build of everything leaves."""

from typing import Any

import pytest

from tests.fixtures.dbt_build import DbtWarehouse

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
    def load(entity: str, *rows: dict[str, Any]) -> None:
        warehouse.load(entity, rows, FIRST)

    load(
        "customers",
        {"customer_id": "ann", "email": " Ann@Example.org", "birth_year": 1990},
        {"customer_id": "ann2", "phone": "+49 30 1234567"},
        {"customer_id": "bob", "email": "bob@example.org"},
        {"customer_id": "eve", "email": "eve@example.org"},
    )
    load("customer_identities", identity("bob", "chirp", "@BobTalks"))
    load("exchange_rates", {"currency": "usd", "rate_date": "2024-01-01", "rate": 0.5})
    load(
        "orders",
        order("o1", "ann", "2024-03-10", 100),
        order("o2", "ann2", "2024-08-10", 80, refunded_amount=20, margin_amount=40),
        order("o3", "bob", "2025-01-31T23:30:00Z", 60, currency="USD", brand="A"),
        order("o4", None, "2025-02-10", 10),
        order("o5", "eve", "2024-11-10", 70, campaign_id="c1"),
        order("o6", "ghost", "2024-05-10", 30, status="cancelled"),
        order("o7", "bob", "2024-06-10", 30, referrer_customer_id="eve"),
    )
    load(
        "tickets",
        {"ticket_id": "t1", "customer_id": "bob", "created_at": "2025-03-03T10:00:00Z"},
        {
            "ticket_id": "t2",
            "customer_id": "eve",
            "created_at": "2025-04-03T10:00:00Z",
            "kind": "complaint",
            "status": "open",
        },
        {"ticket_id": "t3", "customer_id": "ann", "created_at": "2025-04-05T10:00:00Z"},
    )
    load(
        "messages",
        message("m1", "2025-03-03T10:00:00Z", ticket_id="t1", text="broken"),
        message("m2", "2025-03-03T11:00:00Z", "outbound", ticket_id="t1", author_kind="bot"),
        message("s1", "2025-03-05", author_handle="bobtalks", text="awful"),
        message("s2", "2025-03-06", "outbound", in_reply_to_id="s1", author_handle="brand"),
        message("s3", "2025-03-07", author_handle="BobTalks", in_reply_to_id="s2"),
        message("s5", "2025-04-08", author_handle="carl", in_reply_to_id="s4", text="meh"),
        message("s6", "2025-04-09", "outbound", in_reply_to_id="s5", author_handle="brand"),
        message("s7", "2025-04-10", author_handle="dora", conversation_id="x"),
        message("s8", "2025-04-11", author_handle="dora", conversation_id="x"),
    )
    load(
        "satisfaction_ratings",
        {"rating_id": "r1", "ticket_id": "t1", "rated_at": "2025-03-09", "score": 4},
    )
    load(
        "survey_responses",
        survey("n1", "ann", "2024-12-05", 9),
        survey("n2", "bob", "2025-02-05", 3),
    )
    load("campaigns", {"campaign_id": "c1", "name": "Spring", "brand": "A"})
    load(
        "campaign_costs",
        {
            "campaign_id": "c1",
            "channel": "email",
            "cost_kind": "media",
            "cost_date": "2024-11-01",
            "amount": 10,
        },
    )
    load(
        "campaign_touches",
        send("k1", "bob", "2025-03-04"),
        send("k2", "eve", "2025-04-20"),
        send("k3", "ann2", "2025-04-20", status="bounced"),
    )
    score(warehouse, "awful", "negative", FIRST)


def load_second(warehouse: DbtWarehouse) -> None:
    """Change, move, merge, cancel and add; each row names what it stands for."""

    def load(entity: str, *rows: dict[str, Any]) -> None:
        warehouse.load(entity, rows, SECOND)

    # ann and ann2 turn out to be one person, and so do eve and the handle carl.
    load(
        "customer_identities",
        identity("ann", "phone", "0049301234567"),
        identity("eve", "chirp", "carl"),
    )
    # A nearer rate for o3; o1 moves to another month, o2 is cancelled, o5 changes hands.
    load("exchange_rates", {"currency": "USD", "rate_date": "2025-01-15", "rate": 0.75})
    load(
        "orders",
        order("o1", "ann", "2024-04-10", 100),
        order("o2", "ann2", "2024-08-10", 80, status="cancelled"),
        order("o5", "bob", "2024-11-10", 70, campaign_id="c1"),
        order("o8", "new", "2025-06-10", 25),
        order("o6", "ghost", "2024-05-10", 30, status="completed"),
    )
    # t1 is answered, t2 becomes a question, t3 spam; t4 is new and solved by its event.
    load(
        "tickets",
        {
            "ticket_id": "t2",
            "customer_id": "eve",
            "created_at": "2025-04-03T10:00:00Z",
            "kind": "question",
        },
        {
            "ticket_id": "t3",
            "customer_id": "ann",
            "created_at": "2025-04-05T10:00:00Z",
            "status": "spam",
        },
        {
            "ticket_id": "t4",
            "customer_id": "new",
            "created_at": "2025-05-05T10:00:00Z",
            "status": "solved",
        },
    )
    load(
        "ticket_events",
        {
            "event_id": "e1",
            "ticket_id": "t4",
            "event_type": "solved",
            "occurred_at": "2025-05-06T10:00:00Z",
        },
    )
    # The reply s2 is spam after all; s4 is the late parent of s5; x gets an earlier message.
    load(
        "messages",
        message("m3", "2025-03-03T12:00:00Z", "outbound", ticket_id="t1", author_kind="agent"),
        message("s2", "2025-03-06", "outbound", in_reply_to_id="s1", is_spam=True),
        message("s4", "2025-04-07", author_handle="frida", text="late"),
        message("s9", "2025-04-01", author_handle="gina", conversation_id="x"),
    )
    load("survey_responses", survey("n1", "ann", "2024-12-05", 2))
    load("campaign_touches", send("k4", "new", "2025-06-12"))
    score(warehouse, "broken", "negative", SECOND)
    score(warehouse, "late", "positive", SECOND)


def order(key: str, customer: str | None, at: str, amount: float, **more: Any) -> dict[str, Any]:
    return {
        "order_id": key,
        "customer_id": customer,
        "ordered_at": at,
        "gross_amount": amount,
        **more,
    }


def message(key: str, at: str, direction: str = "inbound", **more: Any) -> dict[str, Any]:
    return {
        "message_id": key,
        "sent_at": at,
        "direction": direction,
        "is_public": True,
        "channel": "chirp",
        **more,
    }


def identity(customer: str, kind: str, value: str) -> dict[str, Any]:
    return {"customer_id": customer, "identity_type": kind, "identity_value": value}


def survey(key: str, customer: str, at: str, points: int) -> dict[str, Any]:
    return {"response_id": key, "customer_id": customer, "answered_at": at, "score": points}


def send(key: str, customer: str, at: str, **more: Any) -> dict[str, Any]:
    return {"touch_id": key, "campaign_id": "c1", "customer_id": customer, "sent_at": at, **more}


def score(warehouse: DbtWarehouse, text: str, label: str, scored_at: str) -> None:
    warehouse.execute(
        "insert into analytics.text_scores values (md5(%s), 'vader', '1', 'en', 0, %s, %s)",
        text,
        label,
        scored_at,
    )
