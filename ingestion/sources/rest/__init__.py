"""The rest source: any JSON API, as declared in concord.toml (docs/sources.md)."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ingestion.sources.rest.settings import read_mapping
from ingestion.sources.rest.source import RestSource


def build(name: str, section: Mapping[str, Any], base_dir: Path) -> RestSource:
    """Return the source that a section describes; ConfigurationFaults names all its faults.

    `base_dir` is for kinds of source that read files; this one has none.
    """
    return RestSource(read_mapping(name, section))


def entities(section: Mapping[str, Any]) -> Collection[str]:
    """Return the names of the entities that a source fills, as far as a faulty section has them."""
    listed = section.get("entities")
    named = listed if isinstance(listed, list) else []
    found = (each.get("entity") for each in named if isinstance(each, Mapping))
    return {name for name in found if isinstance(name, str)}
