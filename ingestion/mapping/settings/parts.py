"""What a column is made of in concord.toml: columns and constants, a duration, a second table."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

import pyarrow as pa
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from ingestion.contract import Column, Type
from ingestion.mapping.convert.durations import CLOCKS, COUNTS
from ingestion.mapping.convert.numbers import DIGITS, PLACES, is_kept
from ingestion.mapping.declarations import Duration, Lookup, Notation, Part
from ingestion.mapping.settings.constants import Scalar, refuse_unread, text_of
from ingestion.sections import OneOrMore, Section, outer, unknown, wrong

UNITS = (*COUNTS, *CLOCKS)
NUMBER = Column("a number", Type.DECIMAL)


class PartSection(Section):
    """One entry of `join`, `multiply`, `add` or `subtract`."""

    one_of = ("from", "value", "row_number")

    from_: str | None = Field(default=None, alias="from")
    row_number: Literal[True] | None = None
    value: Scalar | None = None
    default: Scalar | None = None

    @field_validator("default")
    @classmethod
    def _for_column(cls, default: Scalar, info: ValidationInfo) -> Scalar:
        if info.data.get("value") is not None or info.data.get("row_number"):
            raise wrong("is for a column that may be empty, and this is none", "Remove it")
        return default

    @property
    def constant(self) -> Scalar | None:
        """The value, or what stands where the column is empty."""
        return self.default if self.value is None else self.value

    def text(self) -> Part:
        """Return it as a part of a text."""
        constant = None if self.constant is None else text_of(self.constant)
        return Part(self.from_, constant, is_row_number=bool(self.row_number))

    def number(self, notation: Notation, is_taken_off: bool = False) -> Part:
        """Return it as a part of a sum or a product, its constant as the source would write it."""
        return Part(self.from_, _number_text(self.constant, notation), is_taken_off)


def _as_table(given: Any) -> Any:
    """Read "Name" as { from = "Name" }, and a number as { value = ... }."""
    if isinstance(given, str):
        return {"from": given}
    if isinstance(given, int | float) and not isinstance(given, bool):
        return {"value": given}
    if isinstance(given, dict):
        return given
    raise wrong("is not a column or a number", "Write a name, a number, or a table of keys")


PartEntry = Annotated[PartSection, BeforeValidator(_as_table)]


def columns_of(parts: Iterable[PartSection] | None) -> list[str]:
    """Return the columns among parts."""
    return [each.from_ for each in parts or () if each.from_ is not None]


def refuse_no_numbers(parts: Sequence[PartSection], info: ValidationInfo) -> None:
    """Refuse constants that are no numbers, or have more digits than are kept."""
    own, around = info.data, outer(info)
    if not {"decimal", "thousands"} <= own.keys():
        return
    decimal, thousands = (own[sign] or around.get(sign) for sign in ("decimal", "thousands"))
    notation = Notation(decimal or ".", thousands)
    for constant in (each.constant for each in parts):
        is_number = isinstance(constant, int | float) and not isinstance(constant, bool)
        if is_number and not is_kept(Decimal(str(constant))):
            problem = f"has the number {constant}, and {DIGITS} digits before the decimal sign"
            remedy = "Give one that has no more digits"
            raise wrong(f"{problem} and {PLACES} after it are read", remedy)
        text = _number_text(constant, notation)
        refuse_unread(pa.array([text], pa.string()), text, NUMBER, notation)


def _number_text(constant: Scalar | None, notation: Notation) -> str | None:
    if isinstance(constant, float):
        return f"{Decimal(str(constant)):f}".replace(".", notation.decimal)
    return None if constant is None else text_of(constant)


def _unit(unit: str) -> str:
    if unit not in UNITS:
        raise unknown(f"there is no unit {unit!r}", unit, UNITS)
    return unit


class DurationSection(Section):
    """`duration = {...}` of a time: what is added to it."""

    from_: str = Field(alias="from", description="the column that says how long it took")
    unit: Annotated[str, AfterValidator(_unit)] = Field(
        description=f"what the column counts in, one of {', '.join(UNITS)}"
    )

    def mapping(self) -> Duration:
        """Return the duration as the mapping language has it."""
        return Duration(self.from_, self.unit)


class LookupSection(Section):
    """`lookup = {...}` of a column; kinds of sources add where the second table is."""

    key: Annotated[tuple[str, ...], OneOrMore]
    value: str
    separator: str = ":"

    def mapping(self) -> Lookup:
        """Return the lookup as the mapping language has it."""
        return Lookup(self.key, self.value, self.separator)
