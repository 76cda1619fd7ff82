"""An entity in concord.toml: its columns, by the contract, and the conditions of its records."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    StrictBool,
    TypeAdapter,
    ValidationInfo,
    field_validator,
)

from ingestion.contract import ENTITIES, Column
from ingestion.mapping.declarations import Condition, EntityMapping, Notation
from ingestion.mapping.settings.columns import ColumnSection
from ingestion.mapping.settings.constants import Scalar, text_of
from ingestion.mapping.settings.patterns import RegularExpression
from ingestion.sections import Section, outer, unknown, wrong

OPERATORS = ("is_", "is_not", "is_set", "matches", "above", "below")


def _known_entity(name: str) -> str:
    if name not in ENTITIES:
        raise unknown(f"there is no entity {name!r}", name, tuple(ENTITIES))
    return name


def _known_column(name: str, info: ValidationInfo) -> str:
    entity = ENTITIES.get(outer(info).get("entity", ""))
    if entity and name not in entity.column_names:
        raise unknown(f"{entity.name} has no such column", name, entity.column_names)
    return name


def _in_list(given: Any) -> Any:
    return given if isinstance(given, list) else [given]


ColumnName = Annotated[str, AfterValidator(_known_column)]
Operands = Annotated[list[Scalar], BeforeValidator(_in_list)]


class ConditionSection(Section):
    """One `where` condition of an entity."""

    one_of = tuple(name.rstrip("_") for name in OPERATORS)

    column: str
    is_: Operands | None = Field(default=None, alias="is")
    is_not: Operands | None = None
    is_set: StrictBool | None = None
    matches: RegularExpression | None = None
    above: float | None = None
    below: float | None = None

    def mapping(self, notation: Notation, null_values: Sequence[str]) -> Condition:
        """Return the condition as the mapping language has it."""
        operator = next(name for name in OPERATORS if getattr(self, name) is not None)
        operand = getattr(self, operator)
        if isinstance(operand, list):
            operand = tuple(each if isinstance(each, bool) else text_of(each) for each in operand)
        return Condition(self.column, operator.rstrip("_"), operand, tuple(null_values), notation)


class EntitySection(Section):
    """One entity of a source; kinds of sources add where its records are.

    Columns are read by `column_section`, which a kind of source may extend.
    """

    column_section: ClassVar[type[ColumnSection]] = ColumnSection

    entity: Annotated[str, AfterValidator(_known_entity)]
    where: list[ConditionSection] = Field(default_factory=list)
    group: bool = False
    null_values: list[str] = Field(default_factory=list)
    columns: dict[str, Any]

    @field_validator("columns")
    @classmethod
    def _read_columns(cls, given: dict[str, Any], info: ValidationInfo) -> dict[str, ColumnSection]:
        """Read columns by the contract; by their own keys alone if the entity is not known."""
        entity = ENTITIES.get(info.data.get("entity", ""))
        targets = {column.name: column for column in entity.columns} if entity else {}
        required = {name: None for name, column in targets.items() if column.required}
        pairs = {name: (targets.get(name), keys) for name, keys in {**required, **given}.items()}
        nulls = [*info.data.get("null_values", ()), *outer(info).get("null_values", ())]
        around = {**outer(info), **info.data, "null_values": nulls}
        read = partial(_read_column, cls.column_section)
        columns = TypeAdapter(dict[ColumnName, Annotated[Any, PlainValidator(read)]])
        sections = columns.validate_python(pairs, context=around)
        return {name: sections[name] for name in given}

    def mapping(self, notation: Notation, null_values: Sequence[str]) -> EntityMapping:
        """Return the entity as a mapping; notation and null values are the source's."""
        entity, nulls = ENTITIES[self.entity], (*self.null_values, *null_values)
        return EntityMapping(
            entity=entity,
            columns=tuple(
                section.mapping(entity.column(name), notation, nulls)
                for name, section in self.columns.items()
            ),
            where=tuple(each.mapping(notation, nulls) for each in self.where),
            group=self.group,
        )


def _read_column(
    section: type[ColumnSection], given: tuple[Column | None, Any], info: ValidationInfo
) -> ColumnSection:
    """Read "Name" as { from = "Name" }, and true, a number or a date as { value = ... }."""
    target, keys = given
    if target and keys is None:
        problem = f"{outer(info)['entity']} needs this column"
        raise wrong(problem, f"Map it: {target.description.lower()}", "missing")
    if isinstance(keys, list):
        problem = "is a list; a column is the name of one, a value, or a table of keys"
        raise wrong(problem, "Use join for several columns")
    if isinstance(keys, str):
        keys = {"from": keys}
    elif isinstance(keys, bool | int | float | date):
        keys = {"value": keys}
    return section.model_validate(keys, context={**outer(info), "target": target})
