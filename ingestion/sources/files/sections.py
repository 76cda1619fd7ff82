"""The shape of a files source in concord.toml; what it means is checked in `settings`."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

ORIGINS = ("from_", "value", "join", "multiply", "row_number")
Scalar = StrictBool | int | float | datetime | date | str
Factor = str | Annotated[float, Field(strict=True, allow_inf_nan=False)]
OneOrMore = str | list[str]


def listed(value: str | list[str] | None) -> tuple[str, ...]:
    """Return one or more texts as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class LookupSection(_Section):
    """`lookup = {...}` of a column."""

    path: str
    key: OneOrMore
    value: str
    separator: str = ":"
    format: Literal["csv"] | None = None
    encoding: str = "utf-8"
    delimiter: str = ","


class ColumnSection(_Section):
    """One column of an entity."""

    from_: str | None = Field(default=None, alias="from")
    value: Scalar | None = None
    join: list[str] | None = Field(default=None, min_length=1)
    separator: str = ":"
    multiply: list[Factor] | None = Field(default=None, min_length=2)
    row_number: Literal[True] | None = None
    strip: str | Literal[True] | None = None
    lower: bool = False
    upper: bool = False
    pattern: str | None = None
    lookup: LookupSection | None = None
    map: dict[str, Scalar] | None = None
    default: Scalar | None = None
    null_values: list[str] | None = None
    decimal: str | None = Field(default=None, min_length=1, max_length=1)
    thousands: str | None = Field(default=None, min_length=1)
    format: OneOrMore | None = None
    time_zone: str | None = None
    aggregate: Literal["sum", "min", "max", "first", "last"] | None = None
    optional: bool = False

    @property
    def origins(self) -> list[str]:
        """The keys that say where the column comes from; a good section has one of them."""
        return [name.rstrip("_") for name in ORIGINS if getattr(self, name) is not None]

    @property
    def fields(self) -> list[str]:
        """The file's columns that it comes from."""
        if self.from_ is not None:
            return [self.from_]
        return self.join or [each for each in self.multiply or [] if isinstance(each, str)]

    @property
    def factors(self) -> list[Decimal]:
        """The numbers among what is multiplied; the others are columns."""
        return [Decimal(str(each)) for each in self.multiply or [] if not isinstance(each, str)]

    @property
    def formats(self) -> tuple[str, ...]:
        return listed(self.format)


def _spelled_out(value: Any) -> Any:
    """Read "Name" as { from = "Name" }, and true or a number as { value = ... }."""
    if isinstance(value, str):
        return {"from": value}
    if isinstance(value, list):
        raise ValueError("is a list; a column is the name of one, a value, or a table of keys")
    return {"value": value} if isinstance(value, bool | int | float | date) else value


class ConditionSection(_Section):
    """One `where` condition of an entity."""

    column: str
    is_: Scalar | list[Scalar] | None = Field(default=None, alias="is")
    is_not: Scalar | list[Scalar] | None = None
    is_set: StrictBool | None = None
    matches: str | None = None
    above: float | None = None
    below: float | None = None


class EntitySection(_Section):
    """One `[[sources.<name>.entities]]`."""

    entity: str
    path: OneOrMore
    format: Literal["csv", "jsonl", "parquet"] | None = None
    encoding: str = "utf-8"
    delimiter: str = ","
    header: list[str] | None = Field(default=None, min_length=1)
    skip_lines: int = Field(default=0, ge=0)
    rows: str | None = None
    where: list[ConditionSection] = Field(default_factory=list)
    group: bool = False
    null_values: list[str] | None = None
    columns: dict[str, Annotated[ColumnSection, BeforeValidator(_spelled_out)]] = Field(
        default_factory=dict
    )


class FilesSection(_Section):
    """One `[sources.<name>]` of kind "files"."""

    kind: Literal["files"]
    time_zone: str = "UTC"
    null_values: list[str] = Field(default_factory=list)
    decimal: str = Field(default=".", min_length=1, max_length=1)
    thousands: str | None = Field(default=None, min_length=1)
    entities: list[EntitySection] = Field(default_factory=list)
