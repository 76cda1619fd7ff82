"""Risk: a difference between unlike persons, or what came later, is taken for an effect."""

import random
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt
from statistics import mean, pvariance, variance
from typing import Any

import pytest

from tests.fixtures.comparable_persons import (
    DAY,
    answer,
    comparisons_of,
    many_persons,
    order,
    rating,
    reply,
    ticket,
)
from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.promising import promise
from tests.fixtures.small_company import AS_OF, LOADED_AT, NOW, Row

pytestmark = pytest.mark.postgres

STRATA_THAT_DO_NOT_ADD_UP = """
with strata as (
    select
        event,
        period_start,
        sum(had_count) filter (where is_matched) as matched_count,
        sum(
            had_ordered_within_90_days
            - had_count * others_ordered_within_90_days::numeric / nullif(others_count, 0)
        ) filter (where is_matched) as effect_count
    from marts.comparison_strata
    group by event, period_start
)
select *
from marts.matched_comparisons
full join strata using (event, period_start)
where
    outcome = 'ordered_within_90_days'
    and is_comparable
    and (
        strata.matched_count is distinct from retention_matched_count
        or coalesce(abs(effect_count - retention_effect_count) > 0.00001, true)
    )
"""

MODELS = "+int_comparison_measures matched_comparisons comparison_strata"


def test_shares_of_likes_differ_as_newcombe_published(warehouse: DbtWarehouse) -> None:
    """Method 10 (Newcombe 1998): 56 of 70 against 48 of 80 differ by 0.0524 to 0.3339."""
    had, others = [f"had{n}" for n in range(70)], [f"other{n}" for n in range(80)]
    orders = [order(person, "2024-12-20") for person in (*had, *others)]
    orders += [order(person, "2025-02-20") for person in (*had[:56], *others[:48])]
    build(warehouse, orders=orders, survey_responses=[answer(p, "2025-01-10") for p in had])
    ((effect, low, high, matched, dropped),) = warehouse.rows(
        "select effect, ci_low, ci_high, matched_count, dropped from marts.matched_comparisons"
        " where outcome = 'ordered_within_90_days'"
    )
    assert (float(effect), matched, dropped) == (20, 70, "nothing")
    assert (round(float(low) / 100, 4), round(float(high) / 100, 4)) == (0.0524, 0.3339)
    measures = "select metric_id, segment_value, value, numerator, denominator, n, left_out"
    assert warehouse.rows(f"{measures} from intermediate.int_comparison_measures") == [
        ("retention_after", "detractor", 20, 14, 70, 70, None)
    ]


def test_who_has_no_counterpart_is_left_out_and_counted(warehouse: DbtWarehouse) -> None:
    orders = [order(person, "2024-12-20") for person in ("a1", "a2", "a3", "a4", "b1", "b2")]
    orders += [order("late", "2022-05-05"), order("a1", "2025-02-01"), order("b1", "2025-02-01")]
    surveys = [answer(p, "2025-01-10") for p in ("a1", "a2", "a3", "a4", "late", "nobody")]
    build(warehouse, orders=orders, survey_responses=surveys)
    assert figures(warehouse) == {
        "detractor": (
            -25.0,
            "1 of 6 persons not drawn, or without an earlier order;"
            " 1 of 5 persons without a counterpart",
        )
    }


def test_a_broken_promise_is_held_against_a_kept_one(warehouse: DbtWarehouse) -> None:
    """Of ten to whom it was broken three order again, of twenty to whom it was kept ten.

    Who ordered nothing that month orders never: held against them a broken promise would keep.
    """
    promise(warehouse, "soon", "delivery", at_most=0)
    late, timely = [f"late{n}" for n in range(10)], [f"timely{n}" for n in range(20)]
    orders = [order(person, "2024-12-20") for person in (*late, *timely, "idle1", "idle2")]
    promised = {"promised_at": "2025-01-12T00:00+00:00"}
    for people, day in ((late, "14"), (timely, "11")):
        came = promised | {"delivered_at": f"2025-01-{day}T00:00+00:00"}
        orders += [order(person, "2025-01-10") | came for person in people]
    orders += [order(person, "2025-02-20") for person in (*late[:3], *timely[:10])]
    build(warehouse, orders=orders)
    assert figures(warehouse) == {"broken_promise": (-20, None), "kept_promise": (20, None)}


def test_a_solved_complaint_is_held_against_no_complaint(warehouse: DbtWarehouse) -> None:
    """Of ten recovered six rate well and nine order again; of twenty others five and ten do.

    `open` complains and nobody solves it: neither a recovered failure nor a person without one.
    """
    had, others = [f"had{n}" for n in range(10)], [f"other{n}" for n in range(20)]
    orders = [order(person, "2024-12-20") for person in (*had, *others, "open")]
    orders += [order(person, "2025-03-01") for person in (*had[:9], *others[:10], "open")]
    solved = {"solved_at": "2025-01-12T08:00:00+00:00"}
    tickets = [ticket(person, "2025-01-10", **solved) for person in had]
    tickets += [ticket("open", "2025-01-10")]
    ratings = [rating(person, "2025-02-05", person in had[:6]) for person in had]
    ratings += [rating(person, "2025-02-05", person in others[:5]) for person in (*others, "open")]
    ratings += [rating(had[9], "2025-02-04", is_good=True)]
    scores = {had[0]: 10, had[1]: 3, had[2]: 8, others[0]: 9, others[1]: 9, others[2]: 0}
    surveys = [answer(p, "2025-02-05") | {"score": score} for p, score in scores.items()]
    build(
        warehouse,
        orders=orders,
        tickets=tickets,
        satisfaction_ratings=ratings,
        survey_responses=surveys,
    )
    found = warehouse.rows(
        "select period_start::text, outcome, effect, effect_count, matched_count, left_out"
        " from marts.recovered_failures order by 1, 2"
    )
    assert [(*row[:2], round(float(row[2]), 4), *row[3:]) for row in found] == [
        ("2025-01-01", "repurchase", 40, 4, 10, None),
        (
            "2025-02-01",
            "recommendation",
            -33.3333,
            pytest.approx(-1, abs=1e-5),
            3,
            "no interval below 100 persons",
        ),
        ("2025-02-01", "satisfaction", 35, 3.5, 10, None),
    ]
    shown = "select segment_value, value, n from intermediate.int_comparison_measures"
    assert len(warehouse.rows(f"{shown} where metric_id = 'service_recovery_gap'")) == 3


def test_an_answer_long_after_a_solve_is_no_outcome_of_it(warehouse: DbtWarehouse) -> None:
    """Ninety days are enough, a second more is not; who answers before the solve has none yet."""
    people = ["in_time", "too_late", "before", "without"]
    orders = [order(person, "2024-10-20") for person in people]
    tickets = [
        ticket(person, "2024-11-01", solved_at="2024-11-02T08:00:00+00:00") for person in people[:2]
    ]
    tickets += [ticket("before", "2025-01-20", solved_at="2025-02-10T08:00:00+00:00")]
    surveys = [
        answer("in_time", "2025-01-31"),
        answer("too_late", "2025-01-31", "08:00:01"),
        answer("before", "2025-01-31"),
        answer("without", "2025-01-31"),
    ]
    build(warehouse, orders=orders, tickets=tickets, survey_responses=surveys)
    counts = "select person_count, others_count from marts.recovered_failures"
    assert warehouse.rows(f"{counts} where outcome = 'recommendation'") == [(1, 2)]


def test_money_has_the_interval_of_a_difference_of_means(warehouse: DbtWarehouse) -> None:
    """Of one stratum: the variances of both sides by their numbers, as a textbook has it."""
    dice = random.Random(3)
    had, others = [f"had{n}" for n in range(120)], [f"other{n}" for n in range(150)]
    spent = {person: dice.randrange(0, 9000) / 100 for person in (*had, *others)}
    orders = [order(person, "2024-12-20") for person in spent]
    orders += [order(p, "2025-02-20") | {"gross_amount": spent[p]} for p in spent if spent[p] > 20]
    orders += [order("had0", "2025-04-11")]
    build(warehouse, orders=orders, survey_responses=[answer(p, "2025-01-10") for p in had])
    sides = [[spent[p] if spent[p] > 20 else 0 for p in side] for side in (had, others)]
    difference = mean(sides[0]) - mean(sides[1])
    margin = 1.959964 * sqrt(variance(sides[0]) / 120 + pvariance(sides[1]) / 150)
    columns = "effect::float8, ci_low::float8, ci_high::float8"
    where = "from marts.matched_comparisons where outcome ="
    found = warehouse.rows(f"select {columns} {where} 'spent_within_90_days'")
    assert found == [pytest.approx((difference, difference - margin, difference + margin))]
    beside = "spent_effect::float8, spent_ci_low::float8, spent_ci_high::float8"
    assert warehouse.rows(f"select {beside} {where} 'ordered_within_90_days'") == found


def test_who_speaks_up_in_a_crisis_is_held_against_likes(warehouse: DbtWarehouse) -> None:
    """Of four who scold two order again, of four others all do; who scolds later, none."""
    warehouse.execute(
        "insert into analytics.crises values ('A', '2025-01-10T08:00Z', '2025-01-10T09:00Z',"
        " '2025-01-10T09:00Z', '2025-01-10T12:00Z', 9, 1)"
    )
    warehouse.execute(
        "insert into analytics.text_scores values (md5('Awful'), 'vader', '1', 'en', 0, 'negative',"
        " %s)",
        LOADED_AT,
    )
    loud, calm = [f"loud{n}" for n in range(4)], [f"calm{n}" for n in range(4)]
    orders = [order(person, "2024-12-20") for person in (*loud, *calm)]
    orders += [order(person, "2025-02-20") for person in (*loud[:2], *calm)]
    posts = [post(person, "2025-01-10T10:00+00:00") for person in loud]
    build(warehouse, orders=orders, messages=[*posts, post("calm0", "2025-01-10T12:00+00:00")])
    assert figures(warehouse)["crisis_voice"] == (-50, None)


def test_too_few_counterparts_drop_the_generation_then_the_money(warehouse: DbtWarehouse) -> None:
    had, others = ["a1", "a2", "a3", "a4"], ["b1", "b2", "b3", "b4"]
    young = dict.fromkeys(had, 1990) | dict.fromkeys(others, 1950)
    orders = [order(person, "2024-12-20") for person in (*had, *others)]
    surveys = [answer(person, "2025-01-10") for person in had]
    build(warehouse, born=young, orders=orders, survey_responses=surveys)
    assert figures(warehouse) == {"detractor": (0, "compared without the generation")}
    dear = [row | {"gross_amount": 900} if row["customer_id"] in had else row for row in orders]
    build(warehouse, born=young, orders=dear, survey_responses=surveys)
    assert figures(warehouse) == {"detractor": (0, "compared without generation and money")}
    unlike = [order(person, "2023-01-01") for person in had] + orders[4:]
    build(warehouse, born=young, orders=unlike, survey_responses=surveys)
    ((value, reason),) = figures(warehouse).values()
    assert value is None
    assert reason.startswith("not enough comparable persons; ")
    assert reason.endswith("4 of 4 persons without a counterpart")


def test_fewer_than_the_smallest_number_are_no_comparison(warehouse: DbtWarehouse) -> None:
    orders = [order(person, "2024-12-20") for person in ("a", "b")]
    surveys = [answer("a", "2025-01-10")]
    build(warehouse, minimum_n=2, orders=orders, survey_responses=surveys)
    assert figures(warehouse) == {"detractor": (None, "not enough comparable persons")}
    build(warehouse, minimum_n=1, orders=orders, survey_responses=surveys)
    assert figures(warehouse) == {"detractor": (0, None)}


def test_without_an_event_or_anybody_else_there_is_no_figure(warehouse: DbtWarehouse) -> None:
    build(warehouse, orders=[order("a", "2024-12-20")])
    assert warehouse.rows("select * from marts.matched_comparisons") == []
    build(
        warehouse, orders=[order("a", "2024-12-20")], survey_responses=[answer("a", "2025-01-10")]
    )
    assert figures(warehouse)["detractor"][0] is None


def test_an_event_is_of_its_month_in_the_companys_zone_once_its_outcome_is_known(
    warehouse: DbtWarehouse,
) -> None:
    """March ends 81 days before now: what came within 90 days is not known of it."""
    orders = [order(person, "2024-12-20") for person in "abcd"]
    surveys = [
        answer("a", "2025-01-31", "22:59:59"),
        answer("a", "2025-01-02"),
        answer("b", "2025-01-31", "23:00:00"),
        answer("c", "2025-03-03"),
        answer("d", "2025-06-01"),
    ]
    build(warehouse, company_time_zone="Europe/Berlin", orders=orders, survey_responses=surveys)
    found = warehouse.rows(
        "select period_start::text, count(*), min(person_count) from marts.matched_comparisons"
        " group by 1 order by 1"
    )
    assert found == [("2025-01-01", 4, 1), ("2025-02-01", 4, 1), ("2025-03-01", 1, 1)]


def test_what_comes_with_an_event_is_neither_known_before_nor_an_outcome(
    warehouse: DbtWarehouse,
) -> None:
    """The orders of `now` are no earlier ones, so nobody compares; that of `a` is no later one."""
    orders = [order(person, "2024-12-20") for person in "ab"]
    orders += [order(person, "2025-01-10") for person in ("a", "now")]
    surveys = [answer(person, "2025-01-10") for person in ("a", "now")]
    build(warehouse, orders=orders, survey_responses=surveys)
    counts = warehouse.rows(
        "select person_count, compared_count, had_value from marts.matched_comparisons"
        " where outcome = 'ordered_within_90_days'"
    )
    assert counts == [(2, 1, 0)]


def test_a_complaint_is_unanswered_when_it_has_waited_a_week(warehouse: DbtWarehouse) -> None:
    tickets = [
        ticket("answered", "2025-01-10"),
        ticket("late", "2025-01-10"),
        ticket("never", "2025-01-28"),
        ticket("solved", "2025-01-10", solved_at="2025-01-12T08:00:00+00:00"),
    ]
    messages = [reply("answered", "2025-01-11"), reply("late", "2025-01-18")]
    build(warehouse, tickets=tickets, messages=messages, orders=[order("x", "2024-01-01")])
    found = warehouse.rows(
        "select event, period_start::text, count(*) from intermediate.int_comparison_events"
        " where event_kind <> 'recovery' group by 1, 2 order by 1, 2"
    )
    assert found == [
        ("complaint", "2025-01-01", 4),
        ("service", "2025-01-01", 2),
        ("service email", "2025-01-01", 2),
        ("solved_complaint", "2025-01-01", 1),
        ("unanswered_complaint", "2025-01-01", 1),
        ("unanswered_complaint", "2025-02-01", 1),
    ]


def test_sales_after_service_count_each_served_person_once(warehouse: DbtWarehouse) -> None:
    tickets = [ticket(person, "2025-01-10") for person in ("buys", "late", "again")]
    tickets.append(ticket("again", "2025-01-20", key="again2"))
    tickets.append(ticket("before the first order", "2024-11-10"))
    messages = [reply(row["ticket_id"], row["created_at"][:10]) for row in tickets]
    orders = [order("buys", "2025-01-17"), order("late", "2025-01-18")]
    orders += [order("again", "2025-01-26"), order("other", "2024-12-01")]
    build(warehouse, tickets=tickets, messages=messages, orders=orders)
    sales = warehouse.rows(
        "select numerator, denominator from intermediate.int_comparison_measures"
        " where metric_id = 'service_sales_rate' and segment_name = 'company'"
    )
    assert sales == [(1, 3)]


def test_a_company_has_the_differences_that_python_counts(warehouse: DbtWarehouse) -> None:
    company, born = many_persons(random.Random(4))
    build(warehouse, born=born, minimum_n=4, **company)
    assert_python_counts_the_same(warehouse, comparisons_of(company, born, 20_000))
    for column, count in (("event", 9), ("dropped", 3)):
        counted = f"select count(distinct {column}) from marts.matched_comparisons"
        assert warehouse.rows(counted) == [(count,)]

    assert warehouse.rows(STRATA_THAT_DO_NOT_ADD_UP) == []

    every_row = "select * from marts.matched_comparisons order by 1, 2, 3"
    rows = warehouse.rows(every_row)
    build(warehouse, born=born, minimum_n=4, **{name: part[::-1] for name, part in company.items()})
    assert warehouse.rows(every_row) == rows, "the order of rows changed a digit"

    build(warehouse, born=born, minimum_n=4, comparison_persons=12, **company)
    assert_python_counts_the_same(warehouse, comparisons_of(company, born, 12))
    largest = "select max(compared_count) from marts.matched_comparisons"
    assert warehouse.rows(largest) == [(12,)]


def assert_python_counts_the_same(
    warehouse: DbtWarehouse, wanted: dict[tuple[str, date, str], list[float | str | None]]
) -> None:
    found = warehouse.rows(
        "select event, period_start, outcome, compared_count, others_count, matched_count, dropped,"
        " had_value, others_value, days_since_order_before, days_since_order_after,"
        " order_count_before, order_count_after, contact_count_before, contact_count_after"
        " from marts.matched_comparisons"
    )
    assert {tuple(row[:3]) for row in found} == wanted.keys()
    for event, month, outcome, *rest in found:
        figures_found = [float(part) if isinstance(part, Decimal) else part for part in rest]
        expected = pytest.approx(wanted[event, month, outcome], abs=1e-5)
        assert figures_found == expected, (event, month, outcome)


def test_an_event_without_an_effect_has_none(warehouse: DbtWarehouse) -> None:
    """Who has ordered more often is asked more often, and would order more without being asked."""
    dice, orders, surveys = random.Random(8), [], []
    for number in range(600):
        person, zeal, ordered = f"p{number}", dice.choice([0.02, 0.06, 0.15]), []
        for day in range(700, 0, -10):
            moment = NOW - timedelta(days=day, minutes=dice.randrange(14_400))
            if dice.random() < zeal:
                ordered.append(moment)
            of_year = sum(moment - 365 * DAY <= then < moment for then in ordered)
            if dice.random() < (0.06 if of_year >= 4 else 0.015):
                surveys.append(answer(person, at=moment))
        orders += [order(person, at=moment) for moment in ordered]
    build(warehouse, orders=orders, survey_responses=surveys)
    months = warehouse.rows(
        "select effect::float8, ci_low::float8, ci_high::float8, order_count_before::float8"
        " from marts.matched_comparisons where outcome = 'ordered_within_90_days'"
        " and is_comparable and period_start >= '2024-06-01'"
    )
    assert len(months) == 9
    effects, lows, highs, differences = zip(*months, strict=True)
    error = sqrt(sum(((high - low) / 3.92) ** 2 for low, high in zip(lows, highs, strict=True)))
    assert abs(sum(effects)) < 2 * error
    assert sum(low <= 0 <= high for low, high in zip(lows, highs, strict=True)) >= 8
    assert min(differences) > 0.4, "those who were asked are not like the others"


def build(
    warehouse: DbtWarehouse,
    *,
    born: dict[str, int] | None = None,
    minimum_n: int = 1,
    company_time_zone: str = "UTC",
    comparison_persons: int = 20_000,
    **entities: list[Row],
) -> None:
    """Load nothing but these rows, and the customers in them, and compare."""
    every = ("orders", "tickets", "messages", "survey_responses", "satisfaction_ratings")
    every += ("campaign_touches", "customers")
    for entity in every:
        warehouse.execute(f"delete from raw.{entity}")
    for entity, rows in entities.items():
        warehouse.load(entity, rows, LOADED_AT)
    known = {
        row["customer_id"] for rows in entities.values() for row in rows if "customer_id" in row
    }
    customers = [{"customer_id": each, "birth_year": (born or {}).get(each)} for each in known]
    warehouse.load("customers", customers, LOADED_AT)
    variables = {**AS_OF, "company_time_zone": company_time_zone, "minimum_n": minimum_n}
    warehouse.build(MODELS, **variables, comparison_persons=comparison_persons)


def post(person: str, at: str) -> Row:
    """Return a public mention that the lexicon calls negative."""
    return {
        "message_id": f"{person} {at}",
        "direction": "inbound",
        "author_id": person,
        "author_handle": person,
        "channel": "mastodon",
        "brand": "A",
        "sent_at": at,
        "is_public": True,
        "text": "Awful",
    }


def figures(warehouse: DbtWarehouse) -> dict[str, tuple[Any, str | None]]:
    """Return the value of retention_after and what it leaves out, by event, of one month."""
    rows = warehouse.rows(
        "select segment_value, value, left_out from intermediate.int_comparison_measures"
        " where metric_id = 'retention_after'"
    )
    return {event: (value, left_out) for event, value, left_out in rows}
