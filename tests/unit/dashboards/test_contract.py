"""The export's public contract: code, schema and document say the same."""

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema

from dashboards.scorecard import contract
from tests.unit.dashboards.test_cards import ROW, RUNNING

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads(
    (ROOT / "dashboards/scorecard/scorecard.schema.json").read_text(encoding="utf-8")
)
PROMISED = [
    "metric_id",
    "period_start",
    "period_grain",
    "segment_name",
    "segment_value",
    "value",
    "unit",
    "numerator",
    "denominator",
    "n",
    "ci_low",
    "ci_high",
    "prior_year_value",
    "target",
    "signal",
    "target_status",
    "is_partial",
    "suppressed_reason",
    "left_out",
    "data_as_of",
    "definition_version",
]


def test_an_object_has_exactly_the_promised_keys_in_order() -> None:
    assert list(contract.as_object(ROW)) == PROMISED


def test_the_schema_requires_the_same_keys_in_the_same_order() -> None:
    assert SCHEMA["items"]["required"] == PROMISED
    assert list(SCHEMA["items"]["properties"]) == PROMISED
    assert SCHEMA["$id"].endswith(contract.VERSION)


def test_the_document_explains_every_key_and_names_the_version() -> None:
    text = (ROOT / "docs/export.md").read_text(encoding="utf-8")
    table = "".join(line for line in text.splitlines() if line.startswith("| `"))
    explained = re.findall(r"`([a-z_]+)`", table)
    assert [key for key in dict.fromkeys(explained) if key in PROMISED] == PROMISED
    assert f"version {contract.VERSION}" in text


def test_rows_of_every_kind_fulfil_the_schema() -> None:
    hidden = replace(ROW, value=None, ci_low=None, ci_high=None, suppressed_reason="n < 30")
    objects = [contract.as_object(row) for row in (ROW, RUNNING, hidden)]
    jsonschema.validate(json.loads(contract.to_json(objects)), SCHEMA)


def test_times_are_utc_and_dates_iso() -> None:
    row = contract.as_object(ROW)
    assert row["data_as_of"] == "2026-11-21T22:00:00Z"
    assert row["period_start"] == "2026-10-01"


def test_no_rows_are_an_empty_array() -> None:
    assert json.loads(contract.to_json([])) == []
