"""The kinds of sources, by the name that concord.toml gives them.

A kind is a package beside this file or a connector, with `build(name, section, base_dir)` and
`entities(section)`, the names of the entities that such a source fills. Kinds are imported when
they are needed.
"""

from collections.abc import Collection, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from ingestion.faults import key_of, read_section
from ingestion.sections import Section, unknown
from ingestion.sources import connectors
from ingestion.sources.base import Source

# What is declared in concord.toml; a connector declares it once for everybody.
DECLARED = ("files", "rest", "sql")
DOCS = "docs/sources.md"


def kinds() -> tuple[str, ...]:
    """Return the kinds of sources that there are."""
    return (*DECLARED, *connectors.names())


def _known(kind: str) -> str:
    if kind not in kinds():
        raise unknown(f"{kind!r} is not a kind of source", kind, kinds())
    return kind


class _AnySource(Section, extra="ignore"):
    """What the section of every source has; the other keys are those of its kind."""

    kind: Annotated[str, AfterValidator(_known)] = Field(
        description='such as "files"; `concord sources show` lists the kinds'
    )


def build(name: str, section: Mapping[str, Any], base_dir: Path) -> Source:
    """Make the source `name` of its configuration; ConfigurationFaults names every fault."""
    kind = read_section(_AnySource, section, key_of("sources", name), DOCS).kind
    return _module(kind).build(name, section, base_dir)


def entities(section: Mapping[str, Any]) -> Collection[str]:
    """Return the names of the entities that a source fills, as far as a faulty section has them."""
    kind = section.get("kind")
    return _module(kind).entities(section) if kind in kinds() else ()


def _module(kind: str) -> ModuleType:
    return import_module(f"ingestion.sources.{kind}") if kind in DECLARED else connectors
