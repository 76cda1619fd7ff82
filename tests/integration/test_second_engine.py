"""Another engine must come to the same figures from the same rows."""

import random
from datetime import UTC, datetime, timedelta
from numbers import Number
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.dbt_build import ALL_MODELS, DbtWarehouse
from tests.fixtures.second_engine import DuckDbWarehouse
from tests.fixtures.small_company import (
    AS_OF,
    LOADED_AT,
    NOW,
    Company,
    load_company,
    random_company,
)

pytestmark = pytest.mark.postgres

VARIABLES = AS_OF | {"company_time_zone": "Europe/Berlin", "minimum_n": 5}
Row = dict[str, Any]


def test_duckdb_comes_to_the_figures_of_postgresql(
    warehouse: DbtWarehouse, tmp_path: Path
) -> None:
    load_company(warehouse, with_the_rest(random_company()))
    warehouse.build(ALL_MODELS, **VARIABLES)
    other = DuckDbWarehouse(tmp_path / "warehouse.duckdb", tmp_path / "dbt")
    other.copy(warehouse.url)
    other.build(**VARIABLES)

    figures = rows_of(warehouse, "scorecard")
    assert len({row["metric_id"] for row in figures}) == 19
    for mart in marts(warehouse):
        assert_equal(mart, rows_of(warehouse, mart), other.rows(f"select * from marts.{mart}"))


def marts(warehouse: DbtWarehouse) -> list[str]:
    """Name the tables and views that are published."""
    query = "select table_name from information_schema.tables where table_schema = 'marts'"
    return [name for (name,) in warehouse.rows(query)]


def rows_of(warehouse: DbtWarehouse, mart: str) -> list[Row]:
    """Return the rows of a mart on PostgreSQL by column."""
    rows = warehouse.rows(f"select to_jsonb(mart) from marts.{mart} as mart")
    return rows


def with_the_rest(company: Company) -> Company:
    return company


def assert_equal(mart: str, rows: list[Row], others: list[Row]) -> None:
    ...
