"""dbt's own unit tests: the models' logic on cases worked out by hand, beside the models."""

import pytest

from tests.fixtures.dbt_build import DbtWarehouse
from tests.fixtures.small_company import AS_OF


@pytest.mark.postgres
def test_every_unit_test_of_the_project_passes(warehouse: DbtWarehouse):
    # dbt reads the columns of a model's inputs from the warehouse, so they have to be there.
    warehouse.build(**AS_OF)
    outcomes = warehouse.unit_tests()
    assert len(outcomes) > 40
    assert {name for name, status in outcomes.items() if status != "pass"} == set()
