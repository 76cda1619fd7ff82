"""Times as an API writes them: out of its records, and into the next request."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ingestion.sources.rest.declarations import Cursor

MISSING = object()


def moment(cursor: Cursor, record: Any) -> datetime | None:
    """Return the time in the cursor's field of a record; None if there is none."""
    given = _given(cursor, record)
    if at := _counted(cursor, given):
        return at
    try:
        found = datetime.fromisoformat(str(given))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def is_pending(cursor: Cursor, record: Any) -> bool:
    """Return whether a record has the cursor's field, and nothing in it yet."""
    return _given(cursor, record) in (None, "")


def _given(cursor: Cursor, record: Any) -> Any:
    """Return what is in the cursor's field of a record; `MISSING` if the record lacks it."""
    given = record
    for name in cursor.field.split("."):
        given = given.get(name, MISSING) if isinstance(given, dict) else MISSING
    return given


def _counted(cursor: Cursor, given: Any) -> datetime | None:
    """Return the time of a count since 1970; None if it is none, as where records have ISO 8601.

    Digits in a text are a date, unless the format is a count.
    """
    if isinstance(given, str) and cursor.format not in ("unix", "unix_ms"):
        return None
    try:
        return datetime.fromtimestamp(float(Decimal(str(given))) / _divisor(cursor), UTC)
    except (ValueError, ArithmeticError, OSError):
        return None


def written(cursor: Cursor, at: datetime) -> str:
    at = at.astimezone(UTC)
    if cursor.format == "date":
        return at.date().isoformat()
    if cursor.format == "iso":
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(int(at.timestamp() * _divisor(cursor)))


def _divisor(cursor: Cursor) -> int:
    return 1000 if cursor.format == "unix_ms" else 1
