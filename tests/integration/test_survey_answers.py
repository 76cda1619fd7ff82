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


def test_a_brands_figure_takes_the_latest_answer_about_the_brand(warehouse: DbtWarehouse) -> None:
    answers = [
        answer("m-a", 5, 2, "m", day=3, brand="A"),
        answer("m-b", 5, 10, "m", day=20, brand="B"),
        answer("n-a", 5, 9, "n", day=4, brand="A"),
        answer("n-b", 5, 9, "n", day=21, brand="B"),
    ]
    assert nps(warehouse, answers) == [(5, 100, 2)]
    brands = warehouse.rows(
        "select segment_value, value::int, n from intermediate.int_evangelism_measures"
        " where metric_id = 'nps' and segment_name = 'brand' order by segment_value"
    )
    assert brands == [("A", 0, 2), ("B", 100, 2)]
    behind = warehouse.rows(
        "select brand, sum(nps_contribution_by_brand),"
        " count(*) filter (where is_counted_by_brand) from marts.nps_responses"
        " group by brand order by brand"
    )
    assert behind == [("A", 0, 2), ("B", 2, 2)]


def test_an_answer_on_another_scale_is_no_detractor_and_is_counted(warehouse: DbtWarehouse) -> None:
    ten = [answer(f"t{n}", 5, 9, f"c{n}") for n in range(3)]
    five = [answer(f"f{n}", 5, 5, f"d{n}") | {"scale_max": 5} for n in range(2)]
    assert nps(warehouse, [*ten, *five]) == [(5, 100, 3)]
    left_out = "select left_out from intermediate.int_evangelism_measures where metric_id = 'nps'"
    of_company = f"{left_out} and segment_name = 'company'"
    assert warehouse.rows(of_company) == [("2 of 5 answers not on a scale of 0 to 10",)]


def test_answers_on_other_scales_alone_are_a_reason_and_no_gap(warehouse: DbtWarehouse) -> None:
    nps(warehouse, [answer(f"f{n}", 5, 5, f"d{n}") | {"scale_max": 5} for n in range(40)])
    warehouse.build("+scorecard", **AS_OF)
    cards = warehouse.rows(
        "select value, n, suppressed_reason from marts.scorecard"
        " where metric_id = 'nps' and segment_name = 'company'"
    )
    assert cards == [(None, 0, "40 of 40 answers not on a scale of 0 to 10")]


def test_each_scale_has_its_rule(warehouse: DbtWarehouse) -> None:
    cases: list[tuple[dict[str, Any], list[int], int]] = [
        ({"scale_max": 1}, [1, 1, 1, 0], 75),
        ({"scale_max": 3}, [1, 2, 3, 3], 50),
        ({"scale_max": 4}, [1, 2, 3, 4], 50),
        ({"scale_max": 5}, [3, 3, 4, 5], 50),
        ({"scale_max": 7}, [5, 5, 6, 7], 50),
        ({"scale_max": 10}, [8, 8, 8, 9], 25),
        ({"scale_max": 10, "satisfied_from": 8}, [7, 8, 8, 9], 75),
        ({"scale_max": 100, "satisfied_from": 80}, [79, 80, 95, 100], 75),
    ]
    ratings = [
        rating(f"{scale} {number}", score=score, brand=str(scale), **scale)
        for scale, scores, _ in cases
        for number, score in enumerate(scores)
    ]
    csat(warehouse, ratings)
    assert csat_of_brands(warehouse) == {str(scale): (value, 4, None) for scale, _, value in cases}


def test_an_answer_on_a_scale_that_nobody_knows_is_counted(warehouse: DbtWarehouse) -> None:
    cases: list[tuple[dict[str, Any], int]] = [
        ({}, 1),
        ({"scale_max": 100}, 90),
        ({"scale_max": 5}, 8),
    ]
    ratings = [
        answered
        for scale, score in cases
        for answered in (
            rating(f"known beside {scale}", score=5, scale_max=5, brand=str(scale)),
            rating(f"unknown {scale}", score=score, brand=str(scale), **scale),
        )
    ]
    assert csat(warehouse, ratings) == [(100, 3, "3 of 6 answers on an unknown scale")]
    counted = (100, 1, "1 of 2 answers on an unknown scale")
    assert csat_of_brands(warehouse) == {str(scale): counted for scale, _ in cases}
    assert response_rate(warehouse) == (6, 6)


def test_a_ticket_that_is_rated_twice_has_one_answer(warehouse: DbtWarehouse) -> None:
    bad = rating("first", "t1", score=0, scale_max=1, day=10)
    good = rating("second", "t1", score=1, scale_max=1, day=12)
    assert csat(warehouse, [bad, good]) == [(100, 1, None)]
    later = rating("third", "t1", score=0, scale_max=1, month=6)
    assert csat(warehouse, [later]) == [(100, 1, None), (0, 1, None)]


def test_asked_and_answered_in_two_rows_is_one_question(warehouse: DbtWarehouse) -> None:
    asked = [rating(f"asked{n}", f"t{n}", scale_max=5) for n in range(10)]
    answered = [rating(f"r{n}", f"t{n}", score=5, scale_max=5, day=15) for n in range(5)]
    assert csat(warehouse, [*asked, *answered]) == [(100, 5, None)]
    assert response_rate(warehouse) == (5, 10)


def test_effort_is_a_mean_of_each_scale_and_no_answer_beyond_one(warehouse: DbtWarehouse) -> None:
    scores = [(7, 7, "t1", 3), (7, 2, "t1", 9), (7, 5, None, 4), (7, 9, None, 5), (5, 4, None, 6)]
    answers = [
        {
            "rating_id": f"e{number}",
            "ticket_id": ticket,
            "rated_at": datetime(2025, 5, day, tzinfo=UTC),
            "score": score,
            "scale_max": scale_max,
        }
        for number, (scale_max, score, ticket, day) in enumerate(scores)
    ]
    warehouse.load("effort_ratings", answers, LOADED_AT)
    warehouse.build("+int_rating_measures", **AS_OF)
    means = warehouse.rows(
        "select segment_name, segment_value, value::float, n, left_out"
        " from intermediate.int_rating_measures where metric_id = 'ces' order by segment_value"
    )
    assert means == [
        ("scale", "up to 5", 4, 1, None),
        ("scale", "up to 7", 3.5, 2, "1 of 3 answers beyond their scale"),
    ]


def answer(
    key: str,
    month: int,
    score: int,
    customer: str | None = None,
    day: int = 10,
    brand: str | None = None,
) -> dict[str, Any]:
    """Return an answer to a relational survey, of nobody known unless a customer is given."""
    answered_at = datetime(2025, month, day, tzinfo=UTC)
    return {
        "response_id": key,
        "customer_id": customer,
        "answered_at": answered_at,
        "score": score,
        "survey_kind": "relational",
        "brand": brand,
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


def rating(
    key: str, ticket: str | None = None, month: int = 5, day: int = 10, **answered: Any
) -> dict[str, Any]:
    """Return a question for satisfaction of a day, answered if a score is given."""
    moment = datetime(2025, month, day, tzinfo=UTC)
    times = {"rated_at": moment} if "score" in answered else {"offered_at": moment}
    columns = ("score", "scale_max", "satisfied_from", "rated_at", "offered_at", "brand")
    nothing = dict.fromkeys(columns)
    return {"rating_id": key, "ticket_id": ticket, **nothing, **times, **answered}


def csat(
    warehouse: DbtWarehouse, ratings: Iterable[dict[str, Any]]
) -> list[tuple[float, int, str | None]]:
    """Load ratings, build, and return value, n and what was left out of the company's months."""
    warehouse.load("satisfaction_ratings", ratings, LOADED_AT)
    warehouse.build("+int_rating_measures", **AS_OF)
    return warehouse.rows(
        "select value::int, n, left_out from intermediate.int_rating_measures"
        " where metric_id = 'csat' and segment_name = 'company' order by period_start"
    )


def csat_of_brands(warehouse: DbtWarehouse) -> dict[str, tuple[float, int, str | None]]:
    """Return value, n and what was left out by brand, of ratings of one month."""
    rows = warehouse.rows(
        "select segment_value, value::int, n, left_out from intermediate.int_rating_measures"
        " where metric_id = 'csat' and segment_name = 'brand'"
    )
    return {brand: (value, n, left_out) for brand, value, n, left_out in rows}


def response_rate(warehouse: DbtWarehouse) -> tuple[int, int]:
    """Return how many answered, and how many were asked."""
    [found] = warehouse.rows(
        "select numerator::int, denominator::int from intermediate.int_rating_measures"
        " where metric_id = 'csat' and segment_value = 'response_rate'"
    )
    return found
