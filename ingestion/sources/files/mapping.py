"""What the user says about files, as values: sources, entities, columns, conditions.

Pure data; `settings.py` makes it out of concord.toml, the other modules follow it. Each
field is described for users in docs/sources.md.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from ingestion.contract import Column, Entity


@dataclass(frozen=True)
class Condition:
    """One `where` condition on a column of the file; `operand` is in the operator's own type.

    Empty texts and numbers are the source's, unless the entity reads the column otherwise.
    """

    column: str
    operator: str
    operand: str | tuple[str | bool, ...] | bool | float
    null_values: tuple[str, ...] = ()
    decimal: str = "."
    thousands: str | None = None


@dataclass(frozen=True)
class Lookup:
    """A second file in which a value is looked up by a key."""

    path: Path
    key: tuple[str, ...]
    value: str
    separator: str
    file_format: "FileFormat"


@dataclass(frozen=True)
class FileFormat:
    """How the bytes of a file are to be read."""

    format: str | None = None
    encoding: str = "utf-8"
    delimiter: str = ","
    header: tuple[str, ...] = ()
    skip_lines: int = 0
    rows: str | None = None


@dataclass(frozen=True)
class ColumnMapping:
    """How one column of an entity comes out of the columns of a file."""

    target: Column
    origin: str
    fields: tuple[str, ...] = ()
    value: str | None = None
    separator: str = ""
    factors: tuple[Decimal, ...] = ()
    strip: str | None = None
    case: str | None = None
    pattern: str | None = None
    map: dict[str, str] | None = None
    default: str | None = None
    lookup: Lookup | None = None
    null_values: tuple[str, ...] = ()
    decimal: str = "."
    thousands: str | None = None
    formats: tuple[str, ...] = ()
    time_zone: str = "UTC"
    aggregate: str | None = None
    optional: bool = False


@dataclass(frozen=True)
class EntityMapping:
    """Which files fill one entity, and how."""

    entity: Entity
    paths: tuple[str, ...]
    file_format: FileFormat
    columns: tuple[ColumnMapping, ...]
    where: tuple[Condition, ...] = ()
    group: bool = False

    @property
    def file_columns(self) -> dict[str, bool]:
        """Return the file's columns that are needed, and whether each must be there.

        A condition needs its column, unless the mapping calls that optional.
        """
        needed: dict[str, bool] = {}
        for column in self.columns:
            for name in column.fields:
                needed[name] = needed.get(name, False) or not column.optional
        return {condition.column: True for condition in self.where} | needed


@dataclass(frozen=True)
class FilesMapping:
    """Everything about one files source."""

    name: str
    base_dir: Path
    fingerprint: str
    entities: tuple[EntityMapping, ...] = field(default=())
