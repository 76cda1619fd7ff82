"""Objects, of an API's answers or a table's rows, as records of the mapping language."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingestion.mapping.objects import ObjectReader, written
from ingestion.mapping.paths import is_within
from ingestion.mapping.records import Records


@dataclass
class ObjectRecords:
    """Makes records of the objects of one section, numbered through a load.

    `needed` are the fields that are read, and whether some object must have each. With
    `rows_path`, each element of the list there is a row. `found` are the fields that some
    object had; of empty lists nobody knows the fields.
    """

    needed: Mapping[str, bool]
    rows_path: str | None = None
    next_number: int = 1
    rows: int = 0
    found: set[str] = field(default_factory=set)

    def of(self, objects: list[Any], problems: Sequence[str | None] | None = None) -> Records:
        """Return the records of some objects; `problems` are what is known of them already."""
        reader = ObjectReader(tuple(self.needed), self.rows_path)
        reader.read_parsed(objects, self.next_number, problems)
        picked = reader.picked()
        own = reader.lines()[picked.parents]
        lines = self.next_number + own
        self.next_number += len(objects)
        self.rows += len(own)
        self.found |= picked.found
        return Records(
            picked.columns,
            lines,
            lambda row: written(objects[own[row]]),
            tuple(reader.rejects),
            picked.numbers,
        )

    def missing(self) -> Collection[str]:
        """Return the needed fields that no object had."""
        return [
            name
            for name, must in self.needed.items()
            if must
            and name not in self.found
            and (self.rows or not is_within(name, self.rows_path))
        ]
