"""Risk: tests look at tables that dbt would have made otherwise."""

from dataclasses import replace

import pytest

from tests.fixtures.dbt_again import Statement, run_again
from tests.fixtures.dbt_build import ALL_MODELS, DbtWarehouse
from tests.fixtures.small_company import AS_OF, load_company, random_company

pytestmark = pytest.mark.postgres

ONLY_HERE = {**AS_OF, "minimum_n": 7}  # so the first build is dbt's

COLUMNS = """
select table_schema, table_name, column_name, data_type, numeric_scale, is_nullable
from information_schema.columns
where table_schema in ('staging', 'intermediate', 'marts', 'seeds')
order by table_schema, table_name, ordinal_position
"""


def test_what_dbt_ran_makes_the_same_again(warehouse: DbtWarehouse) -> None:
    load_company(warehouse, random_company())
    warehouse.build(ALL_MODELS, **ONLY_HERE)
    columns, rows = warehouse.rows(COLUMNS), contents(warehouse)
    assert len(rows) > 200 and sum(len(each) for each in rows.values()) > 10_000

    warehouse.drop_models()
    replace(warehouse, built=[]).build(ALL_MODELS, **ONLY_HERE)

    assert warehouse.rows(COLUMNS) == columns
    assert contents(warehouse) == rows


def test_a_test_of_dbt_that_fails_fails_again(warehouse: DbtWarehouse) -> None:
    with pytest.raises(AssertionError, match="unique_keys: 2 rows"):
        run_again(warehouse.url, [Statement("unique_keys", "select 2, true, true", is_test=True)])


def contents(warehouse: DbtWarehouse) -> dict[str, list[tuple[str]]]:
    """Return the rows of everything that dbt makes, all but the moment of their making."""
    made = {f'"{schema}"."{table}"' for schema, table, *_ in warehouse.rows(COLUMNS)}
    row = "cast(to_jsonb(made) - 'refreshed_at' as text)"
    return {
        table: warehouse.rows(f"select {row} from {table} as made order by 1") for table in made
    }
