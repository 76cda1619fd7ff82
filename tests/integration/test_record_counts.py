"""The trust figures' counts follow a conversation into every month that it has messages in."""

from typing import Any

import pytest

from tests.fixtures.dbt_build import DbtWarehouse

pytestmark = pytest.mark.postgres

AS_OF = {"as_of": "2025-07-10T00:00:00Z"}
FIRST, SECOND = "2025-07-01T00:00:00Z", "2025-07-02T00:00:00Z"
BUILT = "+int_record_counts"


def ticket(ticket_id: str, customer_id: str | None, **more: Any) -> dict[str, Any]:
    return {
        "ticket_id": ticket_id,
        "customer_id": customer_id,
        "created_at": "2024-10-05",
        "status": "open",
        **more,
    }


def message(message_id: str, sent_at: str, **more: Any) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "sent_at": sent_at,
        "direction": "inbound",
        "is_public": False,
        "channel": "chirp",
        **more,
    }


def counts(warehouse: DbtWarehouse) -> dict[tuple[str, str], tuple[int, int]]:
    """Return records and those of known persons, by entity and month."""
    rows = warehouse.rows(
        "select entity, period_start::text, record_count, matched_count"
        " from intermediate.int_record_counts"
    )
    return {(entity, month[:7]): (records, matched) for entity, month, records, matched in rows}


@pytest.fixture
def built(warehouse: DbtWarehouse) -> DbtWarehouse:
    """Three tickets of October 2024, each with an anonymous message of the November after."""
    warehouse.load("customers", [{"customer_id": "ann"}, {"customer_id": "bob"}], FIRST)
    tickets = [ticket("spam", "ann"), ticket("nobody's", None), ticket("staff's", "bob")]
    warehouse.load("tickets", tickets, FIRST)
    messages = [
        message(f"m{number}", f"2024-11-0{number}", ticket_id=row["ticket_id"])
        for number, row in enumerate(tickets, start=1)
    ]
    # An answer to a public question, by somebody whom the source doesn't name.
    thread = [
        message("question", "2024-10-07", is_public=True, author_handle="zoe"),
        message("answer", "2024-12-07", in_reply_to_id="question", author_kind="bot"),
    ]
    warehouse.load("messages", messages + thread, FIRST)
    warehouse.build(BUILT, **AS_OF)
    return warehouse


def test_records_count_in_their_month(built: DbtWarehouse) -> None:
    assert counts(built) == {
        ("tickets", "2024-10"): (3, 2),
        ("messages", "2024-10"): (1, 0),
        ("messages", "2024-11"): (3, 2),
        ("messages", "2024-12"): (1, 0),
    }


def test_changes_of_a_conversation_reach_the_months_of_its_messages(built: DbtWarehouse) -> None:
    tickets = [ticket("spam", "ann", status="spam"), ticket("nobody's", "ann")]
    built.load("tickets", tickets, SECOND)
    built.load("customers", [{"customer_id": "bob", "is_staff": True}], SECOND)
    handle = {"customer_id": "ann", "identity_type": "chirp", "identity_value": "zoe"}
    built.load("customer_identities", [handle], SECOND)
    built.build(BUILT, **AS_OF)

    assert counts(built) == {
        ("tickets", "2024-10"): (1, 1),
        ("messages", "2024-10"): (1, 1),
        ("messages", "2024-11"): (1, 1),
        ("messages", "2024-12"): (1, 1),
    }


def test_what_is_dated_in_the_future_counts_when_its_month_begins(built: DbtWarehouse) -> None:
    before = counts(built)
    built.load("messages", [message("early", "2025-08-03", is_public=True)], SECOND)
    built.build(BUILT, **AS_OF)
    assert counts(built) == before
    built.build(BUILT, as_of="2025-08-01T09:00:00Z")
    assert counts(built) == before | {("messages", "2025-08"): (1, 0)}
