"""Risk: gate 1 asks for a column that the contract doesn't have, or takes bookings for mistakes."""

from ingestion.contract import ENTITIES
from orchestration.defs.validation import arriving_entities


def test_gate_1_looks_at_columns_of_the_contract():
    for entity in arriving_entities():
        columns = set(ENTITIES[entity.name].column_names)
        assert {*entity.columns, *entity.occasional} <= columns
        assert {entity.event_time, entity.income} - {None} <= columns


def test_only_what_is_booked_by_the_day_may_lie_ahead():
    ahead = {entity.name for entity in arriving_entities() if entity.is_event_time_a_day}
    assert ahead == {"ad_days", "campaign_costs"}
