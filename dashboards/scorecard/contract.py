"""The public contract of the scorecard's rows: which keys, in which order, of which type.

docs/export.md and scorecard.schema.json say the same; a test holds them together. A change
here is a change of the contract's version.
"""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from dashboards.scorecard.records import ScorecardRow

VERSION = "2.0"
VERSION_HEADER = "Concord-Contract-Version"
KEYS = (
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
)


def as_object(row: ScorecardRow) -> dict[str, Any]:
    """Give a scorecard row as an object with exactly the keys of the contract."""
    return {key: plain(getattr(row, key)) for key in KEYS}


def to_json(objects: Iterable[dict[str, Any]]) -> str:
    """Write the objects as one JSON array, one object a line."""
    lines = [json.dumps(item, ensure_ascii=False, allow_nan=False) for item in objects]
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def plain(value: Any) -> Any:
    """Write days and moments as ISO texts, moments in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
