"""The connectors: systems by name, each a folder beside this file with its `connector.toml`.

A folder with a module of its own says in its docstring what a declaration can't. How connector.toml
is written is described in CONTRIBUTING.md; what users write of a connector, in docs/connectors.md.
"""

from collections.abc import Collection, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from ingestion.sources.base import Source
from ingestion.sources.connectors.declaration import Connector, read_connector

FOLDER = Path(__file__).parent


@cache
def names() -> tuple[str, ...]:
    """Return the connectors that there are."""
    return tuple(sorted(each.parent.name for each in FOLDER.glob("*/connector.toml")))


@cache
def connector(name: str) -> Connector:
    """Return what a connector declares."""
    return read_connector(FOLDER / name / "connector.toml")


def build(name: str, section: Mapping[str, Any], base_dir: Path) -> Source:
    """Return the source that a section describes; ConfigurationFaults names all its faults."""
    kind = section["kind"]
    if (FOLDER / kind / "__init__.py").exists():
        return import_module(f"{__name__}.{kind}").build(name, section, base_dir)
    return import_module(f"{__name__}.declared").build(name, section, connector(kind))


def entities(section: Mapping[str, Any]) -> Collection[str]:
    """Return the names of the entities that a source fills, as far as a faulty section has them."""
    left_out = section.get("leave_out")
    return connector(section["kind"]).entities - {
        *(map(str, left_out) if isinstance(left_out, list) else ())
    }
