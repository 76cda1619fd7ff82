"""The kinds of sources, by the name that concord.toml gives them.

A kind is a package beside this file with `build(name, section, base_dir) -> Source` and
`entities(section)`, the names of the entities that such a source fills. Kinds are imported when
they are needed.
"""

from collections.abc import Collection, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

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


def entities(section: Mapping[str, Any]) -> Collection[str]:
    """Return the names of the entities that a source fills, as far as a faulty section has them."""
    kind = section.get("kind")
    return _module(kind).entities(section) if kind in KINDS else ()


def _module(kind: str) -> ModuleType:
    return import_module(f"ingestion.sources.{kind}")
