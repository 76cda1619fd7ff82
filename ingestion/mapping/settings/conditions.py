"""Conditions in concord.toml: of an entity's `where`, or of a column's `when`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, StrictBool, ValidationInfo, field_validator

from ingestion.mapping.declarations import Condition, Notation
from ingestion.mapping.settings.constants import Scalar, text_of
from ingestion.mapping.settings.patterns import RegularExpression
from ingestion.sections import Section, outer, wrong

OPERATORS = ("is_", "is_not", "has", "has_not", "is_set", "matches", "above", "below")


def _in_list(given: Any) -> Any:
    return given if isinstance(given, list) else [given]


AnySection = TypeVar("AnySection", bound=Section)
Operands = Annotated[list[Scalar], BeforeValidator(_in_list)]


class ConditionSection(Section):
    """One condition."""

    one_of = tuple(name.rstrip("_") for name in OPERATORS)

    column: str
    is_: Operands | None = Field(default=None, alias="is")
    is_not: Operands | None = None
    has: Operands | None = None
    has_not: Operands | None = None
    is_set: StrictBool | None = None
    matches: RegularExpression | None = None
    above: float | None = None
    below: float | None = None
    optional: StrictBool = False

    def mapping(self, notation: Notation, null_values: Sequence[str]) -> Condition:
        """Return the condition as the mapping language has it."""
        operator = next(name for name in OPERATORS if getattr(self, name) is not None)
        operand = getattr(self, operator)
        if isinstance(operand, list):
            operand = tuple(each if isinstance(each, bool) else text_of(each) for each in operand)
        nulls = tuple(null_values)
        return Condition(self.column, operator.rstrip("_"), operand, nulls, notation, self.optional)


class ChoiceSection(ConditionSection):
    """One `when` of a column: a condition, and what the column is where it is met."""

    then: Any = Field(description="what the column is where the condition is met")

    @field_validator("then")
    @classmethod
    def _read_column(cls, given: Any, info: ValidationInfo) -> Any:
        return read_column(outer(info)["column_section"], given, outer(info))


def read_column(section: type[AnySection], keys: Any, context: Mapping[str, Any]) -> AnySection:
    """Read "Name" as { from = "Name" }, and true, a number or a date as { value = ... }."""
    if isinstance(keys, list):
        problem = "is a list; a column is the name of one, a value, or a table of keys"
        raise wrong(problem, "Use first_of or join for several columns")
    if isinstance(keys, str):
        keys = {"from": keys}
    elif isinstance(keys, bool | int | float | date):
        keys = {"value": keys}
    return section.model_validate(keys, context=context)
