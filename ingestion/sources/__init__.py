"""The kinds of sources, by the name that concord.toml gives them.

A kind is a package beside this file with `build(name, section, base_dir) -> Source` and
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
from ingestion.sources.base import Source

KINDS = ("files", "mastodon", "rest", "sql")
DOCS = "docs/sources.md"


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise unknown(f"{kind!r} is not a kind of source", kind, KINDS)
    return kind


class _AnySource(Section, extra="ignore"):
    """What the section of every source has; the other keys are those of its kind."""

    kind: Annotated[str, AfterValidator(_known)] = Field(description=f"one of {', '.join(KINDS)}")


def build(name: str, section: Mapping[str, Any], base_dir: Path) -> Source:
    """Make the source `name` of its configuration; ConfigurationFaults names every fault."""
    kind = read_section(_AnySource, section, key_of("sources", name), DOCS).kind
    return _module(kind).build(name, section, base_dir)


def entities(section: Mapping[str, Any]) -> Collection[str]:
    """Return the names of the entities that a source fills, as far as a faulty section has them."""
    kind = section.get("kind")
    return _module(kind).entities(section) if kind in KINDS else ()


def _module(kind: str) -> ModuleType:
    return import_module(f"ingestion.sources.{kind}")
