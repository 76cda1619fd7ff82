"""Risk: an answer to a survey vanishes, or takes a published month's figure with it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.small_company import AS_OF, LOADED_AT

pytestmark = pytest.mark.postgres


def test_anonymous_answers_count_once_each(warehouse: DbtWarehouse) -> None:
    known = [answer(f"k{n}", 5, 10, f"c{n}") for n in range(30)]
    anonymous = [answer(f"a{n}", 5, 0) for n in range(30)]
    assert nps(warehouse, [*known, *anonymous]) == [(5, 0, 60)]


def test_later_answers_leave_an_earlier_month_as_it_was(warehouse: DbtWarehouse) -> None:
    april = [answer(f"a{n}", 4, 9 if n % 4 else 3, f"c{n}") for n in range(40)]
    assert nps(warehouse, april) == [(4, 50, 40)]
    june = [answer(f"j{n}", 6, 10, f"c{n}") for n in range(40)]
    assert nps(warehouse, june) == [(4, 50, 40), (6, 100, 40)]


def test_a_person_counts_once_a_month_with_the_latest_answer(warehouse: DbtWarehouse) -> None:
    twice = [answer("first", 5, 10, "c1"), answer("second", 5, 2, "c1", day=20)]
    assert nps(warehouse, twice) == [(5, -100, 1)]


def answer(
    key: str, month: int, score: int, customer: str | None = None, day: int = 10
) -> dict[str, Any]:
    """Return an answer to a relational survey, of nobody known unless a customer is given."""
    answered_at = datetime(2025, month, day, tzinfo=UTC)
    return {
        "response_id": key,
        "customer_id": customer,
        "answered_at": answered_at,
        "score": score,
        "survey_kind": "relational",
    }


def nps(warehouse: DbtWarehouse, answers: Iterable[dict[str, Any]]) -> list[tuple[int, float, int]]:
    """Load answers, build, and return month, value and n of the company's months."""
    warehouse.load("survey_responses", answers, LOADED_AT)
    warehouse.build("+int_evangelism_measures", **AS_OF)
    return warehouse.rows(
        "select extract(month from period_start)::int, value::int, n"
        " from intermediate.int_evangelism_measures"
        " where metric_id = 'nps' and segment_name = 'company' order by period_start"
    )
