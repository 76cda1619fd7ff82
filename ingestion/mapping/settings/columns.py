"""A column of an entity in concord.toml: its keys, and how they fit the contract's column.

Validators find in their context what the sections around a column hand down: `target` (the
contract's column), `decimal`, `thousands`, `null_values` and `group`. A faulty key is not handed
down, and nothing is concluded from its absence. Constants are checked in `constants`.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal

import numpy as np
import pyarrow as pa
from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from ingestion.contract import Column
from ingestion.mapping.convert.numbers import DIGITS, PLACES, is_kept
from ingestion.mapping.convert.times import format_problem
from ingestion.mapping.declarations import ColumnMapping, Lookup, Notation
from ingestion.mapping.expressions import evaluate
from ingestion.mapping.records import Records
from ingestion.mapping.settings.constants import (
    Constant,
    Scalar,
    constant_text,
    notation_of,
    refuse_unread,
)
from ingestion.mapping.settings.patterns import GroupPattern
from ingestion.sections import OneOrMore, Section, TimeZone, outer, wrong

ORIGINS = ("from_", "value", "join", "multiply", "row_number")
Factor = str | Annotated[float, Field(strict=True, allow_inf_nan=False)]


def _time_format(form: str, info: ValidationInfo) -> str:
    target = outer(info).get("target")
    if (not target or target.is_moment) and (found := format_problem(form)):
        problem, remedy = found
        raise wrong(f"{form!r} {problem}", remedy)
    return form


def _factors(multiplied: Sequence[Factor]) -> list[Decimal]:
    """Return the numbers among what is multiplied; the others are columns."""
    return [Decimal(str(each)) for each in multiplied if not isinstance(each, str)]


TimeFormat = Annotated[str, AfterValidator(_time_format)]


class LookupSection(Section):
    """`lookup = {...}` of a column; kinds of sources add where the second table is."""

    key: Annotated[tuple[str, ...], OneOrMore]
    value: str
    separator: str = ":"

    def mapping(self) -> Lookup:
        """Return the lookup as the mapping language has it."""
        return Lookup(self.key, self.value, self.separator)


class ColumnSection(Section):
    """One column of an entity; keys follow those that their validators look at."""

    one_of = tuple(name.rstrip("_") for name in ORIGINS)

    from_: str | None = Field(default=None, alias="from")
    join: list[str] | None = Field(default=None, min_length=1)
    separator: str = ":"
    multiply: list[Factor] | None = Field(default=None, min_length=2)
    row_number: Literal[True] | None = None
    strip: str | Literal[True] | None = None
    lower: bool = False
    upper: bool = False
    pattern: GroupPattern | None = None
    lookup: LookupSection | None = None
    null_values: list[str] = Field(default_factory=list)
    decimal: str | None = Field(default=None, min_length=1, max_length=1)
    thousands: str | None = Field(default=None, min_length=1, validate_default=True)
    format: Annotated[tuple[TimeFormat, ...], OneOrMore] = ()
    time_zone: TimeZone | None = None
    aggregate: Literal["sum", "min", "max", "first", "last"] | None = None
    optional: bool = False
    default: Constant | None = None
    map: dict[str, Constant] | None = None
    value: Scalar | None = None

    @field_validator("separator")
    @classmethod
    def _for_join(cls, separator: str, info: ValidationInfo) -> str:
        if info.data.get("join", ...) is None:
            raise wrong("is for the columns of join, and there is no join", "Remove it")
        return separator

    @field_validator("multiply")
    @classmethod
    def _product(cls, given: list[Factor], _info: ValidationInfo) -> list[Factor]:
        factors = _factors(given)
        if len(factors) == len(given):
            raise wrong("names no column", "Name one, or give the product as value")
        for factor in factors:
            if not is_kept(factor):
                problem = f"has the number {factor}, and {DIGITS} digits before the decimal sign"
                remedy = "Multiply by one that has no more digits"
                raise wrong(f"{problem} and {PLACES} after it are read", remedy)
        return given

    @field_validator("upper")
    @classmethod
    def _one_case(cls, upper: bool, info: ValidationInfo) -> bool:
        if upper and info.data.get("lower"):
            raise wrong("contradicts lower", "Keep one of them")
        return upper

    @field_validator("thousands")
    @classmethod
    def _different_signs(cls, thousands: str | None, info: ValidationInfo) -> str | None:
        """Refuse a decimal sign that would be removed from numbers as one between thousands."""
        target, around = outer(info).get("target"), outer(info)
        if not target or not target.is_number or "decimal" not in info.data:
            return thousands
        decimal = info.data["decimal"] or around.get("decimal")
        if decimal and decimal in (thousands or around.get("thousands") or ""):
            problem = f"{decimal!r} is the decimal sign and stands between thousands at once"
            remedy = "Set decimal and thousands to different signs, here or for the whole source"
            raise wrong(problem, remedy)
        return thousands

    @field_validator("format")
    @classmethod
    def _for_moments(cls, formats: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        target = outer(info).get("target")
        if target and not target.is_moment:
            problem = f"is for times and dates, and {target.name} is {target.type.value}"
            raise wrong(problem, "Remove it")
        return formats

    @field_validator("aggregate")
    @classmethod
    def _can_fold(cls, how: str, info: ValidationInfo) -> str:
        target = outer(info).get("target")
        if outer(info).get("group") is False:
            raise wrong("the entity has no group", "Set group = true on it")
        if how == "sum" and target and not target.is_number:
            problem = f"{target.name} is {target.type.value}, which has no sum"
            raise wrong(problem, "Use min, max, first or last")
        return how

    @field_validator("value")
    @classmethod
    def _loadable_value(cls, value: Scalar, info: ValidationInfo) -> Scalar:
        """Refuse a value, as it is rewritten, unless another key is wrong or it is looked for."""
        notation, known = notation_of(info), info.data
        is_known = len(known) == len(cls.model_fields) - 1
        if notation and is_known and known["from_"] is known["pattern"] is known["lookup"] is None:
            target, nulls = outer(info)["target"], outer(info).get("null_values", ())
            column = cls.model_construct(**known, value=value).mapping(target, notation, nulls)
            record = Records(pa.table({"": [None]}), np.array([1]), str)
            refuse_unread(evaluate(column, record, {}), column.value, target, notation)
        return value

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns of records that it comes from."""
        if self.from_ is not None:
            return (self.from_,)
        factors = [each for each in self.multiply or () if isinstance(each, str)]
        return tuple(self.join or factors)

    def mapping(
        self, target: Column, notation: Notation, null_values: Sequence[str]
    ) -> ColumnMapping:
        """Return the column as a mapping; notation and null values are the entity's."""
        notation = replace(
            notation,
            decimal=self.decimal or notation.decimal,
            thousands=self.thousands or notation.thousands,
            formats=self.format,
            time_zone=self.time_zone or notation.time_zone,
        )
        return ColumnMapping(
            target=target,
            origin=next(name.rstrip("_") for name in ORIGINS if getattr(self, name) is not None),
            fields=self.fields,
            value=constant_text(self.value, target, notation),
            separator=self.separator,
            factors=tuple(_factors(self.multiply or ())),
            strip="" if self.strip is True else self.strip,
            case="lower" if self.lower else "upper" if self.upper else None,
            pattern=self.pattern,
            map=self._text_map(target, notation),
            default=constant_text(self.default, target, notation),
            lookup=self.lookup.mapping() if self.lookup else None,
            null_values=(*self.null_values, *null_values),
            notation=notation,
            aggregate=self.aggregate,
            optional=self.optional,
        )

    def _text_map(self, target: Column, notation: Notation) -> dict[str, str] | None:
        if self.map is None:
            return None
        return {key: str(constant_text(each, target, notation)) for key, each in self.map.items()}
