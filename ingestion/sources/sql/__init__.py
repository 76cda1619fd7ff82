"""The sql source: tables and queries of any database that SQLAlchemy reads (docs/databases.md)."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ingestion.sources.sql.settings import read_mapping
from ingestion.sources.sql.source import SqlSource


def build(name: str, section: Mapping[str, Any], base_dir: Path) -> SqlSource:
    """Return the source that a section describes; ConfigurationFaults names all its faults.

    A database in a file lies below `base_dir`, if its path is a relative one.
    """
    return SqlSource(read_mapping(name, section, base_dir))


def entities(section: Mapping[str, Any]) -> Collection[str]:
    """Return the names of the entities that a source fills, as far as a faulty section has them."""
    listed = section.get("entities")
    named = listed if isinstance(listed, list) else []
    found = (each.get("entity") for each in named if isinstance(each, Mapping))
    return {name for name in found if isinstance(name, str)}
