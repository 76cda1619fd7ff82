"""The kinds of sources, by the name that concord.toml gives them.

A kind is a package beside this file with `build(name, section, base_dir) -> Source` and
`TABLES`, the raw tables that it may fill. Kinds are imported when they are needed.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from ingestion.contract import Entity
from ingestion.errors import ConfigurationFaults, Fault
from ingestion.faults import key_of
from ingestion.sources.base import Source

KINDS = ("files", "mastodon")


def build(name: str, section: Mapping[str, Any], base_dir: Path) -> Source:
    """Make the source `name` of its configuration; ConfigurationFaults names every fault."""
    kind = section.get("kind")
    if kind not in KINDS:
        problem = "there is no kind" if kind is None else f"{kind!r} is not a kind of source"
        remedy = f"Set it to one of: {', '.join(KINDS)}"
        raise ConfigurationFaults([Fault(f"{key_of('sources', name)}.kind", problem, remedy)])
    return _module(kind).build(name, section, base_dir)


def tables(kind: str) -> tuple[Entity, ...]:
    """Return every raw table that sources of this kind may fill."""
    return tuple(_module(kind).TABLES)


def _module(kind: str) -> ModuleType:
    return import_module(f"ingestion.sources.{kind}")
