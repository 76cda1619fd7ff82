"""What several integration tests stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion import loading
from tests.fixtures.databases import Copied, Templates, open_database_for_dbt
from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.loading_shop import Shop


@pytest.fixture(scope="session")
def work_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which all builds keep what dbt has parsed."""
    return tmp_path_factory.mktemp("dbt")


@pytest.fixture
def warehouse(templates: Templates, work_dir: Path) -> Iterator[DbtWarehouse]:
    """Return a database with raw tables and no rows, in which dbt can build."""
    prepared = templates.filled_by(_prepare_for_dbt)
    with open_database_for_dbt(templates.server_url, prepared) as url:
        yield DbtWarehouse(url, work_dir)


def _prepare_for_dbt(url: str) -> None:
    DbtWarehouse(url, Path()).prepare()


@pytest.fixture
def shop(tmp_path: Path, copied: Copied) -> Shop:
    """Return a shop that has exported and loaded nothing yet."""
    return Shop(tmp_path, copied(loading.prepare))
