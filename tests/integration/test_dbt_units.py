"""dbt's own unit tests: the models' logic on cases worked out by hand, beside the models."""

from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner

from tests.fixtures.dbt_build import PROJECT_DIR, DbtWarehouse


@pytest.mark.postgres
def test_every_unit_test_of_the_project_passes(database_url: str, tmp_path: Path):
    # dbt reads the columns of a model's inputs from the warehouse, so they have to be there.
    warehouse = DbtWarehouse(database_url, tmp_path)
    warehouse.prepare()
    warehouse.build("resource_type:model resource_type:seed")
    folders = ["--project-dir", PROJECT_DIR, "--profiles-dir", PROJECT_DIR]
    folders += ["--target-path", tmp_path, "--log-path", tmp_path]
    arguments = ["test", "--select", "test_type:unit"]
    result = dbtRunner().invoke([*arguments, *map(str, folders), "--quiet"])
    units = [node for node in result.result if node.node.resource_type == "unit_test"]
    outcomes = {node.node.name: str(node.status) for node in units}
    assert len(outcomes) > 40
    assert {name for name, status in outcomes.items() if status != "pass"} == set()
