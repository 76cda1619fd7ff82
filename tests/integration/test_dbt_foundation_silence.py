"""Risk: a source that holds no answers makes a brand look as if it never answered."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.small_company import AS_OF, CHANGED_AT, LOADED_AT, NOW

pytestmark = pytest.mark.postgres

MEASURES = "+int_experience_measures +int_wait_measures"


def test_a_source_without_answers_says_nothing_of_answers(warehouse: DbtWarehouse) -> None:
    load_source_without_answers(warehouse)
    warehouse.build(MEASURES, **AS_OF)
    assert measured(warehouse) == {"full_resolution_time": 60}

    load_first_answers(warehouse)
    warehouse.build(MEASURES, **AS_OF)
    # 60 openings from long ago count, too, now that one of them is known to be answered.
    reported = dict.fromkeys(("first_reply_time", "full_resolution_time", "social_reply_time"), 60)
    assert measured(warehouse) == {**reported, "social_response_rate_24h": 60}


def measured(warehouse: DbtWarehouse) -> dict[str, int]:
    """Return, by metric of answers, how many conversations its rows for the company count."""
    found = warehouse.rows(
        "select metric_id, sum(n)::int from (select * from intermediate.int_experience_measures"
        " union all select * from intermediate.int_wait_measures) as measures"
        " where segment_name = 'company'"
        " and metric_id not in ('net_sentiment', 'public_contact_share') group by 1"
    )
    return dict(found)


def load_source_without_answers(warehouse: DbtWarehouse) -> None:
    """Load what people said and asked, five times a month, without a word of ours."""
    days = [NOW - timedelta(days=6 * number + 2) for number in range(60)]
    warehouse.load(
        "messages", [message(f"m{n}", at, "inbound") for n, at in enumerate(days)], LOADED_AT
    )
    tickets = [
        {"ticket_id": f"t{n}", "created_at": at, "solved_at": at + timedelta(hours=n % 7 + 1)}
        for n, at in enumerate(days)
    ]
    warehouse.load("tickets", tickets, LOADED_AT)


def load_first_answers(warehouse: DbtWarehouse) -> None:
    """Load one answer in public and one to a ticket, both to the newest."""
    soon = NOW - timedelta(days=1)
    public = message("a1", soon, "outbound", in_reply_to_id="m0")
    warehouse.load("messages", [public], CHANGED_AT)
    warehouse.load("messages", [message("a2", soon, "outbound", ticket_id="t0")], CHANGED_AT)


def message(key: str, at: datetime, direction: str, **more: str) -> dict[str, Any]:
    shared = {"direction": direction, "is_public": True, "channel": "chirp", "text": "Word"}
    return {"message_id": key, "sent_at": at, **shared, **more}
