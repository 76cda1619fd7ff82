"""Times as an API writes them: out of its records, and into the next request."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ingestion.sources.rest.declarations import Cursor


def moment(cursor: Cursor, record: Any) -> datetime | None:
    """Return the time in the cursor's field of a record; None if there is none."""
    given = record
    for name in cursor.field.split("."):
        given = given.get(name) if isinstance(given, dict) else None
    try:
        if cursor.format in ("unix", "unix_ms"):
            seconds = float(Decimal(str(given)))
            return datetime.fromtimestamp(seconds / _divisor(cursor), UTC)
        found = datetime.fromisoformat(str(given))
    except (ValueError, ArithmeticError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def written(cursor: Cursor, at: datetime) -> str:
    at = at.astimezone(UTC)
    if cursor.format == "date":
        return at.date().isoformat()
    if cursor.format == "iso":
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(int(at.timestamp() * _divisor(cursor)))


def _divisor(cursor: Cursor) -> int:
    return 1000 if cursor.format == "unix_ms" else 1
