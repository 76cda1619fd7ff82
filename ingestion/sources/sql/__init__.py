"""The sql source: tables and queries of any database that SQLAlchemy reads (docs/databases.md)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingestion.mapping.settings.sources import entities
from ingestion.sources.sql.settings import read_mapping
from ingestion.sources.sql.source import SqlSource

__all__ = ["build", "entities"]


def build(name: str, section: Mapping[str, Any], base_dir: Path) -> SqlSource:
    """Return the source that a section describes; ConfigurationFaults names all its faults.

    A database in a file lies below `base_dir`, if its path is a relative one.
    """
    return SqlSource(read_mapping(name, section, base_dir))
