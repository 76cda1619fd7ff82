"""A database in concord.toml: its keys beside those of the mapping, and what they become."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, TypeAdapter, ValidationInfo, field_validator
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from ingestion.faults import key_of, read_section
from ingestion.mapping.settings.columns import ColumnSection
from ingestion.mapping.settings.entities import EntitySection
from ingestion.mapping.settings.sources import MappedSourceSection
from ingestion.sections import Filled, Section, outer, wrong
from ingestion.sources.mapped import DeclaredEntity

DOCS = "docs/databases.md"
# Raise it when the same configuration and rows begin to give others.
MAPPING_VERSION = 2


@dataclass(frozen=True)
class Changes:
    """The column that holds the time of a row's change, and how far each load goes back."""

    column: str
    lag: timedelta


@dataclass(frozen=True, kw_only=True)
class SqlEntity(DeclaredEntity):
    """Which table, or query, fills one entity.

    With `rows`, each element of a list in a column of JSON is a row.
    """

    table_name: str | None = None
    query: str | None = None
    changes: Changes | None = None
    rows: str | None = None


@dataclass(frozen=True)
class SqlMapping:
    """Everything about one database; `fingerprint` changes with its section, but for the URL."""

    name: str
    url: URL = field(repr=False)
    fingerprint: str
    time_zone: str
    entities: tuple[SqlEntity, ...]


def read_mapping(name: str, section: Mapping[str, Any], base_dir: Path) -> SqlMapping:
    """Make the mapping of a database; ConfigurationFaults names every fault."""
    read = read_section(SqlSection, section, key_of("sources", name), DOCS)
    shown = {key: value for key, value in section.items() if key != "url"}
    text = json.dumps([MAPPING_VERSION, shown], sort_keys=True, default=str)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    url = _below(make_url(read.url), base_dir)
    return SqlMapping(name, url, fingerprint, read.time_zone, tuple(read.sections()))


def _below(url: URL, base_dir: Path) -> URL:
    """Return a URL whose file, if it is one of SQLite, does not depend on the working directory."""
    if url.get_backend_name() == "sqlite" and url.database:
        return url.set(database=str(base_dir / url.database))
    return url


def _address(url: str) -> str:
    try:
        make_url(url).get_dialect()
    except NoSuchModuleError:
        problem = "names a database for which no SQLAlchemy dialect is installed"
        raise wrong(problem, "Install its package, or correct the name") from None
    except ArgumentError:
        problem = "is no address of a database"
        raise wrong(problem, "Write one such as postgresql+psycopg://reader@db/lake") from None
    return url


class ChangesSection(Section):
    """`since = {...}` of an entity: each load reads the rows that changed since the last one."""

    column: Filled = Field(description="the column that holds the time of a row's change")
    lag_minutes: int = Field(default=60, strict=True, ge=1, le=525_600)

    def changes(self) -> Changes:
        """Return the column and the lag as the reading has them."""
        return Changes(self.column, timedelta(minutes=self.lag_minutes))


class SqlColumnSection(ColumnSection):
    """One column of an entity that a database fills."""

    @field_validator("lookup", mode="before")
    @classmethod
    def _has_no_files(cls, _: Any) -> None:
        raise wrong("finds values in a file", "Join the tables in a query")


class SqlEntitySection(EntitySection):
    """One `[[sources.<name>.entities]]`."""

    column_section: ClassVar[type[ColumnSection]] = SqlColumnSection
    one_of = ("table", "query")

    table: Filled | None = None
    query: Filled | None = None
    since: ChangesSection | None = None
    rows: str | None = None
    complete: bool = False

    @field_validator("since")
    @classmethod
    def _folds_nothing(cls, since: ChangesSection, info: ValidationInfo) -> ChangesSection:
        for key in ("group", "latest_by"):
            if info.data.get(key):
                problem = f"reads what changed, and {key} needs all rows"
                raise wrong(problem, f"Keep one of since and {key}")
        return since

    @field_validator("complete")
    @classmethod
    def _brings_all(cls, complete: bool, info: ValidationInfo) -> bool:
        if complete and info.data.get("since"):
            raise wrong("contradicts since, which reads what changed", "Keep one of them")
        return complete


class SqlSection(MappedSourceSection):
    """One `[sources.<name>]` of kind "sql"."""

    kind: Literal["sql"]
    url: Annotated[str, AfterValidator(_address)] = Field(
        description='the address, such as "postgresql+psycopg://reader:${LAKE_PASSWORD}@db/lake"'
    )
    entities: list[Any] = Field(
        min_length=1, description="[[sources.<name>.entities]]; docs/databases.md shows how"
    )

    @field_validator("entities")
    @classmethod
    def _read_entities(cls, given: list[Any], info: ValidationInfo) -> list[SqlEntitySection]:
        entities = TypeAdapter(list[SqlEntitySection])
        return entities.validate_python(given, context={**outer(info), **info.data})

    def sections(self) -> Iterator[SqlEntity]:
        """Yield the entities with their tables and mappings."""
        named: Counter[tuple[str, str]] = Counter()
        for each in self.entities:
            place = each.table or "query"
            named[each.entity, place] += 1
            number = named[each.entity, place]
            yield SqlEntity(
                section=f"{place} ({number})" if number > 1 else place,
                mapping=each.mapping(self.notation, self.null_values),
                is_complete=each.complete,
                table_name=each.table,
                query=each.query,
                changes=each.since.changes() if each.since else None,
                rows=each.rows,
            )
