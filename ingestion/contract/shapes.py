"""What an entity of the contract is made of, and short forms of its usual columns."""

from dataclasses import dataclass
from enum import StrEnum
from typing import LiteralString


class Type(StrEnum):
    """Column types, as PostgreSQL and Arrow both know them."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"


SQL_TYPES: dict[Type, LiteralString] = {
    Type.TEXT: "text",
    Type.INTEGER: "bigint",
    Type.DECIMAL: "numeric",
    Type.BOOLEAN: "boolean",
    Type.DATE: "date",
    Type.TIMESTAMP: "timestamp with time zone",
}


@dataclass(frozen=True)
class Column:
    """One column of an entity; a timestamp is always UTC, an amount always in major units.

    An occasional column is filled now and then only; one that is filled later, some time after
    the row first came. A decisive column says how the row counts, by being empty, too: a row of
    which it can't be read is not loaded. `required_with` names a column that is worth nothing
    without this one. A limit that is `above` is itself too low. A planned time may lie ahead, all
    others have happened. A column of progress goes through its values in their order, and only
    the section of a source that a row came by sets it back.
    """

    name: str
    type: Type = Type.TEXT
    description: str = ""
    required: bool = False
    unit: str | None = None
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    is_hashed: bool = False
    is_occasional: bool = False
    is_filled_later: bool = False
    is_decisive: bool = False
    required_with: str | None = None
    is_planned: bool = False
    is_progress: bool = False

    @property
    def hash_name(self) -> str:
        """Name the column that holds the md5 of a hashed text; it is empty where the text is."""
        return f"{self.name}_hash"

    @property
    def is_number(self) -> bool:
        return self.type in (Type.INTEGER, Type.DECIMAL)

    @property
    def is_moment(self) -> bool:
        return self.type in (Type.DATE, Type.TIMESTAMP)


@dataclass(frozen=True)
class Entity:
    """One canonical entity: one row per `key` within a source.

    `event_time` names the column that says when it happened; an entity that `surges` does so in
    a crisis. `income` names an amount whose mean is watched. Rows that agree in `set_key` are a
    set: what a load brings of it is all of it, and replaces what was there.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    event_time: str | None = None
    surges: bool = False
    income: str | None = None
    set_key: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError if the entity has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def key(name: str, description: str) -> Column:
    """Return a column of the key."""
    return Column(name, Type.TEXT, description, required=True)


def text(name: str, description: str, **limits) -> Column:
    """Return a column of text."""
    return Column(name, Type.TEXT, description, **limits)


def time(name: str, description: str, **limits) -> Column:
    """Return a column of instants."""
    return Column(name, Type.TIMESTAMP, description, unit="UTC", **limits)


def amount(name: str, description: str, **limits) -> Column:
    """Return a column of money."""
    return Column(name, Type.DECIMAL, description, unit="currency", **limits)


def count(name: str, description: str, **limits) -> Column:
    """Return a column of counts."""
    return Column(name, Type.INTEGER, description, unit="count", **limits)


def flag(name: str, description: str, **limits) -> Column:
    """Return a column of yes or no."""
    return Column(name, Type.BOOLEAN, description, **limits)


def date(name: str, description: str, **limits) -> Column:
    """Return a column of days."""
    return Column(name, Type.DATE, description, unit="date", **limits)
