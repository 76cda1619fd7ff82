"""What a mapping says, as values: notations, columns, conditions, entities.

Pure data: `settings` makes it out of concord.toml, the other modules follow it. Each field is
described for users in docs/sources.md.
"""

from dataclasses import dataclass
from decimal import Decimal

from ingestion.contract import Column, Entity


@dataclass(frozen=True)
class Notation:
    """How numbers, dates and times are written as text; no `formats` means ISO 8601."""

    decimal: str = "."
    thousands: str | None = None
    formats: tuple[str, ...] = ()
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Lookup:
    """A second table in which a value is found by the key columns, joined by `separator`."""

    key: tuple[str, ...]
    value: str
    separator: str


@dataclass(frozen=True)
class ColumnMapping:
    """How one column of an entity is made from the columns of a record."""

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
    notation: Notation = Notation()
    aggregate: str | None = None
    optional: bool = False


@dataclass(frozen=True)
class Condition:
    """One `where` condition on a column of a record; `operand` has the type of the operator.

    Null values and notation are the source's, unless the entity reads the column otherwise.
    """

    column: str
    operator: str
    operand: str | tuple[str | bool, ...] | bool | float
    null_values: tuple[str, ...] = ()
    notation: Notation = Notation()


@dataclass(frozen=True)
class EntityMapping:
    """How records become rows of one entity; `group` folds them by the entity's key."""

    entity: Entity
    columns: tuple[ColumnMapping, ...]
    where: tuple[Condition, ...] = ()
    group: bool = False

    @property
    def needed(self) -> dict[str, bool]:
        """Return the columns that records need, and whether each must be there.

        A condition needs its column, unless the mapping calls that optional.
        """
        needed: dict[str, bool] = {}
        for column in self.columns:
            for name in column.fields:
                needed[name] = needed.get(name, False) or not column.optional
        return {condition.column: True for condition in self.where} | needed

    @property
    def moments(self) -> frozenset[str]:
        """Return the columns of records from which dates and times are made."""
        moments = [column for column in self.columns if column.target.is_moment]
        return frozenset(name for column in moments for name in column.fields)
