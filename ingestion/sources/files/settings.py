"""A files source out of concord.toml: every fault at once, or a mapping without any."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ingestion.contract import ENTITIES, Column, Entity
from ingestion.errors import ConfigurationFaults
from ingestion.faults import key_of, read_section
from ingestion.sources.files.checks import Checks
from ingestion.sources.files.column_checks import ColumnChecks
from ingestion.sources.files.conditions import OPERATORS
from ingestion.sources.files.mapping import (
    ColumnMapping,
    Condition,
    EntityMapping,
    FileFormat,
    FilesMapping,
    Lookup,
)
from ingestion.sources.files.patterns import with_named_group
from ingestion.sources.files.sections import (
    ColumnSection,
    ConditionSection,
    EntitySection,
    FilesSection,
    LookupSection,
    listed,
)

# Raise it when the same configuration and file begin to give other rows.
MAPPING_VERSION = 2


def read_mapping(name: str, section: Mapping[str, Any], base_dir: Path) -> FilesMapping:
    """Make the mapping of a files source; ConfigurationFaults names every fault."""
    prefix = key_of("sources", name)
    shape, faults = read_section(FilesSection, section, prefix, "docs/sources.md")
    if shape is None:
        raise ConfigurationFaults(faults)
    checks = Checks(base_dir, faults)
    entities = _Reader(shape, checks, prefix).entities()
    if checks.faults:
        raise ConfigurationFaults(checks.faults)
    return FilesMapping(name, base_dir, _fingerprint(section), tuple(entities))


def _fingerprint(section: Mapping[str, Any]) -> str:
    text = json.dumps([MAPPING_VERSION, section], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class _Reader:
    """Reads one source's section and collects what is wrong with it."""

    def __init__(self, shape: FilesSection, checks: Checks, prefix: str) -> None:
        self.shape = shape
        self.checks = checks
        self.prefix = prefix
        self.column_checks = ColumnChecks(checks, prefix)

    def entities(self) -> list[EntityMapping]:
        self.checks.zone(f"{self.prefix}.time_zone", self.shape.time_zone)
        key = f"{self.prefix}.entities"
        if not self.shape.entities:
            self.checks.fault(key, "there is none", f"Add [[{key}]]; docs/sources.md shows how")
        read = [self.entity(key_of(key, at), each) for at, each in enumerate(self.shape.entities)]
        return [each for each in read if each]

    def entity(self, key: str, section: EntitySection) -> EntityMapping | None:
        paths = listed(section.path)
        self.checks.paths(f"{key}.path", paths)
        self.checks.rows(key, section)
        self.checks.encoding(f"{key}.encoding", section.encoding)
        self.checks.delimiter(f"{key}.delimiter", section.delimiter)
        where = [
            self.condition(key_of(f"{key}.where", at), section, each)
            for at, each in enumerate(section.where)
        ]
        self.column_keys(key, section)
        entity = ENTITIES.get(section.entity)
        if entity is None:
            problem = f"there is no entity {section.entity!r}"
            self.checks.fault(f"{key}.entity", problem, f"One of: {', '.join(ENTITIES)}")
            return None
        return EntityMapping(
            entity=entity,
            paths=paths,
            file_format=_file_format(section),
            columns=tuple(self.columns(f"{key}.columns", section, entity)),
            where=tuple(each for each in where if each),
            group=section.group,
        )

    def column_keys(self, key: str, section: EntitySection) -> None:
        """Check what can be known of the columns even if the entity is not."""
        if not section.columns:
            self.checks.fault(f"{key}.columns", "is missing", "Add it; docs/sources.md shows how")
        for name, each in section.columns.items():
            column = key_of(f"{key}.columns", name)
            self.column_checks.keys(column, each)
            if each.aggregate and not section.group:
                problem, remedy = "the entity has no group", "Set group = true on it"
                self.checks.fault(f"{column}.aggregate", problem, remedy, f"{key}.group")

    def columns(self, key: str, section: EntitySection, entity: Entity) -> list[ColumnMapping]:
        mapped = []
        for name, each in section.columns.items():
            if name not in entity.column_names:
                remedy = f"One of: {', '.join(entity.column_names)}"
                self.checks.fault(key_of(key, name), f"{entity.name} has no such column", remedy)
                continue
            made = self.column(section, entity.column(name), each)
            self.column_checks.fit(key_of(key, name), each, made)
            mapped.append(made)
        for column in entity.columns:
            if section.columns and column.required and column.name not in section.columns:
                self.checks.fault(
                    f"{key}.{column.name}",
                    f"{entity.name} needs this column",
                    f"Map it: {column.description.lower()}",
                )
        return mapped

    def column(
        self, entity: EntitySection, target: Column, section: ColumnSection
    ) -> ColumnMapping:
        shape = self.shape
        decimal = section.decimal or shape.decimal
        return ColumnMapping(
            target=target,
            origin=(section.origins or ["value"])[0],
            fields=tuple(section.fields),
            value=_constant(section.value, target, decimal),
            separator=section.separator,
            factors=tuple(section.factors),
            strip="" if section.strip is True else section.strip,
            case="lower" if section.lower else "upper" if section.upper else None,
            pattern=with_named_group(section.pattern) if section.pattern is not None else None,
            map=_text_map(section.map, target, decimal),
            default=_constant(section.default, target, decimal),
            lookup=self.lookup(section.lookup) if section.lookup else None,
            null_values=tuple(
                (section.null_values or []) + (entity.null_values or []) + shape.null_values
            ),
            decimal=decimal,
            thousands=section.thousands or shape.thousands,
            formats=section.formats,
            time_zone=section.time_zone or shape.time_zone,
            aggregate=section.aggregate,
            optional=section.optional,
        )

    def condition(
        self, key: str, entity: EntitySection, section: ConditionSection
    ) -> Condition | None:
        given = [
            (name, value)
            for name in OPERATORS
            if (value := getattr(section, "is_" if name == "is" else name)) is not None
        ]
        if len(given) != 1:
            problem, remedy = "needs exactly one comparison", f"One of: {', '.join(OPERATORS)}"
            self.checks.fault(key, problem, remedy, *([] if given else [key]))
            return None
        operator, operand = given[0]
        if operator == "matches":
            self.checks.pattern(f"{key}.matches", operand)
        if operator in ("is", "is_not"):
            values = operand if isinstance(operand, list) else [operand]
            operand = tuple(
                value if isinstance(value, bool) else str(_text(value)) for value in values
            )
        shape = self.shape
        null_values = tuple((entity.null_values or []) + shape.null_values)
        return Condition(
            section.column, operator, operand, null_values, shape.decimal, shape.thousands
        )

    def lookup(self, section: LookupSection) -> Lookup:
        return Lookup(
            self.checks.base_dir / section.path,
            listed(section.key),
            section.value,
            section.separator,
            FileFormat("csv", section.encoding, section.delimiter),
        )


def _file_format(section: EntitySection) -> FileFormat:
    return FileFormat(
        section.format,
        section.encoding,
        section.delimiter,
        tuple(section.header or ()),
        section.skip_lines,
        section.rows,
    )


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def _constant(value: object, target: Column, decimal: str) -> str | None:
    """Write a number as the column's file would, so that both are read alike."""
    text = _text(value)
    is_fraction = isinstance(value, float) and target.is_number
    return text.replace(".", decimal) if text and is_fraction else text


def _text_map(
    mapped: Mapping[str, object] | None, target: Column, decimal: str
) -> dict[str, str] | None:
    if mapped is None:
        return None
    return {key: str(_constant(value, target, decimal)) for key, value in mapped.items()}
