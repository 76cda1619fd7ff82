"""What a mapping says, as values: notations, columns, conditions, entities.

Pure data: `settings` makes it out of concord.toml, the other modules follow it. Each field is
described for users in docs/sources.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

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
class Condition:
    """A condition on a column of a record; `operand` has the type of the operator.

    Null values and notation are the source's, unless the entity reads the column otherwise. An
    optional one does not need its column.
    """

    column: str
    operator: str
    operand: str | tuple[str | bool, ...] | bool | float
    null_values: tuple[str, ...] = ()
    notation: Notation = Notation()
    optional: bool = False


@dataclass(frozen=True)
class Part:
    """One of the things that a column is made of: a column of a record, a constant, or both.

    The constant stands where there is no column, and where the column is empty. A part of a sum
    may be taken off, and a part of a text may be the number of the record.
    """

    field: str | None = None
    constant: str | None = None
    is_taken_off: bool = False
    is_row_number: bool = False


@dataclass(frozen=True)
class Duration:
    """What is added to a time: a column of a record, and the unit that it counts in."""

    field: str
    unit: str


@dataclass(frozen=True)
class Choice:
    """What a column is instead where a condition is met."""

    condition: Condition
    column: "ColumnMapping"


@dataclass(frozen=True)
class ColumnMapping:
    """How one column of an entity is made from the columns of a record.

    `origin` is how its parts come together: "first_of", "join", "multiply", "add"; or
    "row_number". Of the choices the first whose condition is met counts.
    """

    target: Column
    origin: str
    parts: tuple[Part, ...] = ()
    separator: str = ""
    html: bool = False
    strip: str | None = None
    case: str | None = None
    replace: tuple[tuple[str, str], ...] = ()
    pattern: str | None = None
    map: dict[str, str] | None = None
    default: str | None = None
    lookup: Lookup | None = None
    duration: Duration | None = None
    choices: tuple[Choice, ...] = ()
    null_values: tuple[str, ...] = ()
    notation: Notation = Notation()
    aggregate: str | None = None
    optional: bool = False

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Return the columns of records of which its value is made."""
        return tuple(part.field for part in self.parts if part.field is not None)

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """Return all columns of records that it looks at, without those of its choices' values."""
        durations = (self.duration.field,) if self.duration else ()
        return (*self.fields, *durations, *(each.condition.column for each in self.choices))

    @cached_property
    def required(self) -> frozenset[str]:
        """Return those of the needed columns that records have to have."""
        spared = {each.condition.column for each in self.choices if each.condition.optional}
        return frozenset(() if self.optional else {*self.needed} - spared.difference(self.fields))

    @property
    def looked_at(self) -> tuple[str, ...]:
        """Return all columns of records that it looks at, those of its choices' values too."""
        names = (name for each in self.with_choices() for name in each.needed)
        return tuple(dict.fromkeys(names))

    def with_choices(self) -> Iterator["ColumnMapping"]:
        """Yield the column, and what it is instead."""
        yield self
        for each in self.choices:
            yield from each.column.with_choices()


@dataclass(frozen=True)
class Split:
    """A column whose texts are lists: each element makes a record of its own."""

    column: str
    separator: str


@dataclass(frozen=True)
class Unpivot:
    """Columns that are values of one kind: each makes a record of its own.

    Mappings know the column's name and its value as columns called `name` and `value`.
    """

    columns: tuple[str, ...]
    name: str
    value: str


@dataclass(frozen=True)
class EntityMapping:
    """How records become rows of one entity.

    `split` and `unpivot` make several records of one before anything else. Of many rows with one
    key, `group` makes one, and `latest_by` keeps that with the latest time.
    """

    entity: Entity
    columns: tuple[ColumnMapping, ...]
    where: tuple[Condition, ...] = ()
    group: bool = False
    latest_by: ColumnMapping | None = None
    split: Split | None = None
    unpivot: Unpivot | None = None

    @property
    def folds(self) -> bool:
        """Return whether rows of all files may come together in one."""
        return bool(self.how_folded)

    @property
    def how_folded(self) -> str:
        """Return the key by which several rows become one; an empty text if there is none."""
        return "group" if self.group else "latest_by" if self.latest_by else ""

    @property
    def sums(self) -> bool:
        """Return whether a column is the sum of several rows."""
        return any(column.aggregate == "sum" for column in self.columns)

    @cached_property
    def used(self) -> dict[str, bool]:
        """Return the columns of reshaped records that are read, and whether each must be there.

        A condition needs its column, unless it or the mapping calls that optional.
        """
        used: dict[str, bool] = {}
        for column in self._read:
            for name in column.needed:
                used[name] = used.get(name, False) or name in column.required
        return {each.column: not each.optional for each in self.where} | used

    @cached_property
    def needed(self) -> dict[str, bool]:
        """Return the columns that records need, and whether each must be there."""
        needed = self.used
        if self.unpivot:
            made = (self.unpivot.name, self.unpivot.value)
            needed = {name: must for name, must in needed.items() if name not in made}
            needed |= dict.fromkeys(self.unpivot.columns, True)
        return needed | {self.split.column: True} if self.split else needed

    @property
    def moments(self) -> frozenset[str]:
        """Return the columns of records from which dates and times are made."""
        moments = [column for column in self._read if column.target.is_moment]
        names = {name for column in moments for name in column.fields}
        if self.unpivot and self.unpivot.value in names:
            names |= set(self.unpivot.columns)
        return frozenset(names)

    @property
    def lookups(self) -> tuple[Lookup, ...]:
        """Return the lookups of the columns, each once."""
        found = (column.lookup for column in self._read if column.lookup)
        return tuple(dict.fromkeys(found))

    @property
    def columns_and_time(self) -> tuple[ColumnMapping, ...]:
        """Return the entity's columns, and the time by which its rows are folded."""
        return (*self.columns, self.latest_by) if self.latest_by else self.columns

    @property
    def _read(self) -> tuple[ColumnMapping, ...]:
        return tuple(each for column in self.columns_and_time for each in column.with_choices())
