"""What the company writes under its own handle is no mention, whenever it was written."""

from typing import Any

import pytest

from tests.fixtures.dbt_build import DbtWarehouse

pytestmark = pytest.mark.postgres

AS_OF = {"as_of": "2025-07-10T00:00:00Z"}
FIRST, SECOND, THIRD = (f"2025-07-0{day}T00:00:00Z" for day in (1, 2, 3))
BUILT = "+mentions +int_conversations +int_persons"


def message(message_id: str, sent_at: str, handle: str, **more: Any) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "sent_at": sent_at,
        "direction": "inbound",
        "is_public": True,
        "channel": "Chirp",
        "author_handle": handle,
        **more,
    }


def mentions(warehouse: DbtWarehouse) -> list[str]:
    found = warehouse.rows("select message_key from marts.mentions order by 1")
    return [key.removeprefix("shop:") for (key,) in found]


def openings(warehouse: DbtWarehouse) -> list[str]:
    """Return the messages that opened a conversation in public."""
    found = warehouse.rows("select conversation_key from intermediate.int_conversations order by 1")
    return [key.removeprefix("social:shop:") for (key,) in found]


def persons(warehouse: DbtWarehouse) -> int:
    ((count,),) = warehouse.rows("select count(*) from intermediate.int_persons")
    return int(count)


def test_a_handle_without_a_network_is_no_handle(warehouse: DbtWarehouse) -> None:
    warehouse.load("customers", [{"customer_id": "ann"}], FIRST)
    answer = message("answer", "2024-11-06", "helper", direction="outbound", channel=None)
    warehouse.load("messages", [message("word", "2024-11-05", "helper"), answer], FIRST)
    warehouse.build(BUILT, **AS_OF)
    assert (mentions(warehouse), persons(warehouse)) == (["word"], 2)


def test_what_an_agent_writes_under_the_agents_handle_is_no_mention(
    warehouse: DbtWarehouse,
) -> None:
    warehouse.load("agents", [{"agent_id": "7", "handle": "@Bob_Helps"}, {"agent_id": "8"}], FIRST)
    words = [message("bob's", "2024-11-05", "bob_helps"), message("zoe's", "2024-11-05", "zoe")]
    warehouse.load("messages", words, FIRST)
    warehouse.build(BUILT, **AS_OF)
    assert (mentions(warehouse), openings(warehouse)) == (["zoe's"], ["zoe's"])


def test_a_handle_becomes_the_companys_and_is_anybodys_again(warehouse: DbtWarehouse) -> None:
    words = [message("helper's", "2024-11-05", "Helper"), message("zoe's", "2024-11-05", "zoe")]
    # The source knows this author by an id of its own, and the handle as well.
    words.append(message("known", "2024-10-05", "helper", author_id="7"))
    warehouse.load("messages", words, FIRST)
    warehouse.build(BUILT, **AS_OF)
    assert (mentions(warehouse), persons(warehouse)) == (["helper's", "known", "zoe's"], 2)
    assert openings(warehouse) == ["helper's", "known", "zoe's"]

    answer = message("answer", "2025-07-01", "@helper", direction="outbound")
    warehouse.load("messages", [answer], SECOND)
    warehouse.build(BUILT, **AS_OF)
    # What the company posts is no question that somebody waits to see answered either.
    assert (mentions(warehouse), openings(warehouse)) == (["zoe's"], ["zoe's"])

    warehouse.load("messages", [{**answer, "is_spam": True}], THIRD)
    warehouse.build(BUILT, **AS_OF)
    assert (mentions(warehouse), persons(warehouse)) == (["helper's", "known", "zoe's"], 2)
    assert openings(warehouse) == ["helper's", "known", "zoe's"]
