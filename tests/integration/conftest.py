"""What several integration tests stand on."""

from pathlib import Path

import pytest

from tests.fixtures.dbt_build import DbtWarehouse


@pytest.fixture
def warehouse(database_url: str, tmp_path: Path) -> DbtWarehouse:
    """Return a database with raw tables and no rows, in which dbt can build."""
    warehouse = DbtWarehouse(database_url, tmp_path)
    warehouse.prepare()
    return warehouse
