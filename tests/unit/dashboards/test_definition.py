"""The scorecard's definition against the rules of the scorecard and the metrics that exist."""

import csv
from pathlib import Path

import pytest
import yaml

from dashboards.scorecard import definition

ROOT = Path(__file__).parents[3]


def _metrics() -> dict[str, dict[str, str]]:
    with (ROOT / "dbt_project/seeds/metric_definitions.csv").open(encoding="utf-8") as file:
        return {row["metric_id"]: row for row in csv.DictReader(file)}


def test_every_card_is_a_defined_metric() -> None:
    assert {place.metric_id for place in definition.load().candidates} <= _metrics().keys()


def test_every_area_has_a_title_so_that_no_metric_is_lost() -> None:
    assert {row["area"] for row in _metrics().values()} <= definition.load().areas.keys()


def test_four_rows_under_one_north_star() -> None:
    loaded = definition.load()
    assert loaded.north_star.metric_id == "advocating_retained_share"
    assert [row.title for row in loaded.rows] == [
        "Retention",
        "Loyalty",
        "Evangelism",
        "Experience & promise",
    ]


def test_a_thirteenth_card_is_refused() -> None:
    text = Path(definition.__file__).with_name("definition.yml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    document["rows"][0]["cards"].append({"metric": "new_customers", "title": "New"})
    with pytest.raises(ValueError, match="at most 4 lines of 3"):
        definition.parse(document)


def test_a_card_may_stand_for_one_segment() -> None:
    text = Path(definition.__file__).with_name("definition.yml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    document["rows"][0]["cards"][0]["segment"] = {"month_k": 6}
    place = definition.parse(document).rows[0].cards[0]
    assert place.segment == ("month_k", "6")
    assert place.has_own_segment
