"""A column of an entity in concord.toml: its keys, and how they fit the contract's column.

Validators find in their context what the sections around a column hand down: `target` (the
contract's column), `decimal`, `thousands`, `null_values` and `group`; to what a column is `when` a
condition is met, also `column_section`. A faulty key is not handed down, and nothing is concluded
from its absence. Constants are checked in `constants`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
from pydantic import AfterValidator, Field, TypeAdapter, ValidationInfo, field_validator

from ingestion.contract import Column, Type
from ingestion.mapping.convert.times import format_problem
from ingestion.mapping.declarations import Choice, ColumnMapping, Notation, Part
from ingestion.mapping.expressions import evaluate
from ingestion.mapping.records import Records
from ingestion.mapping.settings.conditions import ChoiceSection
from ingestion.mapping.settings.constants import (
    Constant,
    Scalar,
    constant_text,
    notation_of,
    refuse_unread,
)
from ingestion.mapping.settings.parts import (
    DurationSection,
    LookupSection,
    PartEntry,
    columns_of,
    refuse_no_numbers,
)
from ingestion.mapping.settings.patterns import GroupPattern, Replacements
from ingestion.sections import OneOrMore, Section, Sign, TimeZone, outer, wrong

ORIGINS = ("from_", "first_of", "value", "join", "multiply", "add", "row_number")


def _time_format(form: str, info: ValidationInfo) -> str:
    target = outer(info).get("target")
    if (not target or target.is_moment) and (found := format_problem(form)):
        problem, remedy = found
        raise wrong(f"{form!r} {problem}", remedy)
    return form


TimeFormat = Annotated[str, AfterValidator(_time_format)]


class ColumnSection(Section):
    """One column of an entity; keys follow those that their validators look at."""

    one_of = tuple(name.rstrip("_") for name in ORIGINS)

    from_: str | None = Field(default=None, alias="from")
    first_of: list[str] | None = Field(default=None, min_length=2)
    join: list[PartEntry] | None = Field(default=None, min_length=1)
    separator: str = ":"
    row_number: Literal[True] | None = None
    html: bool = False
    strip: str | Literal[True] | None = None
    lower: bool = False
    upper: bool = False
    replace: Replacements = Field(default_factory=dict)
    pattern: GroupPattern | None = None
    lookup: LookupSection | None = None
    null_values: list[str] = Field(default_factory=list)
    decimal: Sign | None = Field(default=None, min_length=1, max_length=1)
    thousands: Sign | None = Field(default=None, min_length=1, validate_default=True)
    multiply: list[PartEntry] | None = Field(default=None, min_length=2)
    add: list[PartEntry] | None = Field(default=None, min_length=1)
    subtract: list[PartEntry] = Field(default_factory=list)
    format: Annotated[tuple[TimeFormat, ...], OneOrMore] = ()
    time_zone: TimeZone | None = None
    duration: DurationSection | None = None
    aggregate: Literal["sum", "min", "max", "first", "last"] | None = None
    optional: bool = False
    when: list[Any] = Field(default_factory=list)
    default: Constant | None = None
    map: dict[str, Constant] | None = None
    value: Scalar | None = None

    @field_validator("separator")
    @classmethod
    def _for_join(cls, separator: str, info: ValidationInfo) -> str:
        if info.data.get("join", ...) is None:
            raise wrong("is for the columns of join, and there is no join", "Remove it")
        return separator

    @field_validator("multiply", "add", "subtract")
    @classmethod
    def _of_numbers(cls, given: list[PartEntry], info: ValidationInfo) -> list[PartEntry]:
        if given and info.field_name != "subtract" and not columns_of(given):
            raise wrong("names no column", "Name one, or give the number as value")
        if any(each.row_number for each in given):
            raise wrong("counts the number of the row, which is a name", "Use it in join")
        refuse_no_numbers(given, info)
        return given

    @field_validator("subtract")
    @classmethod
    def _from_sum(cls, given: list[PartEntry], info: ValidationInfo) -> list[PartEntry]:
        if info.data.get("add", ...) is None:
            raise wrong("is taken off what add adds, and there is no add", "Give the first as add")
        return given

    @field_validator("upper")
    @classmethod
    def _one_case(cls, upper: bool, info: ValidationInfo) -> bool:
        if upper and info.data.get("lower"):
            raise wrong("contradicts lower", "Keep one of them")
        return upper

    @field_validator("html")
    @classmethod
    def _for_texts(cls, is_html: bool, info: ValidationInfo) -> bool:
        target = outer(info).get("target")
        if is_html and target and target.type is not Type.TEXT:
            problem = f"is for texts, and {target.name} is {target.type.value}"
            raise wrong(problem, "Remove it")
        return is_html

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

    @field_validator("duration")
    @classmethod
    def _for_times(cls, duration: DurationSection, info: ValidationInfo) -> DurationSection:
        target = outer(info).get("target")
        if target and target.type is not Type.TIMESTAMP:
            problem = f"is added to a time, and {target.name} is {target.type.value}"
            raise wrong(problem, "Remove it")
        return duration

    @field_validator("aggregate")
    @classmethod
    def _can_fold(cls, how: str, info: ValidationInfo) -> str:
        target = outer(info).get("target")
        if "column_section" in outer(info):
            raise wrong("is not for one of several choices", "Set it on the column itself")
        if outer(info).get("group") is False:
            raise wrong("the entity has no group", "Set group = true on it")
        if how == "sum" and target and not target.is_number:
            problem = f"{target.name} is {target.type.value}, which has no sum"
            raise wrong(problem, "Use min, max, first or last")
        return how

    @field_validator("when")
    @classmethod
    def _read_choices(cls, given: list[Any], info: ValidationInfo) -> list[ChoiceSection]:
        choices = TypeAdapter(list[ChoiceSection])
        return choices.validate_python(given, context={**outer(info), "column_section": cls})

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
            texts, _ = evaluate(column, record, {})
            refuse_unread(texts, column.parts[0].constant, target, notation)
        return value

    def mapping(
        self, target: Column, notation: Notation, null_values: Sequence[str]
    ) -> ColumnMapping:
        """Return the column as a mapping; notation and null values are the entity's."""
        own = replace(
            notation,
            decimal=self.decimal or notation.decimal,
            thousands=self.thousands or notation.thousands,
            formats=self.format,
            time_zone=self.time_zone or notation.time_zone,
        )
        return ColumnMapping(
            target=target,
            origin=self._origin(),
            parts=tuple(self._parts(target, own)),
            separator=self.separator,
            html=self.html,
            strip="" if self.strip is True else self.strip,
            case="lower" if self.lower else "upper" if self.upper else None,
            replace=tuple(self.replace.items()),
            pattern=self.pattern,
            map=self._text_map(target, own),
            default=constant_text(self.default, target, own),
            lookup=self.lookup.mapping() if self.lookup else None,
            duration=self.duration.mapping() if self.duration else None,
            choices=tuple(self._choices(target, notation, null_values)),
            null_values=(*self.null_values, *null_values),
            notation=own,
            aggregate=self.aggregate,
            optional=self.optional,
        )

    def _origin(self) -> str:
        """Return how the parts come together: one column, or one value, is the first of one."""
        given = next(name for name in ORIGINS if getattr(self, name) is not None)
        return "first_of" if given in ("from_", "value") else given

    def _parts(self, target: Column, notation: Notation) -> Iterator[Part]:
        for name in (self.from_, *(self.first_of or ())):
            if name is not None:
                yield Part(name)
        if self.value is not None:
            yield Part(None, constant_text(self.value, target, notation))
        yield from (each.text() for each in self.join or ())
        yield from (each.number(notation) for each in (*(self.multiply or ()), *(self.add or ())))
        yield from (each.number(notation, is_taken_off=True) for each in self.subtract)

    def _choices(
        self, target: Column, notation: Notation, null_values: Sequence[str]
    ) -> Iterator[Choice]:
        for each in self.when:
            column = each.then.mapping(target, notation, null_values)
            yield Choice(each.mapping(notation, null_values), column)

    def _text_map(self, target: Column, notation: Notation) -> dict[str, str] | None:
        if self.map is None:
            return None
        return {key: str(constant_text(each, target, notation)) for key, each in self.map.items()}
