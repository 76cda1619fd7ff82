"""The marts by person must say what a plain count over the raw rows says."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.fixtures.dbt_build import DbtWarehouse

pytestmark = pytest.mark.postgres

ZONE = ZoneInfo("Europe/Berlin")
AS_OF = {"as_of": "2025-07-10T00:00:00Z", "company_time_zone": "Europe/Berlin"}
LOADED_AT = "2025-07-01T00:00:00Z"
WINDOW = timedelta(days=365)
TABLES = (
    "marts.retention_by_person",
    "marts.revenue_by_person",
    "marts.cohort_retention",
    "intermediate.int_retention_measures",
    "intermediate.int_cohort_measures",
    "marts.rfm_segments",
    "intermediate.int_loyalty_measures",
    "marts.advocacies",
    "marts.nps_responses",
    "intermediate.int_evangelism_measures",
)
LAYERS = (
    "+int_evangelism_measures +int_retention_measures +int_cohort_measures"
    " +int_loyalty_measures +rfm_segments +retention_by_person"
)


def test_cards_equal_a_plain_count_over_the_orders(warehouse: DbtWarehouse) -> None:
    orders = random_orders()
    warehouse.load("orders", orders, LOADED_AT)
    warehouse.build(LAYERS, **AS_OF)

    found = {
        (metric, month): (float(numerator), None if denominator is None else float(denominator))
        for metric, month, numerator, denominator in warehouse.rows(
            "select metric_id, period_start, numerator, denominator"
            " from intermediate.int_retention_measures where segment_name = 'company' union all"
            " select metric_id, period_start, numerator, denominator"
            " from intermediate.int_cohort_measures where segment_name = 'company' union all"
            " select metric_id, period_start, numerator, denominator"
            " from intermediate.int_loyalty_measures"
            " where segment_name = 'company' and metric_id = 'repeat_purchase_rate'"
        )
    }
    expected = plain_counts(orders)
    assert len(expected) > 60
    for key, figures in expected.items():
        assert found[key] == pytest.approx(figures), key
    assert found.keys() == expected.keys()


def test_an_empty_warehouse_has_no_measures(warehouse: DbtWarehouse) -> None:
    warehouse.build(LAYERS, **AS_OF)
    assert not any(everything(warehouse).values())


def random_orders() -> list[dict[str, Any]]:
    """Return orders of 60 persons and some guests over 30 months, at all hours."""
    dice = random.Random(7)
    start = datetime(2023, 1, 1, tzinfo=UTC)
    orders = []
    for number in range(400):
        customer = f"c{int(60 * dice.random() ** 2)}" if dice.random() > 0.05 else None
        at = start + timedelta(hours=dice.randrange(24 * 900))
        orders.append(order(f"o{number}", customer, at.isoformat(), dice.randrange(1, 200)))
    return orders


def order(key: str, customer: str | None, at: str, amount: float, **more: Any) -> dict[str, Any]:
    return {
        "order_id": key,
        "customer_id": customer,
        "ordered_at": at,
        "gross_amount": amount,
        "currency": "EUR",
        "channel": "web",
        "brand": "Alpha",
        **more,
    }


def plain_counts(orders: list[dict[str, Any]]) -> dict[tuple[str, date], tuple[Any, Any]]:
    """Count each metric person by person, month by month: slow, and plain to check."""
    bought: dict[str, list[tuple[date, float]]] = defaultdict(list)
    for row in orders:
        if row["customer_id"]:
            day = datetime.fromisoformat(row["ordered_at"]).astimezone(ZONE).date()
            bought[row["customer_id"]].append((day, row["gross_amount"]))
    history_start = min(day for days in bought.values() for day, _ in days)
    counts: dict[tuple[str, date], tuple[Any, Any]] = {}
    for start, end in months(history_start.replace(day=1), date(2025, 7, 1)):
        persons = [Person(days, start, end) for days in bought.values()]
        counts |= month_counts(start, persons, start - WINDOW >= history_start)
    return counts


def month_counts(
    start: date, persons: list["Person"], has_history: bool
) -> dict[tuple[str, date], tuple[Any, Any]]:
    known = [p for p in persons if p.first < p.end]
    cohort = [p for p in known if months_apart(p.first, start) == 3]
    eligible = [p for p in known if p.first <= p.end - WINDOW and p.in_window(p.end)]
    buyers = [p for p in known if p.had_ordered_a_year_ago]
    counts: dict[tuple[str, date], tuple[Any, Any]] = {
        ("new_customers", start): (sum(p.first >= start for p in known), None),
        ("cohort_retention", start): (sum(bool(p.now) for p in cohort), len(cohort)),
    }
    if buyers:
        revenue = sum(sum(p.now) for p in buyers)
        year_ago = sum(p.year_ago for p in buyers)
        counts["net_revenue_retention", start] = (revenue, year_ago)
    if eligible:
        repeats = sum(p.in_window(p.end) >= 2 for p in eligible)
        counts["repeat_purchase_rate", start] = (repeats, len(eligible))
    if has_history:
        active = [p for p in known if p.in_window(start)]
        lapsed = [p for p in known if p.first < start and not p.in_window(start)]
        kept = sum(bool(p.in_window(p.end)) for p in active)
        counts["retention_rate", start] = (kept, len(active))
        counts["reactivation_rate", start] = (sum(bool(p.now) for p in lapsed), len(lapsed))
    return counts


class Person:
    """One person's orders, seen from one month."""

    def __init__(self, orders: list[tuple[date, float]], start: date, end: date) -> None:
        self.days = [day for day, _ in orders]
        self.end = end
        self.first = min(self.days)
        self.now = [amount for day, amount in orders if start <= day < end]
        earlier = [amount for day, amount in orders if months_apart(day, start) == 12]
        self.had_ordered_a_year_ago = bool(earlier)
        self.year_ago = sum(earlier)

    def in_window(self, until: date) -> int:
        return sum(until - WINDOW <= day < until for day in self.days)


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        after = (first + timedelta(days=32)).replace(day=1)
        yield first, after
        first = after


def months_apart(earlier: date, later: date) -> int:
    return 12 * (later.year - earlier.year) + later.month - earlier.month


def everything(warehouse: DbtWarehouse) -> dict[str, list[tuple[Any, ...]]]:
    return {name: sorted(warehouse.rows(f"select * from {name}"), key=str) for name in TABLES}
