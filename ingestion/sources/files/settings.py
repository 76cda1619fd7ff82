"""A files source out of concord.toml: every fault at once, or a mapping without any."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ingestion.contract import ENTITIES, Column, Entity
from ingestion.errors import ConfigurationFaults
from ingestion.sources.files.checks import Checks, shape_faults
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
)

# Raise it when the same configuration and file begin to give other rows.
MAPPING_VERSION = 1
ORIGINS = ("from_", "value", "join", "multiply", "row_number")


def read_mapping(name: str, section: Mapping[str, Any], base_dir: Path) -> FilesMapping:
    """Make the mapping of a files source; ConfigurationFaults names every fault."""
    prefix = f"sources.{name}"
    try:
        shape = FilesSection.model_validate(dict(section))
    except ValidationError as error:
        raise ConfigurationFaults(shape_faults(prefix, error)) from None
    checks = Checks(base_dir)
    reader = _Reader(shape, checks)
    checks.zone(f"{prefix}.time_zone", shape.time_zone)
    entities = [
        reader.entity(f"{prefix}.entities[{number}]", each)
        for number, each in enumerate(shape.entities, 1)
    ]
    if checks.faults:
        raise ConfigurationFaults(checks.faults)
    return FilesMapping(
        name, base_dir, _fingerprint(section), tuple(each for each in entities if each)
    )


def _fingerprint(section: Mapping[str, Any]) -> str:
    text = json.dumps([MAPPING_VERSION, section], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class _Reader:
    """Reads one source's section and collects what is wrong with it."""

    def __init__(self, shape: FilesSection, checks: Checks) -> None:
        self.shape = shape
        self.checks = checks

    def entity(self, key: str, section: EntitySection) -> EntityMapping | None:
        entity = ENTITIES.get(section.entity)
        self.checks.paths(f"{key}.path", _listed(section.path))
        self.checks.encoding(f"{key}.encoding", section.encoding)
        where = [
            self.condition(f"{key}.where[{number}]", each)
            for number, each in enumerate(section.where, 1)
        ]
        if entity is None:
            names = ", ".join(ENTITIES)
            self.checks.fault(
                f"{key}.entity", f"there is no entity {section.entity!r}", f"One of: {names}"
            )
            return None
        columns = self.columns(f"{key}.columns", section, entity)
        return EntityMapping(
            entity=entity,
            paths=_listed(section.path),
            file_format=_file_format(section),
            columns=tuple(columns),
            where=tuple(each for each in where if each),
            group=section.group,
        )

    def columns(self, key: str, section: EntitySection, entity: Entity) -> list[ColumnMapping]:
        mapped = []
        for name, each in section.columns.items():
            if name not in entity.column_names:
                remedy = f"One of: {', '.join(entity.column_names)}"
                self.checks.fault(f"{key}.{name}", f"{entity.name} has no such column", remedy)
                continue
            made = self.column(f"{key}.{name}", section, entity.column(name), each)
            mapped.append(made)
        for column in entity.columns:
            if column.required and column.name not in section.columns:
                self.checks.fault(
                    f"{key}.{column.name}",
                    f"{entity.name} needs this column",
                    f"Map it: {column.description.lower()}",
                )
        return mapped

    def column(
        self, key: str, entity: EntitySection, target: Column, section: ColumnSection
    ) -> ColumnMapping:
        origin = self.origin(key, section)
        formats = _listed(section.format)
        self.checks.formats(f"{key}.format", formats)
        self.checks.pattern(f"{key}.pattern", section.pattern, groups=1)
        if section.time_zone:
            self.checks.zone(f"{key}.time_zone", section.time_zone)
        if section.lower and section.upper:
            self.checks.fault(key, "lower and upper contradict each other", "Keep one of them")
        if section.aggregate and not entity.group:
            self.checks.fault(
                f"{key}.aggregate", "the entity has no group", "Set group = true on it"
            )
        shape = self.shape
        return ColumnMapping(
            target=target,
            origin=origin.rstrip("_"),
            fields=_fields(section),
            value=_text(section.value),
            separator=section.separator,
            strip="" if section.strip is True else section.strip,
            case="lower" if section.lower else "upper" if section.upper else None,
            pattern=with_named_group(section.pattern) if section.pattern is not None else None,
            map=_text_map(section.map),
            default=_text(section.default),
            lookup=self.lookup(f"{key}.lookup", section.lookup),
            null_values=tuple(
                (section.null_values or []) + (entity.null_values or []) + shape.null_values
            ),
            decimal=section.decimal or shape.decimal,
            thousands=section.thousands or shape.thousands,
            formats=formats,
            time_zone=section.time_zone or shape.time_zone,
            aggregate=section.aggregate,
            optional=section.optional,
        )

    def origin(self, key: str, section: ColumnSection) -> str:
        given = [name for name in ORIGINS if getattr(section, name) is not None]
        if len(given) != 1:
            problem = "says nothing of where it comes from"
            if given:
                problem = f"has {' and '.join(name.rstrip('_') for name in given)} at once"
            self.checks.fault(key, problem, "Give one of: from, value, join, multiply, row_number")
        return given[0] if given else "value"

    def condition(self, key: str, section: ConditionSection) -> Condition | None:
        given = [
            (name, value)
            for name in OPERATORS
            if (value := getattr(section, "is_" if name == "is" else name)) is not None
        ]
        if len(given) != 1:
            self.checks.fault(
                key, "needs exactly one comparison", f"One of: {', '.join(OPERATORS)}"
            )
            return None
        operator, operand = given[0]
        if operator == "matches":
            self.checks.pattern(f"{key}.matches", operand)
        if operator in ("is", "is_not"):
            values = operand if isinstance(operand, list) else [operand]
            operand = tuple(str(_text(value)) for value in values)
        return Condition(section.column, operator, operand)

    def lookup(self, key: str, section: LookupSection | None) -> Lookup | None:
        if section is None:
            return None
        self.checks.paths(f"{key}.path", _listed(section.path))
        self.checks.encoding(f"{key}.encoding", section.encoding)
        form = FileFormat("csv", section.encoding, section.delimiter)
        return Lookup(
            self.checks.base_dir / section.path,
            _listed(section.key),
            section.value,
            section.separator,
            form,
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


def _fields(section: ColumnSection) -> tuple[str, ...]:
    if section.from_ is not None:
        return (section.from_,)
    return tuple(section.join or section.multiply or ())


def _listed(value: str | list[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def _text_map(mapped: Mapping[str, object] | None) -> dict[str, str] | None:
    return None if mapped is None else {key: str(_text(value)) for key, value in mapped.items()}
