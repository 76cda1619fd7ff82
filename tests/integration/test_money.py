"""Risk: money counts where it doesn't belong, or for 0 where nobody knows it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.small_company import AS_OF, LOADED_AT

pytestmark = pytest.mark.postgres

RETENTION = "+int_retention_measures +int_cohort_measures +int_loyalty_measures"


def test_a_negative_order_is_a_return_and_no_purchase(warehouse: DbtWarehouse) -> None:
    load_orders(
        warehouse,
        order("1", "e", "2025-01-10", 50),
        order("2", "e", "2025-01-11", 40),
        order("R2", "e", "2025-04-12", -40),
    )
    warehouse.build(RETENTION, **AS_OF)
    assert one(warehouse, "cohort_retention", "2025-04-01") == (0, 1)
    assert one(warehouse, "new_customers", "2025-01-01") == (1, None)
    windows = warehouse.rows(
        "select first_month, order_count, revenue::int from marts.purchase_windows"
        " order by first_month"
    )
    assert windows == [(date(2025, 1, 1), 2, 90), (date(2025, 4, 1), 2, 50)]
    assert warehouse.rows("select count(*) from intermediate.int_purchase_intervals") == [(1,)]


def test_a_return_lowers_the_revenue_of_its_own_month(warehouse: DbtWarehouse) -> None:
    load_orders(
        warehouse,
        order("1", "e", "2024-03-10", 100),
        order("2", "e", "2025-03-10", 90),
        order("R2", "e", "2025-03-12", -40),
        order("R1", "e", "2025-05-12", -40),
    )
    warehouse.build(RETENTION, **AS_OF)
    assert one(warehouse, "net_revenue_retention", "2025-03-01") == (50, 100)
    assert one(warehouse, "new_customers", "2025-05-01") == (0, None)


def test_refunds_on_their_own_days_net_their_order(warehouse: DbtWarehouse) -> None:
    load_orders(
        warehouse,
        order("1", "e", "2024-03-10", 100),
        order("2", "e", "2025-03-10", 90, refunded_amount=5),
        order("3", "f", "2024-03-10", 100),
        order("4", "f", "2025-03-10", 80),
    )
    warehouse.load(
        "refunds",
        [refund("a", "2", "2025-03-20", 10), refund("b", "2", "2025-05-02", 20),
         refund("c", "4", "2025-04-02", 80), refund("d", "nowhere", "2025-04-02", 80)],
        LOADED_AT,
    )  # fmt: skip
    warehouse.build(RETENTION, **AS_OF)
    assert one(warehouse, "net_revenue_retention", "2025-03-01") == (60, 200)
    purchases = "select order_count from marts.purchase_windows where first_month = '2025-03-01'"
    assert warehouse.rows(purchases) == [(1,), (1,)], "refunded in full, and a purchase still"


def test_a_refund_takes_its_share_of_the_margin(warehouse: DbtWarehouse) -> None:
    sold = {"campaign_id": "K", "margin_amount": 40}
    load_orders(
        warehouse,
        order("1", "e", "2025-04-10", 100, **sold),
        order("2", "e", "2025-04-11", 100, currency="XTS", **sold),
        order("R", "e", "2025-04-12", -20, campaign_id="K", margin_amount=-15),
    )
    warehouse.load("refunds", [refund("a", "1", "2025-05-20", 25)], LOADED_AT)
    warehouse.build("+campaign_results", **AS_OF)
    results = warehouse.rows(
        "select attributed_order_count, unknown_margin_count, attributed_revenue,"
        " attributed_margin::int from marts.campaign_results"
    )
    assert results == [(3, 1, None, 15)]


def test_revenue_belongs_to_the_brand_of_its_order(warehouse: DbtWarehouse) -> None:
    orders = []
    for number in range(100):
        orders += [
            order(f"c{number}-1", f"c{number}", "2024-01-10", 100, brand="A"),
            order(f"c{number}-2", f"c{number}", "2024-06-10", 10, brand="B"),
            order(f"c{number}-3", f"c{number}", "2025-01-10", 50, brand="A"),
            order(f"d{number}-1", f"d{number}", "2024-01-10", 10, brand="B"),
            order(f"d{number}-2", f"d{number}", "2025-01-10", 10, brand="B"),
            order(f"e{number}-1", f"e{number}", "2024-01-15", 10, brand="A"),
        ]
    load_orders(warehouse, *orders)
    warehouse.build(RETENTION, **AS_OF)
    january = ("net_revenue_retention", "2025-01-01")
    assert one(warehouse, *january) == (6_000, 12_000)
    assert one(warehouse, *january, "brand", "A") == (5_000, 11_000)
    assert one(warehouse, *january, "brand", "B") == (1_000, 1_000)


def test_revenue_belongs_to_the_channel_of_its_order(warehouse: DbtWarehouse) -> None:
    load_orders(
        warehouse,
        order("1", "e", "2024-01-10", 100, channel="web"),
        order("2", "e", "2025-01-10", 30, channel="web"),
        order("3", "e", "2025-01-11", 50, channel="store"),
    )
    warehouse.build(RETENTION, **AS_OF)
    january = ("net_revenue_retention", "2025-01-01")
    assert one(warehouse, *january) == (80, 100)
    assert one(warehouse, *january, "channel", "web") == (30, 100)
    assert one(warehouse, *january, "channel", "store") == (0, 0)


def test_an_amount_without_a_rate_is_no_revenue_of_0_and_is_counted(
    warehouse: DbtWarehouse,
) -> None:
    load_orders(
        warehouse,
        order("1", "e", "2024-05-10", 100),
        order("2", "e", "2025-05-10", 80),
        order("3", "f", "2024-05-10", 100),
        order("4", "f", "2025-05-10", 80, currency="XTS"),
    )
    warehouse.build(RETENTION, **AS_OF)
    words = "1 of 2 customers with an amount that has no exchange rate"
    assert one(warehouse, "net_revenue_retention", "2025-05-01") == (80, 100)
    assert left_out(warehouse, "net_revenue_retention", "2025-05-01") == words
    assert one(warehouse, "rfm_segment", "2025-05-01") == (0, 1)
    assert left_out(warehouse, "rfm_segment", "2025-05-01") == words


def test_unknown_margins_are_counted_beside_a_campaigns_return(warehouse: DbtWarehouse) -> None:
    margins = {"A": [50] * 40, "B": [None] * 40, "C": [], "D": [50] * 4 + [None] * 36}
    costs = {"A": 1_000, "B": 9_000, "C": 5_000, "D": 1_000}
    load_orders(
        warehouse,
        *(
            order(f"{name}{number}", f"c{number}", "2025-04-10", 100)
            | {"campaign_id": name, "margin_amount": margin}
            for name, known in margins.items()
            for number, margin in enumerate(known)
        ),
    )
    load_costs(warehouse, costs)
    warehouse.build("+scorecard", **AS_OF)
    cards = warehouse.rows(
        "select segment_value, round(value, 1)::float, n, left_out, suppressed_reason"
        " from marts.scorecard where metric_id = 'campaign_roi'"
        " and segment_name in ('company', 'campaign') order by segment_name desc, segment_value"
    )
    assert cards == [
        ("all", -86.3, 4, "76 of 120 margins unknown", None),
        ("shop:A", 100, 1, None, None),
        ("shop:B", None, 1, "40 of 40 margins unknown", "40 of 40 margins unknown"),
        ("shop:C", -100, 1, None, None),
        ("shop:D", -80, 1, "36 of 40 margins unknown", None),
    ]


def test_a_campaign_whose_cost_has_no_rate_is_counted_beside_the_others(
    warehouse: DbtWarehouse,
) -> None:
    load_orders(warehouse, order("1", "c1", "2025-04-10", 100))
    load_costs(warehouse, {"A": 100}, {"B": 100})
    sends = [
        {
            "touch_id": f"{name}{number}",
            "campaign_id": name,
            "customer_id": f"c{number}",
            "sent_at": datetime(2025, 4, 10, tzinfo=UTC),
        }
        for name in "AB"
        for number in range(40)
    ]
    warehouse.load("campaign_touches", sends, LOADED_AT)
    warehouse.build("+scorecard", **AS_OF)
    words = "1 of 2 campaigns with a cost that has no exchange rate"
    cards = warehouse.rows(
        "select metric_id, value::float, left_out from marts.scorecard"
        " where segment_name = 'company' and metric_id in"
        " ('campaign_roi', 'cost_per_person_reached') order by metric_id"
    )
    assert cards == [("campaign_roi", -100, words), ("cost_per_person_reached", 2.5, words)]


def test_who_first_bought_before_the_calendar_began_is_not_new(warehouse: DbtWarehouse) -> None:
    load_orders(
        warehouse,
        order("1", "e", "1999-12-01", 50),
        order("2", "e", "2023-01-15", 50),
        order("3", "ancient", "1901-06-01", 50),
        order("4", "ancient", "2023-01-16", 50),
    )
    warehouse.build(RETENTION, **AS_OF)
    new = warehouse.rows(
        "select period_start, value::int from intermediate.int_retention_measures"
        " where metric_id = 'new_customers' and segment_name = 'company' and value <> 0"
    )
    assert new == [(date(1999, 12, 1), 1)]
    assert one(warehouse, "reactivation_rate", "2023-01-01") == (2, 2)
    assert one(warehouse, "retention_rate", "2023-02-01") == (2, 2)


def test_an_archive_of_the_nineties_has_figures(warehouse: DbtWarehouse) -> None:
    load_orders(
        warehouse,
        order("1", "e", "1997-01-05", 10),
        order("2", "e", "1998-03-05", 10),
        order("3", "f", "1997-02-05", 10),
    )
    warehouse.build(RETENTION, **AS_OF | {"as_of": "1998-07-01T00:00:00+00:00"})
    assert one(warehouse, "new_customers", "1997-02-01") == (1, None)
    assert one(warehouse, "retention_rate", "1998-02-01") == (0, 1)
    assert one(warehouse, "reactivation_rate", "1998-03-01") == (1, 2)


def order(
    key: str, customer: str, day: str, amount: float, currency: str = "EUR", **more: Any
) -> dict[str, Any]:
    """Return an order of a customer on a day."""
    return {
        "order_id": key,
        "customer_id": customer,
        "ordered_at": datetime.fromisoformat(day).replace(tzinfo=UTC),
        "gross_amount": amount,
        "currency": currency,
        "brand": "A",
        "channel": "web",
        **more,
    }


def refund(key: str, order_id: str, day: str, amount: float) -> dict[str, Any]:
    """Return a refund of an order on a day."""
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return {"refund_id": key, "order_id": order_id, "refunded_at": at, "amount": amount}


def load_orders(warehouse: DbtWarehouse, *orders: dict[str, Any]) -> None:
    warehouse.load("orders", orders, LOADED_AT)


def load_costs(
    warehouse: DbtWarehouse, costs: dict[str, float], unknown: Iterable[str] = ()
) -> None:
    """Load what campaigns of April cost; of those in `unknown` in a currency without a rate."""
    rows = [
        {
            "campaign_id": name,
            "channel": "email",
            "cost_kind": "media",
            "cost_date": date(2025, 4, 5),
            "amount": amount,
            "currency": currency,
        }
        for currency, named in (("EUR", costs), ("XTS", dict.fromkeys(unknown, 100)))
        for name, amount in named.items()
    ]
    warehouse.load("campaign_costs", rows, LOADED_AT)


def one(
    warehouse: DbtWarehouse,
    metric_id: str,
    month: str,
    segment_name: str = "company",
    segment_value: str = "all",
) -> tuple[int, int | None]:
    """Return the numerator and the denominator of a figure."""
    [found] = measured(
        warehouse, "numerator::int, denominator::int", metric_id, month, segment_name, segment_value
    )
    return found


def left_out(warehouse: DbtWarehouse, metric_id: str, month: str) -> str | None:
    """Return what the company's figure could not count."""
    [[words]] = measured(warehouse, "left_out", metric_id, month, "company", "all")
    return words


def measured(warehouse: DbtWarehouse, columns: str, *key: str) -> list[tuple[Any, ...]]:
    area = {"cohort_retention": "cohort", "rfm_segment": "loyalty"}.get(key[0], "retention")
    return warehouse.rows(
        f"select {columns} from intermediate.int_{area}_measures where metric_id = %s"
        " and period_start = %s and segment_name = %s and segment_value = %s",
        *key,
    )
