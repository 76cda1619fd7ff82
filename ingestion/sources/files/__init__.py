"""The files source: exports of CSV, JSON, Parquet and spreadsheets, mapped in concord.toml."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ingestion.sources.files.settings import read_mapping
from ingestion.sources.files.source import FilesSource


def build(name: str, section: Mapping[str, Any], base_dir: Path) -> FilesSource:
    """Make a files source of its configuration; ConfigurationFaults names every fault."""
    return FilesSource(read_mapping(name, section, base_dir))


def entities(section: Mapping[str, Any]) -> Collection[str]:
    """Return the names of the entities that a section fills, as far as a faulty one has them."""
    listed = section.get("entities")
    entries = listed if isinstance(listed, list) else []
    names = [each.get("entity") for each in entries if isinstance(each, Mapping)]
    return {name for name in names if isinstance(name, str)}
