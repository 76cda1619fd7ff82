"""What the sections of all sources that are mapped have in common."""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import Field

from ingestion.keys import SourceSection
from ingestion.mapping.declarations import Notation
from ingestion.sections import Sign, TimeZone


class MappedSourceSection(SourceSection):
    """One `[sources.<name>]` with entities: how texts are written in all of them."""

    time_zone: TimeZone = "UTC"
    null_values: list[str] = Field(default_factory=list)
    decimal: Sign = Field(default=".", min_length=1, max_length=1)
    thousands: Sign | None = Field(default=None, min_length=1)

    @property
    def notation(self) -> Notation:
        """How numbers, dates and times are written."""
        return Notation(self.decimal, self.thousands, time_zone=self.time_zone)


def entities(section: Mapping[str, Any]) -> Collection[str]:
    """Return the names of the entities that a section fills, as far as a faulty one has them."""
    listed = section.get("entities")
    entries = listed if isinstance(listed, list) else []
    names = [each.get("entity") for each in entries if isinstance(each, Mapping)]
    return {name for name in names if isinstance(name, str)}
