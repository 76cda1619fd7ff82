"""What a record has beside its own fields: its parent's record, and the time of the answer."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ingestion.mapping.objects import written
from ingestion.rows import LONGEST_ORIGINAL, Reject
from ingestion.sources.rest.declarations import Endpoint, RestMapping
from ingestion.sources.rest.endpoints import placeholders
from ingestion.sources.rest.pages import Page

# Under these names a record has them.
PARENT = "parent"
ANSWERED_AT = "answered_at"


def in_context(
    mapping: RestMapping, endpoint: Endpoint, page: Page, parent: Mapping[str, Any]
) -> list[Any]:
    """Return the records of a page with their parent's, and when the API gave them if asked for.

    A field of the same name that a record fills itself comes first.
    """
    beside: dict[str, Any] = {PARENT: parent} if parent else {}
    if any(ANSWERED_AT in each.mapping.needed for each in mapping.sections_of(endpoint.name)):
        beside[ANSWERED_AT] = page.answered_at.isoformat()
    if not beside:
        return page.records
    return [_with(beside, each) if isinstance(each, dict) else each for each in page.records]


def _with(beside: Mapping[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    return record | {name: given for name, given in beside.items() if record.get(name) is None}


def filled_path(endpoint: Endpoint, parent: Mapping[str, Any]) -> str | None:
    """Return an endpoint's path with fields of its parent's record; None if that lacks one."""
    values = {name: parent.get(name) for name in placeholders(endpoint.path)}
    if not all(isinstance(value, str | int) and value != "" for value in values.values()):
        return None
    quoted = {name: quote(str(value), safe="") for name, value in values.items()}
    return endpoint.path.format(**quoted)


def may_be_asked(endpoint: Endpoint, parent: Any) -> bool:
    """Return whether an endpoint can be asked for a record of its parent."""
    return isinstance(parent, dict) and filled_path(endpoint, parent) is not None


def unasked(endpoint: Endpoint, parent: Any) -> Reject:
    """Return the reject of a parent's record that can't be put into an endpoint's path."""
    names = ", ".join(placeholders(endpoint.path))
    reason = f"is no text or whole number, and {endpoint.path} is asked by it"
    return Reject(None, names, reason, written(parent)[:LONGEST_ORIGINAL], names)
