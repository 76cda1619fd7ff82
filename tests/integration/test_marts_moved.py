"""Answers whose month moved between two loads must leave nothing in the month where they were."""

import pytest

from tests.fixtures.dbt_build import DbtWarehouse

pytestmark = pytest.mark.postgres

AS_OF = {"as_of": "2025-07-10T00:00:00Z", "built_as_of": "2025-07-09T00:00:00Z"}
FIRST, SECOND, SINCE = "2025-07-01T00:00:00Z", "2025-07-02T00:00:00Z", "2025-07-01T12:00:00Z"
BUILT = "path:models/staging path:models/intermediate +experience_measures +evangelism_measures"
MARTS = ("csat_ratings", "experience_measures", "nps_responses", "evangelism_measures")


def rating(
    rating_id: str, offered: str | None, rated: str | None, score: int | None
) -> dict[str, object]:
    return {
        "rating_id": rating_id,
        "customer_id": "ann",
        "offered_at": offered,
        "rated_at": rated,
        "score": score,
        "scale_max": 5,
    }


def answer(response_id: str, answered: str, score: int) -> dict[str, object]:
    return {
        "response_id": response_id,
        "customer_id": "ann",
        "survey_kind": "relational",
        "answered_at": answered,
        "score": score,
    }


def figures(warehouse: DbtWarehouse) -> dict[str, list[str]]:
    return {
        mart: sorted(row for (row,) in warehouse.rows(f"select m::text from marts.{mart} as m"))
        for mart in MARTS
    }


def ticket(customer_id: str) -> dict[str, object]:
    return {
        "ticket_id": "t",
        "customer_id": customer_id,
        "created_at": "2024-11-01",
        "status": "open",
    }


def test_a_late_answer_and_a_corrected_date_leave_their_old_month(warehouse: DbtWarehouse) -> None:
    warehouse.load(
        "satisfaction_ratings",
        [
            rating("late", "2024-12-05", None, None),
            rating("corrected", "2024-11-05", "2024-11-06", 2),
            rating("stays", "2024-11-05", "2024-11-07", 5),
            rating("undated", None, None, None),
            rating("of a ticket", "2024-11-05", "2024-11-08", 5)
            | {"customer_id": None, "ticket_id": "t"},
        ],
        FIRST,
    )
    warehouse.load("tickets", [ticket("bob")], FIRST)
    warehouse.load(
        "survey_responses",
        [answer("moved", "2024-10-05", 9), answer("kept", "2024-10-06", 3)],
        FIRST,
    )
    warehouse.build(BUILT, **AS_OF)
    assert months_of(warehouse, "csat_ratings") == [*3 * ["2024-11-01"], "2024-12-01"]
    before = person_of(warehouse, "shop:of a ticket")

    warehouse.load(
        "satisfaction_ratings",
        [
            rating("late", "2024-12-05", "2025-05-06", 4),
            rating("corrected", "2025-03-05", "2025-03-06", 2),
            rating("undated", None, None, 1),
        ],
        SECOND,
    )
    warehouse.load("survey_responses", [answer("moved", "2025-04-05", 9)], SECOND)
    warehouse.load("tickets", [ticket("ann")], SECOND)
    warehouse.build(BUILT, **AS_OF, changed_since=SINCE)
    incremental = figures(warehouse)
    warehouse.build(BUILT, **AS_OF)

    assert months_of(warehouse, "csat_ratings") == [*2 * ["2024-11-01"], "2025-03-01", "2025-05-01"]
    assert person_of(warehouse, "shop:of a ticket") != before
    assert incremental == figures(warehouse)


def person_of(warehouse: DbtWarehouse, rating_key: str) -> str:
    ((person_id,),) = warehouse.rows(
        "select person_id from marts.csat_ratings where rating_key = %s", rating_key
    )
    return person_id


def months_of(warehouse: DbtWarehouse, mart: str) -> list[str]:
    return [str(m) for (m,) in warehouse.rows(f"select period_start from marts.{mart} order by 1")]


def test_a_corrected_exchange_rate_reaches_the_costs_of_an_old_campaign(
    warehouse: DbtWarehouse,
) -> None:
    built = "path:models/staging path:models/intermediate +joint_measures"
    warehouse.load("campaigns", [{"campaign_id": "c", "name": "Spring", "channel": "email"}], FIRST)
    warehouse.load("exchange_rates", [rate(0.5)], FIRST)
    warehouse.load("campaign_costs", [cost()], FIRST)
    warehouse.load(
        "campaign_touches",
        [{"touch_id": "k", "campaign_id": "c", "customer_id": "ann", "sent_at": "2024-11-05"}],
        FIRST,
    )
    warehouse.build(built, **AS_OF)
    assert costs_of(warehouse) == [50]

    warehouse.load("exchange_rates", [rate(0.75)], SECOND)
    warehouse.build(built, **AS_OF, changed_since=SINCE)
    assert costs_of(warehouse) == [75]


def test_a_complaint_of_one_month_reaches_the_sends_of_the_month_after_the_next(
    warehouse: DbtWarehouse,
) -> None:
    built = "path:models/staging path:models/intermediate +joint_measures"
    asked = {"ticket_id": "t", "customer_id": "ann", "created_at": "2025-01-31 12:00:00"}
    send = {"touch_id": "k", "campaign_id": "c", "customer_id": "ann", "sent_at": "2025-03-01"}
    warehouse.load("tickets", [{**asked, "kind": "question"}], FIRST)
    warehouse.load("campaign_touches", [send], FIRST)
    warehouse.build(built, **AS_OF)
    assert sends_into_complaints(warehouse) == [0]

    warehouse.load("tickets", [{**asked, "kind": "complaint"}], SECOND)
    warehouse.build(built, **AS_OF, changed_since=SINCE)
    assert sends_into_complaints(warehouse) == [1]


def sends_into_complaints(warehouse: DbtWarehouse) -> list[int]:
    query = "select open_complaint_send_count from marts.campaign_sends"
    return [count for (count,) in warehouse.rows(query)]


def rate(value: float) -> dict[str, object]:
    return {"currency": "USD", "rate_date": "2024-11-01", "rate": value}


def cost() -> dict[str, object]:
    return {
        "campaign_id": "c",
        "channel": "email",
        "cost_kind": "media",
        "cost_date": "2024-11-03",
        "amount": 100,
        "currency": "USD",
    }


def costs_of(warehouse: DbtWarehouse) -> list[int]:
    query = "select spend::int from marts.campaign_results where period_start = '2024-11-01'"
    return [amount for (amount,) in warehouse.rows(query)]
