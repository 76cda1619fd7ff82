"""Risk: a promise counts as kept that was broken, or the other way round, or in another month."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.promising import promise

pytestmark = pytest.mark.postgres

AS_OF = "2025-04-10T12:00:00+00:00"
LOADED_AT = "2025-04-10T06:00:00+00:00"
MODELS = "+int_promise_measures"


def test_a_delivery_is_late_from_the_promised_instant_on(warehouse: DbtWarehouse) -> None:
    promise(warehouse, "in_time", "delivery", at_most=0)
    warehouse.load(
        "orders",
        [
            order("on the dot", "2025-03-01", "2025-03-03", "2025-03-03"),
            order("a day early", "2025-03-01", "2025-03-03", "2025-03-02"),
            order("two days late", "2025-03-01", "2025-03-03", "2025-03-05"),
            order("never, and due", "2025-03-01", "2025-03-03", None),
            order("not due yet", "2025-04-09", "2025-04-12", None),
            order("without a promise", "2025-03-01", None, "2025-03-09"),
            order("a return", "2025-03-01", "2025-03-03", "2025-03-09") | {"gross_amount": -5},
            order("cancelled", "2025-03-01", "2025-03-03", None) | {"status": "cancelled"},
        ],
        LOADED_AT,
    )
    build(warehouse)
    assert kept(warehouse) == [("2025-03-01", 2, 4)]
    # 0, -1440 and 2880 minutes.
    assert gaps(warehouse) == [("in_time", "2025-03-01", 480, 3)]
    assert broken(warehouse) == [
        ("shop:never, and due", "2025-03-03", None),
        ("shop:two days late", "2025-03-03", 2880),
    ]


def test_a_wait_breaks_its_promise_in_the_month_in_which_the_time_is_up(
    warehouse: DbtWarehouse,
) -> None:
    promise(warehouse, "in_a_day", "first_reply", at_most=1440)
    tickets = {
        "in time over the border": ("2025-02-28T20:00", "2025-03-01T08:00"),
        "on the minute": ("2025-02-10T09:00", "2025-02-11T09:00"),
        "late over the border": ("2025-02-26T09:00", "2025-03-04T09:00"),
        "never": ("2025-02-28T09:00", None),
        "may still come": ("2025-04-10T09:00", None),
    }
    warehouse.load("tickets", [ticket(name, at) for name, (at, _) in tickets.items()], LOADED_AT)
    replies = {name: replied for name, (_, replied) in tickets.items() if replied}
    warehouse.load("messages", [reply(name, at) for name, at in replies.items()], LOADED_AT)
    build(warehouse)
    assert kept(warehouse) == [("2025-02-01", 1, 2), ("2025-03-01", 1, 2)]
    # 0 in February; in March 720 and 8640 minutes, less a day.
    assert gaps(warehouse) == [
        ("in_a_day", "2025-02-01", 0, 1),
        ("in_a_day", "2025-03-01", 3240, 2),
    ]
    assert broken(warehouse) == [
        ("ticket:shop:late over the border", "2025-02-27", 8640),
        ("ticket:shop:never", "2025-03-01", None),
    ]


def test_a_rating_and_a_measured_experience_keep_to_their_threshold(
    warehouse: DbtWarehouse,
) -> None:
    promise(warehouse, "liked", "rating of 5", at_least=4)
    promise(warehouse, "soon", "experience hold", at_most=5)
    ratings = [rating(number, score) for number, score in enumerate((5, 4, 3))]
    warehouse.load("satisfaction_ratings", ratings, LOADED_AT)
    held = [experience(number, value) for number, value in enumerate((5, 5.5, 1))]
    noise = experience(9, 99) | {"measure": "noise"}
    warehouse.load("experiences", [*held, noise], LOADED_AT)
    build(warehouse)
    assert kept(warehouse) == [("2025-03-01", 4, 6)]
    assert kept(warehouse, "promise", "soon") == [("2025-03-01", 2, 3)]
    assert gaps(warehouse) == [("liked", "2025-03-01", 0, 3), ("soon", "2025-03-01", -3.5 / 3, 3)]


def test_a_rating_beyond_its_scale_keeps_no_promise(warehouse: DbtWarehouse) -> None:
    promise(warehouse, "liked", "rating of 5", at_least=4)
    warehouse.load("satisfaction_ratings", [rating(1, 3), rating(2, 50)], LOADED_AT)
    build(warehouse)
    assert kept(warehouse) == [("2025-03-01", 0, 1)]
    assert gaps(warehouse) == [("liked", "2025-03-01", -1, 1)]


def test_a_rating_on_another_scale_is_not_subject_to_the_promise(warehouse: DbtWarehouse) -> None:
    promise(warehouse, "liked", "rating of 5", at_least=4)
    other_scales = [rating(1, 50) | {"scale_max": 100}, rating(2, 1) | {"scale_max": 1}]
    warehouse.load("satisfaction_ratings", [*other_scales, rating(3, 5)], LOADED_AT)
    build(warehouse)
    assert kept(warehouse) == [("2025-03-01", 1, 1)]
    assert gaps(warehouse) == [("liked", "2025-03-01", 1, 1)]


def test_a_promise_holds_on_its_days_for_its_brand_and_channel(warehouse: DbtWarehouse) -> None:
    promise(
        warehouse, "hold", "experience hold", at_most=5, brand="A", channel="phone",
        valid_from="2025-03-02", valid_to="2025-03-10",
    )  # fmt: skip
    found = {"brand": "A", "channel": "phone"}
    rows = [
        experience(1, 9) | found | {"experienced_at": "2025-03-01T22:59+00:00"},
        experience(2, 9) | found | {"experienced_at": "2025-03-01T23:00+00:00"},
        experience(3, 1) | found | {"experienced_at": "2025-03-10T22:59+00:00"},
        experience(4, 9) | found | {"experienced_at": "2025-03-10T23:00+00:00"},
        experience(5, 9) | found | {"brand": "B"},
        experience(6, 9) | found | {"channel": None},
    ]
    warehouse.load("experiences", rows, LOADED_AT)
    build(warehouse, company_time_zone="Europe/Berlin")
    assert kept(warehouse) == [("2025-03-01", 1, 2)]
    assert kept(warehouse, "brand", "A") == [("2025-03-01", 1, 2)]


def test_without_a_promise_or_an_experience_there_is_no_figure(warehouse: DbtWarehouse) -> None:
    warehouse.load("experiences", [experience(1, 9)], LOADED_AT)
    build(warehouse)
    assert kept(warehouse) == []
    promise(warehouse, "fast", "resolution", at_most=60)
    build(warehouse)
    assert kept(warehouse) == gaps(warehouse) == []


def test_a_desk_that_tells_no_solves_breaks_no_promise_of_one(warehouse: DbtWarehouse) -> None:
    promise(warehouse, "fast", "resolution", at_most=60)
    promise(warehouse, "soon", "first_reply", at_most=60)
    warehouse.load("tickets", [ticket("1", "2025-03-01T09:00")], LOADED_AT)
    build(warehouse)
    assert kept(warehouse) == []


def test_contacts_about_a_promise_are_held_against_those_of_likes(warehouse: DbtWarehouse) -> None:
    """Twelve contacts of 30 persons who were written to, six of 30 others: twice as many."""
    promise(warehouse, "soon", "delivery", at_most=0, campaigns=["Spring "], topic="delivery")
    told, others = [f"told{n}" for n in range(30)], [f"other{n}" for n in range(30)]
    customers = [{"customer_id": person} for person in (*told, *others)]
    orders = [bought(person) for person in (*told, *others)]
    sends = [sent(person, "k1") for person in told]
    sends += [sent(others[0], "k2"), sent(others[1], "k1") | {"status": "bounced"}]
    contacts = [asked(person, day) for person in told[:6] for day in ("11", "20")]
    contacts += [asked(person, "12") for person in others[:6]]
    contacts += [asked(told[7], "11") | {"topic": "billing"}]
    contacts += [asked(told[8], "02"), asked(others[8], "02")]
    contacts += [asked(told[9], "11") | {"created_at": "2025-02-09T08:01+00:00"}]
    campaigns = [{"campaign_id": "k1", "name": "spring"}, {"campaign_id": "k2", "name": "k2"}]
    for entity, rows in {
        "customers": customers, "orders": orders, "campaigns": campaigns,
        "campaign_touches": sends, "tickets": contacts,
    }.items():  # fmt: skip
        warehouse.load(entity, rows, LOADED_AT)
    build(warehouse)
    ((*counts, low, high),) = warehouse.rows(
        "select cast(period_start as text), value, numerator, denominator, n, left_out, ci_low,"
        " ci_high from intermediate.int_promise_measures where metric_id = 'promise_contact_lift'"
    )
    assert counts == ["2025-01-01", 2, 12, 6, 30, None]
    # exp(ln 2 -+ 1.959964 * sqrt(1/12 + 1/6))
    assert (float(low), float(high)) == pytest.approx((0.750636, 5.328817), abs=1e-5)


def build(warehouse: DbtWarehouse, **variables: str) -> None:
    warehouse.build(MODELS, as_of=AS_OF, **variables)


def order(order_id: str, at: str, promised: str | None, delivered: str | None) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "ordered_at": f"{at}T10:00+00:00",
        "gross_amount": 10,
        "promised_at": promised and f"{promised}T10:00+00:00",
        "delivered_at": delivered and f"{delivered}T10:00+00:00",
    }


def bought(person: str) -> Mapping[str, Any]:
    return {
        "order_id": person,
        "customer_id": person,
        "ordered_at": "2024-12-20T08:00+00:00",
        "gross_amount": 10,
    }


def sent(person: str, campaign_id: str) -> dict[str, Any]:
    return {
        "touch_id": f"{campaign_id} {person}",
        "customer_id": person,
        "campaign_id": campaign_id,
        "sent_at": "2025-01-10T08:00+00:00",
        "status": "delivered",
    }


def asked(person: str, day: str) -> dict[str, Any]:
    return {
        "ticket_id": f"{person} {day}",
        "customer_id": person,
        "created_at": f"2025-01-{day}T08:00+00:00",
        "topic": "delivery",
    }


def ticket(ticket_id: str, at: str) -> Mapping[str, Any]:
    return {"ticket_id": ticket_id, "created_at": f"{at}+00:00"}


def reply(ticket_id: str, at: str) -> Mapping[str, Any]:
    return {
        "message_id": ticket_id,
        "ticket_id": ticket_id,
        "channel": "email",
        "sent_at": f"{at}+00:00",
        "direction": "outbound",
        "text": "",
    }


def rating(number: int, score: int) -> Mapping[str, Any]:
    return {
        "rating_id": str(number),
        "rated_at": "2025-03-05T10:00+00:00",
        "score": score,
        "scale_max": 5,
    }


def experience(number: int, value: float) -> dict[str, Any]:
    return {
        "experience_id": str(number),
        "experienced_at": datetime(2025, 3, 5, tzinfo=UTC) + timedelta(minutes=number),
        "measure": "hold",
        "value": value,
    }


def kept(
    warehouse: DbtWarehouse, segment_name: str = "company", segment_value: str = "all"
) -> list[tuple]:
    """Return month, numerator and denominator of the kept promises."""
    return warehouse.rows(
        "select cast(period_start as text), numerator, denominator"
        " from intermediate.int_promise_measures where metric_id = 'promise_kept_rate'"
        " and segment_name = %s and segment_value = %s order by 1",
        segment_name,
        segment_value,
    )


def gaps(warehouse: DbtWarehouse) -> list[tuple]:
    """Return promise, month, mean and number of the gaps."""
    found = warehouse.rows(
        "select segment_value, cast(period_start as text), cast(value as double precision), n"
        " from intermediate.int_promise_measures where metric_id = 'promise_gap' order by 1, 2"
    )
    return [(*row[:2], pytest.approx(row[2], abs=1e-5), row[3]) for row in found]


def broken(warehouse: DbtWarehouse) -> list[tuple]:
    """Return key, day and value of what is opened behind the broken ones."""
    return warehouse.rows(
        "select experience_key, cast(cast(broken_at at time zone 'UTC' as date) as text), value"
        " from marts.promise_experiences where experience_key is not null order by 1"
    )
