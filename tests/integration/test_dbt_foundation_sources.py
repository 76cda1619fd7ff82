"""Risk: a source that is configured no more goes on counting, for its rows stay in raw."""

import pytest

from tests.fixtures.dbt_build import DbtWarehouse

pytestmark = pytest.mark.postgres

BUILT = "+int_record_counts +int_latest_loads stg_messages"
LOADED_AT = "2025-06-01T00:00:00Z"


@pytest.fixture
def warehouse(warehouse: DbtWarehouse) -> DbtWarehouse:
    for name in ("shop", "o'ld"):
        load_source(warehouse, name)
    return warehouse


def load_source(warehouse: DbtWarehouse, name: str) -> None:
    order = {"order_id": "1", "customer_id": "c", "ordered_at": "2025-03-01", "gross_amount": 10}
    message = {"message_id": "1", "sent_at": "2025-03-02", "direction": "inbound", "text": name}
    for entity, row in (
        ("customers", {"customer_id": "c"}),
        ("orders", order),
        ("messages", {**message, "is_public": True, "channel": "chirp", "author_id": "c"}),
    ):
        warehouse.load(entity, [{"source_name": name, **row}], LOADED_AT)
    warehouse.execute(
        "insert into concord.loads values"
        " (%s, %s, 'files', 'orders', '', 1, 1, 0, 1, 0, 0, now(), now())",
        name,
        name,
    )


@pytest.mark.parametrize(
    ("source_names", "counted"),
    [(None, {"shop", "o'ld"}), (["o'ld"], {"o'ld"}), ([], set())],
)
def test_only_configured_sources_count(
    warehouse: DbtWarehouse, source_names: list[str] | None, counted: set[str]
) -> None:
    warehouse.build(BUILT, as_of=LOADED_AT, source_names=source_names)

    def found(query: str) -> set[str]:
        return {name for (name,) in warehouse.rows(query)}

    assert found("select text from staging.stg_messages") == counted
    assert found("select source_name from intermediate.int_latest_loads") == counted
    counts = warehouse.rows("select source_name, entity from intermediate.int_record_counts")
    assert set(counts) == {(name, entity) for name in counted for entity in ("orders", "messages")}
    assert found("select split_part(customer_key, ':', 1) from intermediate.int_person_links") == (
        counted
    )
