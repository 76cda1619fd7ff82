"""What a connector.toml holds: its options, what people should know, and a source of kind "rest".

How options and a user's columns are filled in belongs to `declared`.
"""

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from ingestion.sections import Filled, Section


class Option(Section):
    """`[options.<name>]`: what a user says of an installation.

    A secret is for `auth` alone. One that is neither required nor has a default may be missing:
    entries of the source that hold it, and sections that name it in `needs`, are then left out.
    """

    meaning: Filled
    example: Filled
    type: Literal["text", "whole number", "date", "list of texts", "list of tables", "table"] = (
        "text"
    )
    required: bool = False
    secret: bool = False
    default: str | int | list[str] | None = None


class Connector(Section):
    """One connector.toml.

    `permissions` are the rights that the credentials need, `calls` what a day costs, and `lacks`
    what of the entities the system, or its API, does not give. `source` is a section of kind
    "rest" (docs/apis.md), in which `${option}` stands for an option's value; a connector with a
    module of its own has none, and names what it fills in `fills`.
    """

    title: Filled
    area: Literal["service", "social", "campaign", "commerce", "surveys"]
    summary: Filled
    documentation: Filled
    permissions: list[Filled] = Field(min_length=1)
    calls: Filled
    lacks: list[Filled] = Field(default_factory=list)
    options: dict[str, Option] = Field(default_factory=dict)
    source: dict[str, Any] | None = None
    fills: list[Filled] = Field(default_factory=list)

    @property
    def declared(self) -> dict[str, Any]:
        """The source that it declares; of one with a module of its own, nothing."""
        return self.source or {"endpoints": [], "entities": []}

    @property
    def entities(self) -> set[str]:
        """The names of the entities that it fills."""
        return {*self.fills, *(each["entity"] for each in self.declared["entities"])}


def read_connector(path: Path) -> Connector:
    """Return what a connector.toml declares; pydantic's ValidationError if it is none."""
    return Connector.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
