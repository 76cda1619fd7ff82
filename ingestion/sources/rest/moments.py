"""Times as an API writes them: out of its records, and into the next request."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from ingestion.sources.rest.declarations import Cursor


def wanted(cursor: Cursor, since: datetime | None, start: date | None) -> dict[str, str]:
    """Return the parameter of a request for what changed since a time, or since the start."""
    if since is not None:
        since -= cursor.lag
    elif start is not None:
        since = datetime.combine(start, time(), UTC)
    return {} if since is None else {cursor.param: _written(cursor, since)}


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


def _written(cursor: Cursor, at: datetime) -> str:
    at = at.astimezone(UTC)
    if cursor.format == "date":
        return at.date().isoformat()
    if cursor.format == "iso":
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(int(at.timestamp() * _divisor(cursor)))


def _divisor(cursor: Cursor) -> int:
    return 1000 if cursor.format == "unix_ms" else 1
