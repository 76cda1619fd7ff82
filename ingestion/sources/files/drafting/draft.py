"""A section of a source as it is guessed: its columns, and the keys of its rows."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ingestion.contract import Entity, Type
from ingestion.mapping.records import Records
from ingestion.sources.files.drafting.contents import filled, lacks_offset
from ingestion.sources.files.drafting.samples import Sample
from ingestion.sources.files.readers.base import FileFormat


@dataclass(frozen=True)
class Guess:
    """A column's keys, as concord.toml has them, and what about them was guessed."""

    keys: dict[str, Any]
    guessed: str = ""

    @property
    def origin(self) -> str | None:
        return self.keys.get("from")

    @property
    def origins(self) -> list[str]:
        """Return the columns of the file that it looks at."""
        own = [self.origin] if self.origin else self.keys.get("join", [])
        return [*own, *(each["column"] for each in self.keys.get("when", ()))]


@dataclass(frozen=True)
class Draft:
    """A section for an entity: its files, its guessed columns, and the keys of rows."""

    entity: Entity
    files: tuple[Sample, ...]
    columns: dict[str, Guess]
    keys: dict[str, Any] = field(default_factory=dict)
    guessed: dict[str, str] = field(default_factory=dict)

    @property
    def used(self) -> set[str]:
        """Return the columns of the files that the section looks at."""
        columns = {origin for guess in self.columns.values() for origin in guess.origins}
        conditions = {each["column"] for each in self.keys.get("where", ())}
        times = {each["from"] for each in [self.keys.get("latest_by")] if each}
        return {*columns, *conditions, *times}

    @property
    def records(self) -> Records:
        return self.files[0].records

    @property
    def key(self) -> list[str]:
        """Return the columns of the files that make the entity's key."""
        return [origin for name in self.entity.key for origin in self.columns[name].origins]

    @property
    def unzoned(self) -> Iterator[str]:
        """Yield the columns of the files with times that don't say in which zone they are."""
        times = [each.name for each in self.entity.columns if each.type is Type.TIMESTAMP]
        for name in (name for name in times if name in self.columns):
            form, origin = self.columns[name].keys.get("format", ""), self.columns[name].origin
            is_zoned = form.startswith("unix") or "%z" in form
            if origin and not is_zoned and lacks_offset(self.records, origin):
                yield origin

    def values(self, column: str) -> set[str]:
        """Return what the files have in the column that one of the entity's is made from."""
        origin = self.columns[column].origin
        return set(filled(self.records, origin).to_pylist()) if origin else set()

    def with_columns(self, columns: Mapping[str, Guess]) -> "Draft":
        """Return the section with some columns in the place of its own, in the contract's order."""
        ordered = {name: columns[name] for name in self.entity.column_names if name in columns}
        return replace(self, columns=ordered)

    def section(self, base_dir: Path) -> dict[str, Any]:
        """Return the section as concord.toml has it."""
        form = self.files[0].form
        usual = FileFormat()
        keys = ("members", "sheet", "records", "encoding", "delimiter")
        written = {key: getattr(form, key) for key in keys}
        paths = [_relative(each.export.path, base_dir) for each in self.files]
        return {
            "entity": self.entity.name,
            "path": paths[0] if len(paths) == 1 else paths,
            **{key: value for key, value in written.items() if value != getattr(usual, key)},
            **self.keys,
            "columns": {name: guess.keys for name, guess in self.columns.items()},
        }


def _relative(path: Path, base_dir: Path) -> str:
    return Path(os.path.relpath(path, base_dir)).as_posix()
