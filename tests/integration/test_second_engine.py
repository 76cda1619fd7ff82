"""Another engine must come to the same figures from the same rows."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.dbt_build import ALL_MODELS, DbtWarehouse
from tests.fixtures.outcry import outcry
from tests.fixtures.second_engine import DuckDbWarehouse
from tests.fixtures.small_company import AS_OF, LOADED_AT
from tests.fixtures.wider_company import load_wider_company

pytestmark = pytest.mark.postgres

VARIABLES = AS_OF | {
    "company_time_zone": "Europe/Berlin",
    "activity_window_days": 90,
    "minimum_n": 5,
    "calendars": [
        {
            "brands": ["Alpha"],
            "channels": ["email", "it's"],
            "spans": [[1, "00:00", "24:00"], [2, "08:00", "12:00"], [2, "13:00", "24:00"]],
            "days_off": ["2024-12-30", "2024-12-31"],
        },
        {"teams": ["Back"], "spans": [[6, "09:00", "17:00"]], "days_off": []},
        {"spans": [[day, "09:00", "17:00"] for day in range(1, 6)], "days_off": []},
    ],
    "service_levels": [
        {
            "priorities": ["high"],
            "clock": "business",
            "first_reply_minutes": 90,
            "full_resolution_minutes": None,
        },
        {"clock": "calendar", "first_reply_minutes": 1000, "full_resolution_minutes": 2880.5},
    ],
}
SIX_DECIMALS = Decimal("0.000001")


def test_duckdb_comes_to_the_figures_of_postgresql(warehouse: DbtWarehouse, tmp_path: Path) -> None:
    load_wider_company(warehouse)
    warehouse.load("messages", outcry(), LOADED_AT)
    warehouse.build(ALL_MODELS, **VARIABLES)
    other = DuckDbWarehouse(tmp_path / "warehouse.duckdb", tmp_path / "dbt")
    other.copy(warehouse.url)
    other.build(**VARIABLES)

    assert_no_case_is_missing(warehouse)
    for mart, query in queries_of_marts(warehouse).items():
        rows, others = comparable(warehouse.rows(query)), comparable(other.rows(query))
        # A company with a figure of each metric lacks none.
        assert rows or mart == "metric_absences", f"{mart} has rows to compare"
        assert next(iter(rows - others), None) is next(iter(others - rows), None) is None, mart


def assert_no_case_is_missing(warehouse: DbtWarehouse) -> None:
    """Refuse a company without a figure of each metric, or without a verdict of each kind."""
    query = (
        "select count(distinct metric_id) filter (where value is not null),"
        " count(distinct signal), count(distinct target_status), count(distinct signal_rule)"
        " from marts.scorecard"
    )
    assert warehouse.rows(query) == [(55, 4, 3, 3)]


def queries_of_marts(warehouse: DbtWarehouse) -> dict[str, str]:
    """Return a query of each table and view that is published; when it was made isn't asked."""
    columns = warehouse.rows(
        "select table_name, string_agg(column_name, ', ' order by ordinal_position)"
        " from information_schema.columns"
        " where table_schema = 'marts' and column_name <> 'refreshed_at' group by table_name"
    )
    return {mart: f"select {names} from marts.{mart}" for mart, names in columns}


def comparable(rows: Iterable[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    """Count equal rows, with numbers to six decimals and instants in one time zone."""
    return Counter(tuple(map(_comparable, row)) for row in rows)


def _comparable(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return Decimal(value).quantize(SIX_DECIMALS)
    return value
