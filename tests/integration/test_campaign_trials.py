"""Risk: a campaign is credited with orders that would have come anyway."""

from collections.abc import Mapping
from math import sqrt
from typing import Any

import pytest

from tests.fixtures.dbt_build import DbtWarehouse

pytestmark = pytest.mark.postgres

AS_OF = "2025-04-10T12:00:00+00:00"
LOADED_AT = "2025-04-10T06:00:00+00:00"
SENT = "2025-01-10T08:00+00:00"


def test_a_control_group_says_what_a_campaign_adds(warehouse: DbtWarehouse) -> None:
    """Method 10 (Newcombe 1998): 56 of 70 against 48 of 80 differ by 0.0524 to 0.3339."""
    got, held = [f"got{n}" for n in range(70)], [f"held{n}" for n in range(80)]
    orders = [order(person) for person in (*got[:56], *held[:48])]
    orders += [order(got[60], "2025-01-10T08:00+00:00"), order(got[61], "2025-02-09T08:01+00:00")]
    orders += [order(held[70]) | {"gross_amount": -5}, order(held[71]) | {"status": "cancelled"}]
    touches = [touch(person) for person in got] + [
        touch(person, is_control=True) for person in held
    ]
    touches += [touch("both"), touch("both", is_control=True), touch(None)]
    build(warehouse, orders, touches)
    ((*counts, low, high),) = measured(warehouse)
    assert counts == [
        "shop:k1",
        "2025-01-01",
        20,
        14,
        70,
        150,
        "1 of 151 persons who were in both groups",
    ]
    assert (round(float(low) / 100, 4), round(float(high) / 100, 4)) == (0.0524, 0.3339)


def test_who_is_held_back_got_no_send(warehouse: DbtWarehouse) -> None:
    build(warehouse, [], [touch("a"), touch("b", is_control=True)])
    assert warehouse.rows("select touch_key from intermediate.int_sends") == [("shop:a False",)]


def test_a_small_group_is_no_experiment(warehouse: DbtWarehouse) -> None:
    touches = [touch(f"got{n}") for n in range(40)]
    touches += [touch(f"held{n}", is_control=True) for n in range(29)]
    build(warehouse, [], touches)
    ((*_, value, left_out),) = [(row[2], row[6]) for row in measured(warehouse)]
    assert (value, left_out) == (None, "too few persons in one of the groups")


def test_without_a_control_group_or_before_thirty_days_there_is_no_figure(
    warehouse: DbtWarehouse,
) -> None:
    late = {"sent_at": "2025-03-15T08:00+00:00", "campaign_id": "k2"}
    touches = [touch(f"got{n}") for n in range(40)]
    touches += [touch(f"late{n}", is_control=n % 2 == 0) | late for n in range(80)]
    build(warehouse, [], touches)
    assert measured(warehouse) == []


def test_a_control_group_says_what_a_campaign_earns(warehouse: DbtWarehouse) -> None:
    """A hundred got it and earn 5 each, 200 held back earn 2: 300 more, for a cost of 150."""
    got, held = [f"got{n}" for n in range(100)], [f"held{n}" for n in range(200)]
    orders = [order(person) | {"margin_amount": 10} for person in (*got[:50], *held[:40])]
    touches = [touch(person) for person in got] + [
        touch(person, is_control=True) for person in held
    ]
    cost = {"campaign_id": "k1", "channel": "email", "cost_date": "2024-12-20", "amount": 150}
    warehouse.load("campaign_costs", [cost | {"cost_kind": "media"}], LOADED_AT)
    build(warehouse, orders, touches)
    (roi,) = returns(warehouse)
    variances = (5_000 - 500**2 / 100) / 99, (4_000 - 400**2 / 200) / 199
    margin = 1.959964 * 100 * sqrt(variances[0] / 100 + variances[1] / 200)
    assert roi[:2] == (100, 150) and roi[4] is None
    assert [float(bound) for bound in roi[2:4]] == pytest.approx(
        [100 * (150 - margin) / 150, 100 * (150 + margin) / 150], rel=1e-6
    )


def test_a_campaign_with_an_unknown_margin_or_without_costs_has_no_return(
    warehouse: DbtWarehouse,
) -> None:
    touches = [touch(f"got{n}") for n in range(40)]
    touches += [touch(f"held{n}", is_control=True) for n in range(40)]
    build(warehouse, [order("got1"), order("got2") | {"margin_amount": 5}], touches)
    assert returns(warehouse) == []
    cost = {"campaign_id": "k1", "channel": "email", "cost_date": "2024-12-20", "amount": 150}
    warehouse.load("campaign_costs", [cost | {"cost_kind": "media"}], LOADED_AT)
    build(warehouse, [], touches)
    assert returns(warehouse) == [(None, None, None, None, "1 of 2 margins unknown")]


def build(
    warehouse: DbtWarehouse, orders: list[Mapping[str, Any]], touches: list[Mapping[str, Any]]
) -> None:
    named = {row["customer_id"] for row in (*orders, *touches) if row["customer_id"]}
    warehouse.load("customers", [{"customer_id": each} for each in named], LOADED_AT)
    warehouse.load("orders", orders, LOADED_AT)
    warehouse.load("campaign_touches", touches, LOADED_AT)
    warehouse.build("+int_campaign_trial_measures int_sends", as_of=AS_OF, minimum_n=30)


def order(person: str, at: str = "2025-01-20T08:00+00:00") -> dict[str, Any]:
    return {
        "order_id": f"{person} {at}",
        "customer_id": person,
        "ordered_at": at,
        "gross_amount": 10,
    }


def touch(person: str | None, is_control: bool = False) -> dict[str, Any]:
    return {
        "touch_id": f"{person} {is_control}",
        "customer_id": person,
        "campaign_id": "k1",
        "sent_at": SENT,
        "status": "delivered",
        "is_control": is_control,
    }


def measured(warehouse: DbtWarehouse) -> list[tuple]:
    """Return campaign, month, value, numerator, denominator, n, words and interval."""
    return warehouse.rows(
        "select segment_value, cast(period_start as text), value, numerator, denominator, n,"
        " left_out, ci_low, ci_high from intermediate.int_campaign_trial_measures"
        " where metric_id = 'campaign_incremental_rate'"
    )


def returns(warehouse: DbtWarehouse) -> list[tuple]:
    """Return value, numerator, interval and words."""
    return warehouse.rows(
        "select value, numerator, ci_low, ci_high, left_out"
        " from intermediate.int_campaign_trial_measures"
        " where metric_id = 'campaign_incremental_roi'"
    )
