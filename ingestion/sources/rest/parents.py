"""Parents and children: what an endpoint that is asked for each record of another one has of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from ingestion.sources.rest.declarations import Endpoint
from ingestion.sources.rest.endpoints import placeholders
from ingestion.sources.rest.pages import Page

# Under this name a record of a child has its parent's.
PARENT = "parent"


def with_parent(page: Page, parent: Mapping[str, Any]) -> Page:
    """Return a page whose records have their parent's with them."""
    if not parent:
        return page
    records = [
        {PARENT: parent, **record} if isinstance(record, dict) else record
        for record in page.records
    ]
    return replace(page, records=records)


def filled_path(endpoint: Endpoint, parent: Mapping[str, Any]) -> str | None:
    """Return an endpoint's path with fields of its parent's record; None if that lacks one."""
    values = {name: parent.get(name) for name in placeholders(endpoint.path)}
    if not all(isinstance(value, str | int) for value in values.values()):
        return None
    quoted = {name: quote(str(value), safe="") for name, value in values.items()}
    return endpoint.path.format(**quoted)
