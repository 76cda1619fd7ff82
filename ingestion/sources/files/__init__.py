"""The files source: exports of CSV, JSON, Parquet and spreadsheets, mapped in concord.toml."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingestion.mapping.settings.sources import entities
from ingestion.sources.files.settings import read_mapping
from ingestion.sources.files.source import FilesSource

__all__ = ["build", "entities"]


def build(name: str, section: Mapping[str, Any], base_dir: Path) -> FilesSource:
    """Make a files source of its configuration; ConfigurationFaults names every fault."""
    return FilesSource(read_mapping(name, section, base_dir))
