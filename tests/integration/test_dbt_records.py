"""Risk: a build whose SQL was kept passes over rows that dbt's own run of it would refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fixtures.databases import open_database_for_dbt
from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.small_company import AS_OF

pytestmark = pytest.mark.postgres

DOUBLED = "insert into seeds.metric_definitions table seeds.metric_definitions"
NULLED = "update seeds.metric_definitions set metric_id = null"


@contextmanager
def defined(server_url: str, work_dir: Path) -> Iterator[DbtWarehouse]:
    """Give a database of the usual name that holds the seed of definitions."""
    with open_database_for_dbt(server_url) as url:
        warehouse = DbtWarehouse(url, work_dir)
        warehouse.prepare()
        warehouse.build("metric_definitions", **AS_OF)
        yield warehouse


def test_a_build_that_is_run_again_fails_by_its_tests_and_its_constraints(
    server_url: str, work_dir: Path
) -> None:
    metrics = "select metric_id from marts.metric_definitions order by 1"
    with defined(server_url, work_dir) as warehouse:
        warehouse.build("metric_catalogue", **AS_OF)
        built = warehouse.rows(metrics)
    with defined(server_url, work_dir) as warehouse:
        warehouse.build("metric_catalogue", **AS_OF)
        assert warehouse.rows(metrics) == built
    for change, failed in ((DOUBLED, "primary_key_metric_catalogue"), (NULLED, "null value")):
        with defined(server_url, work_dir) as warehouse:
            warehouse.execute(change)
            with pytest.raises(AssertionError, match=failed):
                warehouse.build("metric_catalogue", **AS_OF)
