"""What several integration tests stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion import loading
from tests.fixtures.databases import open_database_for_dbt
from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.loading_shop import Shop


@pytest.fixture(scope="session")
def work_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which all builds keep what dbt has parsed."""
    return tmp_path_factory.mktemp("dbt")


@pytest.fixture
def warehouse(server_url: str, work_dir: Path) -> Iterator[DbtWarehouse]:
    """Return a database with raw tables and no rows, in which dbt can build."""
    with open_database_for_dbt(server_url) as url:
        warehouse = DbtWarehouse(url, work_dir)
        warehouse.prepare()
        yield warehouse


@pytest.fixture
def shop(tmp_path: Path, database_url: str) -> Shop:
    """Return a shop that has exported and loaded nothing yet."""
    loading.prepare(database_url)
    return Shop(tmp_path, database_url)
