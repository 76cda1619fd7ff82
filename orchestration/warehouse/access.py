"""Open the warehouse that the settings name: an external server by URL, else the embedded one."""

from dataclasses import dataclass, field
from pathlib import Path

from orchestration.warehouse.embedded import EmbeddedPostgres
from orchestration.warehouse.external import check_external


@dataclass(frozen=True)
class Warehouse:
    """A database that answers; `url` holds a password and is kept out of the repr."""

    url: str = field(repr=False)
    is_embedded: bool


def open_warehouse(workspace: Path, database_url: str | None) -> Warehouse:
    """Return the warehouse at `database_url`, checked, or else the workspace's own, started."""
    if database_url:
        return Warehouse(check_external(database_url), is_embedded=False)
    return Warehouse(EmbeddedPostgres(workspace).start(), is_embedded=True)
