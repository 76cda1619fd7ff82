"""Settings of a chart that Metabase takes and nobody would see drawn must be found."""

import pytest

pytestmark = pytest.mark.postgres

BY_MONTH = "select month, sum(n) as orders from sales.orders group by month order by month"
ORDER = '["name","order"]'
AXES = {"graph.dimensions": ["month"], "graph.metrics": ["orders"]}


@pytest.mark.parametrize(
    ("display", "settings", "wrong"),
    [
        ("line", AXES, []),
        ("bar", {}, ["graph.dimensions", "graph.metrics"]),
        ("area", {**AXES, "graph.metrics": ["order"]}, ["graph.metrics"]),
        ("combo", {**AXES, "graph.dimensions": []}, ["graph.dimensions"]),
        ("smartscalar", {}, []),
        ("number", {}, ["display"]),
        ("progress", {"progress.goal": 3}, []),
        ("progress", {}, ["progress.goal"]),
        ("scalar", {"scalar.field": "order"}, ["scalar.field"]),
        ("table", {"column_settings": {'["name","orders"]': {"suffix": "x"}}}, []),
        ("table", {"column_settings": {ORDER: {}}}, [f"column_settings.{ORDER}"]),
        ("table", {"column_settings": {"orders": {}}}, ["column_settings.orders"]),
        ("table", {"click_behavior": {"type": "link", "linkType": "url", "parameterMapping": {
            "x": {"source": {"type": "column", "id": "order"}}}}}, ["click_behavior"]),
    ],
)  # fmt: skip
def test_settings_that_draw_nothing_are_noted(hands, database, display, settings, wrong):
    hands.card(database, BY_MONTH, display=display, visualization_settings=settings)
    found = [(each.kind, list(each.why)) for each in hands.fake.refusals]
    assert found == ([("semantic", wrong)] if wrong else [])


def test_a_trend_needs_a_time_and_a_chart_with_needed_values_is_looked_at_too(hands, database):
    hands.card(database, "select 1 as n", display="smartscalar")
    needs = "select month, n from sales.orders where shop = {{shop}}"
    hands.card(database, needs, display="line", tags={"shop": "text"})
    hands.card(database, needs, display="table", tags={"shop": "text"})
    assert [list(each.why) for each in hands.fake.refusals] == [
        ["display"],
        ["graph.dimensions", "graph.metrics"],
    ]


def test_settings_on_a_dashboard_are_looked_at_too(hands, database):
    card = hands.card(database, BY_MONTH, display="line", visualization_settings=AXES)
    place = {"id": -1, "row": 0, "col": 0, "size_x": 4, "size_y": 4, "card_id": card}
    settings = {"column_settings": {ORDER: {}}, "card.title": "T"}
    sent = [{**place, "visualization_settings": settings}]
    hands.put(f"dashboard/{hands.dashboard()}", {"dashcards": sent})
    assert [list(each.why) for each in hands.fake.refusals] == [
        [f"dashcards.0.column_settings.{ORDER}"]
    ]


def test_columns_that_a_model_says_it_has_must_be_there(hands, database):
    said = [{"name": "month", "display_name": "Month", "base_type": "type/Date"}]
    hands.card(database, BY_MONTH, type="model", result_metadata=said)
    assert [list(each.why) for each in hands.fake.refusals] == [["result_metadata"]]
