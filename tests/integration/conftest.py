"""What several integration tests stand on."""

from pathlib import Path

import pytest

from tests.fixtures.dbt_build import DbtWarehouse


@pytest.fixture(scope="module")
def work_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which the module's builds keep what dbt has parsed."""
    return tmp_path_factory.mktemp("dbt")


@pytest.fixture
def warehouse(database_url: str, work_dir: Path) -> DbtWarehouse:
    """Return a database with raw tables and no rows, in which dbt can build."""
    warehouse = DbtWarehouse(database_url, work_dir)
    warehouse.prepare()
    return warehouse
