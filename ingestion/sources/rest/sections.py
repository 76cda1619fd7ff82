"""The entities of an API in concord.toml: the keys that they have beside those of the mapping."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, PlainValidator, ValidationInfo, field_validator

from ingestion.contract import ENTITIES, Entity
from ingestion.mapping.settings.columns import ColumnSection
from ingestion.mapping.settings.entities import EntitySection
from ingestion.mapping.settings.parts import LookupSection
from ingestion.sections import outer, unknown, wrong
from ingestion.sources.rest.declarations import EndpointLookup


class EndpointLookupSection(LookupSection):
    """`lookup = {...}` of a column: a value in the records of an endpoint."""

    endpoint: str = Field(description="the endpoint in whose records the value is found")
    rows: str | None = None

    @field_validator("endpoint")
    @classmethod
    def _is_read_whole(cls, endpoint: str, info: ValidationInfo) -> str:
        known = {each.name: each for each in outer(info).get("endpoints", ())}
        if known and endpoint not in known:
            raise unknown(f"there is no endpoint {endpoint!r}", endpoint, tuple(known))
        if known and known[endpoint].since:
            problem = f"{endpoint} gives what changed, and values are looked up in all records"
            raise wrong(problem, "List another endpoint of the same path, without `since`")
        return endpoint

    def mapping(self) -> EndpointLookup:
        """Return the lookup with its endpoint."""
        return EndpointLookup(self.key, self.value, self.separator, self.endpoint, self.rows)


class RestColumnSection(ColumnSection):
    """One column of an entity that an API fills."""

    lookup: EndpointLookupSection | None = None


class RestEntitySection(EntitySection):
    """One `[[sources.<name>.entities]]`."""

    column_section: ClassVar[type[ColumnSection]] = RestColumnSection

    endpoint: str
    rows: str | None = None
    complete: bool = False
    overrides: bool = False
    removes: bool = False

    @field_validator("endpoint")
    @classmethod
    def _is_known(cls, endpoint: str, info: ValidationInfo) -> str:
        known = [each.name for each in outer(info).get("endpoints", ())]
        if known and endpoint not in known:
            raise unknown(f"there is no endpoint {endpoint!r}", endpoint, known)
        for key in ("group", "latest_by"):
            if info.data.get(key) and _gives_changes(endpoint, info):
                problem = f"gives what changed, and {key} needs all rows"
                raise wrong(problem, f"Remove {key}, or remove `since` from the endpoint")
        return endpoint

    @field_validator("endpoint")
    @classmethod
    def _finds_values(cls, endpoint: str, info: ValidationInfo) -> str:
        """Refuse lookups in records that are not there yet when those of the endpoint are read."""
        known = {each.name: each for each in outer(info).get("endpoints", ())}
        before = list(known)[: list(known).index(endpoint)] if endpoint in known else []
        for lookup in _lookups(info.data.get("columns", {}).values()):
            parent = known[lookup.endpoint].parent if lookup.endpoint in known else None
            if parent and (known[endpoint].parent != parent or lookup.endpoint not in before):
                problem = f"{lookup.endpoint} is asked for each record of {parent}"
                remedy = "Look values up in it for an endpoint with that parent, listed after it"
                raise wrong(problem, f"{remedy}, or in one without a parent")
        return endpoint

    @field_validator("complete")
    @classmethod
    def _brings_all(cls, complete: bool, info: ValidationInfo) -> bool:
        if complete and _gives_changes(info.data.get("endpoint", ""), info):
            problem = "its endpoint gives what changed, and not all rows"
            raise wrong(problem, "Remove it, or remove `since` from the endpoint")
        return complete

    @field_validator("removes")
    @classmethod
    def _brings_nothing(cls, removes: bool, info: ValidationInfo) -> bool:
        for key in ("group", "latest_by", "complete", "overrides"):
            if removes and info.data.get(key):
                raise wrong(f"contradicts {key}: its records are no rows", "Keep one of them")
        return removes


class RemovalSection(RestEntitySection):
    """An entity's section that `removes`: its records name, by the key, rows that leave."""

    @classmethod
    def _required(cls, entity: Entity, given: Collection[str]) -> tuple[str, ...]:
        return entity.key

    @field_validator("columns")
    @classmethod
    def _names_rows(cls, columns: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Refuse columns that a row which leaves is not named by."""
        entity = ENTITIES.get(info.data.get("entity", ""))
        if entity and (others := [name for name in columns if name not in entity.key]):
            problem = f"{others[0]} says nothing of a row that leaves"
            raise wrong(problem, f"Map the key alone: {', '.join(entity.key)}")
        return columns


def _entity_section(given: Any, info: ValidationInfo) -> RestEntitySection:
    removes = isinstance(given, Mapping) and given.get("removes") is True
    section = RemovalSection if removes else RestEntitySection
    return section.model_validate(given, context=info.context)


AnyEntitySection = Annotated[RestEntitySection, PlainValidator(_entity_section)]


def _lookups(columns: Iterable[Any]) -> Iterator[EndpointLookupSection]:
    """Yield the lookups of columns, and of what these are when a condition is met."""
    for each in columns:
        if each.lookup:
            yield each.lookup
        yield from _lookups(choice.then for choice in each.when)


def _gives_changes(endpoint: str, info: ValidationInfo) -> bool:
    by_name = {each.name: each for each in outer(info).get("endpoints", ())}
    each = by_name.get(endpoint)
    while each is not None:
        if each.since:
            return True
        each = by_name.get(each.parent)
    return False
