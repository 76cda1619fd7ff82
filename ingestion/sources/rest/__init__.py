"""The rest source: any JSON API, as declared in concord.toml (docs/sources.md)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingestion.mapping.settings.sources import entities
from ingestion.sources.rest.settings import read_mapping
from ingestion.sources.rest.source import RestSource

__all__ = ["build", "entities"]


def build(name: str, section: Mapping[str, Any], base_dir: Path) -> RestSource:
    """Return the source that a section describes; ConfigurationFaults names all its faults.

    `base_dir` is for kinds of source that read files; this one has none.
    """
    return RestSource(read_mapping(name, section))
