"""An entity in concord.toml: its columns, by the contract, and the conditions of its records."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationInfo,
    field_validator,
)

from ingestion.contract import ENTITIES, Column, Entity, Type
from ingestion.mapping.declarations import EntityMapping, Notation
from ingestion.mapping.settings.columns import ColumnSection
from ingestion.mapping.settings.conditions import ConditionSection, read_column
from ingestion.mapping.settings.reshaping import SplitSection, UnpivotSection
from ingestion.sections import Section, outer, unknown, wrong

TIME = Column("latest_by", Type.TIMESTAMP, required=True)


def _known_entity(name: str) -> str:
    if name not in ENTITIES:
        raise unknown(f"there is no entity {name!r}", name, tuple(ENTITIES))
    return name


def _known_column(name: str, info: ValidationInfo) -> str:
    entity = ENTITIES.get(outer(info).get("entity", ""))
    if entity and name not in entity.column_names:
        raise unknown(f"{entity.name} has no such column", name, entity.column_names)
    return name


ColumnName = Annotated[str, AfterValidator(_known_column)]


class EntitySection(Section):
    """One entity of a source; kinds of sources add where its records are.

    Columns are read by `column_section`, which a kind of source may extend.
    """

    column_section: ClassVar[type[ColumnSection]] = ColumnSection

    entity: Annotated[str, AfterValidator(_known_entity)]
    where: list[ConditionSection] = Field(default_factory=list)
    group: bool = False
    null_values: list[str] = Field(default_factory=list)
    latest_by: Any = None
    split: SplitSection | None = None
    unpivot: UnpivotSection | None = None
    columns: dict[str, Any]

    @staticmethod
    def _around(info: ValidationInfo) -> dict[str, Any]:
        """Return what the entity hands down to its columns."""
        nulls = [*info.data.get("null_values", ()), *outer(info).get("null_values", ())]
        return {**outer(info), **info.data, "null_values": nulls}

    @field_validator("latest_by")
    @classmethod
    def _read_time(cls, given: Any, info: ValidationInfo) -> ColumnSection:
        """Read the time as a column of the entity's would be."""
        if info.data.get("group"):
            raise wrong(
                "contradicts group", "Keep one: group makes one row of many, this picks one"
            )
        return read_column(cls.column_section, given, {**cls._around(info), "target": TIME})

    @field_validator("columns")
    @classmethod
    def _read_columns(cls, given: dict[str, Any], info: ValidationInfo) -> dict[str, ColumnSection]:
        """Read columns by the contract; by their own keys alone if the entity is not known."""
        entity = ENTITIES.get(info.data.get("entity", ""))
        targets = {column.name: column for column in entity.columns} if entity else {}
        required = dict.fromkeys(cls._required(entity, given)) if entity else {}
        pairs = {name: (targets.get(name), keys) for name, keys in {**required, **given}.items()}
        read = partial(_read_column, cls.column_section)
        columns = TypeAdapter(dict[ColumnName, Annotated[Any, PlainValidator(read)]])
        sections = columns.validate_python(pairs, context=cls._around(info))
        return {name: sections[name] for name in given}

    @classmethod
    def _required(cls, entity: Entity, given: Collection[str]) -> tuple[str, ...]:
        """Return the columns that have to be mapped beside those that are."""
        wanted = (each for each in entity.columns if each.required or each.required_with in given)
        return tuple(each.name for each in wanted)

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
            latest_by=self.latest_by.mapping(TIME, notation, nulls) if self.latest_by else None,
            split=self.split.mapping() if self.split else None,
            unpivot=self.unpivot.mapping() if self.unpivot else None,
        )


def _read_column(
    section: type[ColumnSection], given: tuple[Column | None, Any], info: ValidationInfo
) -> ColumnSection:
    target, keys = given
    if target and keys is None:
        beside = f" beside {target.required_with}" if target.required_with else ""
        problem = f"{outer(info)['entity']} needs this column{beside}"
        raise wrong(problem, f"Map it: {target.description.lower()}", "missing")
    return read_column(section, keys, {**outer(info), "target": target})
