"""Another engine must come to the same figures from the same rows."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.dbt_build import ALL_MODELS, DbtWarehouse
from tests.fixtures.second_engine import DuckDbWarehouse
from tests.fixtures.small_company import AS_OF
from tests.fixtures.wider_company import load_wider_company

pytestmark = pytest.mark.postgres

VARIABLES = AS_OF | {
    "company_time_zone": "Europe/Berlin",
    "activity_window_days": 90,
    "minimum_n": 5,
}
SIXTH_DECIMAL = 1e-6
Row = tuple[Any, ...]


def test_duckdb_comes_to_the_figures_of_postgresql(warehouse: DbtWarehouse, tmp_path: Path) -> None:
    load_wider_company(warehouse)
    warehouse.build(ALL_MODELS, **VARIABLES)
    other = DuckDbWarehouse(tmp_path / "warehouse.duckdb", tmp_path / "dbt")
    other.copy(warehouse.url)
    other.build(**VARIABLES)

    assert_there_is_much_to_compare(warehouse)
    different = [mart for mart in marts(warehouse) if not is_equal(mart, warehouse, other)]
    assert different == []


def assert_there_is_much_to_compare(warehouse: DbtWarehouse) -> None:
    """Refuse a company in which a metric, a verdict or a mart is empty."""
    for column, count in (("metric_id", 19), ("signal", 4), ("target_status", 3)):
        found = warehouse.rows(f"select distinct {column} from marts.scorecard")
        assert len({value for (value,) in found if value}) == count, found
    for mart in marts(warehouse):
        assert warehouse.rows(f"select count(*) from marts.{mart}") > [(30,)], mart


def marts(warehouse: DbtWarehouse) -> list[str]:
    """Name the tables and views that are published."""
    query = "select table_name from information_schema.tables where table_schema = 'marts'"
    return sorted(name for (name,) in warehouse.rows(query))
